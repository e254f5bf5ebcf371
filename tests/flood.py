"""`make flood ARGS=10000`: what others notice of so many messages that one person sends at once.

Twenty people talk, one turn after another, first alone and then beside a flood: of anything, of cries for help (which
are all heard), and of anything without limits. Told is how long their turns take, and the ratio to a quiet time.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from collections import Counter
from datetime import datetime
from itertools import count
from pathlib import Path

from advisor.clock import SHANGHAI
from advisor.desk import Desk
from advisor.limits import Limits
from advisor.message import Message, Reply
from advisor.store_sqlite import SqliteStore
from tests.conversation import advisor

NOW = datetime(2026, 11, 25, 14, tzinfo=SHANGHAI)
PEOPLE, TURNS = 20, 20
TALK = ("想协商", "青苗金融", "3000", "去年三月", "不知道", "上一步", "他们骂我", "会坐牢吗", "重新开始", "写材料")


async def talk(desk: Desk, person: str, numbers: "count[int]") -> list[float]:
    """Take turns, and give how long each of them took."""
    took = []
    for turn in range(TURNS):
        began = time.perf_counter()
        await desk.answer(Message(person, TALK[turn % len(TALK)], id=f"{next(numbers)}"))
        took.append(time.perf_counter() - began)
    return took


async def crowd(desk: Desk, numbers: "count[int]") -> list[float]:
    """Have everybody talk at the same time."""
    talks = await asyncio.gather(*(talk(desk, f"p{number}", numbers) for number in range(PEOPLE)))
    return [took for one in talks for took in one]


async def measured(folder: Path, flood: int, words: str, limits: Limits) -> tuple[list[float], list[float], str]:
    """Give how long turns took in a quiet time and beside the flood, and what became of the flood."""
    desk, numbers = Desk(advisor(), SqliteStore(str(folder / "a.db")), clock=lambda: NOW, limits=limits), count()
    await crowd(desk, numbers)  # so that everything is warm
    quiet = await crowd(desk, numbers)
    began = time.perf_counter()
    sent = [asyncio.create_task(desk.answer(Message("flood", words, id=f"f{number}"))) for number in range(flood)]
    await asyncio.sleep(0)
    beside = await crowd(desk, numbers)
    left = sum(not task.done() for task in sent)
    replies = Counter(map(what_became, await asyncio.gather(*sent)))
    desk.close()
    told = ", ".join(f"{number:,} {what}" for what, number in sorted(replies.items()))
    return quiet, beside, f"{told}; {left:,} left when the others were done, {time.perf_counter() - began:.1f} s in all"


def what_became(reply: Reply) -> str:
    """Tell whether a message was heard, or what was said instead."""
    return "heard" if reply.state else "told" if reply.bubbles else "silent"


def p99(took: list[float]) -> float:
    """Give the 99th percentile."""
    return statistics.quantiles(took, n=100)[98]


def main(flood: int) -> int:
    """Measure and print; never 1 because of a figure."""
    advisor().warm()
    kinds = (
        ("anything", "他们天天打电话", Limits(each=60)),
        ("cries for help", "我不想活了", Limits(each=60)),
        ("anything, without limits", "他们天天打电话", Limits(each=0)),
    )
    print(f"{PEOPLE} people, {TURNS} turns each, beside {flood:,} messages of one person\n")
    print(f"{'flood of':28}{'median':>9}{'p99':>9}{'beside':>11}{'p99':>9}{'ratio of medians':>19}")
    for name, words, limits in kinds:
        with tempfile.TemporaryDirectory() as folder:
            quiet, beside, became = asyncio.run(measured(Path(folder), flood, words, limits))
        row = [1000 * one for took in (quiet, beside) for one in (statistics.median(took), p99(took))]
        print(f"{name:28}{row[0]:>6.1f} ms{row[1]:>6.1f} ms{row[2]:>8.1f} ms{row[3]:>6.1f} ms{row[2] / row[0]:>19.2f}")
        print(f"{'':28}{became}")
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else 10_000))
