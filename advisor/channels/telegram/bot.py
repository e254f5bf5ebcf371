"""The bot: takes each update to the desk, has it committed, and only then counts it as received."""

import asyncio
import hashlib
import hmac
import json
import logging
import warnings
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from dataclasses import replace
from html import escape
from itertools import groupby
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Update, User
from telegram import Message as TelegramMessage
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, Conflict, InvalidToken, RetryAfter, TelegramError
from telegram.ext import AIORateLimiter, ExtBot
from telegram.request import HTTPXRequest

from advisor.channels.telegram.face import Face, show
from advisor.channels.telegram.hearing import CHANNEL, UPDATES, Heard, Received, chat_of, complete, hear, hear_typed
from advisor.channels.telegram.patience import UNREADABLE, patiently, seconds
from advisor.channels.telegram.post import LINES, NO_PREVIEW, Post
from advisor.message import Attachment, Desk, Message, Reply

PATH = "/telegram"
SECRET_HEADER = "x-telegram-bot-api-secret-token"
LONG_POLL = 30  # seconds
POLLING = "polling telegram"  # what one process does at a time
ELSEWHERE = 1.0  # seconds after which it is tried again to be the one
LONGEST_ACKNOWLEDGEMENT = 1.0  # seconds that others wait for the answer to a tap
SLOWEST_ANSWER = 30.0  # seconds: a send that is given up too early is sent twice
LARGEST_UPDATE = 1_000_000  # bytes
LARGEST_FILE = 20_000_000  # bytes, which is all that a bot may fetch
warnings.filterwarnings("ignore", "Please use 'Bot.get_updates'")  # they are read one by one, so that none is lost
log = logging.getLogger("advisor.telegram")


class Telegram:
    """One bot on one desk. `desk_failed` is the kind of error after which an update has to come again."""

    def __init__(
        self,
        token: str,
        desk: Desk,
        face: Face,
        desk_failed: type[Exception],
        api_url: str = "https://api.telegram.org",
        webhook_url: str = "",
        secret: str = "",
    ) -> None:
        """Take the operator's token; with `webhook_url` updates are taken at `PATH`, else they are polled."""
        self._bot: ExtBot[Any] = ExtBot(
            token,
            base_url=f"{api_url}/bot",
            base_file_url=f"{api_url}/file/bot",
            request=HTTPXRequest(connection_pool_size=2 * LINES, read_timeout=SLOWEST_ANSWER),
            rate_limiter=AIORateLimiter(),  # a wait that one chat is asked for is waited by that chat alone
        )
        self._desk, self._face, self._failed = desk, face, desk_failed
        self._webhook_url = webhook_url
        self._secret = secret or hashlib.sha256(token.encode()).hexdigest()
        self._post = Post(self._bot, desk, face.files)
        self._me: User | None = None
        self._later: set[asyncio.Task[Any]] = set()

    @property
    def routes(self) -> list[Route]:
        """Where updates are taken, if they are not polled."""
        return [Route(PATH, self._webhook, methods=["POST"])] if self._webhook_url else []

    @property
    def wake(self) -> dict[str, Any]:
        """How to say that something waits for somebody, by the name of this channel."""
        return {CHANNEL: self._post.wake}

    async def run(self) -> None:
        """Begin, send what waits since the last time, and serve until cancelled. InvalidToken: there is no such bot."""
        try:
            await patiently("begin", self._bot.initialize, needed=True)
            self._me = self._bot.bot
            self._do(show(self._bot, self._face))
            for person in self._desk.waiting(CHANNEL):
                self._post.wake(person)
            if self._webhook_url:
                await patiently("webhook", self._set_webhook, needed=True)
                log.info("takes webhooks")
                await asyncio.Event().wait()
            await patiently("polling", self._bot.delete_webhook)
            log.info("polls")
            await self._poll()
        finally:
            await self._close()

    async def _close(self) -> None:
        for task in list(self._later):
            task.cancel()
        await self._post.close()
        with suppress(self._failed):
            await self._desk.let_go(POLLING)
        await self._bot.shutdown()

    async def _set_webhook(self) -> None:
        await self._bot.set_webhook(self._webhook_url, secret_token=self._secret, allowed_updates=UPDATES)

    async def _poll(self) -> None:
        offset: int | None = None
        while True:
            try:
                if not await self._desk.take_up(POLLING):
                    offset = None
                    await asyncio.sleep(ELSEWHERE)
                    continue
                updates = await self._get_updates(offset)
            except self._failed as error:
                log.error("store away error=%s", type(error).__name__)
                await asyncio.sleep(ELSEWHERE)
            except InvalidToken:
                raise
            except RetryAfter as error:
                await asyncio.sleep(seconds(error))
            except (TelegramError, *UNREADABLE) as error:
                log.warning("no updates error=%s", type(error).__name__)
                await asyncio.sleep(5 if isinstance(error, Conflict) else 1)
            else:
                offset = await self._take_all(updates) or offset

    async def _get_updates(self, offset: int | None) -> list[Received]:
        """Wait for updates; one that cannot be read does not hold up the others."""
        wanted: dict[str, Any] = {"timeout": LONG_POLL, "allowed_updates": UPDATES}
        if offset is not None:
            wanted["offset"] = offset
        raw: Any = await self._bot.do_api_request("getUpdates", wanted, read_timeout=LONG_POLL + 10)
        updates = [update for one in raw if (update := self._read(one))]
        if raw and not updates:
            await asyncio.sleep(1)
        return updates

    def _read(self, raw: Any) -> Received | None:
        """Read an update; of one that cannot be read only the number is left, so that it is counted as received."""
        number = raw.get("update_id") if isinstance(raw, dict) else None
        if not isinstance(number, int) or self._me is None:
            return None
        try:
            typed = hear_typed(raw, self._face)
            return Received(number, typed or hear(Update.de_json(complete(raw), self._bot), self._me, self._face))
        except Exception as error:
            log.error("update unreadable error=%s", type(error).__name__)
            return Received(number)

    async def _take_all(self, updates: Sequence[Received]) -> int | None:
        """Take updates, each person's in order; give the number from which on they have to come again."""
        whose = sorted(updates, key=lambda update: (_whose(update), update.number))
        outcomes = await asyncio.gather(*(self._in_order(list(group)) for _, group in groupby(whose, _whose)))
        failed = [update_id for update_id in outcomes if update_id is not None]
        if failed:
            await asyncio.sleep(1)
            return min(failed)
        return max(update.number for update in updates) + 1 if updates else None

    async def _in_order(self, updates: Sequence[Received]) -> int | None:
        """Take one person's updates; give the number of the first that could not be committed."""
        for update in updates:
            if not await self._committed(update):
                return update.number
        return None

    async def _committed(self, update: Received) -> bool:
        """Take an update; False when it has to come again. One that breaks something would do so again: it counts."""
        try:
            with self._post.held():
                await self._take(update.heard)
        except self._failed as error:
            log.error("not committed error=%s", type(error).__name__)
            return False
        except Exception as error:
            log.error("update broke error=%s", type(error).__name__)
        return True

    async def _webhook(self, request: Request) -> Response:
        """Take one update; 200 only when it is committed."""
        given = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(), self._secret.encode()):
            return Response(status_code=403)
        if self._me is None:
            return Response(status_code=503)  # not begun yet: it comes again
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > LARGEST_UPDATE:
                return Response(status_code=413)
        try:
            update = self._read(json.loads(body))
        except (ValueError, RecursionError):
            update = None
        if update is None:
            return Response(status_code=200)  # it would be no better the next time
        return Response(status_code=200 if await self._committed(update) else 503)

    async def _take(self, heard: Heard | None) -> None:
        """Have one update answered and committed; what is to be sent for it is sent afterwards."""
        if heard is None:
            return
        if heard.gone is not None:
            await self._desk.silence(heard.person, silent=heard.gone)
        if heard.group is not None:
            self._do(self._to_group(heard.group))
        if heard.message is None:
            if heard.gone is False:
                self._post.wake(heard.person)
            return
        acknowledged = self._do(patiently("tap", heard.tap.answer, tries=6)) if heard.tap else None
        reply = await self._desk.answer(await self._with_bodies(heard.message))
        if acknowledged:  # part of having taken the update: no tap is left hanging by a kill
            await asyncio.wait({acknowledged}, timeout=LONGEST_ACKNOWLEDGEMENT)
        log.info("answered person=%s state=%s", heard.person, reply.state or "-")
        self._post.wake(heard.person)
        if heard.tap:
            self._do(self._settle(heard.tap, reply))
        if not reply.bubbles and heard.message.more_follows:
            self._do(self._bot.send_chat_action(chat_of(heard.person), ChatAction.TYPING))

    async def _with_bodies(self, message: Message) -> Message:
        """Fetch the files of a message; one that cannot be fetched is named, so that the person may send it again."""
        if not message.files:
            return message
        return replace(message, files=tuple([await self._with_body(file) for file in message.files]))

    async def _with_body(self, file: Attachment) -> Attachment:
        if file.size > LARGEST_FILE:
            return replace(file, refused="too_large")
        try:
            held = await self._bot.get_file(file.reference)
            return replace(file, body=bytes(await held.download_as_bytearray()))
        except (TelegramError, *UNREADABLE) as error:
            log.warning("file not fetched error=%s", type(error).__name__)
            return replace(file, refused="not_fetched")

    async def _settle(self, tap: CallbackQuery, reply: Reply) -> None:
        """Turn the tapped question into the question and the choice that was taken."""
        question = tap.message
        if not isinstance(question, TelegramMessage) or not question.reply_markup:
            return
        if reply.tapped:
            chosen = f"{question.text_html}\n\n✓ <b>{escape(reply.tapped, quote=False)}</b>"
            with suppress(BadRequest):  # too long with what was chosen, or noted already
                await question.edit_text(chosen, parse_mode=ParseMode.HTML, link_preview_options=NO_PREVIEW)
                return
        with suppress(BadRequest):  # an old question: its buttons would lead nowhere
            await question.edit_reply_markup(None)

    async def _to_group(self, chat: int) -> None:
        me = self._bot
        button = InlineKeyboardButton(me.first_name, url=f"{me.link}?start=group")
        await self._bot.send_message(chat, self._face.group, reply_markup=InlineKeyboardMarkup([[button]]))

    def _do(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[None]:
        """Do something beside the talk; it may fail without harm."""

        async def quietly() -> None:
            try:
                await work
            except (TelegramError, *UNREADABLE) as error:
                log.info("left undone error=%s", type(error).__name__)

        task = asyncio.create_task(quietly())
        self._later.add(task)
        task.add_done_callback(self._later.discard)
        return task


def _whose(update: Received) -> str:
    return update.heard.person if update.heard else ""
