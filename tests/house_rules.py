"""The rules of talking that can be counted, asserted on every reply of every conversation."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import yaml

from advisor.checks.house import WIDER
from advisor.content.load import BASE
from advisor.message import Reply
from advisor.session import Session
from advisor.turn import Advisor

MOST_BUBBLES, LONGEST, BEFORE_QUESTION, LABEL = 3, 600, 120, 12
CHANGE = date(2026, 1, 1)  # Article 42 became Article 50
TRAPS = Path(__file__).with_name("traps.yaml")
_PUBLIC_SECURITY = "《中华人民共和国治安管理处罚法》"
_LAW = re.compile(
    r"《[^》]+》|第[一二三四五六七八九十百千]+条|起诉|判决|征信|坐牢|违法|利息|本金"
    r"|\b(?:sue|sued|judgment|jail|illegal|interest|principal)\b"
)


def broken_rules(advisor: Advisor, before: Session, after: Session, reply: Reply) -> Iterator[str]:
    """Name every rule that a reply breaks."""
    said = [bubble.text for bubble in reply.bubbles if not bubble.letter]
    everything = "\n".join(bubble.text for bubble in reply.bubbles)
    yield from _shape(advisor, after, reply)
    longest = LONGEST if after.language == BASE else WIDER * LONGEST
    for text in said:
        if len(text) > longest and not _is_meaning(reply, text):
            yield f"一条超过{longest}字：{len(text)}"
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
    yield from trapped(everything)
    yield from _safety_first(advisor, before, after, reply)


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
    r"|you (?:do not|don't) owe|you (?:need not|do not (?:have|need) to) (?:re)?pay\b|is not your debt"
)


def _is_meaning(reply: Reply, text: str) -> bool:
    """Tell whether a text is what a letter says in another language, which is as long as the letter."""
    return any(bubble.letter for bubble in reply.bubbles) and text == reply.bubbles[0].text


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
    foreign = after.language != BASE
    most = MOST_BUBBLES + (foreign and any(bubble.letter for bubble in reply.bubbles))  # its meaning goes before it
    if not 1 <= len(reply.bubbles) <= most:
        yield f"一次{len(reply.bubbles)}条，要一到{most}条"
    choices = reply.bubbles[-1].choices
    if not choices:
        yield "最后一条没有下一步可选"
    if any(bubble.choices for bubble in reply.bubbles[:-1]):
        yield "选项只挂在最后一条"
    for choice in choices:
        if len(choice.id.encode()) > 64 or len(choice.label) >= (WIDER if foreign else 1) * LABEL:
            yield f"选项太长：{choice.id} {choice.label}"
    state = advisor.content.editions[after.language].states[after.state] if after.state else None
    if state and state.fill and state.ask in reply.bubbles[-1].text:
        own = [choice for choice in choices if ".=" in choice.id]
        if len(own) > 4:
            yield f"一个问题{len(own)}个选项，最多四个"
        if len(reply.bubbles[-1].text) > (WIDER if foreign else 1) * BEFORE_QUESTION:
            yield "问题前面的话太长"


def _law_of_the_day(before: Session, after: Session, text: str) -> Iterator[str]:
    """Article 42 and 500 yuan only for conduct before 2026, Article 50 and 1000 yuan only from 2026 on."""
    if _PUBLIC_SECURITY not in text:
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
    cited = re.findall(rf"{_PUBLIC_SECURITY}[^《]*", text)
    old = [words for words in cited if words.startswith(f"{_PUBLIC_SECURITY}第四十二条")]
    new = [words for words in cited if words.startswith(f"{_PUBLIC_SECURITY}第五十条")]
    if old and (first is None or first >= CHANGE.isoformat()):
        yield "2026 年起的行为不能引第四十二条"
    if new and last is not None and last < CHANGE.isoformat():
        yield "2026 年以前的行为不能引第五十条"
    if any("1000元以下" in words or "1,000 yuan" in words for words in old):
        yield "第四十二条没有 1000 元"
    if any(re.search(r"(?<!至)500元以下|fine of up to 500 yuan", words) for words in new):
        yield "第五十条不是 500 元"


def _safety_first(advisor: Advisor, before: Session, after: Session, reply: Reply) -> Iterator[str]:
    """Whoever thinks of dying hears of safety and of people; the law and the debt wait until they ask."""
    flow, _, _ = after.state.partition(".")
    if flow not in _comforting(advisor) or advisor.content.state(after.state).end:
        return
    if found := _LAW.search("\n".join(bubble.text for bubble in reply.bubbles)):
        yield f"人不想活的时候讲了“{found[0]}”"
    entered = before.state.partition(".")[0] != flow and "crisis_support" in reply.routes
    if entered and not re.search(r"110|120|12356", "\n".join(bubble.text for bubble in reply.bubbles)):
        yield "人不想活，没有可以打的电话"


def _comforting(advisor: Advisor) -> set[str]:
    """Name the flows for people who think of dying."""
    return {
        name
        for name, flow in advisor.content.flows.items()
        if flow.urgent and any("crisis_support" in state.routes for state in flow.states.values())
    }


@dataclass(frozen=True, slots=True)
class Trap:
    """What must never be said: its number in the list of law, the idea, and how it is recognised."""

    number: int
    idea: str
    patterns: tuple[re.Pattern[str], ...]
    unless: tuple[re.Pattern[str], ...]

    def caught(self, text: str) -> str:
        """Give the words of `text` that must not be said; empty when there are none."""
        for right in self.unless:
            text = right.sub("", text)
        return next((match[0] for pattern in self.patterns if (match := pattern.search(text))), "")


@cache
def never() -> tuple[Trap, ...]:
    """Read what must never be said."""
    return tuple(
        Trap(
            int(number),
            row["idea"],
            tuple(map(re.compile, row["patterns"])),
            tuple(map(re.compile, row.get("unless", ()))),
        )
        for number, row in yaml.safe_load(TRAPS.read_text(encoding="utf-8"))["never"].items()
    )


def trapped(text: str) -> Iterator[str]:
    """Name every trap that `text` walks into."""
    for trap in never():
        if words := trap.caught(text):
            yield f"绝不能说（{trap.number}，{trap.idea}）：“{words}”"
