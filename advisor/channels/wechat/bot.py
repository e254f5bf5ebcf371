"""The account: takes each message to the desk, and gives the answer in the same breath, as the platform wants it."""

import asyncio
import logging
import secrets
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any

import httpx
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from advisor.channels.wechat.api import Api, RefusedError
from advisor.channels.wechat.crypto import ForgedError, Sealer, Signer
from advisor.channels.wechat.face import Face
from advisor.channels.wechat.hearing import CHANNEL, Heard, hear
from advisor.channels.wechat.post import AFTER_EVENT, AFTER_WORDS, Post
from advisor.channels.wechat.shelf import Shelf
from advisor.channels.wechat.turns import Patience, Turns
from advisor.channels.wechat.wire import LARGEST, UnreadableError, build, parse
from advisor.channels.wechat.wording import Link
from advisor.message import Desk, Message, Person, Reply

PATH = "/wechat"
OLDEST = 600.0  # seconds by which the time that was signed may differ from ours
PATIENT = Patience()
NOTHING = "success"  # what the platform takes for: there is no answer, and do not ask again
log = logging.getLogger("advisor.wechat")


class RefusedRequestError(Exception):
    """The request gets this status and nothing else."""

    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status = status


class WeChat:
    """One account on one desk. `desk_failed` is the kind of error after which a message has to come again."""

    def __init__(
        self,
        token: str,
        appid: str,
        desk: Desk,
        face: Face,
        desk_failed: type[Exception],
        aes_key: str = "",
        api: Api | None = None,
        link: Link = lambda person, reply_id: None,
        patience: Patience = PATIENT,
    ) -> None:
        """Take the operator's token and, for sealed messages, the account's key; ValueError: that key is none.

        With `api` what does not fit into the answer is sent after it, else it is given to those who ask for it.
        `link` gives the page with the drafts of a reply.
        """
        self._signer, self._sealer = Signer(token), Sealer(aes_key, appid) if aes_key else None
        self._desk, self._face, self._failed, self._api = desk, face, desk_failed, api
        self._shelf = Shelf(desk, face, link)
        self._turns = Turns(desk_failed, patience, self._wake)
        self._post = Post(api, desk, self._shelf, self._turns.in_hand) if api else None

    @property
    def routes(self) -> list[Route]:
        """Where the platform greets us, and where it brings messages."""
        return [Route(PATH, self._greet, methods=["GET"]), Route(PATH, self._receive, methods=["POST"])]

    @property
    def wake(self) -> dict[str, Callable[[Person], None]]:
        """How to say that something waits for somebody, by the name of this channel."""
        return {CHANNEL: self._wake}

    async def run(self) -> None:
        """Show the menu, send what waits since the last time, and serve until cancelled."""
        log.info("takes messages sealed=%s sends=%s", bool(self._sealer), bool(self._api))
        try:
            if self._api and self._face.menu:
                await self._show_menu(self._api)
            for person in self._desk.waiting(CHANNEL):
                self._wake(person)
            await asyncio.Event().wait()
        finally:
            await self._turns.close()
            if self._post and self._api:
                await self._post.close()
                await self._api.close()

    async def _show_menu(self, api: Api) -> None:
        try:
            await api.set_menu(self._face.menu)
        except (RefusedError, httpx.HTTPError) as error:  # not every account may have one
            log.warning("no menu error=%s", error if isinstance(error, RefusedError) else type(error).__name__)

    def _wake(self, person: Person, most: int = AFTER_WORDS) -> None:
        if self._post:
            self._post.wake(person, most)

    async def _greet(self, request: Request) -> Response:
        """Prove that we know the token."""
        if not self._is_signed(request.query_params):
            return Response(status_code=403)
        return Response(request.query_params.get("echostr", ""), media_type="text/plain")

    async def _receive(self, request: Request) -> Response:
        """Take one message and answer it."""
        query = request.query_params
        try:
            if not self._is_signed(query):
                raise RefusedRequestError(403)
            fields = self._open(await _body(request), query)
        except RefusedRequestError as error:
            log.warning("refused status=%d", error.status)
            return Response(status_code=error.status)
        heard = hear(fields, self._face)
        text = await self._said_to(heard) if heard else ""
        most = AFTER_EVENT if heard and heard.by_event else AFTER_WORDS
        after = BackgroundTask(_soon, partial(self._wake, heard.person, most)) if heard and not heard.gone else None
        if not text:
            return Response(NOTHING, media_type="text/plain", background=after)
        return Response(self._sealed(_answer(fields, text)), media_type="application/xml", background=after)

    def _is_signed(self, query: Mapping[str, str]) -> bool:
        """Tell whether the platform signed a request, and not long ago."""
        at, nonce = query.get("timestamp", ""), query.get("nonce", "")
        if not self._signer.signed(query.get("signature", ""), at, nonce):
            return False
        return at.isascii() and at.isdigit() and len(at) < 12 and abs(time.time() - int(at)) <= OLDEST

    def _open(self, body: bytes, query: Mapping[str, str]) -> dict[str, str]:
        """Give the fields of a signed message; an account that seals its messages takes no others."""
        try:
            fields = parse(body)
            if self._sealer is None:
                return fields
            sealed, at, nonce = fields.get("Encrypt", ""), query["timestamp"], query["nonce"]
            if not sealed or not self._signer.signed(query.get("msg_signature", ""), at, nonce, sealed):
                raise RefusedRequestError(403)
            return parse(self._sealer.open(sealed))
        except (UnreadableError, ForgedError) as error:
            raise RefusedRequestError(400) from error

    def _sealed(self, answer: str) -> str:
        if self._sealer is None:
            return answer
        sealed, at, nonce = self._sealer.seal(answer), int(time.time()), secrets.token_hex(8)
        signature = self._signer.sign(str(at), nonce, sealed)
        return build({"Encrypt": sealed, "MsgSignature": signature, "TimeStamp": at, "Nonce": nonce})

    async def _said_to(self, heard: Heard) -> str:
        """Give what is said to a message; "" when that is nothing, or nothing yet."""
        message = heard.message
        try:
            if message is None:
                await self._desk.silence(heard.person, silent=True)
                return ""
            text = await self._turns.take(
                heard.person, message.id or "", partial(self._reply, message), partial(self._give, heard.person)
            )
            return self._away(heard.person) if text is None else text
        except Exception as error:
            log.error("message broke error=%s", type(error).__name__)
            return self._away(heard.person) if message else ""

    def _away(self, person: Person) -> str:
        """Say that a message was not kept; in which language, only the store knows, and that may be away as well."""
        language = ""
        with suppress(Exception):
            language = self._desk.language(person)
        return self._face.away(language)

    async def _reply(self, message: Message) -> Reply:
        reply = await self._shelf.take_down(message)
        if reply is None:
            reply = await self._desk.answer(message)
            await self._shelf.move_on(message.person, reply)
        log.info("answered person=%s state=%s", message.person, reply.state or "-")
        return reply

    async def _give(self, person: Person, reply: Reply) -> str:
        """Give what the answer holds of a reply; what cannot be marked now is given once more some other time."""
        text, rest = self._shelf.look(person, reply, goes_on=bool(self._post and self._post.allowed))
        try:
            await self._shelf.put_back(person, reply, rest)
        except self._failed as error:
            log.error("not marked person=%s error=%s", person, type(error).__name__)
        return text


async def _body(request: Request) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST:
            raise RefusedRequestError(413)
    return body


def _answer(fields: Mapping[str, str], text: str) -> str:
    """Write the answer to a message, from whom it went to and to whom it came from."""
    told: dict[str, Any] = {"ToUserName": fields["FromUserName"], "FromUserName": fields.get("ToUserName", "")}
    return build({**told, "CreateTime": int(time.time()), "MsgType": "text", "Content": text})


async def _soon(do: Callable[[], None]) -> None:
    """Do something in the loop once the answer is out."""
    do()
