"""Stage 3, the words: conditions and templates can be read, and every name in them is known where it stands."""

from collections.abc import Iterator
from typing import get_args

from advisor.checks.answered import answered
from advisor.checks.handed import BUILT_IN, IN_CONDITIONS, NEEDED_BY_THE_FILE, READING, Occasion, exists, occasions
from advisor.checks.names import Use, comparisons, uses, uses_in_condition
from advisor.checks.subject import Subject, at_template, suggest
from advisor.checks.wording import in_chinese
from advisor.content import Problem
from advisor.content.signals import GRADES, KINDS, FindingId
from advisor.expressions import TemplateSyntaxError, nodes

READING_VALUES = {"reading.kind": KINDS, "reading.grade": GRADES, "reading.found": get_args(FindingId)}
NUMBERS = ("money", "number", "percent")


def conditions_are_read(subject: Subject) -> Iterator[Problem]:
    """Every condition is a whole expression."""
    for flow, name, number, text in subject.conditions():
        try:
            subject.expressions.parse_condition(text)
        except TemplateSyntaxError as error:
            yield subject.at_state(
                f"{flow}.{name}",
                ("next", number, "if"),
                f"条件“{text}”读不懂：{in_chinese(error.message or '')}",
                '照这样写：who == "guarantor" and times >= 3',
            )


def templates_are_read(subject: Subject) -> Iterator[Problem]:
    """Every template is whole: each sign that opens is closed."""
    for language in subject.languages:
        for name in subject.templates(language):
            try:
                subject.expressions.parse_template(f"{language}/{name}")
            except TemplateSyntaxError as error:
                yield at_template(
                    language,
                    name,
                    error.lineno,
                    f"模板读不懂：{in_chinese(error.message or '')}",
                    "看这一行和前面几行的 {{ }}、{% if %} 和 {% endif %}",
                )


def filters_exist(subject: Subject) -> Iterator[Problem]:
    """Every filter after a | and every test after `is` is known."""
    env = subject.expressions.env
    for language, name, tree in subject.trees:
        for kind, known, sign in ((nodes.Filter, env.filters, "|"), (nodes.Test, env.tests, "is ")):
            for node in tree.find_all(kind):
                if node.name not in known:
                    yield at_template(
                        language,
                        name,
                        node.lineno,
                        f"没有“{sign}{node.name}”这种写法",
                        suggest(node.name, known, "改成模板里别处用过的写法"),
                    )


def asks_are_plain(subject: Subject) -> Iterator[Problem]:
    """Questions and labels in flows are plain words: only templates are filled in."""
    for flow, name, state in subject.states():
        for key in ("ask", "label"):
            if "{{" in getattr(state, key) or "{%" in getattr(state, key):
                yield subject.at_state(
                    f"{flow}.{name}", (key,), "流程里的话不能用 {{ }} 和 {% %}", "要填事实的话写成模板，用 say 说"
                )


def names_in_conditions_are_known(subject: Subject) -> Iterator[Problem]:
    """Every name in a condition is a slot or one of the helpers."""
    known = subject.content.all_slots.keys() | IN_CONDITIONS
    for flow, name, number, text in subject.conditions():
        for use in _once(uses_in_condition(subject.expressions, text)):
            if use.name not in known | BUILT_IN:
                what = f"条件里的“{use.name}”不是 slot"
                hint = suggest(use.name, known, "改成已有的 slot；文字的值要加引号")
                yield subject.at_state(f"{flow}.{name}", ("next", number, "if"), what, hint)
            elif use.name == "reading" and use.part and use.part not in READING:
                what = f"reading 里没有“{use.part}”"
                yield subject.at_state(f"{flow}.{name}", ("next", number, "if"), what, suggest(use.part, READING, ""))


def names_in_templates_are_known(subject: Subject) -> Iterator[Problem]:
    """Every name in a template is a slot that it may use, or something that is handed to it."""
    slots = subject.content.all_slots.keys()
    for occasion, use in _template_uses(subject):
        if use.name in occasion.names | BUILT_IN | occasion.may_use:
            if use.name == "reading" and use.part and use.part not in READING:
                yield _at_use(use, f"reading 里没有“{use.part}”", suggest(use.part, READING, ""))
        elif use.name in slots and occasion.kind == "letter":
            yield _at_use(use, f"正文用了“{use.name}”，信头里没有写", "写进信头的 needs 或 may_use")
        elif use.name in slots and occasion.kind == "question":
            yield _at_use(use, f"答案用了“{use.name}”，“{occasion.state}”的 depends_on 里没有写", "写进 depends_on")
        else:
            hint = suggest(use.name, slots | occasion.names, "改成已有的 slot")
            yield _at_use(use, f"没有叫“{use.name}”的 slot，也没有把它交给这个模板", hint)


def names_in_conditions_are_answered(subject: Subject) -> Iterator[Problem]:
    """Every fact in a condition has been answered on every way to it, or is asked for with `is defined`."""
    for flow, name, number, text in subject.conditions():
        state = f"{flow}.{name}"
        known = answered(subject).leaving(state)
        for use in _once(uses_in_condition(subject.expressions, text)):
            if use.name in subject.content.all_slots and not use.guarded and use.name not in known:
                hint = f"在前面加一步 fill: {use.name}，或写成“{use.name} is defined and …”"
                what = f"条件里的“{use.name}”走到这里不一定问过{_for_example(subject, use.name, state)}"
                yield subject.at_state(state, ("next", number, "if"), what, hint)


def names_in_templates_are_answered(subject: Subject) -> Iterator[Problem]:
    """Every fact in a template has been answered on every way to where it is said, or is asked for first."""
    found: dict[tuple[str, int, str], tuple[Use, str]] = {}
    for occasion, use in _template_uses(subject):
        if (
            use.name not in occasion.may_use
            or use.name in occasion.names
            or use.guarded
            or use.name in occasion.answered
        ):
            continue
        if occasion.kind == "say":
            example = _for_example(subject, use.name, occasion.state)
            where = f"走到“{occasion.state}”不一定问过{example}"
        else:
            where = "说这段话的时候不一定问过"
        found.setdefault((use.template, use.line, use.name), (use, where))
    for use, where in found.values():
        hint = f"先问（fill: {use.name}），或写成 {{% if {use.name} is defined %}}…{{% endif %}}"
        yield _at_use(use, f"“{use.name}”{where}", hint)


def _for_example(subject: Subject, slot: str, state: str) -> str:
    way = answered(subject).way_without(slot, state)
    return f"，例如这样走：{' → '.join(way)}" if way else ""


def letters_have_their_facts(subject: Subject) -> Iterator[Problem]:
    """Whatever a letter needs has been answered on every way to the state that gives it."""
    for flow, name, state in subject.states():
        letter, full = subject.content.letters.get(state.letter), f"{flow}.{name}"
        known = answered(subject).arriving.get(full)
        if letter is None or known is None:
            continue
        for slot in letter.front.needs:
            if slot in subject.content.all_slots and slot not in known:
                what = f"文书“{letter.name}”要用“{slot}”，走到这里不一定问过{_for_example(subject, slot, full)}"
                yield subject.at_state(full, ("letter",), what, f"在前面加一步 fill: {slot}，或把它移到信头的 may_use")


def file_steps_have_their_facts(subject: Subject) -> Iterator[Problem]:
    """Whatever a step of the evidence file works with has been answered on every way to it."""
    for flow, name, state in subject.states():
        full = f"{flow}.{name}"
        known = answered(subject).arriving.get(full, frozenset())
        for slot in NEEDED_BY_THE_FILE.get(state.file or "", ()):
            if slot not in known:
                what = f"file: {state.file} 要用“{slot}”，走到这里不一定问过{_for_example(subject, slot, full)}"
                yield subject.at_state(full, ("file",), what, f"在前面加一步 fill: {slot}")


def compared_values_exist(subject: Subject) -> Iterator[Problem]:
    """Whatever a choice, or something read in an SMS, is compared with is one of its values; numbers with numbers."""
    for flow, name, number, text in subject.conditions():
        try:
            tree = subject.expressions.parse_condition(text)
        except TemplateSyntaxError:
            continue
        for what, hint, _ in _wrong_comparisons(subject, tree):
            yield subject.at_state(f"{flow}.{name}", ("next", number, "if"), what, hint)
    for language, name, tree in subject.trees:
        for what, hint, line in _wrong_comparisons(subject, tree):
            yield at_template(language, name, line, what, hint)


def _wrong_comparisons(subject: Subject, tree: nodes.Template) -> Iterator[tuple[str, str, int]]:
    for name, _, value, line in comparisons(tree):
        slot = subject.content.all_slots.get(name)
        known = READING_VALUES.get(name) or (list(slot.choices) if slot else [])
        if known and value not in known and value is not None:
            yield f"“{name}”没有“{value}”这个值", suggest(str(value), known, "可用的有：" + "、".join(known)), line
        elif slot and slot.type in NUMBERS and isinstance(value, str):
            yield f"“{name}”是数，不能和文字“{value}”比较", "数不加引号", line


def unused_letter_facts(subject: Subject) -> Iterator[Problem]:
    """A letter asks for no fact that its text does not use."""
    for letter in subject.content.letters.values():
        used = {
            use.name
            for language in subject.languages
            for use in uses(subject.expressions, f"{language}/{letter.template}")
        }
        for key in ("needs", "may_use"):
            for number, slot in enumerate(getattr(letter.front, key)):
                if slot not in used:
                    yield subject.content.problem(
                        letter.file, (key, number), f"{key} 里的“{slot}”正文没有用到", "用不着就删去，少问一句"
                    )


def _once(found: list[Use]) -> list[Use]:
    """Keep one use of each name and part; one that is not guarded says more than one that is."""
    return list({(use.name, use.part): use for use in sorted(found, key=lambda use: -use.guarded)}.values())


def _template_uses(subject: Subject) -> Iterator[tuple[Occasion, Use]]:
    for language in subject.languages:
        for occasion in occasions(subject):
            if exists(subject, occasion.template, language):
                for use in uses(subject.expressions, f"{language}/{occasion.template}"):
                    yield occasion, use


def _at_use(use: Use, what: str, hint: str) -> Problem:
    language, _, name = use.template.partition("/")
    return at_template(language, name, use.line, what, hint)


RULES = (
    conditions_are_read,
    templates_are_read,
    filters_exist,
    asks_are_plain,
    names_in_conditions_are_known,
    names_in_templates_are_known,
    names_in_conditions_are_answered,
    names_in_templates_are_answered,
    letters_have_their_facts,
    file_steps_have_their_facts,
    compared_values_exist,
)
NOTES = (unused_letter_facts,)
