"""The bot as a process of its own beside a Telegram of the tests."""

import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol, Self

from tests.botapi import Peer
from tests.conversation import ROOT

SECRET = "for-the-tests"


def free_port() -> int:
    """Give a port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def wait_until_it_listens(port: int) -> None:
    """Wait until somebody takes connections."""
    for _ in range(600):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise AssertionError("it does not begin")


@contextmanager
def log_alone() -> Iterator[None]:
    """Have the log as a new process has it, and as it was again afterwards."""
    root = logging.getLogger()
    level, handlers = root.level, list(root.handlers)
    root.handlers.clear()
    try:
        yield
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)


class Server(Protocol):
    """A Bot API server: where it is, and the token of its one bot."""

    token: str

    @property
    def url(self) -> str: ...


class Bot:
    """`bot.py serve` on a database in `folder`; it can be killed and started again."""

    def __init__(self, peer: Server, folder: Path, *, webhooks: bool = False, now: str = "", token: str = "") -> None:
        folder.mkdir(exist_ok=True)
        self._peer, self._now, self._token = peer, now, token or peer.token
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.database, self.log = folder / "bot.db", folder / "bot.log"
        self._webhook = f"{self.url}/telegram" if webhooks else ""
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> Self:
        settings = {
            "TELEGRAM_TOKEN": self._token, "TELEGRAM_API_URL": self._peer.url, "PORT": str(self.port),
            "TELEGRAM_WEBHOOK_URL": self._webhook, "TELEGRAM_WEBHOOK_SECRET": SECRET, "HUMAN_CONTACT": "",
            "MESSAGES_A_MINUTE": "0",  # people of the tests are quicker than people
        }  # fmt: skip
        command = [sys.executable, "bot.py", "serve", "--db", f"sqlite:///{self.database}"]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [*command, *(["--now", self._now] if self._now else [])],
                cwd=ROOT, env={**os.environ, **settings}, stdout=log, stderr=log,
            )  # fmt: skip
        return self

    def kill(self) -> None:
        """End it as a power cut does."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """End it as an operator does, and give its exit code."""
        return self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> int:
        process, self._process = self._process, None
        if process is None:
            return 0
        process.send_signal(how)
        return process.wait(20)

    def ended(self) -> int:
        """Wait until it ends by itself, and give its exit code."""
        assert self._process is not None
        return self._process.wait(30)

    def wait_until_it_listens(self) -> None:
        """Wait until it takes connections."""
        wait_until_it_listens(self.port)

    def said(self) -> str:
        """Give what it wrote into its log."""
        return self.log.read_text("utf-8")


@contextmanager
def running(folder: Path, *, webhooks: bool = False, now: str = "") -> Iterator[tuple[Peer, Bot]]:
    """Run the bot beside a Telegram of its own."""
    with Peer() as peer:
        bot = Bot(peer, folder, webhooks=webhooks, now=now).start()
        try:
            yield peer, bot
        except AssertionError as error:
            error.add_note(bot.said()[-3000:])
            raise
        finally:
            bot.stop()
