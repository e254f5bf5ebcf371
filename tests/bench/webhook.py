"""The `webhook` bench: updates acknowledged and answered per second, p99 and memory, ours beside its peers.

The peers are the webhooks that python-telegram-bot and aiogram bring along. Each server has core 0 to itself;
the client, with 16 connections that each play some of the people of the dialog in order, and the API that the
bots call share core 1. redis-server is on core 1 too, which favours aiogram: its store costs it no time of its
own core, while ours writes to SQLite on core 0. Ours acknowledges when the turn is on the disk, and sends two
messages a turn where the peers send one; aiogram when it is in Redis and answered; python-telegram-bot before
it has looked at the update. An update counts as answered when all messages of the round were sent.
`sessions` then weighs people in the middle of the dialog. Settings: ROUNDS (3), BENCH_PEOPLE, BENCH_DIR.
"""

import asyncio
import os
import statistics
import sys
import time
from pathlib import Path
from typing import NamedTuple

from . import client, rig, sessions
from .dialog import where
from .workload import LAP, PEOPLE, turns


class Bot(NamedTuple):
    """One row: how many messages it sends in a turn, and how many more to greet a person."""

    about: str
    messages: int = 1
    greeting: int = 0


class Figures(NamedTuple):
    """What a round gives: updates acknowledged and answered a second, p99 in milliseconds, memory in MB."""

    rate: float
    answered: float
    p99: float
    memory: float


BOTS = {
    "ours": Bot("durable, deduplicated, the whole dialog, then 200", 2, 1),
    "ptb_noop": Bot("its own webhook, a handler that does nothing, 200 before it", 0),
    "ptb_dialog": Bot("its own webhook, ConversationHandler, PicklePersistence, 200 before it"),
    "aiogram_redis": Bot("its own webhook, RedisStorage, AOF always, not deduplicated, then 200"),
}
WEIGHED = ("ours", "ptb_dialog", "aiogram_redis")
PLAYED = LAP  # turns in a round, after a lap to warm up


def run() -> int:
    """Measure and print; 1 only when a server broke, never because of a figure."""
    rounds = max(1, int(os.environ.get("ROUNDS", "3")))
    found: dict[str, list[Figures]] = {name: [] for name in BOTS}
    grown: dict[str, sessions.Growth] = {}
    notes: dict[str, str] = {}
    peers = rig.peers_python()
    with (
        rig.scratch() as folder,
        rig.redis_server(folder) as redis,
        client.server(sys.executable, "api", "", 1) as (api, _),
        rig.held(1),
    ):
        os.environ["BENCH_SCRATCH"] = str(folder)
        if redis is None:
            notes["aiogram_redis"] = "left out: no redis-server here (apt-get install redis-server)"
        else:
            os.environ["BENCH_REDIS"] = redis
        for number in range(1, rounds + 2):
            last = number > rounds
            print("weighing" if last else f"round {number} of {rounds}", file=sys.stderr, flush=True)
            for name in WEIGHED if last else BOTS:
                if name in notes:
                    continue
                python = sys.executable if name == "ours" else peers
                try:
                    with client.server(python, name, f"http://127.0.0.1:{api}", 0) as (port, pid):
                        if last:
                            grown[name] = asyncio.run(weigh(name, port, pid, api, folder, redis))
                        else:
                            found[name].append(asyncio.run(play(BOTS[name], port, pid, api)))
                except (rig.FailedError, OSError, EOFError) as why:
                    notes[name] = f"FAILED: {why}"
    table(found, notes)
    sessions.table(grown, {name: notes[name] for name in WEIGHED if name in notes})
    return int(any(note.startswith("FAILED") for note in notes.values()))


async def play(bot: Bot, port: int, pid: int, api: int) -> Figures:
    """Post the dialog, a lap to warm up first; what that lap calls for is sent before the measurement begins."""
    played = turns(PLAYED)
    warm, measured = played[:LAP], played[LAP:]
    wanted = await client.sent(api) + len(warm) * bot.messages + PEOPLE * bot.greeting
    await client.post(port, warm, 0)
    await client.delivered(api, wanted)
    began = time.perf_counter()
    waits = sorted(await client.post(port, measured, len(warm)))
    acknowledged = time.perf_counter() - began
    await client.delivered(api, wanted + len(measured) * bot.messages)
    answered = time.perf_counter() - began
    p99 = 1000 * waits[len(waits) * 99 // 100]
    return Figures(len(waits) / acknowledged, len(waits) / answered, p99, rig.resident(pid))


async def weigh(name: str, port: int, pid: int, api: int, folder: Path, redis: str | None) -> sessions.Growth:
    """Weigh people in the middle of the dialog."""
    messages = sessions.TURNS * BOTS[name].messages + BOTS[name].greeting
    return await sessions.growth(port, pid, api, messages, folder, redis if name == "aiogram_redis" else None)


def table(found: dict[str, list[Figures]], notes: dict[str, str]) -> None:
    """Print the figures, and how many times as fast ours is, round by round."""
    print(f"\n{PEOPLE} people, {client.CONNECTIONS} connections, {where()}")
    line = "{:16}{:>24}{:>9}{:>10}{:>12}{:>10}{:>7}  {}"
    print(line.format("server", "updates/s (min–max)", "ours is", "p99 ms", "answered/s", "ours is", "MB", "what"))
    for name, bot in BOTS.items():
        rounds = found[name]
        if name in notes or not rounds:
            print(f"{name:16}{notes.get(name, 'not measured')}")
            continue
        rates = [one.rate for one in rounds]
        spread = f"{statistics.median(rates):,.0f} ({min(rates):,.0f}–{max(rates):,.0f})"
        answered, p99, memory = (statistics.median(one[part] for one in rounds) for part in (1, 2, 3))
        pairs = list(zip(found["ours"], rounds, strict=False))
        faster = ratio([(ours.rate, other.rate) for ours, other in pairs])
        sooner = ratio([(ours.answered, other.answered) for ours, other in pairs])
        told = (f"{answered:,.0f}", sooner) if bot.messages else ("–", "–")
        print(line.format(name, spread, faster, f"{p99:.1f}", *told, f"{memory:.0f}", bot.about))
    print("“ours is”: ours / that row, median over the rounds; answered: until the last message of the round was sent")


def ratio(pairs: list[tuple[float, float]]) -> str:
    """Give how many times as fast ours is, in the middle of the rounds."""
    return f"{statistics.median(ours / other for ours, other in pairs):.2f} x" if pairs else "–"
