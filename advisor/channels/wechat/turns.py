"""The three tries of the platform: one turn, and each try waits for it as long as it may.

The platform hangs up after five seconds and asks again, three times in all. A try that is answered, be it with
nothing, ends that; so the first tries are left waiting, and only the last one is told that there is no answer yet.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import NamedTuple

from advisor.message import Person, Reply

TRIES = 3
AGAIN = 0.5  # seconds after which a turn is tried again that could not be committed
log = logging.getLogger("advisor.wechat")


class Patience(NamedTuple):
    """Seconds that a try waits: all but the last one longer than the platform does, the last one less."""

    first: float = 6.0
    last: float = 4.5


class _Turn:
    """One message in hand: the work, how many tries came for it, and how many of them wait."""

    def __init__(self, answer: Callable[[], Awaitable[Reply]], failed: type[Exception]) -> None:
        self._answer, self._failed = answer, failed
        self.tries, self.waiting, self.failing = 0, 0, False
        self.task = asyncio.create_task(self._until_committed())

    async def _until_committed(self) -> Reply:
        while True:
            try:
                return await self._answer()
            except self._failed as error:
                log.error("not committed error=%s", type(error).__name__)
                self.failing = True
                await asyncio.sleep(AGAIN)


class Turns:
    """The messages in hand."""

    def __init__(self, failed: type[Exception], patience: Patience, late: Callable[[Person], None]) -> None:
        """Try a turn again after an error of the kind `failed`; tell `late` of a reply that no try waited for."""
        self._failed, self._patience, self._late = failed, patience, late
        self._turns: dict[tuple[Person, str], _Turn] = {}

    def in_hand(self, person: Person, message_id: str) -> bool:
        """Tell whether a message is being answered: its reply is not to be sent by another way."""
        return (person, message_id) in self._turns

    async def take(
        self,
        person: Person,
        message_id: str,
        answer: Callable[[], Awaitable[Reply]],
        give: Callable[[Reply], Awaitable[str]],
    ) -> str | None:
        """Give what `give` makes of the one answer to a message, "" when it is too late for that.

        None when the message could not be committed in all the time there was: it is as if it had never come.
        """
        key = person, message_id
        if key not in self._turns:
            self._turns[key] = _Turn(answer, self._failed)
            self._turns[key].task.add_done_callback(lambda _: self._done(key))
        turn = self._turns[key]
        turn.tries += 1
        turn.waiting += 1
        last = turn.tries >= TRIES
        try:
            await asyncio.wait({turn.task}, timeout=self._patience.last if last else self._patience.first)
            if turn.task.done() and not turn.task.cancelled():
                return await give(turn.task.result())
            if last and turn.failing:
                turn.task.cancel()
                return None
            return ""
        finally:
            turn.waiting -= 1
            if turn.task.done() and not turn.waiting:
                self._turns.pop(key, None)

    def _done(self, key: tuple[Person, str]) -> None:
        if not self._turns[key].waiting:
            del self._turns[key]
            self._late(key[0])

    async def close(self) -> None:
        """Give up what is in hand."""
        tasks = [turn.task for turn in self._turns.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
