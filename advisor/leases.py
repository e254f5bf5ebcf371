"""Leases: what one process of many has to itself for some seconds, and another takes over when it has died.

A lease is named after the person whose replies it lets a process send, or after another thing that only one process
may do at a time. One that is in use is renewed in good time; what the store does not hear of any more ends by itself.
"""

import asyncio
import uuid
from datetime import datetime
from time import monotonic

from advisor.groupcommit import GroupCommit
from advisor.store import Store, StoreError, Transaction

LASTS = 6.0  # seconds that a reply waits when the process that had it died; in use, a lease is renewed long before


class Leases:
    """The leases of this process; `lasts` is how long one holds, in seconds."""

    def __init__(self, commits: GroupCommit, lasts: float = LASTS) -> None:
        """Take leases in the transactions of `commits`."""
        self.owner = uuid.uuid4().hex
        self._commits, self._lasts = commits, lasts
        self._looked = 0.0
        self._until: dict[str, float] = {}  # when those that are known to be ours end, less what is kept in hand
        self._in_use: set[str] = set()
        self._ticking: asyncio.TimerHandle | None = None
        self._renewals: set[asyncio.Task[None]] = set()

    def take_in(self, transaction: Transaction, name: str) -> bool:
        """Take a lease along with other work; `note` it when that is on the disk."""
        return transaction.lease(name, self.owner, self._lasts)

    def note(self, name: str, began: float) -> None:
        """Remember a lease that was taken in a transaction which `began` then, by the monotonic clock."""
        self._until[name] = began + self._lasts * 3 / 4
        if len(self._until) > 10_000:  # those that nobody used
            now = monotonic()
            self._until = {one: until for one, until in self._until.items() if until > now}

    async def take(self, name: str) -> bool:
        """Take a lease, or go on with it, until it is let go; False when another process has it."""
        if self._until.get(name, 0.0) <= monotonic() and not await self._renewed(name):
            self._in_use.discard(name)
            return False
        self._in_use.add(name)
        if self._ticking is None:
            self._ticking = asyncio.get_running_loop().call_later(self._lasts / 4, self._tick)
        return True

    def sent(self, person: str, message_id: str, transaction: Transaction, now: datetime) -> bool:
        """Mark a reply as delivered; with the last one ends the lease, and then this is True."""
        transaction.delivered(person, message_id, now)
        return transaction.release(person, self.owner, once_sent=True)

    def abandoned(self, store: Store) -> list[str]:
        """Name, now and then, those whose replies a process had taken that died."""
        if monotonic() - self._looked < self._lasts / 4:
            return []
        self._looked = monotonic()
        return store.abandoned()

    async def let_go(self, name: str, *, to_others: bool = False) -> None:
        """Give a lease back; `to_others` leaves what is not done yet to whoever comes next, this process too."""
        seconds = 0.0 if to_others else None
        if name in self._until or name in self._in_use:
            self.forget(name)
            await self._commits.when_done(name, lambda work, _: _end(work, name, self.owner, seconds))
            self.forget(name)  # a renewal may have been on its way

    def forget(self, name: str) -> None:
        """Note that a lease is not ours any more."""
        self._until.pop(name, None)
        self._in_use.discard(name)

    async def _renewed(self, name: str) -> bool:
        began = monotonic()
        taken: bool = await self._commits.when_done(name, lambda work, _: self.take_in(work, name))
        if taken:
            self.note(name, began)
        else:
            self._until.pop(name, None)
        return taken

    def _tick(self) -> None:
        """Renew those in use that would end before the next time."""
        loop, soon = asyncio.get_running_loop(), monotonic() + self._lasts / 4
        for name in self._in_use:
            if self._until.get(name, 0.0) <= soon:
                task = loop.create_task(self._keep(name))
                self._renewals.add(task)
                task.add_done_callback(self._renewals.discard)
        self._ticking = loop.call_later(self._lasts / 4, self._tick) if self._in_use else None

    async def _keep(self, name: str) -> None:
        if name not in self._in_use:
            return
        try:
            if not await self._renewed(name):
                self._in_use.discard(name)
        except StoreError:
            return  # the store is away: it is tried again, and whoever wants to use the lease asks the store
        if name not in self._in_use:  # it was let go meanwhile
            await self.let_go(name, to_others=True)


def _end(transaction: Transaction, name: str, owner: str, seconds: float | None) -> None:
    if seconds is None:
        transaction.release(name, owner)
    else:
        transaction.lease(name, owner, seconds)
