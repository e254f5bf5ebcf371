"""What a reading is: the kind of a message, how grave it is, and every finding with the words it stands on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from advisor.smsfacts import SmsFact


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with a message: `quote` is exactly the original's [start:end]; `by` says what decided it."""

    id: str
    quote: str
    start: int
    end: int
    because: str
    signal: str
    by: str = "words"


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in a message that has something to be said of it: what it counts as, and why."""

    start: int
    end: int
    told_as: str  # ordinary, improper, unlawful, empty or fraud
    because: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a message is. `evidence` lists (rule, weight, quoted words) for the kind that was chosen."""

    kind: str
    sure: bool
    grade: str
    findings: tuple[Finding, ...] = ()
    routes: tuple[str, ...] = ()
    laws: tuple[str, ...] = ()
    facts: Mapping[str, SmsFact] = field(default_factory=lambda: MappingProxyType({}))
    evidence: tuple[tuple[str, float, str], ...] = ()
    ask: str | None = None
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Digest:
    """What many messages are together; `merged` has the gravest grade and everything found in any of them.

    `repeats` counts what is the same message again: its words, at one time, from one number; everything else counts
    without them. `pressing` counts those that press for a debt; of these `nights` came at night, from `senders`
    different numbers between `first` and `last`. `pressed_at` tells when such messages came, as far as known, those of
    earlier occasions too; of them `most_in_a_day` lie within some 24 hours.
    """

    count: int
    unread: int  # messages beyond what is looked at in one go
    repeats: int
    nights: int
    most_in_a_day: int
    senders: int
    kinds: Mapping[str, int]
    readings: tuple[Reading, ...]
    serious: tuple[int, ...]  # places of the messages graded worse than `improper`, each text once
    merged: Reading
    pressed_at: tuple[datetime, ...]
    first: datetime | None
    last: datetime | None

    @property
    def strangers(self) -> int:
        """Count the messages that are no concern of ours."""
        return self.kinds["other"]

    @property
    def pressing(self) -> int:
        """Count the messages that press for a debt."""
        return self.kinds["collection"]


def in_words(reading: Mapping[str, Any], because: Mapping[str, str]) -> dict[str, Any]:
    """Give a kept reading with its reasons in another language, by the words of the base language."""
    told = dict(reading)
    for part in ("findings", "sentences") if because else ():
        told[part] = [one | {"because": _each(one["because"], because)} for one in reading.get(part, ())]
    return told


def _each(reasons: Any, because: Mapping[str, str]) -> Any:
    if isinstance(reasons, str):
        return because.get(reasons, reasons)
    return [because.get(reason, reason) for reason in reasons]
