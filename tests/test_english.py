"""Whoever writes English is understood and answered in English; laws and what is handed over stay Chinese."""

import random
import re
from datetime import date, datetime
from typing import Any

import pytest
import yaml

from advisor.answers import Heard, hear, typed
from advisor.content.flow import Slot
from advisor.english import in_figures
from advisor.languages import is_chinese, is_english
from advisor.message import Message, Reply, Sms
from advisor.session import Session
from advisor.turn import turn
from tests.conversation import ROOT, SHANGHAI, advisor

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 20, 30, tzinfo=SHANGHAI)
VALUES = yaml.load((ROOT / "tests/english.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)
SLOTS = {
    "money": Slot(type="money", label="sum"),
    "day": Slot(type="date", label="day", not_after="today"),
    "until": Slot(type="date", label="day", not_before="today"),
    "days": Slot(type="period_of_days", label="days"),
    "period": Slot(type="period", label="how long"),
    "times": Slot(type="number", label="how often", unit="次"),
    "rate": Slot(type="percent", label="a year"),
}
_HAN = re.compile(r"[\u3400-\u9fff]")
# what stays Chinese: names of laws with their articles, quotes and words to say or show
_STAYS = re.compile(r"《[^》]*》(?:[、第（][^;,.:()]*)?|“[^”]*”|\([^()a-z]*\)")


def told(kind: str, text: str) -> str:
    """Say what is heard as the file writes it."""
    slot = SLOTS[kind]
    heard = hear(slot, in_figures(text), TODAY)
    if not isinstance(heard, Heard):
        return "-"
    value: Any = typed(slot, heard.value)
    if kind == "days":
        return f"{value.first}..{value.last}"
    words = " ".join(map(str, value)) if kind == "period" else str(value)
    return f"{'约 ' if heard.about and kind != 'period' else ''}{words}"


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in VALUES.items() for text in texts])
def test_a_value_said_in_english_is_heard(kind: str, text: str) -> None:
    assert told(kind, text) == VALUES[kind][text]


@pytest.mark.parametrize(
    "text",
    ["I got a message that I owe money", "they call me every day", "help me please", "What should I do?",
     "my boss got a text about my loan", "can they arrest me", "dont know what to do", "Is this a scam?"],
)  # fmt: skip
def test_english_is_known(text: str) -> None:
    assert is_english(text) and not is_chinese(text)


@pytest.mark.parametrize(
    "text",
    ["wo qian le yi wan yuan", "hao de", "OK", "3000", "hi", "招商银行", "他们说要告我", "APP上借的", "zenme ban", ""],
)
def test_what_is_not_english_is_not_taken_for_it(text: str) -> None:
    assert not is_english(text)


@pytest.mark.parametrize("text", ["招商银行", "花呗", "CMB 招行"])
def test_a_chinese_name_alone_is_no_chinese_sentence(text: str) -> None:
    assert not is_chinese(text)


def said(session: Session | None, text: str = "", choice: str | None = None, sms: str = "") -> tuple[Session, Reply]:
    messages = (Sms(sms),) if sms else ()
    after, reply = turn(advisor(), session or Session(), Message("p", text, choice, messages), NOW)
    return after or Session(), reply


def words(reply: Reply) -> str:
    return "\n".join(bubble.text for bubble in reply.bubbles)


def test_a_talk_changes_its_language_with_the_person() -> None:
    session, reply = said(None, "Hello, they call me every day about a loan")
    assert session.language == "en" and not _HAN.search(_STAYS.sub("", words(reply)))
    session, reply = said(session, "他们天天打我电话，还骂我")
    assert session.language == "zh" and _HAN.search(words(reply))
    session, reply = said(session, "sorry, can you speak English with me please")
    assert session.language == "en"


def test_a_chinese_message_is_explained_in_english() -> None:
    session, _ = said(None, "I got this message, what is it")
    session, reply = said(session, sms="【某某金融】今日不还，通知你村委和通讯录，打断你的腿")
    assert session.language == "en"
    assert "“" in words(reply) and not _HAN.search(_STAYS.sub("", words(reply)))


def test_a_letter_is_handed_over_in_chinese_with_its_meaning() -> None:
    session, _ = said(None, "I need help please, what can you write for me")
    session.state = "letter_card_for_family.draft"
    session, reply = said(session, "what do you mean by that")
    drafts = [bubble for bubble in reply.bubbles if bubble.letter]
    beside = [bubble.text for bubble in reply.bubbles if not bubble.letter]
    if not drafts:  # the form ends at once: come to it anew
        session, reply = said(session, "words for my family")
        drafts = [bubble for bubble in reply.bubbles if bubble.letter]
        beside = [bubble.text for bubble in reply.bubbles if not bubble.letter]
    assert len(drafts) == 1 and _HAN.search(drafts[0].text)
    assert any("Words for my family" in text for text in beside)


def test_nothing_chinese_is_said_to_whoever_writes_english() -> None:
    """Tap through the whole tree, as one who writes English."""
    chance, left = random.Random(7), set()
    for _ in range(120):
        session, reply = said(None, "Hello, I need help please")
        for _ in range(14):
            for bubble in reply.bubbles:
                if not bubble.letter:
                    left |= {text for text in (bubble.text, *(c.label for c in bubble.choices))
                             if _HAN.search(_STAYS.sub("", text))}  # fmt: skip
            keys = [key for key in session.offered if not key.endswith(("!back", "!restart", "!delete_yes"))]
            if not keys:
                break
            session, reply = said(session, choice=chance.choice(keys))
    assert sorted(left) == []
