"""What is counted of a turn, without the person: where the talk stood and stands, who heard it, what was read.

`left` is never counted by itself: whoever comes to a state and never goes on from it has left there.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from advisor.message import Message, Reply
from advisor.session import Session
from advisor.store import Store

DELETED = "deleted"  # where a talk stands of which nothing is kept
UNCLEAR = {"not_understood", "nearest_questions", "nearest_three"}  # the listeners that only guess


@dataclass(frozen=True, slots=True)
class Turned:
    """A turn that was taken: the state before and after, the listener that heard it, what it was about.

    `reading` is the kind of the SMS that was read, `refused` says why files were not taken. `before` is empty in the
    first turn of a talk.
    """

    at: datetime
    before: str
    state: str
    heard_by: str
    reading: str = ""
    refused: tuple[str, ...] = ()

    @property
    def unclear(self) -> bool:
        """Tell whether it was not understood."""
        return self.heard_by in UNCLEAR

    def names(self) -> Iterator[str]:
        """Name what is counted one up by this turn."""
        yield f"arrived/{self.state}"
        if self.before:
            yield f"went_on/{self.before}"
        flow = self.state.partition(".")[0]
        if flow not in (self.before.partition(".")[0], DELETED):
            yield f"situation/{flow}"
        if self.unclear:
            yield f"unclear/{self.before or self.state}"
        if self.reading:
            yield f"reading/{self.reading}"


@dataclass(frozen=True, slots=True)
class Answered:
    """A message whose answer is on the disk, and the seconds that it took."""

    seconds: float


Event = Turned | Answered


def ignore(_: Event) -> None:
    """Count nothing."""


def turned(before: Session, after: Session | None, reply: Reply, message: Message, now: datetime) -> Turned:
    """Give what is counted of a turn; without a session after it, all was deleted."""
    read = after is not None and reply.heard_by == "forwarded"
    return Turned(
        now,
        before.state,
        after.state if after else DELETED,
        "" if message.files else reply.heard_by,  # a picture in which nothing was read is no word misunderstood
        str(after.case.reading.get("kind", "")) if after and read else "",
        tuple(file.refused for file in message.files if file.refused),
    )


def week_of(day: date) -> str:
    """Name the week of a day as ISO 8601 does, 2026-W48."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


class Tally:
    """Counts turns by week. They go to the store now and then and not with each turn, for all turns share the rows."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._counts: dict[str, Counter[str]] = {}

    def observe(self, event: Event) -> None:
        """Count an event."""
        if isinstance(event, Turned):
            self._counts.setdefault(week_of(event.at.date()), Counter()).update(event.names())

    def flush(self, store: Store) -> None:
        """Hand the counts to the store; raises StoreError, and then they are handed over the next time."""
        while self._counts:
            week, counts = next(iter(self._counts.items()))
            store.count(counts, week)
            del self._counts[week]
