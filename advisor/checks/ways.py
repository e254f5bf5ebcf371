"""Stage 2, the ways: every flow and state can be reached and left, and nobody walks in circles."""

from collections.abc import Iterator

from advisor.checks.graph import circles
from advisor.checks.subject import Subject
from advisor.content import Problem


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
    reached = graph.reached([*jumps, *graph.entries(), *map(graph.start, subject.content.flows)])
    for flow, name, _ in subject.states():
        if f"{flow}.{name}" not in reached:
            yield subject.at_state(f"{flow}.{name}", (), f"没有路通到“{name}”", "让一条 next 通到它，或删去它")


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


def facts_read_back_can_be_asked_again(subject: Subject) -> Iterator[Problem]:
    """Every fact that is read back is asked in the same flow, so that it can be put right."""
    for flow, name, state in subject.states():
        asked = {other.fill for other in subject.content.own_flows[flow].states.values()}
        for number, slot in enumerate(state.confirm):
            if slot in subject.content.all_slots and slot not in asked:
                yield subject.at_state(
                    f"{flow}.{name}",
                    ("confirm", number),
                    f"这个流程里没有哪一步问“{slot}”，改不了",
                    f"加一个 fill: {slot} 的状态，或从 confirm 里删去",
                )


def dependent_facts_come_later(subject: Subject) -> Iterator[Problem]:
    """A fact that is cleared when another changes is asked after that other, so that it is asked again."""
    graph = subject.graph
    for name, state in graph.states.items():
        slot = subject.content.all_slots.get(state.fill)
        if slot is None or not slot.depends_on or name.partition(".")[0] not in subject.content.own_flows:
            continue
        after = graph.reached([way.target for way in graph.ways[name] if way.kind == "next"], kinds=("next",))
        before = {graph.states[other].fill for other in graph.states if name in graph.reached([other], kinds=("next",))}
        for other in slot.depends_on:
            late = any(graph.states[n].fill == other for n in after)
            if late and other not in before:
                yield subject.at_state(
                    name, ("fill",), f"“{state.fill}”取决于“{other}”，却问在它前面", f"先问“{other}”"
                )


RULES = (
    flows_are_entered,
    states_are_reached,
    loops_hold_a_question,
    nothing_goes_on_for_ever,
    facts_read_back_can_be_asked_again,
    dependent_facts_come_later,
)
