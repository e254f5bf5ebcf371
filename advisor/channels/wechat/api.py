"""The platform's own interface, for accounts that may use it: messages beyond the answer, and the menu.

Its access token is shared by all processes of one account: taking another makes the old one invalid.
"""

import asyncio
import json
import os
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, NamedTuple, Protocol

import httpx

INVALID_TOKEN = {40001, 40014, 42001}
MARGIN = 60.0  # seconds before its end from which on a token is not used any more
COLUMNS, ENTRIES = 3, 5  # of a menu


class Token(NamedTuple):
    """An access token and the time until which it is valid, in seconds since 1970."""

    value: str
    until: float


class TokenStore(Protocol):
    """Where the processes of one account share its access token."""

    def read(self) -> Token | None:
        """Give the token that was kept last."""

    def write(self, token: Token) -> None:
        """Keep a token."""


class FileTokens:
    """Shares the token in a small file that only its owner can read."""

    def __init__(self, path: Path) -> None:
        """Use the file `path`; its folder is made with the first token."""
        self._path = path

    def read(self) -> Token | None:
        """Give the token that was kept last; a file that cannot be read holds none."""
        with suppress(OSError, ValueError, KeyError, TypeError):
            data = json.loads(self._path.read_text("utf-8"))
            return Token(str(data["value"]), float(data["until"]))
        return None

    def write(self, token: Token) -> None:
        """Keep a token: others read the old one or this one, never a part."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile("w", dir=self._path.parent, delete=False, encoding="utf-8") as file:  # mode 0600
            json.dump(token._asdict(), file)
        os.replace(file.name, self._path)


class RefusedError(Exception):
    """The platform refused a call; `code` says why."""

    def __init__(self, code: int) -> None:
        super().__init__(f"refused: {code}")
        self.code = code


class Api:
    """Calls the platform for one account; raises RefusedError, or httpx.HTTPError when it does not answer."""

    def __init__(self, appid: str, secret: str, tokens: TokenStore, url: str = "https://api.weixin.qq.com") -> None:
        """Take the account's AppID and AppSecret."""
        self._appid, self._secret, self._tokens = appid, secret, tokens
        self._client = httpx.AsyncClient(base_url=url, timeout=10)
        self._renewing = asyncio.Lock()

    async def send(self, openid: str, text: str) -> None:
        """Send a text to somebody who wrote not long ago, as a message of the customer service."""
        await self._call("message/custom/send", {"touser": openid, "msgtype": "text", "text": {"content": text}})

    async def set_menu(self, menu: Mapping[str, Sequence[tuple[str, str]]]) -> None:
        """Show a menu, given as the label and key of each entry by the title of its column."""
        columns = [
            {"name": title, "sub_button": [{"type": "click", "name": label, "key": key} for label, key in entries]}
            for title, entries in menu.items()
        ]
        if len(columns) > COLUMNS or any(len(entries) > ENTRIES for entries in menu.values()):
            raise ValueError("a menu has three columns of five entries at most")
        await self._call("menu/create", {"button": columns})

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.aclose()

    async def _call(self, path: str, body: Mapping[str, Any]) -> None:
        """Make a call; one that is refused because of the token is made once more with another."""
        token = await self._token()
        try:
            await self._post(path, body, {"access_token": token})
        except RefusedError as error:
            if error.code not in INVALID_TOKEN:
                raise
            await self._post(path, body, {"access_token": await self._token(refused=token)})

    async def _token(self, refused: str = "") -> str:
        """Give a token that is valid and not the one that was refused; other processes may have taken it already."""
        async with self._renewing:
            kept = self._tokens.read()
            if kept and kept.value != refused and kept.until - MARGIN > time.time():
                return kept.value
            token = await self._take()
            if token.value == refused:  # the platform itself still thinks that it is valid
                token = await self._take(force_refresh=True)
            self._tokens.write(token)
            return token.value

    async def _take(self, *, force_refresh: bool = False) -> Token:
        """Take the token of the account; unforced, the platform gives all who ask the same one while it is valid."""
        account = {"grant_type": "client_credential", "appid": self._appid, "secret": self._secret}
        data = await self._post("stable_token", {**account, "force_refresh": force_refresh})
        try:
            return Token(str(data["access_token"]), time.time() + float(data["expires_in"]))
        except (KeyError, TypeError, ValueError) as error:
            raise RefusedError(-1) from error

    async def _post(self, path: str, body: Mapping[str, Any], query: Mapping[str, str] | None = None) -> dict[str, Any]:
        content = json.dumps(body, ensure_ascii=False).encode(errors="replace")  # \u4e00 would be shown as it stands
        response = await self._client.post(f"/cgi-bin/{path}", content=content, params=query)
        try:
            data: dict[str, Any] = response.raise_for_status().json()
            code = int(data.get("errcode") or 0)
        except (ValueError, TypeError, AttributeError) as error:
            raise httpx.RemoteProtocolError("no answer of the platform") from error
        if code:
            raise RefusedError(code)
        return data
