"""The one machine that every talk walks through: states, and the ways from one to the next.

`transitions` is used as a rule book that is built once. A person is only a cursor that stands on a state;
nothing of them is registered with the machine.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from transitions import Machine, MachineError

from advisor.content import Content
from advisor.content.flow import State
from advisor.expressions import Condition, Expressions

logging.getLogger("transitions").setLevel(logging.WARNING)  # two lines a step, with nobody to read them


class StuckError(Exception):
    """No way leads on from here: a mistake in the flow that the checker should have found."""


@dataclass(slots=True)
class Cursor:
    """Where one talk stands; the only thing the machine sees of a person."""

    state: str


class Walk:
    """Moves cursors over the flows of the content."""

    def __init__(self, content: Content, expressions: Expressions) -> None:
        """Build the machine from all flows."""
        states = [f"{name}.{state}" for name, flow in content.flows.items() for state in flow.states]
        ways: list[dict[str, Any]] = []
        for name, flow in content.flows.items():
            for state_name, state in flow.states.items():
                for branch in state.next:
                    condition: Condition | None = expressions.condition(branch.if_) if branch.if_ else None
                    ways.append(
                        {
                            "trigger": "answer",
                            "source": f"{name}.{state_name}",
                            "dest": content.place(name, branch.to),
                            "conditions": condition,
                        }
                    )
        self._content = content
        self.machine = Machine(model=None, initial=None, auto_transitions=False, states=states, transitions=ways)

    def known(self, state: str) -> bool:
        """Tell whether a state of this full name exists."""
        return state in self.machine.states

    def state(self, name: str) -> State:
        """Give the state of this full name."""
        return self._content.state(name)

    def move(self, cursor: Cursor, values: Mapping[str, Any]) -> None:
        """Take the first way whose condition holds; none holding raises StuckError."""
        try:
            moved = self.machine.events["answer"].trigger(cursor, values)
        except MachineError as error:
            raise StuckError(cursor.state) from error
        if not moved:
            raise StuckError(cursor.state)

    def jump(self, cursor: Cursor, state: str) -> None:
        """Go straight to `state`; an unknown name raises ValueError."""
        self.machine.set_state(state, cursor)
