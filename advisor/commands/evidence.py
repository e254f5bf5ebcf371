"""`bot.py evidence`: put files into the evidence file of a person, list it, hand it over, delete it."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, TextIO

from advisor.content.load import BASE
from advisor.desk import Desk
from advisor.evidence.chart import chart
from advisor.evidence.filetypes import RefusedError, admit
from advisor.evidence.imported import Summary
from advisor.evidence.imports import read
from advisor.evidence.looking import Looker
from advisor.evidence.package import package
from advisor.evidence.timeline import Timeline
from advisor.exhibit import Exhibit, in_force
from advisor.filekeeping import Filekeeper
from advisor.message import Attachment, Message, Sms
from advisor.turn.filing import of_file, of_sms

AT_ONCE = 500  # exhibits that are kept in one transaction
EVERY = 5_000  # messages after which progress is told


@dataclass
class EvidenceCommand:
    """Works on the evidence file of one person; what is told of progress and obstacle goes to `notes`."""

    desk: Desk
    person: str
    notes: TextIO = sys.stderr
    _language: str = BASE

    def add(self, paths: Sequence[Path]) -> int:
        """Put files in; give how many could not be taken."""
        refused = 0
        for path in paths:
            try:
                self._add(path)
            except RefusedError as error:
                refused += 1
                self._note(path, obstacle=error.why)
            except OSError:
                refused += 1
                self._note(path, obstacle="unreadable")
        return refused

    def _add(self, path: Path) -> None:
        with path.open("rb") as file:
            kind = admit(file, path.name)
            if kind.kind == "export":
                self._import(path, file)
                return
            body = file.read()
        attachment = Attachment(kind.kind, "", path.name, len(body), None, body, kind.media_type)
        message = Looker(self.desk.advisor).look_now(Message(self.person, files=(attachment,)), self.now)
        with self._file() as keeper:
            number, _ = keeper.add(of_file(attachment, body, self.now), body)
            added = [keeper.add(self._exhibit(sms, "picture", number))[1] for sms in message.sms]
        self._note(path, number=number, read=len(message.sms), kept=sum(added))

    def _import(self, path: Path, file: BinaryIO) -> None:
        summary, kept = Summary(), 0
        looker, words = Looker(self.desk.advisor), self.desk.advisor.content.exports
        imported = read(file, path.name, self.now, words, summary)
        batch: list[Exhibit] = []
        told = 0
        for one in looker.relevant(imported, self.now):
            sms = Sms(one.text, one.sender or None, one.at, one.recipient or None, None, 0, one.whole_day)
            batch.append(self._exhibit(sms, "export", 0))
            if len(batch) >= AT_ONCE:
                kept += self._keep(batch)
                batch = []
            if summary.read - told >= EVERY:
                told = summary.read
                self._note(path, read=summary.read, kept=kept + len(batch), going_on=True)
        kept += self._keep(batch)
        self._note(path, read=summary.read, kept=kept, skipped=sum(summary.skipped.values()))

    def _exhibit(self, sms: Sms, source: str, of: int) -> Exhibit:
        return of_sms(sms, self.desk.advisor.reader.read(sms, {}, self.now), of, source, self.now)

    def _keep(self, batch: Sequence[Exhibit]) -> int:
        with self._file() as keeper:
            return sum(keeper.add(exhibit)[1] for exhibit in batch)

    @property
    def now(self) -> datetime:
        """The time by the desk's clock."""
        return self.desk.clock()

    @contextmanager
    def _file(self) -> Iterator[Filekeeper]:
        """Open the file; whoever puts something in by hand wants it kept."""
        with self.desk.opened(self.person) as (session, keeper):
            self._language = session.language
            yield keeper
            if keeper.exhibits():
                session.filed, session.consent = len(in_force(keeper.exhibits())), "yes"

    def list(self) -> str:
        """Word what is in the file."""
        with self._file() as keeper:
            exhibits = keeper.exhibits()
        return self._say("evidence_file/list", timeline=Timeline.of(exhibits, self.now.date()))

    def export(self, out: Path) -> None:
        """Write all of it as one package."""
        out.write_bytes(self.packed())

    def packed(self) -> bytes:
        """Give all of it as one package, in Chinese and in the language of the person."""
        with self._file() as keeper:
            return package(keeper.exhibits(), keeper.file, self.desk.advisor.words, self.now.date(), self._language)

    def chart(self) -> bytes:
        """Give the days and hours of it as a picture."""
        with self._file() as keeper:
            exhibits = keeper.exhibits()
        return chart(Timeline.of(exhibits, self.now.date()), self.desk.advisor.words, self._language) or b""

    def delete(self) -> str:
        """Delete all of it at once, and say what is gone."""
        with self._file() as keeper:
            gone = [exhibit.number for exhibit in keeper.exhibits() if keeper.strike(exhibit.number)]
        return self._say("evidence_file/deleted", count=len(gone))

    def _say(self, template: str, **more: object) -> str:
        return self.desk.advisor.words.say(template, BASE, self.now.date(), **more)  # type: ignore[arg-type]

    def _note(self, path: Path, **told: object) -> None:
        names = ("number", "read", "kept", "skipped", "obstacle", "going_on")
        given = {name: told.get(name, 0 if name in ("number", "read", "kept", "skipped") else "") for name in names}
        print(self._say("evidence_file/taken_in", name=path.name, **given), file=self.notes, flush=True)
