"""Danger to life is heard in people's own words, and everyday talk that sounds like it goes on undisturbed."""

from datetime import datetime
from functools import cache
from typing import Any

import pytest
import yaml

from advisor.message import Message, Reply, Sms
from advisor.session import Session
from advisor.turn import turn
from tests.conversation import ROOT, SHANGHAI, advisor
from tests.figures import tell

NIGHT = datetime(2026, 11, 23, 2, 10, tzinfo=SHANGHAI)
LIFE = ("emergency", "emergency_other", "crisis", "crisis_other")
OF_OTHERS = ("emergency_other", "crisis_other")
ASKS_OF_DEBT = ("哪家机构", "一共欠", "哪天开始逾期", "每月到手", "最早和最近一次")
AT_PLAIN_QUESTION = "negotiate.reason"  # where any words at all would be taken for an answer


def heldout() -> dict[str, list[dict[str, Any]]]:
    return yaml.safe_load((ROOT / "tests" / "crisis_heldout.yaml").read_text("utf-8"))  # type: ignore[no-any-return]


@cache
def said_by(voice: str) -> tuple[str, ...]:
    return tuple(advisor().content.voices[voice].says)


def answer(text: str, state: str = AT_PLAIN_QUESTION) -> tuple[Session, Reply]:
    after, reply = turn(advisor(), Session(state=state, noticed=True), Message("x", text), NIGHT)
    assert after is not None
    return after, reply


def is_gentle(reply: Reply) -> bool:
    """The number stands in the first message, and no debt is asked for."""
    text = "\n".join(bubble.text for bubble in reply.bubbles)
    first = reply.bubbles[0].text
    return "120" in first and "110" in first and len(first) <= 80 and not any(ask in text for ask in ASKS_OF_DEBT)


@pytest.mark.parametrize("alarm", LIFE)
def test_what_people_in_danger_say_is_heard_in_the_middle_of_a_question(alarm: str) -> None:
    voice = advisor().content.alarms[alarm].voice
    missed = [text for text in said_by(voice) if advisor().bells.rung_by(text) not in LIFE]
    assert len(said_by(voice)) >= 50
    assert not missed, missed


def test_hundreds_of_wordings_are_known_a_third_of_them_about_others() -> None:
    count = {alarm: len(said_by(advisor().content.alarms[alarm].voice)) for alarm in LIFE}
    assert sum(count.values()) >= 1000
    assert sum(count[alarm] for alarm in OF_OTHERS) >= sum(count.values()) / 4


def test_each_reply_to_danger_is_safety_first_and_asks_for_no_debt() -> None:
    for alarm in LIFE:
        for text in said_by(advisor().content.alarms[alarm].voice)[::25]:
            after, reply = answer(text)
            assert after.state.startswith("crisis."), text
            assert is_gentle(reply), [bubble.text for bubble in reply.bubbles]


def test_everyday_words_that_sound_alike_do_not_break_the_talk() -> None:
    rung = [text for text in said_by("ordinary") if advisor().bells.rung_by(text) in LIFE]
    assert len(said_by("ordinary")) >= 200
    assert not rung, rung


def test_words_nobody_looked_at_are_heard() -> None:
    """Printed: the share heard by an alarm, by an alarm or a caring line, and the look-alikes that ring."""
    bells, cases = advisor().bells, heldout()
    rung = [row for row in cases["crisis"] if bells.rung_by(row["say"]) in LIFE]
    cared = [row for row in cases["crisis"] if bells.rung_by(row["say"]) or bells.troubled(row["say"])]
    false = [row for row in cases["harmless"] if bells.rung_by(row["say"]) in LIFE]
    right = [row for row in rung if (bells.rung_by(row["say"]) in OF_OTHERS) == (row["who"] == "other")]
    size = len(cases["crisis"])
    tell(
        f"crisis, held out: rung {len(rung) / size:.1%}, rung or cared {len(cared) / size:.1%}, "
        f"self and other told apart {len(right) / len(rung):.1%}; "
        f"look-alikes rung {len(false) / len(cases['harmless']):.1%}"
    )
    assert len(rung) / size >= 0.85 and len(cared) / size >= 0.92
    assert len(false) / len(cases["harmless"]) <= 0.1
    assert len(right) / len(rung) >= 0.9


def test_what_may_be_despair_gets_a_caring_line_and_the_talk_goes_on() -> None:
    bells = advisor().bells
    asked = [row["say"] for row in heldout()["crisis"] if not bells.rung_by(row["say"]) and bells.troubled(row["say"])]
    assert asked
    for text in asked:
        after, reply = answer(text)
        assert "12356" in reply.bubbles[0].text and not after.state.startswith("crisis."), text


def test_a_door_being_kicked_is_danger_even_in_words_that_are_common() -> None:
    assert advisor().bells.rung_by("他们拿着刀在踹我家门") == "danger"


def test_a_forwarded_message_full_of_curses_is_no_cry_of_the_sender() -> None:
    curse = Sms("去死吧，怎么还不跳楼，你不死我弄死你，欠钱不还活着干什么")
    after, _ = turn(advisor(), Session(), Message("x", sms=(curse,)), NIGHT)
    assert after is not None and not after.state.startswith("crisis.")


def test_words_in_another_script_sound_like_no_voice() -> None:
    bells = advisor().bells
    for text in ("I lost my job and cannot pay my card", "They did register it", "can i fly home"):
        assert not bells.rung_by(text) and not bells.troubled(text), text
    assert bells.rung_by("I want to die because of this debt") == "crisis_english"


def test_a_fraud_under_way_is_answered_before_the_notice() -> None:
    after, reply = turn(advisor(), Session(), Message("x", text="他正让我把钱转过去，电话没挂"), NIGHT)
    assert after is not None and after.state == "fake.gave" and not after.noticed
    assert reply.bubbles[0].text.startswith("先停住")
