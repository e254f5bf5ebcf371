"""The outbox: replies stay until they were delivered, and one process at a time sends those of a person."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial

from advisor.codec import Codec
from advisor.groupcommit import GroupCommit
from advisor.leases import Leases
from advisor.message import Reply
from advisor.store import Store, Transaction


class Outbox:
    """Keeps replies and hands them out. `clock` gives the time, `lease` is how long one lasts, in seconds."""

    def __init__(self, store: Store, codec: Codec, clock: Callable[[], datetime], lease: float) -> None:
        """Keep what goes out in `store`."""
        self.store, self.codec, self.clock = store, codec, clock
        self.commits = GroupCommit(store, clock)
        self.leases = Leases(self.commits, lease)
        self.take_up, self.let_go = self.leases.take, self.leases.let_go  # what one process does at a time

    async def mark(self, person: str, reply: Reply) -> None:
        """Mark a reply as delivered; with the last of a person's their lease ends."""
        if await self.commits.when_done(person, partial(self.leases.sent, person, reply.id)):
            self.leases.forget(person)

    async def keep(self, person: str, reply: Reply) -> Reply:
        """Keep a reply that a channel made of another one; gives what is kept under its id, this or an earlier one."""
        kept: Reply = await self.commits.when_done(
            person, lambda work, now: self.stored(work, person, reply.id) or self.remember(work, person, reply, now)
        )
        return kept

    async def silence(self, person: str, silent: bool) -> None:
        """Remember that a person cannot be written to, or can again."""
        since = self.clock() if silent else None
        await self.commits.when_done(person, lambda transaction, _: transaction.silence(person, since))

    def undelivered(self, person: str) -> list[Reply]:
        """Give the replies to a person that were never marked as delivered."""
        return [
            replace(Reply.from_data(self.codec.decode(body)), id=message_id)
            for _, message_id, body in self.store.undelivered(person)
        ]

    def waiting(self, channel: str) -> list[str]:
        """Name the people of a channel who can be written to and for whom a reply waits that no other process sends."""
        return [person for person in self.store.waiting(self.leases.owner) if person.startswith(f"{channel}:")]

    def delivered(self, person: str, reply: Reply) -> None:
        """Mark a reply as delivered, where no event loop runs."""
        if reply.id:
            self.commits.do([(person, lambda transaction, now: transaction.delivered(person, reply.id, now))])

    def stored(self, transaction: Transaction, person: str, message_id: str) -> Reply | None:
        """Give the reply to a message that came before."""
        body = transaction.reply(person, message_id)
        return None if body is None else replace(Reply.from_data(self.codec.decode(body)), id=message_id)

    def remember(self, transaction: Transaction, person: str, reply: Reply, now: datetime) -> Reply:
        """Keep a reply until it was delivered."""
        transaction.remember(person, reply.id, self.codec.encode(reply.to_data()), now)
        return reply
