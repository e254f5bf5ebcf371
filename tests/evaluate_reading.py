"""Measures the reader: precision, recall and F1 for each kind and finding, with 95 % intervals, and every miss.

`python -m tests.evaluate_reading` runs on ../shared/sms/dev.jsonl when that is there (it is read in place; nothing
of it belongs to the project), else on the own examples; then on the two frozen sets, whose misses nobody reads.
`--figures` leaves the misses out.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import sqrt
from pathlib import Path
from statistics import NormalDist
from typing import Any

import yaml

from advisor.clock import SHANGHAI
from advisor.content import load
from advisor.message import Sms
from advisor.reading import Reader, reader
from advisor.readings import Reading

ROOT = Path(__file__).parent.parent
OWN = ROOT / "tests" / "sms_examples.yaml"
FROZEN = {"held out": ROOT / "tests" / "sms_heldout.yaml", "blind": ROOT / "tests" / "sms_blind.yaml"}
DEV = ROOT.parent / "shared" / "sms" / "dev.jsonl"
HARMFUL = ("collection", "scam", "intermediary")
BESIDE_WORDS = {"night_time", "over_frequency"}
NOW = datetime(2026, 11, 24, 15, tzinfo=SHANGHAI)


@dataclass(frozen=True, slots=True)
class Example:
    id: str
    sms: Sms
    kind: str
    findings: frozenset[str]
    grade: str | None


def the_reader() -> Reader:
    return reader(load(ROOT))


def _example(row: dict[str, Any]) -> Example:
    when = row.get("received_at")
    sms = Sms(row["text"], row.get("sender"), datetime.fromisoformat(when) if when else None)
    return Example(str(row["id"]), sms, row["kind"], frozenset(row["findings"]), row.get("grade"))


def own_examples() -> list[Example]:
    return [_example(row) for row in yaml.safe_load(OWN.read_text("utf-8"))["examples"]]


def frozen_examples(name: str) -> list[Example]:
    """Give the messages of a set that was frozen before any rule was tuned: `held out` or `blind`."""
    return [_example(row) for row in yaml.safe_load(FROZEN[name].read_text("utf-8"))]


def dev_examples() -> list[Example]:
    if not DEV.exists():
        return []
    return [_example(json.loads(line)) for line in DEV.read_text("utf-8").splitlines()]


@dataclass(frozen=True, slots=True)
class Score:
    """How often a label was rightly given: of those given, and of those that hold."""

    right: int
    given: int
    true: int

    @property
    def precision(self) -> float:
        return self.right / self.given if self.given else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.true if self.true else 1.0

    @property
    def f1(self) -> float:
        return 2 * self.right / (self.given + self.true) if self.given + self.true else 1.0


def interval(right: int, of: int) -> tuple[float, float]:
    """Give the 95 % interval of a share by Wilson's score method (Wilson 1927, JASA 22:209)."""
    z = NormalDist().inv_cdf(0.975)
    share, size = (right / of, of) if of else (0.5, 1e-9)
    middle, half = share + z * z / (2 * size), z * sqrt(share * (1 - share) / size + (z / (2 * size)) ** 2)
    return (middle - half) / (1 + z * z / size), (middle + half) / (1 + z * z / size)


def score(pairs: Iterable[tuple[Iterable[str], Iterable[str]]]) -> dict[str, Score]:
    """Score each label over (true labels, given labels), and all of them together as `ALL`."""
    right: Counter[str] = Counter()
    true: Counter[str] = Counter()
    given: Counter[str] = Counter()
    for wanted, got in pairs:
        true.update(set(wanted))
        given.update(set(got))
        right.update(set(wanted) & set(got))
    scores = {name: Score(right[name], given[name], true[name]) for name in sorted({*true, *given})}
    return scores | {"ALL": Score(right.total(), given.total(), true.total())}


def merged(kind: str) -> str:
    return "loan_or_agent" if kind in ("intermediary", "loan_ad") else kind


def kind_scores(examples: Sequence[Example], readings: Sequence[Reading], *, apart: bool = False) -> dict[str, Score]:
    """Score the kinds; agents and lenders' offers count as one unless they are told `apart`."""
    pairs = [(e.kind, r.kind) for e, r in zip(examples, readings, strict=True)]
    return score(([a], [b]) if apart else ([merged(a)], [merged(b)]) for a, b in pairs)


def finding_scores(examples: Sequence[Example], readings: Sequence[Reading]) -> dict[str, Score]:
    """Score what is found in the words; what the hour or the receiver decides is labelled in few examples."""
    pairs = zip(examples, readings, strict=True)
    return score((e.findings - BESIDE_WORDS, {f.id for f in r.findings if f.by == "words"}) for e, r in pairs)


def macro(scores: dict[str, Score]) -> float:
    values = [one.f1 for name, one in scores.items() if name != "ALL"]
    return sum(values) / len(values)


def alarms(examples: Sequence[Example], readings: Sequence[Reading]) -> Score:
    """Count the harmless messages that are surely called something harmful: the share is what `recall` gives."""
    harmless = [r for e, r in zip(examples, readings, strict=True) if e.kind == "other"]
    wrong = sum(r.sure and r.kind in HARMFUL for r in harmless)
    return Score(wrong, wrong, len(harmless))


def figures(title: str, examples: Sequence[Example], readings: Sequence[Reading]) -> str:
    """Say in two lines how well a set was read."""
    found, wrong = finding_scores(examples, readings)["ALL"], alarms(examples, readings)
    return (
        f"{title}, {len(examples)} messages: macro-F1 of kind {macro(kind_scores(examples, readings)):.3f}, "
        f"five kinds apart {macro(kind_scores(examples, readings, apart=True)):.3f}\n"
        f"   findings precision {share(found.right, found.given)}, recall {share(found.right, found.true)}\n"
        f"   harmless called harmful {share(wrong.right, wrong.true)}, told to be unclear {unclear(readings):.1%}"
    )


def unclear(readings: Sequence[Reading]) -> float:
    """Give the share of messages that are told to be unclear, whatever is the likeliest."""
    return sum(not one.sure for one in readings) / len(readings)


def share(right: int, of: int) -> str:
    low, high = interval(right, of)
    return f"{right / max(of, 1):.3f} ({low:.3f} to {high:.3f})"


def report(title: str, examples: Sequence[Example], *, misses: bool) -> None:
    reader = the_reader()
    readings = [reader.read(one.sms, {}, NOW) for one in examples]
    print(figures(title, examples, readings))
    apart, findings = kind_scores(examples, readings, apart=True), finding_scores(examples, readings)
    for scores in (kind_scores(examples, readings), apart, findings):
        print(f"\n   {'':20}{'precision':>24}{'recall':>24}{'F1':>7}{'n':>6}")
        for label, all_of_it in scores.items():
            precision, recall = share(all_of_it.right, all_of_it.given), share(all_of_it.right, all_of_it.true)
            print(f"   {label:20}{precision:>24}{recall:>24}{all_of_it.f1:7.3f}{all_of_it.true:6}")
    print()
    for one, got in zip(examples, readings, strict=True) if misses else ():
        print(*missed(one, got), sep="\n", end="")


def missed(one: Example, got: Reading) -> Iterator[str]:
    """Say what is wrong with a reading, and by which rules it came about; nothing if it is right."""
    found = {f.id for f in got.findings}
    if one.kind == got.kind and one.findings == found:
        return
    yield f"-- {one.id} {one.kind}" + (f" read as {got.kind}" if one.kind != got.kind else "")
    yield f"   {one.sms.text[:160]!r}"
    yield from (f"   not found: {name}" for name in sorted(one.findings - found))
    yield from (f"   found: {f.id} by {f.signal} in {f.quote!r}" for f in got.findings if f.id not in one.findings)
    yield "   kind by " + ", ".join(f"{name} {weight:+.1f}" for name, weight, _ in got.evidence) + "\n"


if __name__ == "__main__":
    show = "--figures" not in sys.argv
    dev = dev_examples()
    report("development set", dev, misses=show) if dev else report("own examples", own_examples(), misses=show)
    for name in FROZEN:
        report(f"{name}, never tuned on", frozen_examples(name), misses=False)
