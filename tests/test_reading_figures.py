"""How well messages are read: on the own examples, on frozen sets, and on real ones where they are there."""

from functools import cache

import pytest
import yaml

from advisor.readings import Reading
from tests.figures import tell

from .evaluate_reading import (
    FROZEN,
    NOW,
    ROOT,
    Example,
    alarms,
    dev_examples,
    figures,
    finding_scores,
    frozen_examples,
    interval,
    kind_scores,
    macro,
    own_examples,
    the_reader,
)

Read = tuple[list[Example], list[Reading]]
LEAST = {
    "held out": (0.87, 0.89, 0.7),
    "blind": (0.88, 0.85, 0.68),
}  # macro-F1 of kind, precision and recall of findings


def readings_of(examples: list[Example]) -> Read:
    reader = the_reader()
    return examples, [reader.read(one.sms, {}, NOW) for one in examples]


@cache
def own_readings() -> Read:
    return readings_of(own_examples())


def test_kinds_of_own_examples() -> None:
    assert macro(kind_scores(*own_readings())) >= 0.96
    assert alarms(*own_readings()).recall <= 0.015


def test_findings_of_own_examples() -> None:
    total = finding_scores(*own_readings())["ALL"]
    assert total.precision >= 0.89
    assert total.recall >= 0.96


def test_grades_of_own_examples() -> None:
    pairs = [(e.grade, r.grade) for e, r in zip(*own_readings(), strict=True) if e.grade]
    assert sum(a == b for a, b in pairs) / len(pairs) >= 0.95


@pytest.mark.parametrize("name", FROZEN)
def test_messages_nobody_tuned_on(name: str) -> None:
    """Printed: how well the reader does on messages of writers who saw neither rules nor examples."""
    read = readings_of(frozen_examples(name))
    tell(figures(name, *read))
    kinds, precision, recall = LEAST[name]
    total = finding_scores(*read)["ALL"]
    assert macro(kind_scores(*read)) >= kinds
    assert total.precision >= precision
    assert total.recall >= recall


def test_real_messages_when_they_are_there() -> None:
    examples = dev_examples()
    if not examples:
        pytest.skip("dev.jsonl is not there")
    read = readings_of(examples)
    assert macro(kind_scores(*read)) >= 0.93
    assert finding_scores(*read)["ALL"].f1 >= 0.88


def test_frozen_messages_are_no_examples_to_learn_from() -> None:
    frozen = {one.sms.text for name in FROZEN for one in frozen_examples(name)}
    files = (ROOT / "knowledge" / "messages").glob("*.yaml")
    learned = {m["text"] for file in files for m in yaml.load(file.read_text("utf-8"), yaml.CSafeLoader)["messages"]}
    assert not frozen & learned


def test_a_small_lead_is_not_sure_and_asks_one_question() -> None:
    readings = own_readings()[1]
    assert all(one.ask in ("who_sent", "ever_borrowed", "wants_click") for one in readings if not one.sure)
    assert all(one.ask is None for one in readings if one.sure)


@pytest.mark.parametrize(
    ("right", "of", "low", "high"),
    [(0, 10, 0.0, 0.278), (10, 10, 0.722, 1.0), (50, 100, 0.404, 0.596), (0, 0, 0.0, 1.0)],
)
def test_intervals_are_those_of_the_tables(right: int, of: int, low: float, high: float) -> None:
    assert interval(right, of) == pytest.approx((low, high), abs=0.001)
