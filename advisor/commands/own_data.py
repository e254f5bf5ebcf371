"""Hands over everything that is kept of one person, in one archive: to read, and for programs."""

import json
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from advisor.content.load import BASE
from advisor.desk import Desk
from advisor.documents import docx
from advisor.evidence.package import package
from advisor.gathering import pack
from advisor.message import Line, Message, Reply
from advisor.session import Case, Facts, Session
from advisor.talks import Talks


def own_data(desk: Desk, person: str) -> bytes:
    """Give the archive of all that is kept of `person` now.

    Letters are those of replies that are still kept and, of matters that were talked to their end, drafted anew.
    """
    now, out = desk.clock(), BytesIO()
    lines = Talks(desk).read(person)
    with desk.opened(person) as (session, keeper):
        exhibits, replies = keeper.exhibits(), keeper.replies()
        with ZipFile(out, "w", ZIP_DEFLATED) as archive:
            told = _told(desk, session, _said(lines, replies), now)
            title, _, _ = told.partition("\n")
            archive.writestr(f"{title.strip()}.txt", told.replace("\n", "\r\n").encode("utf-8-sig"))
            archive.writestr("data.json", _data(session, replies, lines))
            for number, (title, text) in enumerate(_letters(desk, session, replies, now), 1):
                archive.writestr(f"letters/{number:02}_{title}.docx", docx(title, text))
            if exhibits:
                packed = package(exhibits, keeper.file, desk.advisor.words, now.date(), session.language)
                with ZipFile(BytesIO(packed)) as inner:
                    for name in inner.namelist():
                        archive.writestr(f"evidence/{name}", inner.read(name))
    return out.getvalue()


def _said(lines: list[Line], replies: list[tuple[datetime, Reply]]) -> list[tuple[datetime, bool, str]]:
    """Give what was said when, and whether by the person: the talk where a channel keeps it, else the replies."""
    said = [(line.at, line.said) for line in lines] or list(replies)
    return [
        (at, isinstance(one, Message), text)
        for at, one in said
        for text in ((one.text, *(sms.text for sms in one.sms)) if isinstance(one, Message) else _texts(one))
        if text
    ]


def _texts(reply: Reply) -> tuple[str, ...]:
    return tuple(bubble.text for bubble in reply.bubbles)


def _told(desk: Desk, session: Session, said: list[tuple[datetime, bool, str]], now: datetime) -> str:
    cases = [_answers(desk, session, case) for case in (session.case, *reversed(session.old_cases))]
    words = desk.advisor.words
    return words.say("evidence_file/my_data", session.language, now.date(), cases=cases, said=said)


def _answers(desk: Desk, session: Session, case: Case) -> list[tuple[str, str]]:
    slots, words = desk.advisor.hearing(session.language).edition.all_slots, desk.advisor.words
    return [
        (slots[name].label, words.label(slots[name], fact, session.language))
        for facts in _facts(session, case)
        for name, fact in facts.items()
        if name in slots
    ]


def _facts(session: Session, case: Case) -> Iterator[Facts]:
    yield session.person
    yield case.facts
    yield from case.debts


def _data(session: Session, replies: list[tuple[datetime, Reply]], lines: list[Line]) -> bytes:
    kept = [{"at": at.isoformat(), **reply.to_data()} for at, reply in replies]
    talk = [
        {"at": line.at.isoformat(), **(pack(line.said) if isinstance(line.said, Message) else line.said.to_data())}
        for line in lines
    ]
    data: dict[str, Any] = {"session": session.to_data(), "replies": kept, "talk": talk}
    return json.dumps(data, ensure_ascii=False, indent=1).encode()


def _letters(
    desk: Desk, session: Session, replies: list[tuple[datetime, Reply]], now: datetime
) -> Iterator[tuple[str, str]]:
    """Give the title and text of each letter, the same text once."""
    content, seen = desk.advisor.content, set[str]()
    drafts: list[tuple[str, str]] = [
        (bubble.letter, bubble.text) for _, reply in replies for bubble in reply.bubbles if bubble.letter
    ]
    for case in (session.case, *session.old_cases):
        facts = {**session.person, **case.facts, **case.debts[case.debt]}
        for state in filter(desk.advisor.walk.known, case.ended):
            if name := content.state(state).letter:
                slots = desk.advisor.hearing(BASE).slots(state.partition(".")[0])
                drafts.append((name, desk.advisor.words.letter(name, BASE, now.date(), slots, facts)))
    for name, text in drafts:
        if name in content.letters and text not in seen:
            seen.add(text)
            yield content.letters[name].front.title, text
