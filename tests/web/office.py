"""A real desk with its page, called without a network, and people who call it."""

import asyncio
import re
from datetime import datetime
from html import unescape
from pathlib import Path
from typing import Any, Self

import httpx
from starlette.routing import Router

from advisor.channels.web import Web
from advisor.clock import SHANGHAI
from advisor.codec import Codec
from advisor.commands.serving import page
from advisor.desk import Desk
from advisor.store_sqlite import SqliteStore
from tests.conversation import ROOT, advisor

NOW = datetime(2026, 11, 23, 20, 30, tzinfo=SHANGHAI)
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 60


class Office:
    """A desk on a file in `folder`, a clock to move, and the page."""

    def __init__(self, folder: Path, keys: str = "") -> None:
        self.path, self.now = folder / "a.db", NOW
        self.desk = Desk(advisor(), SqliteStore(str(self.path)), Codec(keys), lambda: self.now)
        self.web: Web = page(self.desk, ROOT)
        self.app = Router(list(self.web.routes))
        self.runner = asyncio.Runner()

    def close(self) -> None:
        self.runner.close()
        self.desk.close()

    def visitor(self, address: str = "192.0.2.1", **more: Any) -> "Visitor":
        return Visitor(self, address, **more)


class Client:
    """Calls the page in the loop of its office."""

    def __init__(self, office: Office, address: str, url: str, accepts: str = "") -> None:
        transport = httpx.ASGITransport(office.app, client=(address, 5000))
        headers = {"accept-language": accepts} if accepts else {}
        self._runner = office.runner
        self._client = httpx.AsyncClient(transport=transport, base_url=url, headers=headers)
        self.cookies = self._client.cookies

    def get(self, path: str, headers: dict[str, str] | None = None) -> httpx.Response:
        return self._runner.run(self._client.get(path, headers=headers))

    def post(self, path: str, **more: Any) -> httpx.Response:
        return self._runner.run(self._client.post(path, **more))


class Visitor:
    """A browser without script: it has cookies, follows what it is sent to, and fills in forms.

    `accepts` is its Accept-Language.
    """

    def __init__(self, office: Office, address: str, url: str = "http://page.test", accepts: str = "") -> None:
        self.client = Client(office, address, url, accepts)
        self.html = self.client.get("/").text

    @property
    def token(self) -> str:
        return str(re.findall(r'name="token" value="(\w+)"', self.html)[0])

    @property
    def id(self) -> str:
        return str(re.findall(r'name="id" value="([\w-]+)"', self.html)[0])

    @property
    def text(self) -> str:
        return unescape(re.sub(r"<[^>]+>", "", self.html))

    @property
    def cookie(self) -> str:
        return str(self.client.cookies["s"])

    def look(self) -> Self:
        self.html = self.client.get("/").text
        return self

    def post(self, path: str = "/say", files: Any = None, **fields: str) -> httpx.Response:
        """Send a form as it stands on the page, with `fields` filled in."""
        data = {"token": self.token, "id": self.id, **fields}
        return self.client.post(path, data=data, files=files)

    def say(self, text: str = "", **fields: Any) -> Self:
        """Type something and send it."""
        response = self.post(text=text, **fields)
        assert (response.status_code, response.headers["location"]) == (303, "/#now")
        return self.look()

    def tap(self, label: str) -> Self:
        """Tap something that can be tapped."""
        for form in re.findall(r"<form.*?</form>", self.html, re.DOTALL):
            for name, value, words in re.findall(r'<button name="(\w+)" value="([^"]*)">([^<]*)</button>', form):
                if unescape(words) == label:
                    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form))
                    assert self.post(**{**hidden, name: unescape(value)}).status_code == 303
                    return self.look()
        raise AssertionError(label)

    def files(self) -> list[str]:
        """Name the files that the page links to."""
        return re.findall(r'(?:href|src)="(/file/\d+/\d+)"', self.html)
