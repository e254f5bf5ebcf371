"""The client of the `webhook` bench: starts a server, posts turns to it, waits for what it sends, and weighs it."""

import asyncio
import json
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from . import rig
from .peers import raw_update
from .servers import SECRET
from .workload import Turn

SERVERS = "tests.bench.servers"
SECRET_HEADER = "x-telegram-bot-api-secret-token"
CONNECTIONS = 16
PATIENCE = 15.0  # seconds without a message, after which the missing ones are held to be lost


@contextmanager
def server(python: str, variant: str, api: str, core: int) -> Iterator[tuple[int, int]]:
    """Run a server until the block ends; gives its port and the id of its process."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [*rig.pinned(core), python, "-m", SERVERS, variant, str(port), api]
    process = subprocess.Popen(command, cwd=rig.ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True)
    try:
        until = time.monotonic() + 30
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 0.2).close()
                break
            except OSError:
                if process.poll() is not None or time.monotonic() > until:
                    raise rig.FailedError(f"{variant} did not start") from None
                time.sleep(0.05)
        time.sleep(1)  # what it sets up besides listening
        yield port, process.pid
    finally:
        rig.end(process)


async def post(port: int, played: Sequence[Turn], before: int) -> list[float]:
    """Post turns, the first as update `before` + 1; give how many seconds each waited for its 200."""
    return await post_shares(port, shares(played, before))


def shares(played: Sequence[Turn], before: int) -> list[list[bytes]]:
    """Divide turns among the connections, each person's on one, and put them into requests."""
    found: list[list[bytes]] = [[] for _ in range(CONNECTIONS)]
    for number, turn in enumerate(played, before + 1):
        body = json.dumps(raw_update(number, turn)).encode()
        head = f"POST /telegram HTTP/1.1\r\nhost: bench\r\n{SECRET_HEADER}: {SECRET}\r\n"
        whole = f"{head}content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n".encode() + body
        found[turn.person % CONNECTIONS].append(whole)
    return found


async def post_shares(port: int, divided: Sequence[Sequence[bytes]]) -> list[float]:
    """Post requests that are divided among the connections already; give how many seconds each waited."""
    waits = await asyncio.gather(*(post_share(port, share) for share in divided))
    return [wait for share in waits for wait in share]


async def post_share(port: int, requests: Sequence[bytes]) -> list[float]:
    """Post requests one after another on one connection; give how long each waited for its 200."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    waits = []
    for request in requests:
        began = time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        waits.append(time.perf_counter() - began)
        if not head.startswith(b"HTTP/1.1 200"):
            raise rig.FailedError(head.decode())
        length = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
        if length:
            await reader.readexactly(int(length[0].split(b":")[1]))
    writer.close()
    return waits


async def sent(api: int) -> int:
    """Ask the API how many messages it was given to send."""
    reader, writer = await asyncio.open_connection("127.0.0.1", api)
    writer.write(b"GET /sent HTTP/1.1\r\n\r\n")
    head = await reader.readuntil(b"\r\n\r\n")
    count = await reader.readexactly(int(head.rpartition(b":")[2]))
    writer.close()
    return int(count)


async def delivered(api: int, wanted: int) -> None:
    """Wait until the API was given so many messages; FailedError when they do not come."""
    found, changed = -1, time.monotonic()
    while (now := await sent(api)) < wanted:
        if now != found:
            found, changed = now, time.monotonic()
        elif time.monotonic() - changed > PATIENCE:
            raise rig.FailedError(f"{wanted - now} replies were never sent")
        await asyncio.sleep(0.02)
