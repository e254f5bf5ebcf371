"""Looks at the files of a message before it is answered: what each is, and the messages that stand in it."""

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from io import BytesIO

from advisor.clock import SHANGHAI
from advisor.evidence.filetypes import RefusedError, admit
from advisor.evidence.imported import Imported, Summary
from advisor.evidence.imports import read
from advisor.evidence.pictures import NoPictureError, Reader
from advisor.evidence.screens import messages
from advisor.evidence.stamps import taken_at
from advisor.message import Attachment, Message, Sms
from advisor.turn import Advisor

MOST, MOST_CHARACTERS = 1000, 200_000  # messages of exports that one turn takes: others wait for it half a second
EARLIEST = datetime.min.replace(tzinfo=SHANGHAI)


class Looker:
    """Looks with the reader of pictures, where one is installed."""

    def __init__(self, advisor: Advisor, reader: Reader | None = None) -> None:
        """Tell by `advisor` which messages of an export are any business here."""
        self._advisor, self._reader = advisor, reader or Reader()

    def take_over(self, advisor: Advisor) -> None:
        """Go by new content from now on."""
        self._advisor = advisor

    async def look(self, message: Message, now: datetime) -> Message:
        """Give the message with what was found in its files, and the SMS that were read in them."""
        if not any(file.body for file in message.files):
            return message
        files: list[Attachment] = []
        found: list[Sms] = list(message.sms)
        room, characters = MOST, MOST_CHARACTERS
        for number, file in enumerate(message.files, 1):
            looked_at, read_in_it = await self._look(file, now) if file.body else (file, [])
            if looked_at.kind == "export":
                taken = _newest(read_in_it, room, characters)
                room, characters = room - len(taken), characters - sum(len(one.text) for one in taken)
                looked_at, read_in_it = replace(looked_at, left=len(read_in_it) - len(taken)), taken
            files.append(looked_at)
            found += [_sms(one, number) for one in read_in_it]
        return replace(message, files=tuple(files), sms=tuple(found))

    def look_now(self, message: Message, now: datetime) -> Message:
        """Look where no event loop runs."""

        async def once() -> Message:
            try:
                return await self.look(message, now)
            finally:
                await self.close()

        return asyncio.run(once()) if any(file.body for file in message.files) else message

    async def close(self) -> None:
        """Let go of the process that reads pictures."""
        await self._reader.close()

    async def _look(self, file: Attachment, now: datetime) -> tuple[Attachment, list[Imported]]:
        body = file.body or b""
        try:
            kind = admit(BytesIO(body), file.name)
            known = replace(file, kind=kind.kind, media_type=kind.media_type, size=len(body))
            if kind.kind == "picture":
                return known, await self._in_picture(body, taken_at(file.name) or now)
            if kind.kind == "export":
                summary = Summary()
                relevant = await asyncio.to_thread(self._in_export, body, file.name, now, summary)
                return replace(known, held=summary.read), relevant
            return known, []
        except RefusedError as error:
            return replace(file, refused=error.why, body=None), []
        except NoPictureError:
            return known, []

    async def _in_picture(self, body: bytes, taken: datetime) -> list[Imported]:
        picture = await self._reader.read(body)
        return [one for one in messages(picture, taken) if not one.sent] if picture else []

    def _in_export(self, body: bytes, name: str, now: datetime, summary: Summary) -> list[Imported]:
        words = self._advisor.content.exports
        return list(self.relevant(read(BytesIO(body), name, now, words, summary), now))

    def relevant(self, imported: Iterable[Imported], now: datetime) -> Iterable[Imported]:
        """Leave out what is nobody's business here: an export holds all of a person's life."""
        for one in imported:
            if not one.sent:
                reading = self._advisor.reader.read(_sms(one), {}, now)
                if reading.kind != "other" or reading.findings:
                    yield one


def _newest(read: list[Imported], most: int, characters: int) -> list[Imported]:
    """Give the messages as they are where they are few, else the newest of them, oldest first."""
    if len(read) <= most and sum(len(one.text) for one in read) <= characters:
        return read
    taken: list[Imported] = []
    for one in sorted(read, key=lambda one: one.at or EARLIEST, reverse=True)[:most]:
        characters -= len(one.text)
        if characters < 0:
            break
        taken.append(one)
    return taken[::-1]


def _sms(one: Imported, picture: int = 0) -> Sms:
    return Sms(one.text, one.sender or None, one.at, one.recipient or None, None, picture, one.whole_day)
