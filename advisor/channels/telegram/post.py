"""Delivers what waits for people, in its order; a reply is marked when all of it was sent, and tried until then."""

import asyncio
import logging
from collections.abc import Callable
from io import BytesIO

from aiolimiter import AsyncLimiter
from telegram import Bot, InputFile, LinkPreviewOptions
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter, TelegramError

from advisor.channels.telegram.hearing import chat_of
from advisor.channels.telegram.patience import LONGEST_WAIT, UNREADABLE, seconds
from advisor.channels.telegram.wording import Part, parts
from advisor.message import Desk, Person, Reply

PER_CHAT = (3, 3.0)  # messages, and the seconds in which they may be sent: a short burst, then one a second
AFTER_FAILURE = 5.0  # seconds
GONE = ("chat not found", "user is deactivated", "bot was blocked", "user not found", "peer_id_invalid")
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
Document = Callable[[str, str], tuple[str, bytes]]
log = logging.getLogger("advisor.telegram")


class Post:
    """Sends the replies that the desk holds; one task for each person keeps their order."""

    def __init__(self, bot: Bot, desk: Desk, document: Document) -> None:
        """Send with `bot` what waits at `desk`; `document` makes a file of a letter and its text."""
        self._bot, self._desk, self._document = bot, desk, document
        self._rounds: dict[Person, asyncio.Task[None]] = {}
        self._again: set[Person] = set()

    def wake(self, person: Person) -> None:
        """See to it that what waits for a person is sent."""
        if person in self._rounds:
            self._again.add(person)
        else:
            self._rounds[person] = asyncio.create_task(self._round(person))

    async def close(self) -> None:
        """Stop sending; what is not marked is sent after the next start."""
        for task in list(self._rounds.values()):
            task.cancel()
        await asyncio.gather(*self._rounds.values(), return_exceptions=True)

    async def _round(self, person: Person) -> None:
        pace = AsyncLimiter(*PER_CHAT)
        try:
            while True:
                self._again.discard(person)
                for reply in self._desk.undelivered(person):
                    if not await self._deliver(person, reply, pace):
                        await self._desk.silence(person, silent=True)
                        return
                    await self._desk.mark(person, reply)
                if person not in self._again:
                    return
        except Exception as error:  # the store is away, or something of ours broke: what waits is sent another time
            log.error("post stopped person=%s error=%s", person, type(error).__name__)
            await asyncio.sleep(AFTER_FAILURE)
            self._again.add(person)
        finally:
            del self._rounds[person]
            if person in self._again:
                self.wake(person)

    async def _deliver(self, person: Person, reply: Reply, pace: AsyncLimiter) -> bool:
        """Send all of a reply; False when the person cannot be written to."""
        for part in parts(reply):
            if not await self._send(person, part, pace):
                return False
        return True

    async def _send(self, person: Person, part: Part, pace: AsyncLimiter) -> bool:
        """Send one part, however long it takes; False when the person cannot be written to."""
        wait = 0.5
        while True:
            try:
                await self._once(chat_of(person), part, pace)
                return True
            except RetryAfter as error:
                await asyncio.sleep(seconds(error))
            except (Forbidden, ChatMigrated):
                return False
            except InvalidToken:
                raise
            except BadRequest as error:
                if any(words in str(error).lower() for words in GONE):
                    return False
                log.error("part refused person=%s error=%s", person, error.message)
                return await self._plainly(person, part)
            except UNREADABLE as error:  # it was sent; only what Telegram says of it cannot be read
                log.error("answer unreadable person=%s error=%s", person, type(error).__name__)
                return True
            except TelegramError as error:  # the network or the server failed: the same again, later
                log.warning("not sent yet person=%s error=%s", person, type(error).__name__)
                await asyncio.sleep(wait)
                wait = min(2 * wait, LONGEST_WAIT)

    async def _once(self, chat: int, part: Part, pace: AsyncLimiter) -> None:
        async with pace:
            if part.letter:
                await self._bot.send_chat_action(chat, ChatAction.UPLOAD_DOCUMENT)
                name, body = await asyncio.to_thread(self._document, part.letter, part.text)
                await self._bot.send_document(chat, InputFile(BytesIO(body), filename=name))
            else:
                await self._bot.send_message(
                    chat,
                    part.html,
                    parse_mode=ParseMode.HTML,
                    reply_markup=part.buttons,
                    link_preview_options=NO_PREVIEW,
                )

    async def _plainly(self, person: Person, part: Part) -> bool:
        """Send a part that was refused without any form, so that it does not hold up all that follows."""
        try:
            await self._bot.send_message(chat_of(person), part.html or part.text[:4000])
        except TelegramError as error:
            log.error("part given up person=%s error=%s", person, type(error).__name__)
        return True
