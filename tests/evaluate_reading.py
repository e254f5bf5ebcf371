"""Measures the reader: precision, recall and F1 for each kind and finding.

`python -m tests.evaluate_reading [--misses]` runs on the own examples, and on ../shared/sms/dev.jsonl when
that is there (it is read in place; nothing of it belongs to the project).
"""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import perf_counter
from typing import Any

import yaml

from advisor.content import load
from advisor.message import Sms
from advisor.reading import SHANGHAI, Reader, reader
from advisor.readings import Reading

ROOT = Path(__file__).parent.parent
OWN = ROOT / "tests" / "sms_examples.yaml"
HELDOUT = ROOT / "tests" / "sms_heldout.yaml"
DEV = ROOT.parent / "shared" / "sms" / "dev.jsonl"
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


def heldout_examples() -> list[Example]:
    return [_example(row) for row in yaml.safe_load(HELDOUT.read_text("utf-8"))]


def dev_examples() -> list[Example]:
    if not DEV.exists():
        return []
    return [_example(json.loads(line)) for line in DEV.read_text("utf-8").splitlines()]


@dataclass(frozen=True, slots=True)
class Score:
    precision: float
    recall: float
    f1: float
    rows: int


def score(pairs: Iterable[tuple[Iterable[str], Iterable[str]]]) -> dict[str, Score]:
    """Score each label over (true labels, given labels)."""
    right: Counter[str] = Counter()
    true: Counter[str] = Counter()
    given: Counter[str] = Counter()
    for wanted, got in pairs:
        true.update(set(wanted))
        given.update(set(got))
        right.update(set(wanted) & set(got))
    scores = {}
    for name in sorted({*true, *given}):
        precision = right[name] / given[name] if given[name] else 1.0
        recall = right[name] / true[name] if true[name] else 1.0
        f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
        scores[name] = Score(precision, recall, f1, true[name])
    right["*"] = right.total()
    everything, wanted_all = given.total(), true.total()
    p, r = right["*"] / max(everything, 1), right["*"] / max(wanted_all, 1)
    scores["ALL"] = Score(p, r, 2 * p * r / max(p + r, 1e-9), wanted_all)
    return scores


def merged(kind: str) -> str:
    return "loan_or_agent" if kind in ("intermediary", "loan_ad") else kind


def kind_scores(examples: Sequence[Example], readings: Sequence[Reading]) -> dict[str, Score]:
    return score(([merged(e.kind)], [merged(r.kind)]) for e, r in zip(examples, readings, strict=True))


def finding_scores(examples: Sequence[Example], readings: Sequence[Reading]) -> dict[str, Score]:
    return score((e.findings, {f.id for f in r.findings}) for e, r in zip(examples, readings, strict=True))


def macro(scores: dict[str, Score]) -> float:
    values = [one.f1 for name, one in scores.items() if name != "ALL"]
    return sum(values) / len(values)


def false_alarms(examples: Sequence[Example], readings: Sequence[Reading]) -> float:
    """Give the share of harmless messages that are surely called something harmful."""
    bad = [
        r.kind in ("collection", "scam", "intermediary")
        for e, r in zip(examples, readings, strict=True)
        if e.kind == "other"
    ]
    return sum(bad) / max(len(bad), 1)


def report(name: str, examples: Sequence[Example], misses: bool) -> None:
    reader = the_reader()
    reader.read(Sms("您好"), {}, NOW)
    begin = perf_counter()
    readings = [reader.read(one.sms, {}, NOW) for one in examples]
    spent = (perf_counter() - begin) / len(examples) * 1e6
    kinds, findings = kind_scores(examples, readings), finding_scores(examples, readings)
    print(
        f"== {name}: {len(examples)} messages, {spent:.0f} µs each, macro-F1 of kind {macro(kinds):.3f}, "
        f"harmless called harmful {false_alarms(examples, readings):.2%}, "
        f"sure {sum(r.sure for r in readings) / len(readings):.0%}"
    )
    for title, scores in (("kind", kinds), ("finding", findings)):
        for label, value in scores.items():
            print(
                f"   {title:8}{label:20} P {value.precision:.3f}  R {value.recall:.3f}  F1 {value.f1:.3f}"
                f"  n={value.rows}"
            )
    for one, got in zip(examples, readings, strict=True) if misses else ():
        found = {f.id for f in got.findings}
        wrong_kind = merged(one.kind) != merged(got.kind)
        wrong_grade = one.grade is not None and one.grade != got.grade
        if wrong_kind or found != one.findings or wrong_grade:
            print(
                f"-- {one.id} {one.kind}→{got.kind}{'' if got.sure else '?'} -{sorted(one.findings - found)} "
                f"+{[(f.id, f.signal, f.quote) for f in got.findings if f.id not in one.findings]} "
                f"{one.grade if wrong_grade else ''}→{got.grade}\n     {one.sms.text[:140]!r}\n     "
                f"{[(e[0], e[1]) for e in got.evidence]}"
            )


if __name__ == "__main__":
    report("own", own_examples(), "--misses" in sys.argv and "--dev" not in sys.argv)
    report("held out", heldout_examples(), False)
    if dev := dev_examples():
        report("dev", dev, "--misses" in sys.argv and "--own" not in sys.argv)
