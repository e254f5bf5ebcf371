"""Stage 2, the flows: every way leads to a place that exists, and every phrase to one place only."""

from collections.abc import Iterator
from typing import get_args

from advisor.answers import fold
from advisor.checks.graph import ENTERED_BY_NAME, Way
from advisor.checks.subject import Subject, suggest
from advisor.content import Problem
from advisor.content.flow import EverywhereName


def named_places_exist(subject: Subject) -> Iterator[Problem]:
    """The flows and states that the program itself goes to are there: home, letters, and where an SMS leads."""
    for name in ENTERED_BY_NAME:
        flow, _, state = name.partition(".")
        if flow not in subject.content.own_flows:
            what = f"没有“{flow}”这个流程，程序要用到它"
            yield Problem(f"flows/{flow}.yaml", 1, 1, what, "建立它，或从版本库里取回")
        elif state and state not in subject.content.flows[flow].states:
            what = f"没有“{state}”这个状态，收到短信以后要到这里"
            yield subject.at_flow(flow, ("states",), what, f"加上“{state}”，或改回原来的名字")


def starts_exist(subject: Subject) -> Iterator[Problem]:
    """The state that a flow starts with is one of its states."""
    for name, flow in subject.content.own_flows.items():
        if flow.start not in flow.states:
            hint = suggest(flow.start, flow.states, "改成 states 里的一个名字")
            yield subject.at_flow(name, ("start",), f"没有叫“{flow.start}”的状态", hint)


def targets_exist(subject: Subject) -> Iterator[Problem]:
    """Every way leads to a state or a flow that exists."""
    flows = subject.content.flows
    for way, written in subject.graph.loose:
        if written in flows:
            continue  # that flow's start is wrong, which is told there
        flow = way.source.partition(".")[0]
        known = {*flows[flow].states, *flows} if "." not in written else set(subject.graph.states)
        what = f"“{written}”不是这里的状态，也不是流程"
        yield subject.at_state(way.source, _loc(subject, way), what, suggest(written, known, "改成已有的状态或流程"))


def _loc(subject: Subject, way: Way) -> tuple[str | int, ...]:
    if way.kind != "next":
        return way.kind, way.number
    branch = subject.graph.states[way.source].next[way.number]
    return "next", way.number, "then" if branch.if_ else "else"


def offers_are_flows(subject: Subject) -> Iterator[Problem]:
    """What is offered after the end is a whole situation, not a state inside one."""
    for flow, name, state in subject.states():
        for number, to in enumerate(state.offer or []):
            if to not in subject.content.flows and subject.content.place(flow, to) in subject.graph.states:
                yield subject.at_state(
                    f"{flow}.{name}", ("offer", number), f"offer 里的“{to}”不是流程", "只写流程的名字"
                )


def asides_are_flows(subject: Subject) -> Iterator[Problem]:
    """What is answered without leaving a flow is another flow."""
    for flow, name, _ in subject.asides():
        if name not in subject.content.own_flows or name == flow:
            hint = suggest(name, subject.content.own_flows, "只写别的流程的名字")
            yield subject.at_flow(flow, ("aside", name), f"aside 里的“{name}”不是别的流程", hint)


def alarms_lead_somewhere(subject: Subject) -> Iterator[Problem]:
    """Every alarm leads to a flow or state that exists, and is taken back in one."""
    for name, place in subject.graph.alarm_places().items():
        if place not in subject.graph.states:
            to = subject.content.alarms[name].to
            hint = suggest(to, {*subject.content.flows, *subject.graph.states}, "改成已有的流程，或“流程.状态”")
            yield subject.content.problem(
                "flows/alarms.yaml", ("alarms", name, "to"), f"没有“{to}”这个流程或状态", hint
            )
    for name, alarm in subject.content.alarms.items():
        if alarm.cleared and alarm.cleared not in subject.graph.states:
            hint = suggest(alarm.cleared, subject.graph.states, "改成已有的“流程.状态”")
            what = f"没有“{alarm.cleared}”这个状态"
            yield subject.content.problem("flows/alarms.yaml", ("alarms", name, "cleared"), what, hint)


def states_are_not_named_like_flows(subject: Subject) -> Iterator[Problem]:
    """No state bears the name of a flow, so that a way means one place only; a flow's own first state may."""
    for flow, name, _ in subject.states():
        if name in subject.content.flows and not (name == flow and subject.content.flows[flow].start == name):
            yield subject.at_state(
                f"{flow}.{name}", (), f"状态“{name}”和流程“{name}”同名，去路会走错", "给状态换一个名字"
            )


def lists_end_with_else(subject: Subject) -> Iterator[Problem]:
    """Every list of ways ends with `else`, and only the last way is one."""
    for flow, name, state in subject.states():
        for number, branch in enumerate(state.next):
            last = number == len(state.next) - 1
            if last and all(one.if_ for one in state.next):
                yield subject.at_state(
                    f"{flow}.{name}", ("next", number), "最后一条去路不是 else，可能无路可走", "在末尾加一条“- else: …”"
                )
            elif not last and not branch.if_:
                yield subject.at_state(
                    f"{flow}.{name}", ("next", number), "else 后面的去路永远走不到", "把 else 移到最后"
                )


def phrases_lead_to_one_flow(subject: Subject) -> Iterator[Problem]:
    """No phrase enters two flows, and none is a word that works everywhere."""
    owner: dict[str, str] = {}
    everywhere = {
        fold(heard): name for name, word in subject.content.everywhere.items() for heard in (word.label, *word.hears)
    }
    for name, flow in subject.content.flows.items():
        for number, phrase in enumerate(flow.enter):
            said = fold(phrase)
            if said in everywhere:
                what = f"“{phrase}”已经是处处有效的话（everywhere 的“{everywhere[said]}”）"
                yield subject.at_flow(name, ("enter", number), what, "换一句，或从 everywhere.yaml 里删去")
            if said in owner:
                yield subject.at_flow(
                    name, ("enter", number), f"“{phrase}”也通到流程“{owner[said]}”", "只留在一个流程里"
                )
            owner.setdefault(said, name)


def everywhere_is_complete(subject: Subject) -> Iterator[Problem]:
    """Every word that works in every state is given."""
    for name in get_args(EverywhereName):
        if name not in subject.content.everywhere:
            yield subject.content.problem(
                "flows/everywhere.yaml", ("words",), f"缺少“{name}”", f"补上“{name}:”和它的 label"
            )


RULES = (
    named_places_exist,
    starts_exist,
    targets_exist,
    offers_are_flows,
    asides_are_flows,
    alarms_lead_somewhere,
    states_are_not_named_like_flows,
    lists_end_with_else,
    phrases_lead_to_one_flow,
    everywhere_is_complete,
)
