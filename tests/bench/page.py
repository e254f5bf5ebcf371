"""The `page` bench: how long the page and an answer on it take while fifty people chat, beside a bare starlette echo.

The server has core 0 to itself, this client core 1. Each person has a connection of their own, opens the page and
then sends what they have to say as the page's script does, each message when the last was answered; every answer
is on the disk before it is given. Both servers are told to take as much as they can. Settings: ROUNDS (3), BENCH_DIR.

`python -m tests.bench.page VARIANT PORT` is one of the servers: ours, echo.
"""

import asyncio
import os
import re
import socket
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch
from urllib.parse import urlencode

from . import rig
from .dialog import where

CHATS = 50
SAID = ("想协商", "青苗金融", "银行", "信用卡", "三万", "三个月前", "失业了", "会坐牢吗", "继续", "重新开始") * 2
VARIANTS = {"ours": "the whole page, committed on SQLite with synchronous=FULL", "echo": "a bare starlette echo"}


class Waits(NamedTuple):
    """Seconds that each page and each answer took, and answers a second."""

    pages: list[float]
    answers: list[float]
    rate: float


def run() -> int:
    """Measure and print; 1 only when a server broke, never because of a figure."""
    rounds = max(1, int(os.environ.get("ROUNDS", "3")))
    found: dict[str, list[Waits]] = {name: [] for name in VARIANTS}
    with rig.scratch() as folder, rig.held(1):
        for number in range(rounds):
            print(f"round {number + 1} of {rounds}", file=sys.stderr, flush=True)
            for name in VARIANTS:
                found[name].append(measure(name, folder / f"page-{number}.db"))
    print(f"\n{CHATS} chats at once, {len(SAID)} messages each, {where()}")
    line = "{:8}{:>16}{:>16}{:>18}{:>18}{:>12}  {}"
    print(line.format("server", "page p50 ms", "page p99 ms", "answer p50 ms", "answer p99 ms", "answers/s", "what"))
    for name, about in VARIANTS.items():
        shares = ((part, share) for part in ("pages", "answers") for share in (0.5, 0.99))
        times = (statistics.median(at(getattr(one, part), share) for one in found[name]) for part, share in shares)
        rate = statistics.median(one.rate for one in found[name])
        print(line.format(name, *(f"{1000 * one:.1f}" for one in times), f"{rate:,.0f}", about))
    return 0


def at(waits: list[float], share: float) -> float:
    """Give the wait that a share of all is not longer than."""
    return sorted(waits)[int(len(waits) * share)]


def measure(name: str, database: Path) -> Waits:
    """Start a server and let everybody chat."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    command = [*rig.pinned(0), sys.executable, "-m", "tests.bench.page", name, str(port)]
    settings = {**os.environ, "BENCH_DATABASE": str(database), "TELEGRAM_TOKEN": "", "PAGE_URL": ""}
    process = subprocess.Popen(command, cwd=rig.ROOT, env=settings, stderr=subprocess.DEVNULL)
    try:
        return asyncio.run(everybody(port))
    finally:
        rig.end(process)


async def everybody(port: int) -> Waits:
    """Let everybody chat at the same time."""
    async with asyncio.timeout(30):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                break
            except OSError:
                await asyncio.sleep(0.1)
    began = time.perf_counter()
    chats = await asyncio.gather(*(chat(port) for _ in range(CHATS)))
    taken = time.perf_counter() - began
    return Waits([one[0] for one in chats], [wait for one in chats for wait in one[1:]], CHATS * len(SAID) / taken)


async def chat(port: int) -> list[float]:
    """Open the page and say everything; give how long each took."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    waits: list[float] = []

    async def ask(request: str) -> str:
        began = time.perf_counter()
        writer.write(request.encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        body = await reader.readexactly(int(re.findall(r"content-length: (\d+)", head)[0]))
        waits.append(time.perf_counter() - began)
        if not head.startswith("HTTP/1.1 200"):
            raise rig.FailedError(head)
        return head + body.decode()

    page = await ask("GET / HTTP/1.1\r\nhost: bench\r\n\r\n")
    cookie, token = re.findall(r"set-cookie: (s=\w+)", page), re.findall(r'name="token" value="(\w+)"', page)
    newest = "0"
    for number, words in enumerate(SAID):
        fields = {"token": token[0] if token else "", "id": f"message-{number}", "text": words, "after": newest}
        body = urlencode(fields)
        head = f"POST /say HTTP/1.1\r\nhost: bench\r\ncookie: {cookie[0] if cookie else ''}\r\nx-part: 1\r\n"
        kind = "content-type: application/x-www-form-urlencoded"
        answer = await ask(f"{head}{kind}\r\ncontent-length: {len(body)}\r\n\r\n{body}")
        newest = (re.findall(r'data-n="(\d+)"', answer) or [newest])[-1]
    writer.close()
    return waits


def serve_ours(port: int) -> None:
    """Serve the page as the command does, without its limits."""
    import bot
    from advisor.channels.web import limits

    os.environ["PORT"] = str(port)
    endless = {kind: ("1000000/second", "1000000/second") for kind in limits.RATES}
    with patch.object(limits, "RATES", endless):
        bot.main(["serve", "--db", f"sqlite:///{os.environ['BENCH_DATABASE']}"])


def serve_echo(port: int) -> None:
    """Give back what comes."""
    import uvicorn
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route, Router

    async def echo(request: Request) -> Response:
        return Response(await request.body())

    routes = [Route("/", echo), Route("/say", echo, methods=["POST"])]
    uvicorn.run(Router(routes), host="127.0.0.1", port=port, log_config=None, access_log=False, lifespan="off")


if __name__ == "__main__":
    {"ours": serve_ours, "echo": serve_echo}[sys.argv[1]](int(sys.argv[2]))
