"""To somebody who signed for a debt no reply says that they owe nothing, whatever they say or tap."""

import random
from datetime import datetime
from typing import Any

import pytest

from advisor.content.transcript import Step
from advisor.message import Message
from advisor.session import Session
from advisor.turn import turn
from tests.conversation import CONVERSATIONS, SHANGHAI, Player, advisor, read
from tests.house_rules import broken_rules, owes_nothing, signed_for_it
from tests.test_walks import WORDS

NOW = datetime(2026, 11, 23, 20, 30, tzinfo=SHANGHAI)
OF_A_GUARANTOR = [
    path for path in sorted(CONVERSATIONS.glob("*.yaml")) if "\nrole: guarantor" in path.read_text("utf-8")
]
SAID = (
    *WORDS, "我要还吗", "要不要还", "担保人要不要还", "老婆要不要还", "家人要还吗", "不是我借的凭什么我还",
    "凭什么找我", "我儿子欠的", "打给我妈了", "填了我的电话", "写材料", "给家人的话", "我不是借款人的信", "要材料的信",
    "都没有", "签过担保", "去年", "没写", "连带责任", "跑了", "去世了", "不给", "给了", "还没发",
    "【某消金】请转告张三还款，否则找你代偿，父债子还", "我是紧急联系人", "一起借的", "家里过日子",
)  # fmt: skip


class Watching(Player):
    """Plays a conversation of a guarantor and minds every reply, whether or not the signature is known yet."""

    def _say(self, number: int, step: Step) -> None:
        super()._say(number, step)
        for wrong in owes_nothing("\n".join(b.text for b in self.reply.bubbles) if self.reply else ""):
            self._wrong(number, "user", wrong)


@pytest.mark.parametrize("path", OF_A_GUARANTOR, ids=lambda path: path.stem)
def test_no_conversation_tells_a_guarantor_so(path: Any) -> None:
    Watching(*read(path)).play()


def test_there_are_conversations_of_guarantors() -> None:
    assert len(OF_A_GUARANTOR) >= 6


@pytest.mark.parametrize(
    "facts",
    [{"role": "担保人"}, {"own_signature": "签过担保"}, {"own_signature": "一起借的"}, {"signed": "签过担保"},
     {"signed_as": "担保人那一栏"}],
    ids=str,
)  # fmt: skip
def test_no_walk_tells_a_guarantor_so(facts: dict[str, str]) -> None:
    chance = random.Random(20261125)
    flows = sorted(advisor().content.own_flows)
    for number in range(60):
        flow = flows[number % len(flows)]
        state = advisor().content.place(flow, flow)
        session = Session(state=state, noticed=True)
        session.case.history.append(session.state)
        for name, fact in advisor().facts(facts, NOW.date()).items():
            (session.person if name == "role" else session.case.facts)[name] = fact
        for _ in range(20):
            tap = session.offered and chance.random() < 0.5
            message = (
                Message("x", choice=chance.choice(list(session.offered))) if tap else Message("x", chance.choice(SAID))
            )
            after, reply = turn(advisor(), session, message, NOW)
            if after is None or not signed_for_it(after):  # deleted, begun anew, or put right
                break
            said = session.offered.get(message.choice or "", message.text)
            wrong = list(broken_rules(advisor(), session, after, reply))
            assert not wrong, f"{session.state}: “{said}” → {wrong}\n" + "\n".join(b.text for b in reply.bubbles)
            session = after


def test_the_rule_knows_the_words_it_forbids() -> None:
    for words in ("这钱不用你还", "你一分钱都不欠", "跟你没关系", "不是你的债", "不用替他还", "你没有还款义务"):
        assert list(owes_nothing(words)), words
    for words in ("要不要还，得看合同", "没弄清以前先别还", "家里人不是一定要还"):
        assert not list(owes_nothing(words)), words
