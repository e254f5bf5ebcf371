"""The `growth` bench: the memory of a process while 100,000 turns of people who are ever new go through it.

BENCH_TURNS (100,000) turns of the `dialog` bench. Ours is the desk on SQLite: what it holds of people is in the store.
The peer is python-telegram-bot's ConversationHandler, which keeps everybody in memory: what growth looks like.
"""

import os
import sys

from . import rig

TURNS = max(10_000, int(os.environ.get("BENCH_TURNS", "100000")))


def run() -> int:
    """Measure and print; 1 only when something broke, never because of a figure."""
    print(f"\n{'memory':32}{f'after {TURNS // 10:,}':>16}{f'after {TURNS:,}':>16}{'ratio':>8}")
    rows = [
        ("ours, SQLite", sys.executable, "tests.bench.ours", "growth"),
        ("ConversationHandler, in memory", rig.peers_python(), "tests.bench.peers", "ptb_growth"),
    ]
    with rig.scratch() as folder:
        for name, python, module, variant in rows:
            try:
                early, late = rig.figures(python, module, variant, TURNS, {"BENCH_SCRATCH": str(folder)})
            except rig.LeftOutError as why:
                print(f"{name:32}left out: {why}")
            except rig.FailedError as why:
                print(f"{name:32}FAILED: {why}")
                return 1
            else:
                print(f"{name:32}{early:>13.1f} MB{late:>13.1f} MB{late / early:>8.2f}")
    return 0
