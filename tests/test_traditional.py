"""Whoever writes in traditional characters is understood alike and answered alike, in those characters."""

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from advisor.documents import parts
from advisor.message import Message, Reply, Sms
from advisor.session import Session
from advisor.traditional import is_simplified, traditional
from advisor.turn import turn
from tests.conversation import CONVERSATIONS, SHANGHAI, advisor, read

CHINESE = [path for path in sorted(CONVERSATIONS.glob("*.yaml")) if not path.stem.startswith(("en_", "foreigner_"))]
SOME = [path for path in CHINESE if not read(path)[0].start][::7]
_AS_IT_IS = re.compile("《[^》]*》|“[^”]*”")


def walk(path: Path, spelled: Callable[[str], str]) -> list[Reply]:
    """Hold the talk of a conversation, each text spelled so."""
    transcript, session, replies = read(path)[0], Session(), list[Reply]()
    now = datetime.fromisoformat(transcript.now).replace(tzinfo=SHANGHAI)
    for step in transcript.talk:
        if not step.speaks:
            continue
        ends = tuple(f".{mark}{step.choose}" for mark in ("", "=", "!", "go:", "fix:", "short:"))
        choice = next((key for key in session.offered if step.choose and key.endswith(ends)), None)
        sms = tuple(Sms(one.text, one.sender) for one in step.sms)
        after, reply = turn(advisor(), session, Message("p", spelled(step.user or ""), choice, sms), now)
        session = after or Session()
        replies.append(reply)
    return replies


@pytest.mark.parametrize("path", SOME, ids=lambda path: path.stem)
def test_a_talk_in_traditional_characters_goes_the_same_way(path: Path) -> None:
    plain = walk(path, str)
    other = walk(path, lambda text: traditional(text.replace("“", "").replace("”", "")))
    assert [(reply.state, reply.routes) for reply in other] == [(reply.state, reply.routes) for reply in plain]


def test_all_that_is_said_is_in_the_characters_of_the_person() -> None:
    replies = [reply for path in SOME[:12] for reply in walk(path, lambda text: f"請問，{traditional(text)}")]
    said = [text for r in replies for b in r.bubbles for text in (b.text, *(c.label for c in b.choices))]
    assert len(said) > 100
    assert [text for text in said if is_simplified(_AS_IT_IS.sub("", text))] == []


def test_names_of_laws_and_quotes_stay_as_they_are() -> None:
    assert traditional("《个人信息保护法》说，“还钱”这句话要写下来") == "《个人信息保护法》說，“还钱”這句話要寫下來"


def test_simplified_words_bring_simplified_words_back() -> None:
    session: Session | None = Session()
    now = datetime(2026, 11, 29, 20, 30, tzinfo=SHANGHAI)
    seen = []
    for text in ("他們罵我", "沒有", "还没有人来过"):
        session, reply = turn(advisor(), session or Session(), Message("p", text), now)
        seen.append(any(is_simplified(_AS_IT_IS.sub("", bubble.text)) for bubble in reply.bubbles))
    assert seen == [False, False, True]


def test_a_letter_in_traditional_characters_has_its_title_once() -> None:
    text = traditional("报案情况说明\n\n一、经过\n我收到短信。\n报案人签名：＿＿＿＿\n2026年11月29日")
    found = parts("报案情况说明", text)
    assert [part.kind for part in found] == ["heading", "text", "sign", "sign"]
