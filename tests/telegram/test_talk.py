"""The bot talks in Telegram as in the terminal, and shows beside the talk what Telegram has room for."""

import sqlite3
from contextlib import closing
from io import BytesIO
from pathlib import Path

import docx
import pytest

from advisor.message import Message
from advisor.session import Session
from advisor.turn import turn
from tests.botapi import Peer, Person
from tests.conversation import ROOT, _ids, _time, advisor, read
from tests.running import Bot, running
from tests.telegram.screen import asked, begin, labels, of, says, written

# ---- the talk ----


def test_a_tap_turns_the_question_into_question_and_answer(person: Person) -> None:
    question = begin(person)
    person.tap("想还，暂时还不上")
    screen = person.wait(says("哪家机构"))
    person.wait(lambda screen: of(screen, question)["edited"])
    edited = of(person.screen, question)
    assert edited["text"] == question["text"] + "\n\n✓ 想还，暂时还不上" and not edited["buttons"]
    assert asked(screen) and not person.unanswered


def test_a_typed_answer_gets_new_messages_and_old_buttons_are_answered_kindly(person: Person) -> None:
    question = begin(person)
    person.say("想协商")
    person.wait(says("哪家机构"))
    assert not any(m["edited"] for m in person.screen)
    person.tap_on(question["message_id"], question["buttons"][0][0][1])
    person.wait(says("那个按钮是前面一步的"))
    person.wait(lambda screen: not of(screen, question)["buttons"])
    assert not person.unanswered


def test_the_last_row_holds_the_words_of_everywhere(person: Person) -> None:
    begin(person)
    person.say("想协商")
    screen = person.wait(says("哪家机构"))
    question = asked(screen)
    assert question and [label for label, _ in question["buttons"][-1]] == ["上一步", "不知道", "重新开始"]


def test_markup_in_what_people_write_is_only_text(person: Person) -> None:
    begin(person)
    person.say("想协商")
    person.wait(says("哪家机构"))
    person.say("<b>青苗</b>&金融")
    person.wait(lambda screen: asked(screen) and "哪家机构" not in asked(screen)["text"])  # type: ignore[index]
    assert not any(m["from_bot"] and "<b>青苗" in (m["html"] or "") for m in person.screen)


def test_a_draft_can_be_copied_and_kept(person: Person) -> None:
    begin(person)
    person.command("/letters")
    person.wait(says("要写哪一份"))
    person.tap("发给家人的话")
    screen = person.wait(lambda screen: asked(screen) and any(m["document"] for m in screen))
    draft = next(m for m in screen if "<pre>" in (m["html"] or ""))
    file = next(m for m in screen if m["document"])
    assert file["document"] == "draft.docx"
    written = "".join(one.text for one in docx.Document(BytesIO(file["bytes"])).paragraphs)
    assert "".join(draft["text"].split()) in "".join(written.split())


# ---- what is shown besides the talk ----


def test_commands_are_listed_and_each_is_understood(peer: Peer, person: Person) -> None:
    begin(person)
    given = [params for params in peer.called("setMyCommands")]
    assert len(given) >= 8
    names = [one["command"] for one in given[0]["commands"]]
    assert {"start", "help", "new", "letters", "language", "privacy", "delete"} <= set(names)
    for name in names:
        before = len(person.screen)
        person.command(f"/{name}")
        screen = person.wait(lambda screen, before=before: len(screen) > before + 1 and asked(screen))  # type: ignore[misc]
        assert "没听懂" not in screen[-1]["text"] + screen[-2]["text"]
    assert peer.called("setMyDescription") and peer.called("setMyShortDescription")
    assert peer.called("setChatMenuButton")


@pytest.mark.parametrize(("link", "words"), [("sms", "原样发过来"), ("plan", "哪家机构"), ("nothing", "最急的事")])
def test_a_link_opens_what_it_names(person: Person, link: str, words: str) -> None:
    person.command(f"/start {link}")
    person.wait(says(words), 30)


def test_everything_is_deleted_on_demand(service: tuple[Peer, Bot], person: Person) -> None:
    begin(person)
    person.say("想协商")
    person.wait(says("哪家机构"))
    person.command("/delete")
    person.wait(lambda screen: asked(screen) and "确认删除" in labels(asked(screen) or {"buttons": []}))
    person.tap("确认删除")
    person.wait(lambda screen: labels(asked(screen) or {"buttons": []}) == ["重新开始"])
    with closing(sqlite3.connect(service[1].database)) as db:
        assert db.execute("SELECT count(*) FROM sessions WHERE person=?", (f"telegram:{person.id}",)).fetchone() == (0,)


# ---- whole conversations ----


def transcripts() -> list[Path]:
    """Give conversations that are only typed and tapped, of every part of the tree."""
    found = []
    for path in sorted((ROOT / "tests" / "conversations").glob("*.yaml")):
        transcript, _ = read(path)
        plain = all(not step.sms and not step.image and not step.at for step in transcript.talk)
        if plain and not transcript.start and len(transcript.talk) > 6:
            found.append(path)
    return found[::40]


@pytest.mark.parametrize("path", transcripts(), ids=lambda path: path.stem)
def test_a_whole_conversation_reads_the_same_in_telegram(path: Path, tmp_path: Path) -> None:
    transcript, _ = read(path)
    with running(tmp_path / "bot", now=transcript.now) as (peer, _):
        person, session, expected = peer.person(7), Session(), 0
        now = _time(transcript.now)
        for step in (step for step in transcript.talk if step.speaks):
            taps = [key for key in session.offered if key.partition(".")[2] in _ids(step.choose or "-")]
            choice = taps[0] if step.choose is not None else None
            after, reply = turn(advisor(), session, Message("x", step.user or "", choice), now)
            session, expected = after or Session(), expected + len(reply.bubbles)
            if choice:
                person.tap(choice)
            else:
                person.say(step.user or "")
            texts = written(person.wait(lambda screen, count=expected: len(written(screen)) == count, 30))  # type: ignore[misc]
            assert texts[-len(reply.bubbles) :] == [bubble.text.strip() for bubble in reply.bubbles]
