"""Stage 2, the guards: each is on some letter, asks for what can be asked, leads somewhere, and its examples hold."""

from collections.abc import Iterator, Mapping
from typing import Any

from advisor.answers import hear_fact
from advisor.checks.handed import BUILT_IN, IN_CONDITIONS
from advisor.checks.names import uses_in_condition
from advisor.checks.subject import Subject, suggest
from advisor.checks.wording import in_chinese
from advisor.content import Problem
from advisor.expressions import TemplateSyntaxError
from advisor.session import Fact

FILE = "knowledge/guards.yaml"


def guards_of_letters_exist(subject: Subject) -> Iterator[Problem]:
    """Every guard that a letter names is written."""
    for letter in subject.content.letters.values():
        for number, name in enumerate(letter.front.guards):
            if name not in subject.content.guards:
                hint = suggest(name, subject.content.guards, f"写进 {FILE}")
                yield subject.content.problem(letter.file, ("guards", number), f"没有“{name}”这道关", hint)


def guards_are_used(subject: Subject) -> Iterator[Problem]:
    """Every guard stands before some letter."""
    used = {name for letter in subject.content.letters.values() for name in letter.front.guards}
    for name in subject.content.guards:
        if name not in used:
            yield _at(subject, (name,), f"没有哪份文书过“{name}”这道关", "写进文书头里的 guards，或删去")


def guards_lead_somewhere(subject: Subject) -> Iterator[Problem]:
    """Where a guard leads is a flow, a state of one, or the form of a letter that the same guard does not stand in."""
    content, graph = subject.content, subject.graph
    for name, guard in content.guards.items():
        if not guard.then:
            continue
        if graph.place(guard.then) not in graph.states:
            hint = suggest(guard.then, content.flows, "改成流程的名字，或 letter_ 加文书的名字")
            yield _at(subject, (name, "then"), f"没有“{guard.then}”这个去处", hint)
            continue
        state = graph.states[graph.place(guard.then)]
        letter = content.letters.get(guard.then.removeprefix("letter_")) or content.letters.get(state.letter)
        if letter and name in letter.front.guards:
            what = f"“{guard.then}”自己也过“{name}”这道关，会绕回来"
            yield _at(subject, (name, "then"), what, "换一个去处，或从那份文书的 guards 里去掉")


def guards_ask_for_shared_facts(subject: Subject) -> Iterator[Problem]:
    """What a guard asks for is a slot of flows/slots.yaml that says how it is asked."""
    for name, guard in subject.content.guards.items():
        for number, ask in enumerate(guard.asks):
            slot = subject.content.shared.get(ask.slot)
            if slot is None:
                hint = suggest(ask.slot, subject.content.shared, "移到 flows/slots.yaml，写上 ask")
                yield _at(subject, (name, "asks", number, "slot"), f"共用的 slot 里没有“{ask.slot}”", hint)
            elif not slot.ask:
                what = f"“{ask.slot}”没有 ask，这道关问不出来"
                yield _at(subject, (name, "asks", number, "slot"), what, "在 flows/slots.yaml 里给它写 ask")


def guard_conditions_are_read(subject: Subject) -> Iterator[Problem]:
    """Every condition of a guard is a whole expression, of slots and helpers."""
    known = subject.content.all_slots.keys() | IN_CONDITIONS | BUILT_IN
    for name, loc, text in _conditions(subject):
        try:
            subject.expressions.parse_condition(text)
        except TemplateSyntaxError as error:
            what = f"条件“{text}”读不懂：{in_chinese(error.message or '')}"
            yield _at(subject, (name, *loc), what, '照这样写：role == "guarantor"')
            continue
        for use in uses_in_condition(subject.expressions, text):
            if use.name not in known:
                what = f"条件里的“{use.name}”不是 slot"
                yield _at(subject, (name, *loc), what, suggest(use.name, known, "改成已有的 slot"))


def guard_examples_are_right(subject: Subject) -> Iterator[Problem]:
    """A guard holds for each of its `holds` and for none of its `misses`."""
    if any(guard_conditions_are_read(subject)):
        return
    for name, guard in subject.content.guards.items():
        for key, wanted in (("holds", True), ("misses", False)):
            for number, example in enumerate(getattr(guard, key)):
                try:
                    values = _values(subject, example)
                except ValueError as error:
                    yield _at(subject, (name, key, number), str(error), "照人会说的写，例如 overdue_on: 2022年3月1日")
                    continue
                if subject.expressions.condition(guard.if_)(values) != wanted:
                    what = f"这一例应该{'拦' if wanted else '放行'}，“{name}”却{'放行' if wanted else '拦'}了"
                    yield _at(subject, (name, key, number), what, "改条件，或改这一例")


def _conditions(subject: Subject) -> Iterator[tuple[str, tuple[str | int, ...], str]]:
    for name, guard in subject.content.guards.items():
        yield name, ("if",), guard.if_
        yield from ((name, ("asks", n, "if"), ask.if_) for n, ask in enumerate(guard.asks) if ask.if_)


def _values(subject: Subject, example: Mapping[str, str]) -> dict[str, Any]:
    """Hear an example as people say it; `reading.kind` and the like stand for a message that was read."""
    slots, facts = subject.content.all_slots, dict[str, Fact]()
    reading = {key.partition(".")[2]: text for key, text in example.items() if key.startswith("reading.")}
    for key, text in example.items():
        if key.startswith("reading."):
            continue
        if key not in slots:
            raise ValueError(f"没有叫“{key}”的 slot")
        facts[key] = hear_fact(slots[key], text, subject.today)
    return subject.words.weighed(slots, facts, subject.today, reading=reading, promised=0)


def _at(subject: Subject, loc: tuple[str | int, ...], what: str, hint: str) -> Problem:
    return subject.content.problem(FILE, ("guards", *loc), what, hint)


RULES = (
    guards_of_letters_exist,
    guards_are_used,
    guards_lead_somewhere,
    guards_ask_for_shared_facts,
    guard_conditions_are_read,
    guard_examples_are_right,
)
