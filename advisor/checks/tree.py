"""Stage 2, the tree at a glance: knowledge/routes.yaml says what the flows do, and the flows do what it says."""

from collections import deque
from collections.abc import Iterator

from advisor.checks.subject import Subject, suggest
from advisor.content import Problem

FILE = "knowledge/routes.yaml"


def rows_name_flows(subject: Subject) -> Iterator[Problem]:
    """Every row of the tree names flows that exist."""
    for key, row in subject.content.tree.items():
        if not row.flows:
            yield subject.content.problem(FILE, ("rows", key), f"“{key}”这一行没有写流程", "写上 flows: [流程的名字]")
        for number, flow in enumerate(row.flows):
            if flow not in subject.content.own_flows:
                hint = suggest(flow, subject.content.own_flows, "改成已有的流程")
                yield subject.content.problem(FILE, ("rows", key, "flows", number), f"没有叫“{flow}”的流程", hint)


def advising_flows_have_a_row(subject: Subject) -> Iterator[Problem]:
    """Every flow that advises something stands in a row of the tree."""
    listed = {flow for row in subject.content.tree.values() for flow in row.flows}
    for name, flow in subject.content.own_flows.items():
        if name not in listed and any(state.routes for state in flow.states.values()):
            yield subject.at_flow(
                name, ("title",), f"流程“{name}”给出建议，{FILE} 里却没有它", "在一行的 flows 里加上它"
            )


def promised_routes_are_advised(subject: Subject) -> Iterator[Problem]:
    """Every route that a row promises is advised somewhere on the ways from its flows."""
    graph = subject.graph
    for key, row in subject.content.tree.items():
        starts = [graph.start(name) for name in row.flows if name in subject.content.flows]
        advised = {route for name in _onward(subject, starts) for route in graph.states[name].routes}
        for part in ("first", "then"):
            for number, route in enumerate(getattr(row, part)):
                if route not in advised:
                    yield subject.content.problem(
                        FILE,
                        ("rows", key, part, number),
                        f"“{route}”没有哪一步给出",
                        f"在 {'、'.join(row.flows)} 的一个 say 状态写上 routes，或从这里删去",
                    )


def _onward(subject: Subject, starts: list[str]) -> set[str]:
    """Name the states reached from `starts`, not counting what a menu at home leads to."""
    graph, found, queue = subject.graph, set(starts), deque(starts)
    while queue:
        for way in graph.ways.get(queue.popleft(), ()):
            if way.target not in found and not way.target.startswith("home."):
                found.add(way.target)
                queue.append(way.target)
    return found & graph.states.keys()


def advised_routes_are_promised(subject: Subject) -> Iterator[Problem]:
    """Whatever the states of a flow advise stands in a row of that flow."""
    for flow, name, state in subject.states():
        rows = [row for row in subject.content.tree.values() if flow in row.flows]
        promised = {route for row in rows for route in (*row.first, *row.then)}
        for number, route in enumerate(state.routes):
            if rows and route not in promised:
                yield subject.at_state(
                    f"{flow}.{name}",
                    ("routes", number),
                    f"“{route}”不在 {FILE} 里“{flow}”的那一行",
                    "写进那一行的 first 或 then，或从这里删去",
                )


def first_things_come_first(subject: Subject) -> Iterator[Problem]:
    """On no way from a flow's start is a later route advised before any of the first ones."""
    graph = subject.graph
    for flow in subject.content.own_flows:
        rows = [row for row in subject.content.tree.values() if flow in row.flows]
        first = {route for row in rows for route in row.first}
        later = {route for row in rows for route in row.then} - first
        seen, queue = set[str](), deque([graph.start(flow)])
        while queue:
            name = queue.popleft()
            if name in seen or name not in graph.states or name.partition(".")[0] != flow:
                continue
            seen.add(name)
            routes = graph.states[name].routes
            if first.intersection(routes):
                continue
            for number, route in enumerate(routes):
                if route in later:
                    yield subject.at_state(
                        name,
                        ("routes", number),
                        f"“{route}”要放在后面，走到这里还没有先给：{'、'.join(sorted(first))}",
                        f"先给其中一个，或在 {FILE} 里把“{route}”移到 first",
                    )
            queue.extend(way.target for way in graph.ways[name] if way.kind != "offer")


RULES = (
    rows_name_flows,
    advising_flows_have_a_row,
    promised_routes_are_advised,
    advised_routes_are_promised,
    first_things_come_first,
)
