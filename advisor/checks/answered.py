"""Works out, for each state, which facts have surely been answered on every way that leads there.

An answer “don't know” counts: the fact is then a blank. Whoever comes by a phrase, an alarm or a letter of
their own choice has said nothing yet; nothing told in an earlier talk is counted on.
"""

from collections import deque
from functools import lru_cache

from advisor.checks.graph import Way
from advisor.checks.names import expression_of, known_if
from advisor.checks.subject import Subject
from advisor.expressions import TemplateSyntaxError

Facts = frozenset[str]


class Answered:
    """The facts that are surely known on arriving at each state, and after it."""

    def __init__(self, subject: Subject) -> None:
        self._subject, self._graph = subject, subject.graph
        self.arriving: dict[str, Facts] = {name: frozenset() for name in sorted(self._graph.entries())}
        queue = deque(self.arriving)
        while queue:
            here = queue.popleft()
            for way in self._graph.ways[here]:
                brought = self.leaving(here) | self._shown(way)
                before = self.arriving.get(way.target)
                after = brought if before is None else before & brought
                if after != before:
                    self.arriving[way.target] = after
                    queue.append(way.target)

    def leaving(self, name: str) -> Facts:
        """Name the facts known when the state is left."""
        state = self._graph.states[name]
        known = self.arriving.get(name, frozenset())
        if not state.fill:
            return known
        if state.again:  # a new answer clears what depends on it
            known -= {
                slot for slot, declared in self._subject.content.all_slots.items() if state.fill in declared.depends_on
            }
        return known | {state.fill}

    def _shown(self, way: Way) -> Facts:
        """Name what the conditions on the way say is known: its own, and those before it that did not hold."""
        if way.kind != "next":
            return frozenset()
        branches = self._graph.states[way.source].next
        known: Facts = frozenset()
        for number, branch in enumerate(branches[: way.number + 1]):
            if branch.if_:
                try:
                    condition = expression_of(self._subject.expressions.parse_condition(branch.if_))
                except TemplateSyntaxError:
                    continue
                known |= known_if(condition, number == way.number)
        return known

    def way_without(self, slot: str, state: str) -> list[str]:
        """Give the shortest way from a beginning to `state` on which `slot` is not answered."""
        came: dict[str, str] = {name: "" for name in sorted(self._graph.entries())}
        queue = deque(came)
        while queue:
            here = queue.popleft()
            if here == state:
                way = [here]
                while came[way[0]]:
                    way.insert(0, came[way[0]])
                return way
            if self._graph.states[here].fill == slot:
                continue
            for step in self._graph.ways[here]:
                if step.target not in came and slot not in self._shown(step):
                    came[step.target] = here
                    queue.append(step.target)
        return []


@lru_cache(maxsize=1)
def answered(subject: Subject) -> Answered:
    """Give what is surely answered in the content under proof, worked out once."""
    return Answered(subject)
