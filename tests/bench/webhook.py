"""The `webhook` bench: updates acknowledged per second and p99, ours beside python-telegram-bot's own webhook.

Each server has core 0 to itself; the client, with 16 connections that each play some of the people of the
dialog in order, and the API that the bots call share core 1. Ours acknowledges when the turn is on the disk;
python-telegram-bot acknowledges before it has looked at the update. Settings: ROUNDS (5), BENCH_DIR.
"""

import asyncio
import json
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from . import rig
from .dialog import where
from .peers import raw_update
from .servers import SECRET
from .workload import PEOPLE, Turn, turns

SERVERS = "tests.bench.servers"
ABOUT = {
    "ours": "durable, deduplicated, the whole dialog, then 200",
    "ptb_noop": "its own webhook, a handler that does nothing, 200 before it",
    "ptb_dialog": "its own webhook, ConversationHandler, PicklePersistence, 200 before it",
}
SECRET_HEADER = "x-telegram-bot-api-secret-token"
CONNECTIONS = 16
PLAYED = 6_000  # turns in a round, after a lap to warm up
Figures = tuple[float, float, float]  # updates a second, p99 in milliseconds, memory in MB


def run() -> int:
    """Measure and print; 1 only when a server broke, never because of a figure."""
    rounds = max(1, int(os.environ.get("ROUNDS", "5")))
    found: dict[str, list[Figures]] = {name: [] for name in ABOUT}
    peers = rig.peers_python()
    with rig.scratch() as folder, server(sys.executable, "api", "", 1) as (api, _):
        os.environ["BENCH_SCRATCH"] = str(folder)
        for number in range(1, rounds + 1):
            print(f"round {number} of {rounds}", file=sys.stderr, flush=True)
            for name in ABOUT:
                python = sys.executable if name == "ours" else peers
                with server(python, name, f"http://127.0.0.1:{api}", 0) as (port, process):
                    rate, p99 = asyncio.run(play(port))
                    found[name].append((rate, p99, memory(process.pid)))
    table(found)
    return 0


def table(found: dict[str, list[Figures]]) -> None:
    """Print the figures, and how many times as fast ours is, round by round."""
    print(f"\n{PEOPLE} people, {CONNECTIONS} connections, {where()}")
    line = "{:12}{:>26}{:>10}{:>9}{:>10}  {}"
    print(line.format("server", "updates/s (min–max)", "p99 ms", "MB", "ours is", "what"))
    for name, about in ABOUT.items():
        rates = [one[0] for one in found[name]]
        ratio = statistics.median(ours[0] / other[0] for ours, other in zip(found["ours"], found[name], strict=True))
        spread = f"{statistics.median(rates):,.0f} ({min(rates):,.0f}–{max(rates):,.0f})"
        p99, megabytes = (statistics.median(one[part] for one in found[name]) for part in (1, 2))
        print(line.format(name, spread, f"{p99:.1f}", f"{megabytes:.0f}", f"{ratio:.2f} x", about))


@contextmanager
def server(python: str, variant: str, api: str, core: int) -> Iterator[tuple[int, "subprocess.Popen[bytes]"]]:
    """Run a server until the block ends; gives its port and its process."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [*rig.pinned(core), python, "-m", SERVERS, variant, str(port), api]
    process = subprocess.Popen(command, cwd=rig.ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
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
        yield port, process
    finally:
        rig.end(process)


async def play(port: int) -> tuple[float, float]:
    """Post the dialog; give updates a second and the p99 in milliseconds, without the lap to warm up."""
    played = turns(PLAYED)
    warm, measured = played[: len(played) - PLAYED], played[len(played) - PLAYED :]
    await asyncio.gather(*(post(port, share) for share in shares(warm, 0)))
    began = time.perf_counter()
    waits = await asyncio.gather(*(post(port, share) for share in shares(measured, len(warm))))
    spent = time.perf_counter() - began
    every = sorted(wait for share in waits for wait in share)
    return len(every) / spent, 1000 * every[len(every) * 99 // 100]


def shares(played: list[Turn], before: int) -> list[list[bytes]]:
    """Divide turns among the connections, each person's on one, and put them into requests."""
    found: list[list[bytes]] = [[] for _ in range(CONNECTIONS)]
    for number, turn in enumerate(played, before + 1):
        body = json.dumps(raw_update(number, turn)).encode()
        head = f"POST /telegram HTTP/1.1\r\nhost: bench\r\n{SECRET_HEADER}: {SECRET}\r\n"
        whole = f"{head}content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n".encode() + body
        found[turn.person % CONNECTIONS].append(whole)
    return found


async def post(port: int, requests: list[bytes]) -> list[float]:
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


def memory(pid: int) -> float:
    """Give the resident memory of a process in MB."""
    with open(f"/proc/{pid}/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
