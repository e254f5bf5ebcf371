"""Delivers what waits for people, in its order; a reply is marked when all of it was sent, and tried until then."""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BytesIO

from aiolimiter import AsyncLimiter
from telegram import Bot, InputFile, LinkPreviewOptions
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter, TelegramError

from advisor.channels.telegram.hearing import chat_of
from advisor.channels.telegram.patience import LONGEST_WAIT, UNREADABLE, seconds
from advisor.channels.telegram.wording import Part, parts, plain
from advisor.message import Bubble, Desk, Files, Person, Reply

PER_CHAT = (3, 3.0)  # messages, and the seconds in which they may be sent: a short burst, then one a second
AT_ONCE = 500  # people whose replies are in hand; those of others stay with the desk
LINES = 8  # calls at a time: at a tenth of a second each, more than the 30 a second that Telegram takes; more only cost
LONGEST_HOLD = 0.25  # seconds that a send waits while updates are taken: 32 a second still go out, as Telegram takes
AFTER_FAILURE = 5.0  # seconds
ELSEWHERE = 1.0  # seconds after which it is looked whether another process has sent what waits
LAST_WORDS = 5.0  # seconds for the replies in hand, when told to end
GONE = ("chat not found", "user is deactivated", "bot was blocked", "user not found", "peer_id_invalid")
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
log = logging.getLogger("advisor.telegram")


class ElsewhereError(Exception):
    """Another process sends the replies to this person."""


class Post:
    """Sends the replies that the desk holds; one task for each person keeps their order."""

    def __init__(self, bot: Bot, desk: Desk, files: Files) -> None:
        """Send with `bot` what waits at `desk`; `files` makes the files of a bubble."""
        self._bot, self._desk, self._files = bot, desk, files
        self._rounds: dict[Person, asyncio.Task[None]] = {}
        self._again: set[Person] = set()
        self._sent: dict[tuple[Person, str], int] = {}  # parts of a reply in hand that were sent already
        self._closing = asyncio.Event()
        self._room = asyncio.Semaphore(AT_ONCE)
        self._lines = asyncio.Semaphore(LINES)
        self._taken, self._calm = 0, asyncio.Event()
        self._calm.set()

    def wake(self, person: Person) -> None:
        """See to it that what waits for a person is sent."""
        if person in self._rounds:
            self._again.add(person)
        elif not self._closing.is_set():
            self._rounds[person] = asyncio.create_task(self._round(person))

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold sends back for a moment while an update is taken: what comes in is acknowledged first."""
        self._taken += 1
        self._calm.clear()
        try:
            yield
        finally:
            self._taken -= 1
            if not self._taken:
                self._calm.set()

    async def close(self) -> None:
        """Let each reply in hand be finished, then stop; what is not marked is sent after the next start."""
        self._closing.set()
        rounds = list(self._rounds.values())
        if rounds:
            await asyncio.wait(rounds, timeout=LAST_WORDS)
        for task in rounds:
            task.cancel()
        await asyncio.gather(*rounds, return_exceptions=True)

    async def _round(self, person: Person) -> None:
        try:
            async with self._room:
                await self._empty(person)
        except ElsewhereError:
            await asyncio.sleep(ELSEWHERE)
            self._again.add(person)
        except Exception as error:  # the store is away, or something of ours broke: what waits is sent another time
            log.error("post stopped person=%s error=%s", person, type(error).__name__)
            await asyncio.sleep(AFTER_FAILURE)
            self._again.add(person)
        finally:
            del self._rounds[person]
            if person in self._again:
                self.wake(person)

    async def _empty(self, person: Person) -> None:
        """Send all that waits for a person, and leave what is left to whoever comes first."""
        try:
            await self._send_all(person)
        finally:
            await self._desk.let_go(person, to_others=True)

    async def _send_all(self, person: Person) -> None:
        pace = AsyncLimiter(*PER_CHAT)
        while not self._closing.is_set():
            self._again.discard(person)
            await self._take(person)
            for reply in self._desk.undelivered(person):
                if not await self._deliver(person, reply, pace):
                    await self._desk.silence(person, silent=True)
                    return
                await self._mark(person, reply)
                if self._closing.is_set():
                    return
            if person not in self._again:
                return

    async def _take(self, person: Person) -> None:
        if not await self._desk.take_up(person):
            raise ElsewhereError

    async def _deliver(self, person: Person, reply: Reply, pace: AsyncLimiter) -> bool:
        """Send what was not sent yet of a reply; False when the person cannot be written to."""
        key = (person, reply.id)
        for number, part in enumerate(parts(reply)):
            if number < self._sent.get(key, 0):
                continue
            if not await self._send(person, part, pace):
                return False
            self._sent[key] = number + 1
        return True

    async def _mark(self, person: Person, reply: Reply) -> None:
        """Mark a reply, however long the store is away: it must not be sent again."""
        while True:
            try:
                await self._desk.mark(person, reply)
                break
            except Exception as error:
                log.error("not marked yet person=%s error=%s", person, type(error).__name__)
                await asyncio.sleep(AFTER_FAILURE)
        self._sent.pop((person, reply.id), None)

    async def _send(self, person: Person, part: Part, pace: AsyncLimiter) -> bool:
        """Send one part, however long it takes; False when the person cannot be written to."""
        wait, refused = 0.5, False
        while True:
            try:
                await self._once(person, part, pace, formless=refused)
                return True
            except RetryAfter as error:
                await asyncio.sleep(seconds(error))
            except (Forbidden, ChatMigrated):
                return False
            except (BadRequest, InvalidToken) as error:  # a method that is missing is told like a wrong token
                if any(words in str(error).lower() for words in GONE):
                    return False
                log.error("part refused person=%s error=%s", person, type(error).__name__)
                if refused or part.with_:
                    return True  # the text was sent before its file
                part, refused = plain(part), True
            except UNREADABLE as error:  # it was sent; only what Telegram says of it cannot be read
                log.error("answer unreadable person=%s error=%s", person, type(error).__name__)
                return True
            except TelegramError as error:  # the network or the server failed: the same again, later
                log.warning("not sent yet person=%s error=%s", person, type(error).__name__)
                await asyncio.sleep(wait)
                wait = min(2 * wait, LONGEST_WAIT)

    async def _once(self, person: Person, part: Part, pace: AsyncLimiter, *, formless: bool) -> None:
        async with pace, self._lines:
            if not self._calm.is_set():
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._calm.wait(), LONGEST_HOLD)
            await self._take(person)  # it may have been a long wait
            if part.with_:
                await self._send_file(person, part.with_)
            else:
                await self._bot.send_message(
                    chat_of(person),
                    part.html,
                    parse_mode=None if formless else ParseMode.HTML,
                    reply_markup=part.buttons,
                    link_preview_options=NO_PREVIEW,
                )

    async def _send_file(self, person: Person, bubble: Bubble) -> None:
        chat = chat_of(person)
        with suppress(TelegramError, *UNREADABLE):
            await self._bot.send_chat_action(chat, ChatAction.UPLOAD_DOCUMENT)
        for file in await asyncio.to_thread(self._files, person, bubble):
            whole = InputFile(BytesIO(file.body), filename=file.name)
            await (self._bot.send_photo if file.name.endswith(".png") else self._bot.send_document)(chat, whole)
