"""Guards: looks at the facts before a letter is handed over."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from advisor.content.guards import Guard
from advisor.content.load import BASE
from advisor.turn.advisor import Advisor


def in_force(advisor: Advisor, letter: str, values: Mapping[str, Any]) -> list[Guard]:
    """Give the guards of a letter that stand in its way, up to the first that leads elsewhere.

    `values` are the facts as conditions see them; a guard that asks for a fact nobody knows does not hold.
    """
    content, found = advisor.content, list[Guard]()
    for name in content.letters[letter].front.guards:
        guard = content.guards[name]
        if advisor.words.expressions.condition(guard.if_)(values):
            found.append(guard)
            if guard.then:
                break
    return found


def told(advisor: Advisor, letter: str, said: Mapping[str, str], today: date) -> list[str]:
    """Word what guards have against a letter that is drafted outside a talk, from facts as people say them."""
    words, slots, facts = advisor.words, advisor.content.all_slots, advisor.facts(said, today)
    handed: dict[str, Any] = {"reading": {}, "promised": 0, "at_night": False, "received": today}
    handed |= {"human": advisor.human, "keep_days": advisor.keep_days}
    values = words.values(slots, facts) | words.helpers(today) | handed
    return [words.say(guard.say, BASE, today, slots, facts, **handed) for guard in in_force(advisor, letter, values)]
