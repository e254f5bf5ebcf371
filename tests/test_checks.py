"""The checker reports each mistake in exactly the expected words, and finds none in the real content."""

import ast
from datetime import date
from functools import cache
from inspect import getdoc
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import get_args

import pytest

from advisor.checks import STAGES, Finding, Report, check, findings
from advisor.checks.answered import answered
from advisor.checks.graph import ENTERED_BY_NAME
from advisor.checks.handed import (
    ALWAYS,
    IN_CONDITIONS,
    IN_THE_FILE,
    NEEDED_BY_THE_FILE,
    OF_THE_FILE,
    PROGRAM,
    READ,
    READING,
    SPOKEN,
)
from advisor.checks.house import length, sentences
from advisor.checks.names import uses_in_condition
from advisor.checks.printed import numbers_in, without_tags
from advisor.checks.samples import MANY
from advisor.checks.subject import Subject
from advisor.content import load
from advisor.exhibit import Kind
from advisor.expressions import Expressions
from advisor.smscount import sms_count
from advisor.turn.advisor import HOME, SMS, TOLD_SLOT
from advisor.turn.filing import ACTIONS, KIND, NUMBER, ON, WHO
from tests.broken import BASE, TODAY, cases, lay

ROOT = Path(__file__).parent.parent


@cache
def found(case: Path) -> tuple[Finding, ...]:
    with TemporaryDirectory() as folder:
        return tuple(findings(lay(case, Path(folder)), TODAY))


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_a_mistake_gets_exactly_its_report(case: Path) -> None:
    report = Report.of(found(case))
    assert f"{report}\n" == (case / "expected.txt").read_text(encoding="utf-8")
    assert report.problems or report.notes


def test_the_small_correct_project_has_no_mistake() -> None:
    assert str(check(BASE, TODAY)) == ""


def test_the_real_content_has_no_mistake() -> None:
    assert "\n".join(map(str, check(ROOT, date(2026, 11, 23)).problems)) == ""


def test_every_rule_is_broken_by_some_case() -> None:
    broken = {rule for case in cases() for _, rule, _ in found(case)}
    rules = {rule for stage in STAGES for rule in (*stage.rules, *stage.notes)}
    assert sorted(rule.__name__ for rule in rules - broken) == []


def test_every_rule_says_in_a_sentence_what_it_proves() -> None:
    for stage in STAGES:
        for rule in (*stage.rules, *stage.notes):
            assert (getdoc(rule) or "").endswith("."), rule.__name__


def test_every_report_says_what_to_do() -> None:
    for case in cases():
        lines = (case / "expected.txt").read_text(encoding="utf-8").splitlines()
        for place, hint in zip(lines[::2], lines[1::2], strict=True):
            assert place.removeprefix("（提醒）").count(":") >= 3, (case.name, place)
            assert hint.startswith("    → ") and len(hint) > 7, (case.name, hint)


def test_the_promise_of_names_is_what_the_program_hands_over() -> None:
    said: dict[str, set[str]] = {}
    for node in (node for tree in _trees() for node in ast.walk(tree)):
        match node:
            case ast.Call(func=ast.Attribute(attr="say"), args=[ast.Constant(value=str(name)), *_], keywords=more):
                said.setdefault(name, set()).update(keyword.arg for keyword in more if keyword.arg)
    promised = {**PROGRAM, **dict.fromkeys(READ, frozenset({"reading", "received"}))}
    assert said.keys() <= promised.keys()
    assert {name: set(promised[name]) for name in said} == said
    assert said.keys() >= IN_THE_FILE.keys()


def test_the_names_always_handed_over_are_as_promised() -> None:
    assert _keys_written_in("_all") | _keys_written_in("helpers") == ALWAYS
    assert _keys_written_in("act") == OF_THE_FILE
    assert _keys_written_in("weighed") | _keys_written_in("helpers") == IN_CONDITIONS
    inner = {"id", "quote", "because", "by", "signal", "told_as", "number", *MANY["counts"]}
    assert _keys_written_in("summary") == READING | inner
    assert _keys_written_in("handed") == SPOKEN


def test_a_step_of_the_evidence_file_works_with_what_it_needs() -> None:
    needed = {*NEEDED_BY_THE_FILE["add"], *NEEDED_BY_THE_FILE["date"], *NEEDED_BY_THE_FILE["strike"]}
    assert NEEDED_BY_THE_FILE.keys() == ACTIONS.keys()
    assert needed == {KIND, ON, WHO, TOLD_SLOT, NUMBER}
    assert set(Subject(load(ROOT), TODAY).content.all_slots["happened_kind"].choices) <= set(get_args(Kind))


def test_the_places_that_a_turn_goes_to_by_itself_are_proved() -> None:
    assert {HOME, SMS, "letters"} == set(ENTERED_BY_NAME)


def _trees() -> list[ast.Module]:
    files = [path for room in ("turn", "evidence") for path in (ROOT / "advisor" / room).glob("*.py")]
    files += [ROOT / "advisor" / name for name in ("desk.py", "render.py", "commands/own_data.py")]
    return [ast.parse(file.read_text(encoding="utf-8")) for file in files]


def _keys_written_in(function: str) -> set[str]:
    """Name the keys of the dictionaries that a function writes out."""
    bodies = (n for tree in _trees() for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.name == function)
    dicts = [node for body in bodies for node in ast.walk(body) if isinstance(node, ast.Dict)]
    return {str(key.value) for node in dicts for key in node.keys if isinstance(key, ast.Constant)}


SMS_COUNTS = {"": 1, "一" * 70: 1, "一" * 71: 2, "一" * 134: 2, "一" * 135: 3, "😀" * 35: 1, "😀" * 36: 2}


@pytest.mark.parametrize(("text", "count"), SMS_COUNTS.items())
def test_sms_are_counted_as_a_phone_sends_them(text: str, count: int) -> None:
    assert sms_count(text) == count


NUMBERS = {
    "打110或12378": ["110", "12378"],
    "拨400-800-1234": ["400-800-1234"],
    "010-12345678": ["010-12345678"],
    "13800000000": ["13800000000"],
    "95588": ["95588"],
    "欠12000元": [],
    "2026年1月": [],
    "每天120次": [],
    "金规〔2025〕9号": [],
    "超过24%": [],
    "共 5 期": [],
    "3.110": [],
}


@pytest.mark.parametrize(("text", "numbers"), NUMBERS.items())
def test_telephone_numbers_are_told_from_other_numbers(text: str, numbers: list[str]) -> None:
    assert [number for number, _ in numbers_in(text)] == numbers


def test_tags_are_blanked_and_lines_kept() -> None:
    assert without_tags("a{{ 1\n}}b{# x #}") == "a    \n  b" + " " * 7


def test_a_sentence_is_counted_in_characters_and_words() -> None:
    assert length("用App还 1,200.50 元") == 5
    assert sentences("好。走吧！\n去吗？") == ["好", "走吧", "去吗"]


CONDITIONS = {
    "x > 3": {"x"},
    "x is defined and x > 3": set(),
    "x > 3 and x is defined": {"x"},
    "x is not defined or x > 3": set(),
    "x is defined or x > 3": {"x"},
    "not (x is not defined or y is not defined) and x > y": set(),
    "(x if x is defined else y) > 3": {"y"},
    "(x is defined or y is defined) and x > 3": {"x"},
    "x|default(0) > 3": set(),
    'label.x == "3"': {"label", "x"},
}


@pytest.mark.parametrize(("text", "unguarded"), CONDITIONS.items())
def test_a_name_is_guarded_only_where_it_was_asked_for(text: str, unguarded: set[str], tmp_path: Path) -> None:
    used = uses_in_condition(Expressions(tmp_path), text)
    assert {use.name for use in used if not use.guarded} - {"label"} == unguarded - {"label"}


def test_what_a_condition_has_asked_for_is_known_on_the_way_it_opens(tmp_path: Path) -> None:
    root = lay(BASE.parent / "answered_on_one_way_only", tmp_path)
    flow = root / "flows/fake.yaml"
    text = flow.read_text(encoding="utf-8")
    flow.write_text(text.replace('refused == "told"', "amount is not defined"), encoding="utf-8")
    assert str(check(root, TODAY)) == ""


def test_an_alarm_and_an_sms_lead_in_with_nothing_known(tmp_path: Path) -> None:
    subject = Subject(load(lay(BASE.parent / "sentence_long", tmp_path)), TODAY)
    known = answered(subject)
    assert known.arriving["contacted_others.report"] == known.arriving["sms.read"] == frozenset()
    assert known.arriving["contacted_others.read_back"] == {"contacted", "conduct_on", "refused"}
