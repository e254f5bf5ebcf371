"""What the tests of this Telegram share: it keeps what it said, and python-telegram-bot drives it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup

from tests.botapi import Peer
from tests.botapi.state import Body


class Recorder(Peer):
    """Keeps every answer."""

    def __init__(self, port: int = 0, privacy_mode: bool = True) -> None:
        super().__init__(port, privacy_mode)
        self.said: list[tuple[str, Any]] = []

    def answer(self, method: str, params: Body) -> tuple[int, Body]:
        status, body = super().answer(method, params)
        if status == 200:
            self.said.append((method, body["result"]))
        return status, body


def drive(peer: Peer, script: Callable[[Bot], Awaitable[None]]) -> None:
    """Let python-telegram-bot call it."""

    async def main() -> None:
        async with Bot(peer.token, base_url=f"{peer.url}/bot", base_file_url=f"{peer.url}/file/bot") as bot:
            await script(bot)

    asyncio.run(main())


def keyboard(*data: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton(f"按{one}", callback_data=one)] for one in data])


def call(peer: Peer, method: str, **params: Any) -> tuple[int, str]:
    """Call without a library, which might refuse first; give status and description."""
    response = httpx.post(f"{peer.url}/bot{peer.token}/{method}", json=params)
    return response.status_code, str(response.json().get("description", ""))


async def until(condition: Callable[[], object]) -> None:
    """Wait without holding up the loop."""
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.01)
