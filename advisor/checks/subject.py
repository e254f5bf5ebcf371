"""The content under proof, and where each part of it is written, so that every report names a line."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from advisor.checks.graph import Graph
from advisor.content import Content, Problem
from advisor.content.flow import Slot, State
from advisor.content.load import BASE
from advisor.content.rates import Measure
from advisor.content.source import nearest
from advisor.expressions import Expressions, TemplateSyntaxError, nodes
from advisor.render import Words

NOT_LANGUAGES = {"page"}  # folders under templates/ that hold something else
LONG_LIST = 12  # known words beyond which listing them all helps nobody


@dataclass(eq=False)
class Subject:
    """All content on one day; what several rules need is worked out once."""

    content: Content
    today: date

    @property
    def root(self) -> Path:
        """The folder that everything lies in."""
        return self.content.root

    @cached_property
    def words(self) -> Words:
        """What renders the words, exactly as in a talk."""
        return Words(self.content)

    @property
    def expressions(self) -> Expressions:
        """The sandbox that templates and conditions are read in."""
        return self.words.expressions

    @cached_property
    def graph(self) -> Graph:
        """The states of all flows and the ways between them."""
        return Graph(self.content)

    @cached_property
    def languages(self) -> list[str]:
        """The languages that have templates, the base language first."""
        folders = (p.name for p in sorted((self.root / "templates").iterdir()) if p.is_dir())
        return [BASE, *(name for name in folders if name != BASE and name not in NOT_LANGUAGES)]

    def templates(self, language: str = BASE) -> list[str]:
        """Name the templates of a language, without the language and the ending."""
        folder = self.root / "templates" / language
        return [p.relative_to(folder).as_posix()[: -len(".j2")] for p in sorted(folder.rglob("*.j2"))]

    @cached_property
    def trees(self) -> list[tuple[str, str, nodes.Template]]:
        """The syntax tree of every template that can be read: language, name, tree."""
        found = []
        for language in self.languages:
            for name in self.templates(language):
                try:
                    found.append((language, name, self.expressions.parse_template(f"{language}/{name}")))
                except TemplateSyntaxError:
                    continue  # told by the rule that looks for just that
        return found

    def states(self) -> Iterator[tuple[str, str, State]]:
        """Give every state of the flows that were written: flow, state, and what it is."""
        for flow_name, flow in self.content.own_flows.items():
            for name, state in flow.states.items():
                yield flow_name, name, state

    def asides(self) -> Iterator[tuple[str, str, str]]:
        """Give what is answered without leaving a flow: the flow, the situation spoken of, and the template."""
        for flow_name, flow in self.content.own_flows.items():
            yield from ((flow_name, name, say) for name, say in flow.aside.items())

    def slots(self) -> Iterator[tuple[str, str, Slot]]:
        """Give every slot that was written: its flow (empty for the shared ones), its name, and what it is."""
        yield from (("", name, slot) for name, slot in self.content.shared.items())
        for flow_name, flow in self.content.own_flows.items():
            yield from ((flow_name, name, slot) for name, slot in flow.slots.items())

    def measures(self) -> Iterator[tuple[str, int, Measure]]:
        """Give what interest is measured by: kind of lender, number, and the measure."""
        for kind, measures in self.content.rates.measures.items():
            yield from ((kind, number, measure) for number, measure in enumerate(measures))

    def conditions(self) -> Iterator[tuple[str, str, int, str]]:
        """Give every condition: flow, state, number of the way, and its text."""
        for flow_name, name, state in self.states():
            for number, branch in enumerate(state.next):
                if branch.if_:
                    yield flow_name, name, number, branch.if_

    def at_flow(self, flow: str, loc: tuple[str | int, ...], what: str, hint: str = "") -> Problem:
        """Word a mistake in a flow, or in the letter whose form the flow is."""
        if flow in self.content.own_flows:
            return self.content.problem(f"flows/{flow}.yaml", loc, what, hint)
        letter = self.content.letters[flow.partition("_")[2]]
        return self.content.problem(letter.file, loc if loc[0] == "enter" else (), what, hint)

    def at_state(self, full_name: str, loc: tuple[str | int, ...], what: str, hint: str = "") -> Problem:
        """Word a mistake in the state called `flow.state`."""
        flow, _, state = full_name.partition(".")
        return self.at_flow(flow, ("states", state, *loc), what, hint)

    def at_slot(self, flow: str, slot: str, loc: tuple[str | int, ...], what: str, hint: str = "") -> Problem:
        """Word a mistake in a slot of a flow, or in a shared one."""
        file = f"flows/{flow}.yaml" if flow else "flows/slots.yaml"
        return self.content.problem(file, ("slots", slot, *loc), what, hint)


def at_template(language: str, name: str, line: int, what: str, hint: str = "") -> Problem:
    """Word a mistake in a template."""
    return Problem(f"templates/{language}/{name}.j2", line, 1, what, hint)


def suggest(word: str, known: Iterable[str], otherwise: str) -> str:
    """Hint at the nearest right word; when none is near and there are too many to list, say `otherwise`."""
    known = sorted(known)
    text = nearest(word, known)
    return text if text.startswith("是不是") or 0 < len(known) <= LONG_LIST else otherwise
