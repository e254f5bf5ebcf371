"""Stage 2, the facts: every slot exists, means one thing everywhere, and can be asked and put right."""

import re
from collections.abc import Iterator
from typing import get_args

from advisor.checks.handed import ALWAYS, BUILT_IN, SPOKEN
from advisor.checks.subject import Subject, suggest
from advisor.content import Problem
from advisor.content.signals import FindingId

MOST_CHOICES = 4
LONGEST_NAME = 50  # of `flow.state`, so that a button's id stays under 64 bytes
_ID = re.compile(r"[a-z][a-z0-9_]*")
_OF_LABELS = {"get", "items", "keys", "values"}  # `label.items` would be something else


def ids_are_plain(subject: Subject) -> Iterator[Problem]:
    """Names of flows, states, slots, choices and letters are short ASCII, such as read_back."""
    hint = "用小写英文字母、数字和下划线，例如 read_back"
    content = subject.content
    for name in content.own_flows:
        if not _ID.fullmatch(name):
            yield subject.at_flow(name, ("title",), f"文件名“{name}”不能做流程的名字", hint)
    for flow, name, _ in subject.states():
        if not _ID.fullmatch(name):
            yield subject.at_state(f"{flow}.{name}", (), f"“{name}”不能做状态的名字", hint)
        elif len(f"{flow}.{name}") > LONGEST_NAME:
            yield subject.at_state(
                f"{flow}.{name}", (), f"“{flow}.{name}”太长，放不进按钮", f"一共不超过 {LONGEST_NAME} 个字母"
            )
    for flow, name, slot in subject.slots():
        if not _ID.fullmatch(name):
            yield subject.at_slot(flow, name, (), f"“{name}”不能做 slot 的名字", hint)
        for choice in slot.choices:
            if not _ID.fullmatch(choice):
                yield subject.at_slot(flow, name, ("choices", choice), f"“{choice}”不能做选项的名字", hint)
    for letter in content.letters.values():
        if not _ID.fullmatch(letter.name):
            yield content.problem(letter.file, (), f"文件名“{letter.name}”不能做文书的名字", hint)


def slot_names_are_free(subject: Subject) -> Iterator[Problem]:
    """No slot bears a name that templates already use for something else."""
    taken = ALWAYS | SPOKEN | BUILT_IN | _OF_LABELS | {"letter"}
    for flow, name, _ in subject.slots():
        if name in taken:
            yield subject.at_slot(flow, name, (), f"“{name}”在模板里另有用处，不能做 slot 的名字", "换一个名字")


def slots_mean_one_thing(subject: Subject) -> Iterator[Problem]:
    """A slot declared twice has the same type, scope and choices both times."""
    first: dict[str, tuple[str, object]] = {}
    for flow, name, slot in subject.slots():
        shape = (slot.type, slot.scope, sorted(slot.choices))
        where, before = first.setdefault(name, (f"flows/{flow or 'slots'}.yaml", shape))
        if shape != before:
            yield subject.at_slot(
                flow, name, (), f"“{name}”和 {where} 里的不一样", "type、scope 和 choices 要一致，或换一个名字"
            )


def slots_exist(subject: Subject) -> Iterator[Problem]:
    """Whatever a state fills or reads back, whatever a slot depends on or hands on to, is a slot."""
    known = subject.content.all_slots
    for flow, name, state in subject.states():
        named: list[tuple[tuple[str | int, ...], str]] = [(("fill",), state.fill)] if state.fill else []
        named += [(("confirm", number), slot) for number, slot in enumerate(state.confirm)]
        for loc, slot in named:
            if slot not in known:
                hint = suggest(slot, known, "写到这个流程的 slots 里")
                yield subject.at_state(f"{flow}.{name}", loc, f"没有叫“{slot}”的 slot", hint)
    for flow, name, declared in subject.slots():
        if declared.also and (
            declared.also not in known or not set(declared.choices) <= set(known[declared.also].choices)
        ):
            hint = "写一个 type: choice 的 slot，选项要都有"
            yield subject.at_slot(flow, name, ("also",), f"“{declared.also}”装不下“{name}”的选项", hint)
        if declared.beside and declared.beside not in known:
            hint = suggest(declared.beside, known, "改成已有的 slot")
            yield subject.at_slot(flow, name, ("beside",), f"没有叫“{declared.beside}”的 slot", hint)
        for number, other in enumerate(declared.depends_on):
            if other not in known:
                hint = suggest(other, known, "改成已有的 slot")
                yield subject.at_slot(flow, name, ("depends_on", number), f"没有叫“{other}”的 slot", hint)


def questions_have_few_choices(subject: Subject) -> Iterator[Problem]:
    """A question shows at most four choices (others may be heard: `listed: false`)."""
    states = [state for flow in subject.content.flows.values() for state in flow.states.values()]
    asked = {state.fill for state in states if not state.options}
    for flow, name, slot in subject.slots():
        count = sum(option.listed for option in slot.choices.values())
        if name in asked and count > MOST_CHOICES:
            yield subject.at_slot(
                flow,
                name,
                ("choices",),
                f"“{name}”有 {count} 个选项，一个问题最多 {MOST_CHOICES} 个",
                "分成两个问题，或给少用的写上 listed: false",
            )


def shown_options_exist(subject: Subject) -> Iterator[Problem]:
    """The options that a question names for its buttons are options of its slot, four at most."""
    for flow, name, state in subject.states():
        slot = subject.content.all_slots.get(state.fill)
        for number, option in enumerate(state.options):
            if slot and option not in slot.choices:
                hint = suggest(option, slot.choices, "改成它的 choices 里的一个名字")
                what = f"“{state.fill}”没有“{option}”这个选项"
                yield subject.at_state(f"{flow}.{name}", ("options", number), what, hint)
        if len(state.options) > MOST_CHOICES:
            what = f"这里有 {len(state.options)} 个选项，一个问题最多 {MOST_CHOICES} 个"
            yield subject.at_state(f"{flow}.{name}", ("options",), what, "分成两个问题，或少列几个")


def letters_ask_for_shared_facts(subject: Subject) -> Iterator[Problem]:
    """A letter's facts are slots, and those it needs can be asked for by the letter itself."""
    content = subject.content
    for letter in content.letters.values():
        for key in ("needs", "may_use"):
            for number, slot in enumerate(getattr(letter.front, key)):
                if slot not in content.all_slots:
                    hint = suggest(slot, content.all_slots, "改成已有的 slot")
                    yield content.problem(letter.file, (key, number), f"没有叫“{slot}”的 slot", hint)
                elif key == "needs" and not (slot in content.shared and content.shared[slot].ask):
                    yield content.problem(
                        letter.file,
                        (key, number),
                        f"单独写这份文书时，没有话来问“{slot}”",
                        "在 flows/slots.yaml 里写上它和它的 ask",
                    )


def findings_exist(subject: Subject) -> Iterator[Problem]:
    """A choice that an SMS can answer names findings that exist."""
    known = get_args(FindingId)
    for flow, name, slot in subject.slots():
        for choice, option in slot.choices.items():
            for number, finding in enumerate(option.found):
                if finding not in known:
                    yield subject.at_slot(
                        flow,
                        name,
                        ("choices", choice, "found", number),
                        f"没有叫“{finding}”的发现",
                        suggest(finding, known, "改成 sms/README 里的名字"),
                    )


def older_names_are_free(subject: Subject) -> Iterator[Problem]:
    """An older name of a state is not the name of another state today."""
    for flow, name, state in subject.states():
        for number, old in enumerate(state.formerly):
            if old in subject.content.own_flows[flow].states or old in subject.graph.states:
                yield subject.at_state(
                    f"{flow}.{name}", ("formerly", number), f"“{old}”现在是另一个状态的名字", "删去它"
                )


RULES = (
    ids_are_plain,
    slot_names_are_free,
    slots_mean_one_thing,
    slots_exist,
    questions_have_few_choices,
    shown_options_exist,
    letters_ask_for_shared_facts,
    findings_exist,
    older_names_are_free,
)
