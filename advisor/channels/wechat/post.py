"""Sends what waits for people by the customer service of the account, as far as the platform lets it."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress

import httpx

from advisor.channels.wechat.api import Api, RefusedError
from advisor.channels.wechat.hearing import openid_of
from advisor.channels.wechat.shelf import Shelf
from advisor.message import Desk, Person, Reply

AFTER_WORDS, AFTER_EVENT = 5, 3  # messages that may follow what a person wrote, and what they tapped or scanned
BUSY = -1
GONE = {40003, 43004}  # nobody of this name, or one who does not follow the account any more
NOT_ALLOWED = {48001}  # the account has no customer service
TRIES = 6
log = logging.getLogger("advisor.wechat")


class Post:
    """One task for each person keeps the order; what the platform does not take waits for their next word."""

    def __init__(self, api: Api, desk: Desk, shelf: Shelf, in_hand: Callable[[Person, str], bool]) -> None:
        """Send by `api` what is on the `shelf`, except what is `in_hand` to be given as the answer."""
        self._api, self._desk, self._shelf, self._in_hand = api, desk, shelf, in_hand
        self._rounds: dict[Person, asyncio.Task[None]] = {}
        self._again: dict[Person, int] = {}
        self.allowed = True

    def wake(self, person: Person, most: int = AFTER_WORDS) -> None:
        """See to it that what waits for a person is sent, in so many messages at most."""
        if person in self._rounds:
            self._again[person] = most
        elif self.allowed:
            self._rounds[person] = asyncio.create_task(self._round(person, most))

    async def close(self) -> None:
        """Stop; what was not sent waits."""
        self.allowed = False
        rounds = list(self._rounds.values())
        for task in rounds:
            task.cancel()
        await asyncio.gather(*rounds, return_exceptions=True)

    async def _round(self, person: Person, most: int) -> None:
        try:
            if not self._shelf.waiting(person):
                return
            if not await self._desk.take_up(person):  # whoever has it sends what waits, or it is abandoned and taken up
                return
            for left in range(most - 1, -1, -1):
                waiting = [one for one in self._shelf.waiting(person) if not self._in_hand(person, one.id)]
                if not waiting or not await self._sent(person, waiting[0], last=not left):
                    return
        except Exception as error:  # the store is away, or something of ours broke
            log.error("post stopped person=%s error=%s", person, type(error).__name__)
        finally:
            with suppress(Exception):  # the store is away: the lease ends by itself
                await self._desk.let_go(person)
            del self._rounds[person]
            if person in self._again:
                self.wake(person, self._again.pop(person))

    async def _sent(self, person: Person, reply: Reply, *, last: bool) -> bool:
        """Send what one message holds of a reply; False when nothing more can be sent now."""
        text, rest = self._shelf.look(person, reply, goes_on=not last)
        wait = 0.5
        for _ in range(TRIES):
            try:
                if text:
                    await self._api.send(openid_of(person), text)
                await self._shelf.put_back(person, reply, rest)
                return True
            except RefusedError as error:
                if error.code != BUSY:
                    await self._refused(person, error.code)
                    return False
            except httpx.HTTPError as error:
                log.warning("not sent yet person=%s error=%s", person, type(error).__name__)
            await asyncio.sleep(wait)
            wait *= 2
        return False

    async def _refused(self, person: Person, code: int) -> None:
        """Heed a refusal; after others, such as that enough was sent (45047) or too late (45015), it waits."""
        log.info("not sent person=%s code=%d", person, code)
        if code in GONE:
            await self._desk.silence(person, silent=True)
        elif code in NOT_ALLOWED:
            self.allowed = False
