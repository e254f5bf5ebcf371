"""Who waits, in turn: what one person has waiting keeps its order and holds up nobody else."""

from collections import deque
from collections.abc import Collection
from typing import Generic, Protocol, TypeVar

EACH = 10  # of one person in one batch, so that a flood fills no batch


class Personal(Protocol):
    """Something that belongs to a person."""

    @property
    def person(self) -> str:
        """Whose it is."""


Item = TypeVar("Item", bound=Personal)


class WaitingLine(Generic[Item]):
    """A line in which everybody's first thing goes before anybody's second."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self._waiting: dict[str, deque[Item]] = {}

    @property
    def people(self) -> int:
        """Tell how many people wait."""
        return len(self._waiting)

    def join(self, item: Item) -> None:
        """Put something behind whatever its person has waiting."""
        self._waiting.setdefault(item.person, deque()).append(item)

    def next(self, most: int, without: Collection[str] = ()) -> list[Item]:
        """Take out the next batch, of at most `most`; those `without` whom it is made are passed over."""
        batch: list[Item] = []
        for _ in range(EACH):
            for person in [one for one in self._waiting if one not in without][: most - len(batch)]:
                batch.append(self._first(person))
        return batch

    def _first(self, person: str) -> Item:
        """Take out a person's first, and put the person behind all others."""
        line = self._waiting.pop(person)
        item = line.popleft()
        if line:
            self._waiting[person] = line
        return item

    def back(self, items: Collection[Item]) -> None:
        """Put back what was taken out last, where it was."""
        for item in reversed(list(items)):
            self._waiting.setdefault(item.person, deque()).appendleft(item)

    def anybody(self, without: Collection[str] = ()) -> bool:
        """Tell whether anybody waits but those."""
        return any(person not in without for person in self._waiting)
