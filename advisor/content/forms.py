"""Turns the head of a letter into a small flow: ask what is needed and not known, read back, draft."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from advisor.content.flow import Branch, Flow, Slot, State
from advisor.content.guards import Guard
from advisor.content.knowledge import LetterFront


@dataclass(frozen=True)
class Letter:
    """A letter's head and where its text stands."""

    name: str
    front: LetterFront
    template: str
    body_line: int
    file: str


@dataclass(frozen=True, slots=True)
class _Step:
    """A state of the form; with a condition it is passed by where that does not hold."""

    state: str
    only_if: str = ""


def form_name(letter: str) -> str:
    """Name the flow that asks for a letter's facts."""
    return f"letter_{letter}"


def letter_form(letter: str, front: LetterFront, shared: Mapping[str, Slot], guards: Mapping[str, Guard]) -> Flow:
    """Give the flow for `letter`: its `needs` in order, what its guards ask, the facts read back, the draft.

    A letter that needs nothing is drafted at once.
    """
    steps = [*(_Step(slot) for slot in front.needs), *_asked_by_guards(front, guards)]
    asked = [step.state for step in steps]
    steps += [_Step("read_back")] * bool(front.needs) + [_Step("draft")]
    states: dict[str, State] = {}
    for number, step in enumerate(steps[:-1], 1):
        following = _to(steps[number:])
        if step.state == "read_back":
            states["read_back"] = State(confirm=front.needs, next=following)
        else:
            ask = shared[step.state].ask if step.state in shared else ""
            states[step.state] = State(ask=ask or "？", fill=step.state, next=following)
    states["draft"] = State(say="shell/drafted", letter=letter, end=True)
    return Flow(
        title=front.title,
        version=1,
        reviewed=front.reviewed,
        start=(asked or ["draft"])[0],
        states=states,
        enter=front.enter,
        says=[front.title, front.to, front.purpose],
        inside=True,
    )


def _asked_by_guards(front: LetterFront, guards: Mapping[str, Guard]) -> list[_Step]:
    asks = {ask.slot: ask.if_ for name in front.guards if name in guards for ask in guards[name].asks}
    return [_Step(slot, condition) for slot, condition in asks.items() if slot not in front.needs]


def _to(steps: Sequence[_Step]) -> list[Branch]:
    """Lead to the first of the steps that is not passed by."""
    ways: list[Branch] = []
    for step in steps:
        if not step.only_if:
            return [*ways, Branch.model_validate({"else": step.state})]
        ways.append(Branch.model_validate({"if": step.only_if, "then": step.state}))
    return ways
