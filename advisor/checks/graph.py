"""The map of all flows: which state leads where, where a talk can begin, and which ways run in a circle."""

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from advisor.content import Content
from advisor.content.flow import State

ENTERED_BY_NAME = ("home", "sms.read", "letters")  # where a turn goes by itself


@dataclass(frozen=True, slots=True)
class Way:
    """One way from a state to another: a branch of `next` (with its number), an item of a menu, or an offer."""

    source: str
    target: str
    kind: str
    number: int


class Graph:
    """The states of all flows by full name, and the ways between those that exist."""

    def __init__(self, content: Content) -> None:
        self.content = content
        self.states: dict[str, State] = {
            f"{flow_name}.{name}": state
            for flow_name, flow in content.flows.items()
            for name, state in flow.states.items()
        }
        self.ways: dict[str, list[Way]] = {name: [] for name in self.states}
        self.loose: list[tuple[Way, str]] = []  # ways to nowhere, with the target as it was written
        for name, state in self.states.items():
            for way, written in self._ways(name, state):
                if way.target in self.states:
                    self.ways[name].append(way)
                else:
                    self.loose.append((way, written))

    def _ways(self, name: str, state: State) -> Iterator[tuple[Way, str]]:
        flow = name.partition(".")[0]
        kinds = (("next", [branch.to for branch in state.next]), ("menu", state.menu), ("offer", state.offer or []))
        for kind, targets in kinds:
            for number, to in enumerate(targets):
                yield Way(name, self.content.place(flow, to), kind, number), to

    def start(self, flow: str) -> str:
        """Give the full name of a flow's first state."""
        return f"{flow}.{self.content.flows[flow].start}"

    def place(self, name: str) -> str:
        """Give the full name of the state meant by a flow's name or by `flow.state`."""
        return self.start(name) if name in self.content.flows else name

    def alarm_places(self) -> dict[str, str]:
        """Name the state that each alarm leads to, as far as it interrupts the talk."""
        return {name: self.place(alarm.to) for name, alarm in self.content.alarms.items() if alarm.to}

    def entries(self) -> set[str]:
        """Name the states where a talk can begin without a word said before: by phrase, by alarm, by name."""
        flows = self.content.flows
        places = {self.start(name) for name, flow in flows.items() if flow.enter or name not in self.content.own_flows}
        places |= {*map(self.place, ENTERED_BY_NAME), *self.alarm_places().values()}
        return places & self.states.keys()

    def reached(self, beginnings: Iterable[str], kinds: Collection[str] = ("next", "menu", "offer")) -> set[str]:
        """Name the states that can be reached from `beginnings`, these included."""
        found = {name for name in beginnings if name in self.states}
        queue = deque(found)
        while queue:
            for way in self.ways[queue.popleft()]:
                if way.kind in kinds and way.target not in found:
                    found.add(way.target)
                    queue.append(way.target)
        return found


def circles(ways: Mapping[str, Collection[str]]) -> list[list[str]]:
    """Find the groups of states of which each can be reached again from itself, in the order written."""
    after: dict[str, set[str]] = {}
    for name in ways:
        seen: set[str] = set()
        queue = deque(ways[name])
        while queue:
            here = queue.popleft()
            if here not in seen:
                seen.add(here)
                queue.extend(ways.get(here, ()))
        after[name] = seen
    groups: list[list[str]] = []
    for name in ways:
        if name in after[name] and not any(name in group for group in groups):
            groups.append([other for other in ways if other in after[name] and name in after.get(other, ())])
    return groups
