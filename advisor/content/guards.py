"""Guards: what is looked at before a letter is handed over, and what is said or done instead."""

from pydantic import Field, model_validator

from advisor.content.flow import Reviewed
from advisor.content.source import Entry


class GuardAsk(Entry):
    """A fact that the form of a letter asks for because of a guard; with `if` only where that holds."""

    slot: str
    if_: str = Field("", alias="if")


class Guard(Entry):
    """One guard: it stands in the way of a letter where `if` holds.

    It says its template; with `then` the letter is not given and the talk goes on there (a situation or another
    letter's form), without it the letter follows. `holds` and `misses` are facts to prove it with.
    """

    about: str
    asks: list[GuardAsk] = []
    if_: str = Field(alias="if")
    say: str
    then: str = ""
    holds: list[dict[str, str]]
    misses: list[dict[str, str]]

    @model_validator(mode="after")
    def _is_proved(self) -> "Guard":
        if not self.holds or not self.misses:
            raise ValueError("holds 和 misses 都要有例子 → 各写一组事实：什么时候拦，什么时候不拦")
        return self


class Guards(Entry):
    """All guards, by the name that the head of a letter gives."""

    reviewed: Reviewed
    guards: dict[str, Guard]
