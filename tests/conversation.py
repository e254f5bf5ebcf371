"""Plays a test conversation against the engine and tells, in the bot's own words, where it went wrong."""

import json
import re
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from advisor.content import load
from advisor.content.source import Document, read_file
from advisor.content.transcript import Step, Transcript
from advisor.exhibit import Exhibit
from advisor.flow import Cursor, Walk
from advisor.message import Bubble, Message, Reply, Sms
from advisor.normal import simplify
from advisor.session import Session
from advisor.turn import Advisor, turn
from tests.house_rules import broken_rules

ROOT = Path(__file__).resolve().parent.parent
SHANGHAI = ZoneInfo("Asia/Shanghai")
CONVERSATIONS = ROOT / "tests" / "conversations"


class RecordingWalk(Walk):
    """The machine, remembering which ways were taken."""

    taken: set[tuple[str, str]]

    def move(self, cursor: Cursor, values: Any) -> None:
        """Move and note the way."""
        before = cursor.state
        super().move(cursor, values)
        self.taken.add((before, cursor.state))

    def jump(self, cursor: Cursor, state: str) -> None:
        """Jump and note the way."""
        self.taken.add((cursor.state, state))
        super().jump(cursor, state)


@lru_cache(maxsize=1)
def advisor() -> Advisor:
    """Load the real content once."""
    loaded = Advisor.of(load(ROOT))
    walk = RecordingWalk(loaded.content, loaded.words.expressions)
    walk.taken = set()
    loaded.walk = walk
    return loaded


@dataclass
class Wrong(Exception):
    """A conversation did not go as written: the line, what was expected, what was said."""

    file: str
    line: int
    what: str
    said: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return "\n".join([f"{self.file}:{self.line}: {self.what}", *(f"    bot: {text}" for text in self.said)])


def read(path: Path, root: Path | None = None) -> tuple[Transcript, Document]:
    """Read a conversation; a mistake in its form is told with its line."""
    document = read_file(path, root or ROOT)
    transcript = None if document.problems else document.read(Transcript)
    if transcript is None:
        raise Wrong(document.file, 1, "\n".join(map(str, document.problems)))
    return transcript, document


@dataclass
class Filed:
    """The evidence file of one talk, as the desk keeps it: numbers from 1 and never twice, the same only counted."""

    exhibits: list[Exhibit] = field(default_factory=list)
    given: int = 0

    def settle(self, reply: Reply) -> int:
        """Keep and strike what a turn decided; give how many are new, less those that are gone."""
        numbers: list[int] = []
        change = 0
        for exhibit in reply.kept:
            of = numbers[-exhibit.of - 1] if exhibit.of < 0 else exhibit.of
            same = next((at for at, one in enumerate(self.exhibits) if one.same == exhibit.same), None)
            if same is None:
                self.given += 1
                self.exhibits.append(replace(exhibit, of=of, number=self.given))
                change += not exhibit.corrects
            else:
                self.exhibits[same] = replace(self.exhibits[same], seen=self.exhibits[same].seen + 1)
            numbers.append(self.exhibits[-1 if same is None else same].number)
        return change - sum(self._strike(number) for number in reply.struck)

    def _strike(self, number: int) -> bool:
        gone = {number}
        while more := {one.corrects for one in self.exhibits if one.number in gone and one.corrects} - gone:
            gone |= more
        left = [one for one in self.exhibits if one.number not in gone]
        struck, self.exhibits = len(left) < len(self.exhibits), left
        return struck


@dataclass
class Player:
    """Plays one conversation. `heard` counts the free texts, `missed` those not understood."""

    transcript: Transcript
    document: Document
    session: Session = field(default_factory=Session)
    filed: Filed = field(default_factory=Filed)
    reply: Reply | None = None
    now: datetime = datetime(2026, 1, 1, tzinfo=SHANGHAI)
    heard: int = 0
    missed: list[str] = field(default_factory=list)

    def play(self) -> None:
        """Play from the beginning; raise Wrong at the first line that does not hold."""
        self.now = _time(self.transcript.now)
        if self.transcript.start:
            content = advisor().content
            self.session = Session(
                state=content.place(self.transcript.start.partition(".")[0], self.transcript.start), noticed=True
            )
            self.session.case.history.append(self.session.state)
            for name, fact in advisor().facts(self.transcript.facts, self.now.date()).items():
                self.session.case.facts[name] = fact
        for number, step in enumerate(self.transcript.talk):
            if step.at:
                self.now = _time(step.at)
            if step.speaks:
                self._say(number, step)
            self._expect(number, step)

    def _say(self, number: int, step: Step) -> None:
        sms = tuple(Sms(s.text, s.sender, _time(s.received_at) if s.received_at else None, s.to) for s in step.sms)
        choice = None
        if step.choose is not None:
            choice = next((key for key in self.session.offered if key.partition(".")[2] in _ids(step.choose)), None)
            if choice is None:
                self._wrong(number, "choose", f"没有“{step.choose}”可选；有：{list(self.session.offered.values())}")
        before, unclear = self.session, self.session.unclear
        message = Message("test", step.user or "", choice, sms, step.image)
        session, self.reply = turn(advisor(), self.session, message, self.now, lambda: self.filed.exhibits)
        if session:
            session.filed += self.filed.settle(self.reply)
        else:
            self.filed = Filed()
        self.session = Session.from_data(json.loads(json.dumps(session.to_data()))) if session else Session()
        if step.user:
            self.heard += 1
            if self.session.unclear > unclear:
                self.missed.append(step.user)
        for rule in broken_rules(advisor(), before, self.session, self.reply):
            self._wrong(number, "user", rule)

    def _expect(self, number: int, step: Step) -> None:
        bubbles = self.reply.bubbles if self.reply else ()
        text = simplify("\n".join(bubble.text for bubble in bubbles))  # whoever writes in traditional characters
        for words in step.bot:
            if words not in text:
                self._wrong(number, "bot", f"没有说“{words}”")
        for words in step.not_:
            if words in text:
                self._wrong(number, "not", f"不该说“{words}”")
        if step.state and self.session.state != step.state:
            self._wrong(number, "state", f"现在在 {self.session.state}，不在 {step.state}")
        if step.end and not advisor().content.state(self.session.state).end:
            self._wrong(number, "end", f"还没有到头，在 {self.session.state}")
        if step.routes is not None and not set(step.routes) <= set(self.reply.routes if self.reply else ()):
            self._wrong(number, "routes", f"给的路是 {list(self.reply.routes if self.reply else ())}")
        if step.letter:
            self._expect_letter(number, step, bubbles)

    def _expect_letter(self, number: int, step: Step, bubbles: tuple[Bubble, ...]) -> None:
        drafts = [simplify(bubble.text) for bubble in bubbles if bubble.letter == step.letter]
        if not drafts:
            self._wrong(number, "letter", f"没有给出 {step.letter}")
        for words in step.has:
            if words not in drafts[0]:
                self._wrong(number, "has", f"文书里没有“{words}”")
        for words in step.lacks:
            if words in drafts[0]:
                self._wrong(number, "lacks", f"文书里不该有“{words}”")

    def _wrong(self, number: int, key: str, what: str) -> None:
        line, _ = self.document.place(("talk", number, key))
        raise Wrong(self.document.file, line, what, [b.text for b in self.reply.bubbles] if self.reply else [])


def _ids(name: str) -> set[str]:
    place = advisor().content.place(name, name) if name in advisor().content.flows else name
    return {name, f"={name}", f"!{name}", f"go:{name}", f"go:{place}", f"fix:{name}", f"short:{name}"}


def _time(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    at = at.replace(hour=12) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else at
    return at if at.tzinfo else at.replace(tzinfo=SHANGHAI)


__all__ = ["CONVERSATIONS", "Player", "Wrong", "advisor", "read"]
