"""Turns the head of a letter into a small flow: ask what is needed and not known, read back, draft."""

from collections.abc import Mapping
from itertools import pairwise

from advisor.content.flow import Branch, Flow, Slot, State
from advisor.content.knowledge import LetterFront


def form_name(letter: str) -> str:
    """Name the flow that asks for a letter's facts."""
    return f"letter_{letter}"


def letter_form(letter: str, front: LetterFront, shared: Mapping[str, Slot]) -> Flow:
    """Give the flow for `letter`: its `needs` in order, then the facts read back, then the draft.

    A letter that needs nothing is drafted at once.
    """
    steps = [*front.needs, "read_back"] if front.needs else ["draft"]
    states: dict[str, State] = {}
    for slot, following in pairwise(steps):
        ask = shared[slot].ask if slot in shared else ""
        states[slot] = State(ask=ask or "？", fill=slot, next=_to(following))
    if front.needs:
        states["read_back"] = State(confirm=front.needs, next=_to("draft"))
    states["draft"] = State(say="shell/drafted", letter=letter, end=True)
    return Flow(
        title=front.title,
        version=1,
        reviewed=front.reviewed,
        start=steps[0],
        states=states,
        enter=front.enter,
        says=[front.title, front.to, front.purpose],
        inside=True,
    )


def _to(state: str) -> list[Branch]:
    return [Branch.model_validate({"else": state})]
