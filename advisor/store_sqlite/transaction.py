"""One unit of work on the SQLite file."""

import sqlite3
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from advisor.store import Due, StoreError

PERSONAL = (  # the tables that hold something about a person
    "sessions", "replies", "set_aside", "gathered", "due", "silent", "exhibits", "exhibits_given", "files", "talks",
)  # fmt: skip
EXPIRED = "EXISTS (SELECT 1 FROM sessions WHERE person=? AND expires_at<=?)"
AT_ONCE = 100  # pieces of due work that are taken in one go


class SqliteTransaction:
    """A unit of work on one connection."""

    def __init__(self, db: sqlite3.Connection) -> None:
        """Work on `db`, which has begun its transaction."""
        self._db, self.forgot = db, False

    def _run(self, sql: str, values: tuple[str | bytes | float, ...]) -> sqlite3.Cursor:
        try:
            return self._db.execute(sql, values)
        except sqlite3.Error as error:
            raise StoreError(f"数据库写不进去：{error}") from error

    def hold(self, people: Collection[str]) -> set[str]:
        """Give all of them: a transaction here keeps every other one out."""
        return set(people)

    def reply(self, person: str, message_id: str) -> bytes | None:
        """Give the stored reply to a message that came before."""
        row = self._run("SELECT body FROM replies WHERE person=? AND message_id=?", (person, message_id)).fetchone()
        return row[0] if row else None

    def session(self, person: str, now: datetime) -> bytes | None:
        """Give the session of a person unless it has expired."""
        row = self._run("SELECT body, expires_at FROM sessions WHERE person=?", (person,)).fetchone()
        return row[0] if row and row[1] > stamp(now) else None

    def save(self, person: str, body: bytes, expires_at: datetime) -> None:
        """Keep the session of a person."""
        self._run(
            "INSERT INTO sessions VALUES (?,?,?) ON CONFLICT (person) DO UPDATE SET body=excluded.body, "
            "expires_at=excluded.expires_at",
            (person, body, stamp(expires_at)),
        )

    def remember(self, person: str, message_id: str, reply: bytes, at: datetime) -> None:
        """Keep the reply to a message, not yet delivered."""
        self._run(
            "INSERT INTO replies (person, message_id, body, at) VALUES (?,?,?,?)",
            (person, message_id, reply, stamp(at)),
        )

    def delivered(self, person: str, message_id: str, at: datetime) -> None:
        """Mark a reply as delivered."""
        self._run("UPDATE replies SET delivered_at=? WHERE person=? AND message_id=?", (stamp(at), person, message_id))

    def append(self, person: str, said_id: str, body: bytes, at: datetime) -> None:
        """Keep a line of a talk."""
        self._run(f"DELETE FROM talks WHERE person=? AND {EXPIRED}", (person, person, stamp(at)))
        values = (person, said_id, body, stamp(at))
        self._run("INSERT INTO talks (person, said_id, body, at) VALUES (?,?,?,?) ON CONFLICT DO NOTHING", values)

    def key(self, name: str, fresh: bytes) -> bytes:
        """Give the key that is kept under a name."""
        self._run("INSERT INTO keys VALUES (?,?) ON CONFLICT DO NOTHING", (name, fresh))
        return bytes(self._run("SELECT body FROM keys WHERE name=?", (name,)).fetchone()[0])

    def gather(self, person: str, body: bytes, until: datetime) -> None:
        """Keep one of several messages."""
        self._run("INSERT INTO gathered (person, body) VALUES (?,?)", (person, body))
        self._run(
            "INSERT INTO due VALUES (?,'burst',0,?) ON CONFLICT (person, kind, number) DO UPDATE SET at=excluded.at",
            (person, stamp(until)),
        )

    def gathered(self, person: str) -> list[bytes]:
        """Take out the messages kept for a person."""
        rows = self._run("SELECT body FROM gathered WHERE person=? ORDER BY number", (person,)).fetchall()
        if rows:
            self._run("DELETE FROM gathered WHERE person=?", (person,))
            self._run("DELETE FROM due WHERE person=? AND kind='burst'", (person,))
        return [body for (body,) in rows]

    def remind(self, person: str, times: Sequence[datetime]) -> None:
        """Set the times when a person is to be reminded."""
        self._run("DELETE FROM due WHERE person=? AND kind='reminder'", (person,))
        for number, at in enumerate(times):
            self._run("INSERT INTO due VALUES (?,'reminder',?,?)", (person, number, stamp(at)))

    def warn(self, person: str, at: datetime | None) -> None:
        """Set the time when a person is to be warned that all goes."""
        if at is None:
            self._run("DELETE FROM due WHERE person=? AND kind='expiry'", (person,))
            return
        self._run(
            "INSERT INTO due VALUES (?,'expiry',0,?) ON CONFLICT (person, kind, number) DO UPDATE SET at=excluded.at",
            (person, stamp(at)),
        )

    def lease(self, name: str, owner: str, seconds: float) -> bool:
        """Give `owner` alone a thing for so many seconds by the clock of this machine, which all processes share."""
        now = time.time()
        sql = "INSERT INTO leases VALUES (?,?,?) ON CONFLICT (name) DO UPDATE SET owner=excluded.owner, "
        sql += "until=excluded.until WHERE owner=excluded.owner OR until<=?"
        return self._run(sql, (name, owner, now + seconds, now)).rowcount > 0

    def release(self, name: str, owner: str, *, once_sent: bool = False) -> bool:
        """End a lease; with `once_sent` only when no reply to that person waits any more."""
        sql = "DELETE FROM leases WHERE name=? AND owner=?"
        if once_sent:
            sql += " AND NOT EXISTS (SELECT 1 FROM replies WHERE person=leases.name AND delivered_at IS NULL)"
        return self._run(sql, (name, owner)).rowcount > 0

    def replies(self, person: str) -> list[tuple[datetime, bytes]]:
        """Give the replies to a person that are still kept."""
        rows = self._run("SELECT at, body FROM replies WHERE person=? ORDER BY number", (person,))
        return [(datetime.fromisoformat(at), body) for at, body in rows]

    def due(self, now: datetime) -> list[Due]:
        """Give the work that is due."""
        sql = "SELECT person, kind, number FROM due WHERE at<=? ORDER BY at LIMIT ?"
        return [Due(*row) for row in self._run(sql, (stamp(now), AT_ONCE)).fetchall()]

    def done(self, work: Due) -> None:
        """Take out a piece of work."""
        self._run("DELETE FROM due WHERE person=? AND kind=? AND number=?", work)

    def postpone(self, work: Due, until: datetime) -> None:
        """Put a piece of work off."""
        self._run("UPDATE due SET at=? WHERE person=? AND kind=? AND number=?", (stamp(until), *work))

    def silence(self, person: str, since: datetime | None) -> None:
        """Remember that a person cannot be written to, or can again."""
        self._run("DELETE FROM silent WHERE person=?", (person,))
        if since:
            self._run("INSERT INTO silent VALUES (?,?)", (person, stamp(since)))

    def forget(self, person: str) -> None:
        """Delete everything about a person."""
        self.forgot = True
        for table in PERSONAL:
            self._run(f"DELETE FROM {table} WHERE person=?", (person,))

    def set_aside(self, person: str, at: datetime) -> None:
        """Move a session that cannot be read out of the way."""
        self._run("INSERT INTO set_aside SELECT person, body, ? FROM sessions WHERE person=?", (stamp(at), person))
        self._run("DELETE FROM sessions WHERE person=?", (person,))

    def exhibits(self, person: str) -> list[tuple[int, bytes, int]]:
        """Give a person's exhibits in the order they were added."""
        return self._run("SELECT number, body, seen FROM exhibits WHERE person=? ORDER BY number", (person,)).fetchall()

    def add_exhibit(self, person: str, same: str, body: bytes) -> tuple[int, bool]:
        """Keep an exhibit and give its number; the same once more is only counted."""
        known = self._run("SELECT number FROM exhibits WHERE person=? AND same=?", (person, same)).fetchone()
        if known:
            self._run("UPDATE exhibits SET seen=seen+1 WHERE person=? AND number=?", (person, known[0]))
            return known[0], False
        (number,) = self._run(
            "INSERT INTO exhibits_given VALUES (?,1) ON CONFLICT (person) DO UPDATE SET number=number+1 "
            "RETURNING number",
            (person,),
        ).fetchone()
        self._run("INSERT INTO exhibits VALUES (?,?,?,1,?)", (person, number, same, body))
        return number, True

    def drop_exhibit(self, person: str, number: int) -> bool:
        """Delete an exhibit."""
        return self._run("DELETE FROM exhibits WHERE person=? AND number=?", (person, number)).rowcount > 0

    def keep_file(self, person: str, sha256: str, body: bytes) -> None:
        """Keep a file of a person's under its hash, once."""
        self._run("INSERT INTO files VALUES (?,?,?) ON CONFLICT DO NOTHING", (person, sha256, body))

    def file(self, person: str, sha256: str) -> bytes | None:
        """Give a file of a person's."""
        row = self._run("SELECT body FROM files WHERE person=? AND sha256=?", (person, sha256)).fetchone()
        return row[0] if row else None

    def drop_file(self, person: str, sha256: str) -> None:
        """Delete a file of a person's."""
        self._run("DELETE FROM files WHERE person=? AND sha256=?", (person, sha256))

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Undo what is done inside when it raises."""
        self._db.execute("SAVEPOINT one")
        try:
            yield
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK TO one")
            raise
        finally:
            if self._db.in_transaction:
                self._db.execute("RELEASE one")


def stamp(at: datetime) -> str:
    """Write a time so that text order is time order."""
    return at.isoformat(timespec="milliseconds")
