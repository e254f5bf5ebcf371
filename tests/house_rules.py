"""The rules of talking that can be counted, asserted on every reply of every conversation."""

import re
from collections.abc import Iterator
from datetime import date

from advisor.message import Reply
from advisor.session import Session
from advisor.turn import Advisor

MOST_BUBBLES, LONGEST, BEFORE_QUESTION, LABEL = 3, 600, 120, 12
CHANGE = date(2026, 1, 1)  # Article 42 became Article 50


def broken_rules(advisor: Advisor, before: Session, after: Session, reply: Reply) -> Iterator[str]:
    """Name every rule that a reply breaks."""
    said = [bubble.text for bubble in reply.bubbles if not bubble.letter]
    everything = "\n".join(bubble.text for bubble in reply.bubbles)
    yield from _shape(advisor, after, reply)
    for text in said:
        if len(text) > LONGEST:
            yield f"一条超过{LONGEST}字：{len(text)}"
        for name, rule in advisor.content.house_words.items():
            bare = re.sub(r"“[^”]*”", "", text) if rule.where == "quotations" else text
            for word in rule.words:
                if word in bare:
                    yield f"用了“{word}”（{name}）"
    for word in ("jinja", "{{", "{%", "None", "Undefined", "_slot"):
        if word in everything:
            yield f"漏出了程序的话“{word}”"
    yield from _law_of_the_day(before, after, everything)
    if signed_for_it(after) or signed_for_it(before):
        yield from owes_nothing(everything)
    for pattern, why in NEVER:
        if re.search(pattern, everything):
            yield f"绝不能说：{why}"


SIGNED = {  # what tells that somebody stands in for a debt by their own signature
    "role": {"guarantor"},
    "own_signature": {"guarantee", "together", "promised"},
    "signed": {"guarantor", "joint"},
    "signed_as": {"guarantor", "borrower"},
}
_OF_OTHERS = re.compile(  # what the law says of those who did not sign; it says so itself
    r"没有签保证、不是夫妻共同债务、没有继承遗产的，家人和同事不用替人还|放弃继承的，可以不还"
)
_OWES_NOTHING = re.compile(
    r"不用(?:你|您|再|去|来|替|帮|他|她|人|承担|负责)*还(?!是|要|得)|(?<!要)不需要(?:你)?(?:替|帮)?(?:他|她|人)?还"
    r"|你(?:一分|什么|啥|根本)?(?:钱)?(?:都|也)?不欠|不(?:是|算)你的(?:债|账|事)|不是你(?:欠|借)的|不归你还"
    r"|(?:与|跟|和)你(?:无关|没关系)|你没有(?:任何)?(?:还款|担保|保证)?(?:义务|责任)|可以不还|不用(?:你)?(?:承担|负责)"
)


def signed_for_it(session: Session) -> bool:
    """Tell whether somebody is known to have signed for the debt that is spoken of."""
    facts = {**session.person, **session.case.facts, **session.case.debts[session.case.debt]}
    told = {name: facts[name].value for name in SIGNED if name in facts}
    if told.get("own_signature") == "nothing":  # what others signed is another matter then
        told.pop("signed", None)
    return any(value in SIGNED[name] for name, value in told.items())


def owes_nothing(text: str) -> Iterator[str]:
    """Name every word by which somebody is told that they owe nothing."""
    for match in _OWES_NOTHING.finditer(_OF_OTHERS.sub("", text)):
        yield f"对签过字的人说了“{match.group()}”"


def _shape(advisor: Advisor, after: Session, reply: Reply) -> Iterator[str]:
    if not 1 <= len(reply.bubbles) <= MOST_BUBBLES:
        yield f"一次{len(reply.bubbles)}条，要一到三条"
    choices = reply.bubbles[-1].choices
    if not choices:
        yield "最后一条没有下一步可选"
    if any(bubble.choices for bubble in reply.bubbles[:-1]):
        yield "选项只挂在最后一条"
    for choice in choices:
        if len(choice.id.encode()) > 64 or len(choice.label) >= LABEL:
            yield f"选项太长：{choice.id} {choice.label}"
    state = advisor.content.state(after.state) if after.state else None
    if state and state.fill and state.ask in reply.bubbles[-1].text:
        own = [choice for choice in choices if ".=" in choice.id]
        if len(own) > 4:
            yield f"一个问题{len(own)}个选项，最多四个"
        if len(reply.bubbles[-1].text) > BEFORE_QUESTION:
            yield "问题前面的话太长"


def _law_of_the_day(before: Session, after: Session, text: str) -> Iterator[str]:
    """Article 42 only for conduct before 2026, the higher fine of Article 50 only from 2026 on."""
    if "《中华人民共和国治安管理处罚法》" not in text:
        return
    days = [
        fact.value
        for session in (after, before)
        for name in ("conduct_on",)
        if (fact := session.case.facts.get(name)) and fact.value
    ]
    first, last = (days[0][0], days[0][1]) if days else (None, None)
    on = after.case.reading.get("on")
    first, last = first or on, last or on
    if "第四十二条" in text and (first is None or first >= CHANGE.isoformat()):
        yield "2026 年起的行为不能引第四十二条"
    if "第五十条" in text and last is not None and last < CHANGE.isoformat():
        yield "2026 年以前的行为不能引第五十条"


NEVER = (
    (r"(?:一定|肯定|必然|马上)(?:会)?(?:被)?(?:立案|拘留|判刑|抓)", "不替公安或法院下结论"),
    (r"(?:三|3)次(?:以上)?(?:就|即)(?:算|是|构成)?(?:多次|违法|犯罪)", "“多次”没有固定次数"),
    (r"法院.{0,6}(?:禁止接触)|自动.{0,4}禁止接触", "禁止接触由公安机关决定"),
    (r"12378[^。\n]{0,12}24\s*小时|12356[^。\n]{0,20}24\s*小时|96110[^。\n，]{0,6}(?:报警电话)", "热线的时段和性质"),
    (r"24%\s*(?:是|为)?法(?:定|律)(?:上限|封顶)", "24% 不是法律封顶"),
    (r"(?:超过|高于)[^。\n]{0,12}本金(?:也)?不用还", "本金还是要还"),
    (r"必须同意(?:分期|个性化)", "个性化分期是可以，不是必须"),
    (r"(?:没有?|未经)(?:我|本人|你)?同意[^。\n]{0,6}(?:催收|联系)[^。\n]{0,4}违法", "催收不是每次都要同意"),
    (r"不是12368[^。\n]{0,6}(?:假|骗)", "不能只凭号码说真假"),
    (r"(?:绝对|肯定|一定)不会坐牢|欠钱(?:就)?会坐牢", "坐牢的话不能说死"),
    (r"孩子不能上学", "普通上学不受影响"),
    (r"(?:免费|帮你)(?:派|请)律师打官司", "法律援助不当然代理欠款官司"),
    (r"提供(?:你的)?(?:身份证号|银行卡号|验证码|密码)", "不要这些"),
)
