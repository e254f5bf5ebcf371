"""The `dialog` bench: our engine beside python-telegram-bot and aiogram on one six-step dialog.

`workload` is the dialog, `peers` and `ours` play it and say what they count.  Each variant runs in a process
of its own, held to core 0; the rounds are interleaved, and the ratio to ours is taken round by round.
Settings from the environment: ROUNDS (5), and BENCH_DIR, the folder (so the disk) the stores write to.
"""

import os
import platform
import statistics
import sys
from typing import NamedTuple

from . import rig


class Variant(NamedTuple):
    """One row: who plays, how many turns in a round, which row of ours it is held against."""

    name: str
    module: str
    argument: str
    n: int
    against: str
    about: str


OURS = "tests.bench.ours"
PEERS = "tests.bench.peers"
VARIANTS = (
    Variant("ours_memory", OURS, "memory", 24_000, "ours_memory", "ours, in memory"),
    Variant("ptb_memory", PEERS, "ptb_memory", 6_000, "ours_memory", "ConversationHandler, in memory"),
    Variant("aiogram_memory", PEERS, "aiogram_memory", 6_000, "ours_memory", "aiogram FSM, MemoryStorage"),
    Variant("ours_durable", OURS, "durable", 6_000, "ours_durable", "ours, SQLite WAL, synchronous=FULL"),
    Variant("ptb_pickle", PEERS, "ptb_pickle", 2_400, "ours_durable", "PicklePersistence, file each turn"),
    Variant("aiogram_redis", PEERS, "aiogram_redis", 1_200, "ours_durable", "RedisStorage, AOF always"),
)
Rates = dict[str, list[float]]


def run() -> int:
    """Measure and print; 1 only when a variant broke, never because of a figure."""
    rounds = max(1, int(os.environ.get("ROUNDS", "5")))
    python = {OURS: sys.executable, PEERS: rig.peers_python()}
    rates: Rates = {variant.name: [] for variant in VARIANTS}
    notes: dict[str, str] = {}
    broken = False
    with rig.scratch() as folder, rig.redis_server(folder) as redis:
        settings = {"BENCH_SCRATCH": str(folder)}
        if redis is None:
            notes["aiogram_redis"] = "left out: no redis-server here (apt-get install redis-server)"
        else:
            settings["BENCH_REDIS"] = redis
        syncs = [rig.sync_time(folder)]
        for number in range(1, rounds + 1):
            print(f"round {number} of {rounds}", file=sys.stderr, flush=True)
            for variant in VARIANTS:
                if variant.name in notes:
                    continue
                try:
                    figure = rig.rate(python[variant.module], variant.module, variant.argument, variant.n, settings)
                except rig.LeftOutError as why:
                    notes[variant.name] = f"left out: {why}"
                except rig.FailedError as why:
                    notes[variant.name] = f"FAILED: {why}"
                    broken = True
                else:
                    rates[variant.name].append(figure)
        syncs.append(rig.sync_time(folder))
    for name in notes:
        rates[name] = []
    print(f"\nOne six-step dialog, 200 people interleaved, {rounds} rounds, {where()}")
    print("4 KiB appended and synced: median of 200 before and after: ", end="")
    print(" and ".join(f"{seconds * 1e6:.0f} µs" for seconds in syncs))
    table(rates, notes)
    aims(rates)
    return int(broken)


def where() -> str:
    held = "each process on core 0" if rig.pinned(0) else "processes not held to a core"
    return f"Python {platform.python_version()} on {platform.system()} {platform.machine()}, {held}"


def ratios(rates: Rates, ours: str, other: str) -> list[float]:
    """How many times as fast ours was, round by round; empty when either was not measured."""
    return [mine / theirs for mine, theirs in zip(rates[ours], rates[other], strict=False)]


def table(rates: Rates, notes: dict[str, str]) -> None:
    head = ("variant", "turns/s (min–max)", "µs/turn", "ours is", "what")
    line = "{:16}{:>28}{:>10}{:>10}  {}"
    print("\n" + line.format(*head))
    for variant in VARIANTS:
        figures = rates[variant.name]
        if not figures:
            print(f"{variant.name:16}{notes[variant.name]}")
            continue
        middle = statistics.median(figures)
        spread = f"{middle:,.0f} ({min(figures):,.0f}–{max(figures):,.0f})"
        times = ratios(rates, variant.against, variant.name)
        ratio = f"{statistics.median(times):.2f} x" if times else "–"
        print(line.format(variant.name, spread, f"{1e6 / middle:,.0f}", ratio, variant.about))
    print("“ours is”: ours / that row, median over the rounds; memory with memory, durable with durable")


def aims(rates: Rates) -> None:
    print()
    fast = "in memory with rendering at least 3 times aiogram in memory"
    aim(rates, "ours_memory", ["aiogram_memory"], 3, fast)
    aim(rates, "ours_durable", ["ptb_pickle", "aiogram_redis"], 1, "durable ahead of both durable peers")


def aim(rates: Rates, ours: str, others: list[str], least: float, words: str) -> None:
    """Print whether the median ratio reaches the aim against each peer; a peer left out decides nothing."""
    found = {other: ratios(rates, ours, other) for other in others}
    figures = {other: statistics.median(times) for other, times in found.items() if times}
    missing = [name for name in (ours, *others) if not rates[name]]
    reached = [figure >= least if least > 1 else figure > least for figure in figures.values()]
    if not all(reached):
        verdict = "not met"
    elif missing:
        verdict = "not decided"
    else:
        verdict = "met"
    said = [f"{figure:.2f} x {other}" for other, figure in figures.items()]
    said += [f"{name} not measured" for name in missing]
    print(f"aim: {words}: {verdict} ({', '.join(said)})")
