"""Stage 2, the flows: every way leads somewhere, every state can be reached and left, and nobody walks in circles."""

from collections.abc import Iterator
from typing import get_args

from advisor.answers import fold
from advisor.checks.graph import ENTERED_BY_NAME, Way, circles
from advisor.checks.subject import Subject, suggest
from advisor.content import Problem
from advisor.content.flow import EverywhereName


def named_flows_exist(subject: Subject) -> Iterator[Problem]:
    """The flows that the program itself goes to are there: home, sms and letters."""
    for name in ENTERED_BY_NAME:
        if name not in subject.content.own_flows:
            yield Problem(f"flows/{name}.yaml", 1, 1, f"没有“{name}”这个流程，程序要用到它", "建立它，或从版本库里取回")


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


def alarms_lead_somewhere(subject: Subject) -> Iterator[Problem]:
    """Every alarm leads to a flow or state that exists."""
    for name, place in subject.graph.alarm_places().items():
        if place not in subject.graph.states:
            to = subject.content.alarms[name].to
            hint = suggest(to, {*subject.content.flows, *subject.graph.states}, "改成已有的流程，或“流程.状态”")
            yield subject.content.problem(
                "flows/alarms.yaml", ("alarms", name, "to"), f"没有“{to}”这个流程或状态", hint
            )


def states_are_not_named_like_flows(subject: Subject) -> Iterator[Problem]:
    """No state bears the name of a flow, so that a way means one place only; a flow's own first state may."""
    for flow, name, _ in subject.states():
        if name in subject.content.flows and not (name == flow and subject.content.flows[flow].start == name):
            yield subject.at_state(
                f"{flow}.{name}", (), f"状态“{name}”和流程“{name}”同名，去路会走错", "给状态换一个名字"
            )


def flows_are_entered(subject: Subject) -> Iterator[Problem]:
    """Every flow can be entered: by a phrase, from a menu or another flow, or by an alarm."""
    reached = {name.partition(".")[0] for name in subject.graph.reached(subject.graph.entries())}
    for name in subject.content.own_flows:
        if name not in reached:
            yield subject.at_flow(
                name, ("title",), f"没有路通到“{name}”这个流程", "写上 enter，或让别的流程、菜单通到它"
            )


def states_are_reached(subject: Subject) -> Iterator[Problem]:
    """Every state can be reached from its flow's start or from another flow."""
    graph = subject.graph
    jumps = [
        way.target
        for ways in graph.ways.values()
        for way in ways
        if way.source.partition(".")[0] != way.target.partition(".")[0]
    ]
    reached = graph.reached([*jumps, *graph.alarm_places().values(), *map(graph.start, subject.content.flows)])
    for flow, name, _ in subject.states():
        if f"{flow}.{name}" not in reached:
            yield subject.at_state(f"{flow}.{name}", (), f"没有路通到“{name}”", "让一条 next 通到它，或删去它")


def lists_end_with_else(subject: Subject) -> Iterator[Problem]:
    """Every list of ways ends with `else`, and only the last way is one."""
    for flow, name, state in subject.states():
        for number, branch in enumerate(state.next):
            last = number == len(state.next) - 1
            if last and branch.if_:
                yield subject.at_state(
                    f"{flow}.{name}", ("next", number), "最后一条去路不是 else，可能无路可走", "在末尾加一条“- else: …”"
                )
            elif not last and not branch.if_:
                yield subject.at_state(
                    f"{flow}.{name}", ("next", number), "else 后面的去路永远走不到", "把 else 移到最后"
                )


def loops_hold_a_question(subject: Subject) -> Iterator[Problem]:
    """No circle of states without a stop: one that reads back, a menu, or a question with `again: true`."""
    for group in _restless(subject):
        yield subject.at_state(
            group[0],
            (),
            f"一直转圈，中间没有停下来等人的一步：{' → '.join([*group, group[0]])}",
            "给圈里的一个问题写上 again: true，或改一条去路",
        )


def _restless(subject: Subject) -> list[list[str]]:
    passing = {
        name
        for name, state in subject.graph.states.items()
        if not state.end and (state.say or (state.fill and not state.again))
    }
    return circles(
        {
            name: [way.target for way in subject.graph.ways[name] if way.target in passing]
            for name in subject.graph.states
            if name in passing
        }
    )


def nothing_goes_on_for_ever(subject: Subject) -> Iterator[Problem]:
    """From every state an end or a menu can be reached."""
    graph = subject.graph
    back: dict[str, list[str]] = {name: [] for name in graph.states}
    for ways in graph.ways.values():
        for way in ways:
            back[way.target].append(way.source)
    good = {name for name, state in graph.states.items() if state.end or state.menu}
    good |= {way.source for way, _ in graph.loose}  # told already
    queue = list(good)
    while queue:
        for name in back[queue.pop()]:
            if name not in good:
                good.add(name)
                queue.append(name)
    bad = {name: [way.target for way in graph.ways[name]] for name in graph.states if name not in good}
    told = {name for group in _restless(subject) for name in group}
    for group in circles(bad):
        if told.isdisjoint(group) and all(to in group for name in group for to in bad[name]):
            yield subject.at_state(
                group[0], (), f"从这里走不到结束，也走不到菜单：{'、'.join(group)}", "让一条去路通到 end: true 的状态"
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
    named_flows_exist,
    starts_exist,
    targets_exist,
    offers_are_flows,
    alarms_lead_somewhere,
    states_are_not_named_like_flows,
    flows_are_entered,
    states_are_reached,
    lists_end_with_else,
    loops_hold_a_question,
    nothing_goes_on_for_ever,
    phrases_lead_to_one_flow,
    everywhere_is_complete,
)
