"""What a store does: keep the session of each person and the reply to each message, in one transaction."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import NamedTuple, Protocol


class StoreError(Exception):
    """The store cannot be used now; the message names the cause in one sentence. Nothing saved is lost."""


class Due(NamedTuple):
    """A piece of work for a person that has its time; `kind` is burst or reminder."""

    person: str
    kind: str
    number: int


class Transaction(Protocol):
    """One unit of work: all of it is kept, or none."""

    def reply(self, person: str, message_id: str) -> bytes | None:
        """Give the stored reply to a message that came before."""

    def session(self, person: str, now: datetime) -> bytes | None:
        """Give the session of a person unless it has expired; no other process can change it meanwhile."""

    def save(self, person: str, body: bytes, expires_at: datetime) -> None:
        """Keep the session of a person."""

    def remember(self, person: str, message_id: str, reply: bytes, at: datetime) -> None:
        """Keep the reply to a message, not yet delivered."""

    def delivered(self, person: str, message_id: str, at: datetime) -> None:
        """Mark a reply as delivered."""

    def gather(self, person: str, body: bytes, until: datetime) -> None:
        """Keep one of several messages, to be answered together when none has followed `until` then."""

    def gathered(self, person: str) -> list[bytes]:
        """Take out the messages kept for a person, in their order."""

    def remind(self, person: str, times: Sequence[datetime]) -> None:
        """Set the times when a person is to be reminded, in place of those set before."""

    def due(self, now: datetime) -> list[Due]:
        """Give the work that is due; until this transaction ends no other process can do it too."""

    def done(self, work: Due) -> None:
        """Take out a piece of work."""

    def postpone(self, work: Due, until: datetime) -> None:
        """Put a piece of work off."""

    def silence(self, person: str, since: datetime | None) -> None:
        """Remember that a person cannot be written to `since` then, or can again."""

    def forget(self, person: str) -> None:
        """Delete everything about a person."""

    def set_aside(self, person: str, at: datetime) -> None:
        """Move a session that cannot be read out of the way, so that nothing of it is lost."""

    def savepoint(self) -> AbstractContextManager[None]:
        """Undo what is done inside when it raises, and only that."""


class Store(Protocol):
    """Where sessions and replies lie."""

    def transaction(self) -> AbstractContextManager[Transaction]:
        """Open a transaction; it is on the disk when the block has ended. Raises StoreError."""

    def undelivered(self, person: str | None = None) -> list[tuple[str, str, bytes]]:
        """Give replies that were never marked, oldest first, as person, message id and body.

        Those who cannot be written to are left out.
        """

    def anything_due(self, now: datetime) -> bool:
        """Tell whether some work has its time, without a transaction."""

    def expire(self, now: datetime) -> int:
        """Delete what has passed its time; give the number of persons deleted."""

    def close(self) -> None:
        """Let go of the store."""
