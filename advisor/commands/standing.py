"""Stands a person on a state of a flow, to try it: `bot.py chat --at`."""

from collections.abc import Mapping

from advisor.desk import Desk
from advisor.session import Case, Facts


def stand(desk: Desk, person: str, state: str, said: Mapping[str, str]) -> None:
    """Stand on a state with facts given as people say them; ValueError names what does not fit."""
    advisor, today = desk.advisor, desk.clock().date()
    if not advisor.walk.known(state):
        raise ValueError(f"没有“{state}”这个状态")
    facts = advisor.facts(said, today)
    with desk.opened(person) as (session, _):
        session.state, session.noticed, session.person, session.case = state, True, Facts(), Case(history=[state])
        shelves = {"person": session.person, "debt": session.case.debts[0], "case": session.case.facts}
        for name, fact in facts.items():
            shelves[advisor.content.all_slots[name].scope][name] = fact
