"""What goes with a letter that is drafted outside a talk: what speaks against it, and its picture."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from advisor.content.load import BASE
from advisor.turn.advisor import Advisor
from advisor.turn.guarding import in_force


def against(advisor: Advisor, letter: str, said: Mapping[str, str], today: date) -> list[str]:
    """Word what guards have against a letter, from facts as people say them."""
    words, slots, facts = advisor.words, advisor.content.all_slots, advisor.facts(said, today)
    handed = _handed(advisor, today)
    values = words.weighed(slots, facts, today, **handed)
    return [words.say(guard.say, BASE, today, slots, facts, **handed) for guard in in_force(advisor, letter, values)]


def picture(advisor: Advisor, letter: str, said: Mapping[str, str], today: date) -> str:
    """Give the table of a letter's picture, empty when it has none or too little is known."""
    name, slots = advisor.content.letters[letter].front.picture, advisor.content.all_slots
    if not name:
        return ""
    facts, handed = advisor.facts(said, today), _handed(advisor, today)
    return advisor.words.say(f"pictures/{name}", BASE, today, slots, facts, **handed)


def _handed(advisor: Advisor, today: date) -> dict[str, Any]:
    nothing: dict[str, Any] = {"reading": {}, "promised": 0, "at_night": False, "received": today}
    return nothing | {"human": advisor.human, "keep_days": advisor.keep_days}
