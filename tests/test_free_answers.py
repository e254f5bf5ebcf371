"""At every question of the tree people may answer in words of their own, not only with a label or its number."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from advisor.answers import fold, fold_label
from advisor.content.flow import State
from advisor.exhibit import Exhibit
from advisor.message import Message
from advisor.session import Fact, Session
from advisor.turn import turn
from tests.conversation import ROOT, SHANGHAI, advisor
from tests.house_rules import broken_rules

FOLDER = ROOT / "tests" / "free_answers"
NOW = datetime(2026, 11, 23, 20, 30, tzinfo=SHANGHAI)
AT_LEAST = 3
FILED = [Exhibit("call", NOW, "催款", number=number) for number in range(1, 20)]  # an evidence file to work on


@dataclass(frozen=True, slots=True)
class Answer:
    """One way to answer a question: where, what is said, the value it means or the flow it leads to."""

    state: str
    say: str
    means: Any
    to: str

    def __str__(self) -> str:
        return f"{self.state}: {self.say[:20]}"


@cache
def answers() -> tuple[Answer, ...]:
    """Read all of them; `means` is the value as it is kept, `to` a flow or a state, `means: any` any words at all."""
    return tuple(
        Answer(state, row["say"], row.get("means"), row.get("to", ""))
        for path in sorted(Path(FOLDER).glob("*.yaml"))
        for state, rows in yaml.safe_load(path.read_text("utf-8")).items()
        for row in rows
    )


@cache
def questions() -> dict[str, State]:
    """Every question of every flow that was written."""
    return {
        f"{name}.{state_name}": state
        for name, flow in advisor().content.own_flows.items()
        for state_name, state in flow.states.items()
        if state.fill or state.menu
    }


def labels(state: State) -> set[str]:
    """Name what stands on the buttons of a question."""
    slot = advisor().content.all_slots.get(state.fill)
    return {fold_label(option.label) for option in slot.choices.values()} if slot else set()


def test_every_question_has_three_free_answers() -> None:
    given: dict[str, set[str]] = {name: set() for name in questions()}
    for answer in answers():
        given[answer.state].add(fold(answer.say))
    few = {name: len(said) for name, said in given.items() if len(said) < AT_LEAST}
    assert not few, f"fewer than {AT_LEAST} free answers: {few}"


@pytest.mark.parametrize("answer", answers(), ids=str)
def test_a_free_answer_is_understood(answer: Answer) -> None:
    state = questions()[answer.state]
    said = fold(answer.say)
    assert not labels(state) or (said not in labels(state) and not said.isdigit())
    session = Session(state=answer.state, noticed=True, consent="yes", filed=len(FILED))
    session.case.history.append(answer.state)
    session.case.facts["exhibit_number"] = Fact("1")
    after, reply = turn(advisor(), session, Message("free", answer.say), NOW, lambda: FILED)
    assert after is not None and not after.unclear, [b.text for b in reply.bubbles]
    assert not list(broken_rules(advisor(), session, after, reply))
    if answer.to:
        assert answer.to in (after.state, after.state.partition(".")[0]), after.state
        return
    facts = {**after.person, **after.case.facts, **after.case.debts[0]}
    if reply.kept or reply.struck:  # the step that follows has used the answer up
        used = {*map(str, reply.struck), *(str(one.at.date()) if one.at else one.text for one in reply.kept)}
        assert (answer.say if answer.means == "any" else answer.means) in used
        return
    assert state.fill in facts, f"nothing kept: {[b.text for b in reply.bubbles]}"
    if answer.means != "any":
        assert facts[state.fill].value == answer.means
