"""A WeChat on this machine for one official account, after the platform's public documentation.

It signs and seals what it brings to the account's server, hangs up when no answer comes in time and asks again, three
times in all, reads the answer strictly, and has the interface by which the account may send: an access token, messages
of the customer service within their quota, the menu.
"""

import hashlib
import secrets
import threading
import time
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from xml.etree.ElementTree import fromstring

import httpx
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

TOKEN, APPID, SECRET = "agreed", "wx0123456789abcdef", "of-the-account"
AES_KEY = b64encode(hashlib.sha256(b"of the tests").digest()).decode().rstrip("=")
MOST = 2048  # bytes of a text
AFTER_WORDS, AFTER_EVENT = 5, 3
TRIES = 3
IDS = count(24_000_000_000_000_000)
BROKEN = "<unavailable>"  # in place of what the platform tells a person when the account's server fails


def sign(*parts: str) -> str:
    return hashlib.sha1("".join(sorted([TOKEN, *parts])).encode()).hexdigest()


def seal(message: str, appid: str = APPID, key: str = AES_KEY) -> str:
    secret, body, padder = b64decode(key + "="), message.encode(), PKCS7(256).padder()
    whole = secrets.token_bytes(16) + len(body).to_bytes(4, "big") + body + appid.encode()
    encryptor = Cipher(algorithms.AES(secret), modes.CBC(secret[:16])).encryptor()
    return b64encode(encryptor.update(padder.update(whole) + padder.finalize()) + encryptor.finalize()).decode()


def unseal(sealed: str) -> str:
    secret, unpadder = b64decode(AES_KEY + "="), PKCS7(256).unpadder()
    decryptor = Cipher(algorithms.AES(secret), modes.CBC(secret[:16])).decryptor()
    whole = unpadder.update(decryptor.update(b64decode(sealed)) + decryptor.finalize()) + unpadder.finalize()
    length = int.from_bytes(whole[16:20], "big")
    assert whole[20 + length :].decode() == APPID
    return whole[20 : 20 + length].decode()


def record(fields: dict[str, str]) -> str:
    return "<xml>" + "".join(f"<{name}><![CDATA[{text}]]></{name}>" for name, text in fields.items()) + "</xml>"


@dataclass
class Platform:
    """The platform; `url` is the account's server, `patience` the seconds after which it hangs up."""

    url: str = ""
    sealed: bool = True
    patience: float = 5.0
    seconds_valid: int = 7200
    tokens: list[str] = field(default_factory=list)
    asked_for_tokens: int = 0
    invalid: set[str] = field(default_factory=set)
    refusals: list[int] = field(default_factory=list)  # codes that the next messages of the customer service get
    refused: list[int] = field(default_factory=list)
    menu: Any = None
    followers: dict[str, "Follower"] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def follower(self, openid: str) -> "Follower":
        return self.followers.setdefault(openid, Follower(self, openid))

    # ---- what the account calls ----

    @property
    def routes(self) -> list[Route]:
        calls = {"stable_token": self._token, "message/custom/send": self._send, "menu/create": self._create_menu}
        return [Route(f"/cgi-bin/{path}", call, methods=["POST"]) for path, call in calls.items()]

    async def _token(self, request: Request) -> JSONResponse:
        body = await request.json()
        self.asked_for_tokens += 1
        if (body.get("grant_type"), body.get("appid")) != ("client_credential", APPID):
            return _error(40013)
        if body.get("secret") != SECRET:
            return _error(40125)
        if body.get("force_refresh") and self.tokens:
            self.invalid.add(self.tokens[-1])
        if not self.tokens or body.get("force_refresh"):
            self.tokens.append(secrets.token_hex(20))
        return JSONResponse({"access_token": self.tokens[-1], "expires_in": self.seconds_valid})

    def _known(self, request: Request) -> bool:
        token = request.query_params.get("access_token")
        return token in self.tokens and token not in self.invalid

    async def _send(self, request: Request) -> JSONResponse:
        if not self._known(request):
            return _error(40001)
        if self.refusals:
            return _error(self.refusals.pop(0))
        body = await request.json()
        follower = self.followers.get(body["touser"])
        if follower is None:
            return _error(40003)
        if not follower.follows:
            return _error(43004)
        text = body["text"]["content"]
        if body["msgtype"] != "text" or not text:
            return _error(40008)
        if len(text.encode()) > MOST:
            return _error(45002)
        with self.lock:
            if follower.allowed <= 0:
                self.refused.append(follower.then)
                return _error(follower.then)
            follower.allowed -= 1
            follower.screen.append(text)
        return JSONResponse({"errcode": 0, "errmsg": "ok"})

    async def _create_menu(self, request: Request) -> JSONResponse:
        if not self._known(request):
            return _error(40001)
        self.menu = await request.json()
        return JSONResponse({"errcode": 0, "errmsg": "ok"})

    # ---- what it brings to the account ----

    def bring(self, fields: dict[str, str]) -> str:
        """Bring a record to the account's server, and again when it does not answer; give the text of the answer."""
        for _ in range(TRIES):
            try:
                return self.read(self.post(record(fields)), fields)
            except httpx.TimeoutException:
                continue
        return BROKEN

    def post(self, body: str) -> httpx.Response:
        """Post a record once, signed and, if the account wants it, sealed."""
        at, nonce = str(int(time.time())), secrets.token_hex(5)
        query = {"signature": sign(at, nonce), "timestamp": at, "nonce": nonce}
        if self.sealed:
            sealed = seal(body)
            query |= {"encrypt_type": "aes", "msg_signature": sign(at, nonce, sealed)}
            body = record({"ToUserName": "gh_account", "Encrypt": sealed})
        return httpx.post(self.url, content=body.encode(), params=query, timeout=self.patience)

    def read(self, response: httpx.Response, asked: dict[str, str]) -> str:
        """Read an answer as strictly as the platform."""
        if response.status_code != 200:
            return BROKEN
        if response.text in ("", "success"):
            return ""
        answer = {child.tag: child.text or "" for child in fromstring(response.text)}
        if self.sealed:
            assert answer["MsgSignature"] == sign(answer["TimeStamp"], answer["Nonce"], answer["Encrypt"])
            answer = {child.tag: child.text or "" for child in fromstring(unseal(answer["Encrypt"]))}
        assert (answer["ToUserName"], answer["FromUserName"]) == (asked["FromUserName"], asked["ToUserName"])
        assert answer["MsgType"] == "text" and answer["CreateTime"].isdigit() and answer["Content"]
        assert len(answer["Content"].encode()) <= MOST
        return answer["Content"]


def _error(code: int) -> JSONResponse:
    return JSONResponse({"errcode": code, "errmsg": "refused"})


@dataclass
class Follower:
    """A person: what they do, and what they see."""

    platform: Platform
    openid: str
    screen: list[str] = field(default_factory=list)
    follows: bool = True
    allowed: int = 0
    then: int = 45047

    def fields(self, kind: str, **more: str) -> dict[str, str]:
        common = {"ToUserName": "gh_account", "FromUserName": self.openid, "CreateTime": str(int(time.time()))}
        return {**common, "MsgType": kind, **more}

    def send(self, kind: str, **more: str) -> str:
        """Send something and give the answer to it."""
        with self.platform.lock:
            self.allowed = AFTER_WORDS
        return self._seen(self.platform.bring(self.fields(kind, MsgId=str(next(IDS)), **more)))

    def say(self, text: str) -> str:
        return self.send("text", Content=text)

    def does(self, event: str, key: str = "", at: int = 0) -> str:
        """Tap, scan, follow or leave."""
        with self.platform.lock:
            self.allowed = AFTER_EVENT
            self.follows = event != "unsubscribe"
        fields = self.fields("event", Event=event, EventKey=key)
        return self._seen(self.platform.bring(fields | ({"CreateTime": str(at)} if at else {})))

    def may_be_sent(self, number: int, then: int = 45047) -> None:
        """Have so much of the quota left, and then refuse with this code."""
        self.allowed, self.then = number, then

    def _seen(self, text: str) -> str:
        if text:
            with self.platform.lock:
                self.screen.append(text)
        return text

    def wait_until_sees(self, number: int, seconds: float = 10) -> list[str]:
        """Wait until so many messages are on the screen."""
        until = time.monotonic() + seconds
        while len(self.screen) < number:
            assert time.monotonic() < until, f"{len(self.screen)} of {number} messages: {self.screen}"
            time.sleep(0.02)
        return self.screen
