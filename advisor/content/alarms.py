"""What overrides everything: own words of danger, known by patterns and by the voices of people in danger."""

from advisor.content.flow import Reviewed
from advisor.content.source import Entry


class Alarm(Entry):
    """Own words that override everything, and the flow they lead to; `voice` names who else says such things.

    An alarm that leads nowhere interrupts nothing: a caring line is said beside the talk. After the state `cleared`,
    where it was taken back, what is a known question interrupts nothing either.
    """

    idea: str
    to: str = ""
    cleared: str = ""
    patterns: list[str] = []
    unless: list[str] = []
    voice: str = ""
    hits: list[str]
    misses: list[str]


class ByVoice(Entry):
    """How much likelier the voices of alarms must say something than the voice `beside` them.

    Natural logarithms: from `rings` on the alarm rings, from `cares` on a caring line is said beside the talk,
    and down from `stills` on no pattern rings it either.
    """

    beside: str
    rings: float
    cares: float
    stills: float


class Alarms(Entry):
    """All alarms, the gravest first."""

    reviewed: Reviewed
    by_voice: ByVoice | None = None
    alarms: dict[str, Alarm]


class Voice(Entry):
    """What people of one kind say, in their own words: others are known by likeness to them."""

    title: str
    reviewed: Reviewed
    says: list[str]
