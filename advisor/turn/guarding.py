"""Guards: looks at the facts before a letter is handed over."""

from collections.abc import Mapping
from typing import Any

from advisor.content.guards import Guard
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
