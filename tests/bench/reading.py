"""The `reading` bench: a whole reading beside a plain loop of `re` over the same rules and an n-gram classifier.

Each reader runs in a process of its own, held to core 0; the rounds are interleaved, and ratios are taken round
by round. ROUNDS from the environment (5). The messages are those of `knowledge/messages` that have a kind.
"""

import json
import os
import statistics
import sys
from pathlib import Path

from advisor.content import load

from . import rig
from .dialog import where

MODULE = "tests.bench.readers"
ABOUT = {
    "ours": "whole reading: disguises, rules, likeness, verdict, findings",
    "re": "plain loop over the same patterns, nothing else",
    "ngrams": "scikit-learn, character n-grams, the kind only",
}


def run() -> int:
    """Measure and print; 1 only when a reader broke, never because of a figure."""
    rounds = max(1, int(os.environ.get("ROUNDS", "5")))
    python = {name: rig.peers_python() if name == "ngrams" else sys.executable for name in ABOUT}
    found: dict[str, list[list[float]]] = {name: [] for name in ABOUT}
    with rig.scratch() as folder:
        settings = {"BENCH_MESSAGES": str(workload(folder))}
        try:
            for number in range(1, rounds + 1):
                print(f"round {number} of {rounds}", file=sys.stderr, flush=True)
                for name in ABOUT:
                    found[name].append(rig.figures(python[name], MODULE, name, 1, settings))
            worst = rig.figures(sys.executable, MODULE, "hostile", 1, settings)[-1]
        except (rig.LeftOutError, rig.FailedError) as why:
            print(f"FAILED: {why}")
            return 1
    table(found)
    print(f"hostile text of 20 kB: a character of the worst costs {worst:.1f} times one of ordinary messages (aim: 20)")
    return 0


def workload(folder: Path) -> Path:
    """Write the messages, their kinds and the patterns of all rules for the readers."""
    content = load(rig.ROOT)
    whole = [one for one in content.messages if one.kind]
    patterns = [pattern for signal in content.signals.values() for pattern in signal.patterns]
    data = {"messages": [one.text for one in whole], "kinds": [one.kind for one in whole], "patterns": patterns}
    path = folder / "messages.json"
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    print(
        f"\n{len(whole)} messages, {sum(len(one.text) for one in whole) / len(whole):.0f} characters on average, ",
        end="",
    )
    print(f"{len(content.signals)} rules with {len(patterns)} patterns, {where()}")
    return path


def table(found: dict[str, list[list[float]]]) -> None:
    """Print for each reader its rate, p99, and how many times as fast ours is."""
    line = "{:10}{:>28}{:>12}{:>12}  {}"
    print("\n" + line.format("reader", "messages/s (min–max)", "p99 µs", "ours is", "what"))

    def ratio(name: str) -> float:
        return statistics.median(mine[1] / theirs[1] for mine, theirs in zip(found["ours"], found[name], strict=True))

    for name, about in ABOUT.items():
        rates = [one[1] for one in found[name]]
        spread = f"{statistics.median(rates):,.0f} ({min(rates):,.0f}–{max(rates):,.0f})"
        p99 = f"{statistics.median(one[0] for one in found[name]):,.0f}"
        print(line.format(name, spread, p99, f"{ratio(name):.2f} x", about))
    reached = "met" if ratio("re") >= 1 else "not met"
    print(f"aim: a whole reading in no more time than the plain loop alone: {reached} ({ratio('re'):.2f} x)")
