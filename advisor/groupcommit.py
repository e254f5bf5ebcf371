"""Group commit: what waits at the same time shares one transaction, and each piece of it has its own outcome.

The people concerned are held first, for as long as the transaction lasts. Whoever is held by another process at that
moment is tried again a little later, and holds up nobody else.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from advisor.faults import tell
from advisor.store import Store, StoreError, Transaction
from advisor.waitingline import WaitingLine

if TYPE_CHECKING:
    from asyncio import Future

AT_ONCE = 100  # jobs in one commit; between two commits the event loop sees to everything else
TRY_AGAIN = 0.02  # seconds until somebody whom another process holds is tried again
HELD = object()  # the outcome of a job that could not be done yet
Job = Callable[[Transaction, datetime], Any]


class Waiting(NamedTuple):
    """A job for a person, or for nobody in particular, and the outcome that it will have."""

    person: str
    job: Job
    outcome: "Future[Any]"


class GroupCommit:
    """Does jobs on a store. `clock` gives the time of each transaction."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        """Work on `store`."""
        self._store, self._clock = store, clock
        self._waiting = WaitingLine[Waiting]()
        self._elsewhere: set[str] = set()  # people whom another process held when they were last tried
        self._called = False

    @property
    def people_waiting(self) -> int:
        """Tell how many people wait for a commit."""
        return self._waiting.people

    def do(self, jobs: Sequence[tuple[str, Job]]) -> list[Any]:
        """Do jobs, each for the person named with it, where no event loop runs; give their outcomes.

        One that fails gives its error and spoils no other. Raises StoreError for all.
        """
        outcomes = self._try(jobs)
        while left := [number for number, outcome in enumerate(outcomes) if outcome is HELD]:
            time.sleep(TRY_AGAIN)
            for number, outcome in zip(left, self._try([jobs[number] for number in left]), strict=True):
                outcomes[number] = outcome
        return outcomes

    @contextmanager
    def holding(self, person: str) -> Iterator[Transaction]:
        """Open a transaction that holds a person, where no event loop runs."""
        while True:
            with self._store.transaction() as transaction:
                if transaction.hold([person]):
                    yield transaction
                    return
            time.sleep(TRY_AGAIN)

    def _try(self, jobs: Sequence[tuple[str, Job]]) -> list[Any]:
        if not jobs:
            return []
        now = self._clock()
        with self._store.transaction() as transaction:
            held = {"", *transaction.hold({person for person, _ in jobs if person})}
            return [_apart(transaction, job, now) if person in held else HELD for person, job in jobs]

    async def when_done(self, person: str, job: Job) -> Any:
        """Do a job in one of the next commits; it returns when that is on the disk."""
        import asyncio  # the terminal runs without an event loop and need not load one

        waiting = Waiting(person, job, asyncio.get_running_loop().create_future())
        self._waiting.join(waiting)
        self._call()
        return await waiting.outcome

    def _call(self) -> None:
        """Have a commit made a round of the loop later, so that what is just being received is in it too."""
        from asyncio import get_running_loop

        if not self._called:
            self._called, loop = True, get_running_loop()
            loop.call_soon(loop.call_soon, self._commit)

    def _commit(self) -> None:
        """Do what waits in one commit, and hand the outcomes out."""
        self._called = False
        batch = self._waiting.next(AT_ONCE, without=self._elsewhere)
        try:
            outcomes: Sequence[Any] = self._try([(person, job) for person, job, _ in batch])
        except Exception as error:
            outcomes = [error] * len(batch)
        for (person, _, future), outcome in zip(batch, outcomes, strict=True):
            if outcome is HELD:
                self._leave(person)
            elif future.done():
                continue
            elif isinstance(outcome, Exception):
                future.set_exception(outcome)
            else:
                future.set_result(outcome)
        self._waiting.back([one for one, outcome in zip(batch, outcomes, strict=True) if outcome is HELD])
        if self._waiting.anybody(without=self._elsewhere):
            self._call()

    def _leave(self, person: str) -> None:
        """Leave somebody, and all that waits for them, until another process may have let go of them."""
        from asyncio import get_running_loop

        if not self._elsewhere:
            get_running_loop().call_later(TRY_AGAIN, self._return)
        self._elsewhere.add(person)

    def _return(self) -> None:
        self._elsewhere.clear()
        self._call()


def _apart(transaction: Transaction, job: Job, now: datetime) -> Any:
    try:
        return job(transaction, now)
    except StoreError:
        raise  # the transaction is gone, and with it the whole batch
    except Exception as error:
        tell(error, "job failed")
        return error
