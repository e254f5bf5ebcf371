"""Measures how well drawn screenshots are read: `python -m tests.evaluate_pictures` (needs the extra `ocr`).

Prints for each and for all: messages told apart, signs read wrongly, senders and times right, seconds, and the most
memory that the reading process held. With `--boxes` the drawn lines are taken instead of those seen; with
`--mixed 7 40`, 40 screens are put together by chance, from the seed 7, instead of the drawn set.
"""

import asyncio
import re
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from advisor.evidence.imported import Imported
from advisor.evidence.lines import Picture
from advisor.evidence.pictures import Reader, available
from advisor.evidence.screens import messages
from tests.screens.draw import TAKEN, Drawn, Shot, draw, finished
from tests.screens.shots import SHOTS, mixed


@dataclass(frozen=True, slots=True)
class Score:
    """What was right of the messages of one screenshot."""

    true: int
    found: int
    signs: int
    wrong: int
    senders: int
    times: int

    @property
    def apart(self) -> bool:
        return self.true == self.found

    def perfect(self) -> bool:
        return self.apart and self.wrong == 0 and self.senders == self.times == self.true


def distance(one: str, other: str) -> int:
    """Count the signs to be put in, left out or changed."""
    row = list(range(len(other) + 1))
    for at, sign in enumerate(one, 1):
        new = [at]
        for to, mark in enumerate(other, 1):
            new.append(min(row[to] + 1, new[to - 1] + 1, row[to - 1] + (sign != mark)))
        row = new
    return row[-1]


def bare(text: str) -> str:
    """Leave out spaces, which no reader of pictures sees surely."""
    return re.sub(r"\s", "", text)


def score(truth: Sequence[Imported], found: Sequence[Imported]) -> Score:
    pairs = list(zip(truth, found, strict=False))
    return Score(
        len(truth),
        len(found),
        sum(len(bare(one.text)) for one in truth),
        distance("\n".join(bare(one.text) for one in truth), "\n".join(bare(one.text) for one in found)),
        sum((a.sender, a.recipient, a.sent) == (b.sender, b.recipient, b.sent) for a, b in pairs),
        sum((a.at, a.whole_day) == (b.at, b.whole_day) for a, b in pairs),
    )


def peak(pid: int | None) -> int:
    """Give the most memory that a process held, in MB, where the system tells."""
    status = Path(f"/proc/{pid}/status")
    text = status.read_text() if status.exists() else ""
    return int(found[1]) // 1024 if (found := re.search(r"VmHWM:\s+(\d+)", text)) else 0


def show(name: str, all_of: Sequence[Score], seconds: float, memory: int) -> None:
    signs, wrong = sum(one.signs for one in all_of), sum(one.wrong for one in all_of)
    true = sum(one.true for one in all_of)
    senders, times = sum(one.senders for one in all_of), sum(one.times for one in all_of)
    apart = f"{all_of[0].found}/{true}" if len(all_of) == 1 else f"{sum(one.apart for one in all_of)}/{len(all_of)}"
    told = f"apart {apart:6} signs {100 * (1 - wrong / signs):6.2f} %  senders {senders}/{true}  times {times}/{true}"
    print(f"{name:18} {told}  {seconds:5.2f} s  {memory} MB")


async def measure(shots: Sequence[Shot], boxes: bool) -> None:
    reader, scores, seconds, most = Reader(), [], 0.0, 0
    for shot in shots:
        drawn = draw(shot)
        begun = time.perf_counter()
        picture = drawn.picture() if boxes else await _seen(reader, shot, drawn)
        took = time.perf_counter() - begun
        found = messages(picture, TAKEN) if picture else []
        scores.append(score(drawn.truth, found))
        memory = peak(reader.pid)
        seconds, most = seconds + took, max(most, memory)
        show(shot.name, scores[-1:], took, memory)
        if not scores[-1].perfect() and "--figures" not in sys.argv:
            for one in (*drawn.truth, "seen:", *found):
                print("   ", one)
    await reader.close()
    show("all", scores, seconds / len(shots), most)


async def _seen(reader: Reader, shot: Shot, drawn: Drawn) -> Picture | None:
    return await reader.read(finished(shot, drawn))


if __name__ == "__main__":
    if not available() and "--boxes" not in sys.argv:
        sys.exit("the extra `ocr` is not installed")
    at = sys.argv.index("--mixed") if "--mixed" in sys.argv else 0
    chosen = mixed(int(sys.argv[at + 1]), int(sys.argv[at + 2])) if at else SHOTS
    asyncio.run(measure(chosen, "--boxes" in sys.argv))
