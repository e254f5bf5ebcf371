"""One process of the `stores` bench: `python -m tests.bench.storing URL NAME TURNS PEOPLE`.

The desk on a store that others share, with the dialog of the `dialog` bench. It says `ready`, waits for a line, plays
TURNS turns and prints turns per second, then the median and the 99th percentile of a turn in milliseconds. NAME
begins the names of its people. PEOPLE 0: sixteen people at a time, each in a commit with the others, as a webhook
takes them; otherwise one turn after another of people drawn out of the PEOPLE who are stored.
"""

import asyncio
import random
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from advisor.content import load
from advisor.desk import Desk
from advisor.message import Message
from advisor.turn import Advisor
from bot import open_store

from .ours import NOW, content
from .workload import Turn, turns

AT_ONCE = 16


async def crowd(desk: Desk, name: str, played: list[Turn]) -> list[float]:
    """Play turns, the people of each sixteenth in order; give the seconds of each."""
    taken = []

    async def some(share: int) -> None:
        for number, turn in enumerate(played):
            if turn.person % AT_ONCE == share:
                began = time.perf_counter()
                await desk.answer(Message(f"{name}{turn.person}", turn.text, id=f"{name}{number}"))
                taken.append(time.perf_counter() - began)

    await asyncio.gather(*(some(share) for share in range(AT_ONCE)))
    return taken


async def one_by_one(desk: Desk, name: str, count: int, people: int) -> list[float]:
    """Answer people drawn out of those stored; give the seconds of each."""
    chance, taken = random.Random(1), []
    for number in range(count):
        began = time.perf_counter()
        await desk.answer(Message(f"s{chance.randrange(people)}", "昨天晚上", id=f"{name}{number}"))
        taken.append(time.perf_counter() - began)
    return taken


def main(url: str, name: str, count: int, people: int) -> int:
    """Play and print."""
    with TemporaryDirectory() as folder:
        desk = Desk(Advisor.of(load(content(Path(folder)))), open_store(url), clock=lambda: NOW)
        desk.advisor.warm()
        asyncio.run(one_by_one(desk, f"{name}warm", 20, 20))
        print("ready", flush=True)
        sys.stdin.readline()
        began = time.perf_counter()
        played = turns(count)[:count]
        taken = asyncio.run(one_by_one(desk, name, count, people) if people else crowd(desk, name, played))
        elapsed = time.perf_counter() - began
        desk.close()
    taken.sort()
    middle, slow = (1e3 * taken[int(len(taken) * share)] for share in (0.5, 0.99))
    print(count / elapsed, middle, slow)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
