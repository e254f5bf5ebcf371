"""What a store does: keep the session of each person and the reply to each message, in one transaction."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import NamedTuple, Protocol


class StoreError(Exception):
    """The store cannot be used now; the message names the cause in one sentence. Nothing saved is lost."""


class Due(NamedTuple):
    """A piece of work for a person that has its time; `kind` is burst, reminder or expiry."""

    person: str
    kind: str
    number: int


class Transaction(Protocol):
    """One unit of work: all of it is kept, or none. Who is to be changed in it is held first."""

    def hold(self, people: Collection[str]) -> set[str]:
        """Keep other processes from people until this ends; give those whom none of them holds now, without waiting."""

    def reply(self, person: str, message_id: str) -> bytes | None:
        """Give the stored reply to a message that came before."""

    def session(self, person: str, now: datetime) -> bytes | None:
        """Give the session of a person unless it has expired; of one who is held no other process can change it."""

    def save(self, person: str, body: bytes, expires_at: datetime) -> None:
        """Keep the session of a person."""

    def remember(self, person: str, message_id: str, reply: bytes, at: datetime) -> None:
        """Keep the reply to a message, not yet delivered."""

    def delivered(self, person: str, message_id: str, at: datetime) -> None:
        """Mark a reply as delivered."""

    def append(self, person: str, said_id: str, body: bytes, at: datetime) -> None:
        """Keep a line of a talk, unless one of that id is kept already; a talk that has expired goes first."""

    def key(self, name: str, fresh: bytes) -> bytes:
        """Give the key that the store keeps under a name; the first time that is `fresh`."""

    def gather(self, person: str, body: bytes, until: datetime) -> None:
        """Keep one of several messages, to be answered together when none has followed `until` then."""

    def gathered(self, person: str) -> list[bytes]:
        """Take out the messages kept for a person, in their order."""

    def remind(self, person: str, times: Sequence[datetime]) -> None:
        """Set the times when a person is to be reminded, in place of those set before."""

    def warn(self, person: str, at: datetime | None) -> None:
        """Set the time when a person is to be warned that all goes, in place of the one set before; None: never."""

    def lease(self, name: str, owner: str, seconds: float) -> bool:
        """Give `owner` alone a thing for so many seconds by the store's own clock, again if it has it already.

        The name of a person stands for sending their replies. False when another owner has it.
        """

    def release(self, name: str, owner: str, *, once_sent: bool = False) -> bool:
        """End a lease; with `once_sent` only when no reply to that person waits any more. False: it was not ended."""

    def replies(self, person: str) -> list[tuple[datetime, bytes]]:
        """Give the replies to a person that are still kept, oldest first, each with its time."""

    def due(self, now: datetime) -> list[Due]:
        """Give work that is due, of people whom no other process holds; they are held until this ends."""

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

    def exhibits(self, person: str) -> list[tuple[int, bytes, int]]:
        """Give a person's exhibits in the order they were added: number, body, and how often the same came."""

    def add_exhibit(self, person: str, same: str, body: bytes) -> tuple[int, bool]:
        """Keep an exhibit and give its number; one that is the `same` as another is only counted, and not new."""

    def drop_exhibit(self, person: str, number: int) -> bool:
        """Delete an exhibit; its number is never given again. False when there is none."""

    def keep_file(self, person: str, sha256: str, body: bytes) -> None:
        """Keep a file of a person's under its hash, once."""

    def file(self, person: str, sha256: str) -> bytes | None:
        """Give a file of a person's."""

    def drop_file(self, person: str, sha256: str) -> None:
        """Delete a file of a person's."""

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

    def reply(self, person: str, message_id: str) -> bytes | None:
        """Give the stored reply to a message, without a transaction."""

    def session(self, person: str, now: datetime) -> bytes | None:
        """Give the session of a person unless it has expired, without a transaction: only to look at."""

    def talk(self, person: str, after: int, now: datetime) -> list[tuple[int, datetime, bytes]]:
        """Give the lines of a talk from behind the line `after`, oldest first, as number, time with its zone, and body.

        None when the person's session has expired.
        """

    def waiting(self, owner: str) -> list[str]:
        """Name those who can be written to, for whom a reply waits, and whom no other than `owner` has on lease."""

    def abandoned(self) -> list[str]:
        """Name the people for whom a reply waits that somebody had taken on lease and did not send in time."""

    def oldest_undelivered(self) -> datetime | None:
        """Tell since when the reply waits that has waited longest, of people who can be written to."""

    def count(self, names: Mapping[str, int], week: str) -> None:
        """Add to the counts of a week, which belong to no person. Raises StoreError."""

    def counts(self) -> list[tuple[str, str, int]]:
        """Give all counts as week, name and value."""

    def anything_due(self, now: datetime) -> bool:
        """Tell whether some work has its time, without a transaction."""

    def expire(self, now: datetime) -> int:
        """Delete what has passed its time; give the number of persons deleted."""

    def close(self) -> None:
        """Let go of the store."""
