"""What a reading is: the kind of a message, how grave it is, and every finding with the words it stands on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from advisor.smsfacts import SmsFact


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with a message: `quote` is exactly the original's [start:end]."""

    id: str
    quote: str
    start: int
    end: int
    because: str
    signal: str


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


@dataclass(frozen=True, slots=True)
class Digest:
    """What many messages are together; `merged` has the gravest grade and everything found in any of them."""

    count: int
    repeats: int
    strangers: int  # messages that are no concern of ours
    kinds: Mapping[str, int]
    readings: tuple[Reading, ...]
    serious: tuple[int, ...]  # places of the messages graded worse than `improper`
    merged: Reading
    first: datetime | None
    last: datetime | None
