"""Keeps the talks of a channel that shows them itself: what was said and answered, as long as the case is kept."""

import secrets
from dataclasses import replace

from advisor.cleaning import clean
from advisor.clock import SHANGHAI
from advisor.desk import Desk
from advisor.gathering import pack, unpack
from advisor.masking import without_secrets
from advisor.message import Line, Message, Reply


class Talks:
    """Talks beside the desk: in its store and its commits, written as its codec writes."""

    def __init__(self, desk: Desk) -> None:
        """Keep talks where `desk` keeps the rest."""
        self._desk = desk

    async def append(self, person: str, said: Message | Reply) -> None:
        """Keep a thing said; raises StoreError."""
        if isinstance(said, Message):
            said_id = f"me {said.id}"
            body = self._desk.codec.encode(
                {"me": pack(without_secrets(_without_bodies(said), self._desk.advisor.mask))}
            )
        else:
            said_id = f"it {said.id}"
            body = self._desk.codec.encode({"it": said.to_data(), "id": said.id})
        await self._desk.when_done(person, lambda work, now: work.append(person, said_id, body, now))

    def read(self, person: str, after: int = 0) -> list[Line]:
        """Give the talk of a person from behind the line `after`."""
        rows = self._desk.store.talk(person, after, self._desk.clock())
        return [Line(number, at.astimezone(SHANGHAI), self._said(person, body)) for number, at, body in rows]

    def _said(self, person: str, body: bytes) -> Message | Reply:
        data = self._desk.codec.decode(body)
        return unpack(person, data["me"]) if "me" in data else replace(Reply.from_data(data["it"]), id=data["id"])

    def reply(self, person: str, reply_id: str) -> Reply | None:
        """Give a reply to somebody while the store still has it."""
        body = self._desk.store.reply(person, reply_id)
        return None if body is None else replace(Reply.from_data(self._desk.codec.decode(body)), id=reply_id)

    async def forget(self, person: str) -> None:
        """Delete everything about a person."""
        await self._desk.when_done(person, lambda work, _: work.forget(person))

    def key(self) -> bytes:
        """Give the key that cookies and links are signed with: every process on this store has the same."""
        fresh = self._desk.codec.encode(secrets.token_hex(32))
        with self._desk.store.transaction() as transaction:
            return str(self._desk.codec.decode(transaction.key("page", fresh))).encode()


def _without_bodies(said: Message) -> Message:
    """Leave out what is in the files: that is kept in the evidence file alone, and goes with it."""
    cleaned = clean(said)
    return replace(cleaned, files=tuple(replace(file, body=None) for file in cleaned.files))
