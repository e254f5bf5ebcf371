"""The account's server on a loopback port beside a WeChat of the tests, and a desk that can be held up."""

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from starlette.routing import BaseRoute, Router

from advisor.channels.wechat import Api, Face, FileTokens, WeChat
from advisor.channels.wechat.turns import Patience
from advisor.desk import Desk
from advisor.message import Message, Reply
from advisor.store import StoreError
from advisor.store_sqlite import SqliteStore
from tests.conversation import advisor
from tests.wechat.platform import AES_KEY, APPID, SECRET, TOKEN, Platform

MORE, AWAY = "（说“继续”）", "（没收到）"
FACE = Face(
    says={"help": "帮助"},
    links={"sms": "收到短信"},
    start="重新开始",
    goes_on=frozenset({"继续"}),
    more=lambda language: MORE,
    away=lambda language: AWAY,
    letter=lambda language, address: f"（全文：{address}）",
    menu={"先看": [("帮助", "help")]},
)


class HeldDesk(Desk):
    """The desk, which can be slow or away, and counts the turns it took."""

    turns = 0
    fails = 0
    held: threading.Event | None = None

    async def answer(self, message: Message) -> Reply:
        if self.fails:
            self.fails -= 1
            raise StoreError("away")
        while self.held and not self.held.is_set():
            await asyncio.sleep(0.01)
        before = len(self.store.undelivered(message.person))
        reply = await super().answer(message)
        self.turns += len(self.store.undelivered(message.person)) > before
        return reply


class Service:
    """The server of the account."""

    def __init__(self, platform: Platform, desk: HeldDesk, channel: WeChat) -> None:
        self.platform, self.desk, self._channel = platform, desk, channel
        self._loop: asyncio.AbstractEventLoop | None = None

    async def run(self) -> None:
        self._loop = asyncio.get_running_loop()
        await self._channel.run()

    def wake(self, person: str) -> None:
        """Tell the channel that something waits for a person."""
        assert self._loop
        self._loop.call_soon_threadsafe(self._channel.wake["wechat"], person)

    def do(self, work: Coroutine[Any, Any, object]) -> None:
        """Do some work of the desk in the loop of the server."""
        assert self._loop
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)


def listening() -> socket.socket:
    # named TCP, or asyncio leaves Nagle's algorithm on
    place = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    place.bind(("127.0.0.1", 0))
    return place


@contextmanager
def serving(routes: list[BaseRoute], beside: Callable[[], Coroutine[Any, Any, None]] | None = None) -> Iterator[str]:
    """Serve routes from a thread, with something beside them; give the address."""
    place = listening()
    server = uvicorn.Server(
        uvicorn.Config(Router(routes), log_config=None, lifespan="off", timeout_graceful_shutdown=1)
    )

    async def main() -> None:
        other = asyncio.ensure_future(beside()) if beside else None
        await server.serve([place])
        if other:
            other.cancel()
            await asyncio.gather(other, return_exceptions=True)

    thread = threading.Thread(target=lambda: asyncio.run(main()))
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.005)
    try:
        yield f"http://127.0.0.1:{place.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        place.close()


@contextmanager
def running(
    folder: Path,
    *,
    sealed: bool = True,
    sends: bool = False,
    patience: tuple[float, Patience] = (5.0, Patience()),
    prepare: Callable[[Platform], object] = lambda platform: None,
    link: Callable[[str, str], str | None] = lambda person, reply: None,
    face: Callable[[Desk], Face] = lambda desk: FACE,
) -> Iterator[Service]:
    """Run the channel on a real desk beside the platform; `sends` when the account has a customer service."""
    platform = Platform(sealed=sealed, patience=patience[0])
    prepare(platform)
    desk = HeldDesk(advisor(), SqliteStore(str(folder / "bot.db")))
    with serving(list(platform.routes)) as api_url:
        api = Api(APPID, SECRET, FileTokens(folder / "token.json"), api_url) if sends else None
        key = AES_KEY if sealed else ""
        channel = WeChat(TOKEN, APPID, desk, face(desk), StoreError, key, api, link, patience[1])
        service = Service(platform, desk, channel)
        with serving(list(channel.routes), service.run) as url:
            platform.url = f"{url}/wechat"
            try:
                yield service
            finally:
                if desk.held:
                    desk.held.set()
    desk.close()
