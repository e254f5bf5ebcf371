"""One unit of work on a PostgreSQL, and what its errors become."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any

import psycopg

from advisor.store import Due, StoreError

PERSONAL = (  # the tables that hold something about a person
    "sessions", "replies", "set_aside", "gathered", "due", "silent", "exhibits", "exhibits_given", "files", "talks",
)  # fmt: skip
EXPIRED = "EXISTS (SELECT 1 FROM sessions WHERE person=%s AND expires_at<=%s)"
AT_ONCE = 100  # people whose due work is taken in one go, or who are deleted in one go
SET_ASIDE_KEPT = timedelta(days=30)  # time for an operator to look into a damaged row
REPLIES_KEPT = timedelta(days=3)  # longer than any channel redelivers a message
WAITING = (
    "SELECT person FROM replies WHERE delivered_at IS NULL "
    "AND NOT EXISTS (SELECT 1 FROM silent WHERE silent.person=replies.person)"
)
Rows = psycopg.Cursor[tuple[Any, ...]]


class PostgresTransaction:
    """A unit of work on one connection."""

    def __init__(self, db: psycopg.Connection) -> None:
        """Work on `db`, which has begun its transaction."""
        self._db = db

    def _run(self, sql: str, values: Sequence[object] = ()) -> Rows:
        try:
            return self._db.execute(sql, values, binary=True)
        except psycopg.DataError:
            raise  # it is about what was to be kept; the store is well
        except psycopg.Error as error:
            raise failed(error) from error

    def hold(self, people: Collection[str]) -> set[str]:
        """Keep other processes from people, and give those whom none of them holds now.

        It never waits, so that no two processes wait for each other and a slow one delays its own people only.
        """
        keys = {_key(person): person for person in people}
        sql = "SELECT key FROM unnest(%s::bigint[]) AS key WHERE pg_try_advisory_xact_lock(key)"
        free = {key for (key,) in self._run(sql, (list(keys),)).fetchall()} if keys else set()
        return {person for person in people if _key(person) in free}

    def reply(self, person: str, message_id: str) -> bytes | None:
        """Give the stored reply to a message that came before."""
        row = self._run("SELECT body FROM replies WHERE person=%s AND message_id=%s", (person, message_id)).fetchone()
        return row[0] if row else None

    def session(self, person: str, now: datetime) -> bytes | None:
        """Give the session of a person unless it has expired."""
        row = self._run("SELECT body FROM sessions WHERE person=%s AND expires_at>%s", (person, now)).fetchone()
        return row[0] if row else None

    def save(self, person: str, body: bytes, expires_at: datetime) -> None:
        """Keep the session of a person."""
        self._run(
            "INSERT INTO sessions VALUES (%s,%s,%s) ON CONFLICT (person) DO UPDATE SET body=excluded.body, "
            "expires_at=excluded.expires_at",
            (person, body, expires_at),
        )

    def remember(self, person: str, message_id: str, reply: bytes, at: datetime) -> None:
        """Keep the reply to a message, not yet delivered."""
        sql = "INSERT INTO replies (person, message_id, body, at) VALUES (%s,%s,%s,%s)"
        self._run(sql, (person, message_id, reply, at))

    def delivered(self, person: str, message_id: str, at: datetime) -> None:
        """Mark a reply as delivered."""
        self._run("UPDATE replies SET delivered_at=%s WHERE person=%s AND message_id=%s", (at, person, message_id))

    def append(self, person: str, said_id: str, body: bytes, at: datetime) -> None:
        """Keep a line of a talk."""
        self._run(f"DELETE FROM talks WHERE person=%s AND {EXPIRED}", (person, person, at))
        sql = "INSERT INTO talks (person, said_id, body, at) VALUES (%s,%s,%s,%s) ON CONFLICT DO NOTHING"
        self._run(sql, (person, said_id, body, at))

    def key(self, name: str, fresh: bytes) -> bytes:
        """Give the key that is kept under a name."""
        self._run("INSERT INTO keys VALUES (%s,%s) ON CONFLICT DO NOTHING", (name, fresh))
        ((body,),) = self._run("SELECT body FROM keys WHERE name=%s", (name,)).fetchall()
        return bytes(body)

    def gather(self, person: str, body: bytes, until: datetime) -> None:
        """Keep one of several messages."""
        self._run("INSERT INTO gathered (person, body) VALUES (%s,%s)", (person, body))
        self._run(
            "INSERT INTO due VALUES (%s,'burst',0,%s) ON CONFLICT (person, kind, number) DO UPDATE SET at=excluded.at",
            (person, until),
        )

    def gathered(self, person: str) -> list[bytes]:
        """Take out the messages kept for a person."""
        rows = self._run("SELECT body FROM gathered WHERE person=%s ORDER BY number", (person,)).fetchall()
        if rows:
            self._run("DELETE FROM gathered WHERE person=%s", (person,))
            self._run("DELETE FROM due WHERE person=%s AND kind='burst'", (person,))
        return [body for (body,) in rows]

    def remind(self, person: str, times: Sequence[datetime]) -> None:
        """Set the times when a person is to be reminded."""
        self._run("DELETE FROM due WHERE person=%s AND kind='reminder'", (person,))
        for number, at in enumerate(times):
            self._run("INSERT INTO due VALUES (%s,'reminder',%s,%s)", (person, number, at))

    def warn(self, person: str, at: datetime | None) -> None:
        """Set the time when a person is to be warned that all goes."""
        if at is None:
            self._run("DELETE FROM due WHERE person=%s AND kind='expiry'", (person,))
            return
        sql = "INSERT INTO due VALUES (%s,'expiry',0,%s) "
        self._run(f"{sql} ON CONFLICT (person, kind, number) DO UPDATE SET at=excluded.at", (person, at))

    def lease(self, name: str, owner: str, seconds: float) -> bool:
        """Give `owner` alone a thing for so many seconds by the database's clock: those of processes may differ."""
        sql = "INSERT INTO leases VALUES (%s,%s,clock_timestamp()+make_interval(secs=>%s)) ON CONFLICT (name) "
        sql += "DO UPDATE SET owner=excluded.owner, until=excluded.until "
        sql += "WHERE leases.owner=excluded.owner OR leases.until<=clock_timestamp()"
        return self._run(sql, (name, owner, float(seconds))).rowcount > 0

    def release(self, name: str, owner: str, *, once_sent: bool = False) -> bool:
        """End a lease; with `once_sent` only when no reply to that person waits any more."""
        sql = "DELETE FROM leases WHERE name=%s AND owner=%s"
        if once_sent:
            sql += " AND NOT EXISTS (SELECT 1 FROM replies WHERE person=leases.name AND delivered_at IS NULL)"
        return self._run(sql, (name, owner)).rowcount > 0

    def replies(self, person: str) -> list[tuple[datetime, bytes]]:
        """Give the replies to a person that are still kept."""
        rows = self._run("SELECT at, body FROM replies WHERE person=%s ORDER BY number", (person,)).fetchall()
        return [(at, body) for at, body in rows]

    def due(self, now: datetime) -> list[Due]:
        """Give the work that is due of people whom no other process holds; it skips the others, as SKIP LOCKED does.

        What is taken is the person and not the row, for the same lock keeps the turns of the person away.
        """
        sql = "SELECT person FROM due WHERE at<=%s ORDER BY at LIMIT %s"
        ready = list(dict.fromkeys(person for (person,) in self._run(sql, (now, 10 * AT_ONCE)).fetchall()))
        held: set[str] = set()
        while ready and not held:
            held, ready = self.hold(ready[:AT_ONCE]), ready[AT_ONCE:]
        sql = "SELECT person, kind, number FROM due WHERE at<=%s AND person=ANY(%s) ORDER BY at FOR UPDATE SKIP LOCKED"
        return [Due(*row) for row in self._run(sql, (now, list(held))).fetchall()] if held else []

    def done(self, work: Due) -> None:
        """Take out a piece of work."""
        self._run("DELETE FROM due WHERE person=%s AND kind=%s AND number=%s", work)

    def postpone(self, work: Due, until: datetime) -> None:
        """Put a piece of work off."""
        self._run("UPDATE due SET at=%s WHERE person=%s AND kind=%s AND number=%s", (until, *work))

    def silence(self, person: str, since: datetime | None) -> None:
        """Remember that a person cannot be written to, or can again."""
        self._run("DELETE FROM silent WHERE person=%s", (person,))
        if since:
            self._run("INSERT INTO silent VALUES (%s,%s)", (person, since))

    def forget(self, person: str) -> None:
        """Delete everything about a person."""
        self._forget([person])

    def _forget(self, people: list[str]) -> None:
        for table in PERSONAL:
            self._run(f"DELETE FROM {table} WHERE person=ANY(%s)", (people,))

    def expire(self, now: datetime) -> int:
        """Delete some of the people whose time has passed and whom no other process holds; give how many."""
        expired = "expires_at<=%s AND NOT EXISTS (SELECT 1 FROM gathered WHERE gathered.person=sessions.person)"
        rows = self._run(f"SELECT person FROM sessions WHERE {expired} LIMIT %s", (now, AT_ONCE)).fetchall()
        held = list(self.hold([person for (person,) in rows]))
        sql = f"DELETE FROM sessions WHERE person=ANY(%s) AND {expired} RETURNING person"
        gone = [person for (person,) in self._run(sql, (held, now)).fetchall()]
        self._forget(gone)
        return len(gone)

    def clear(self, now: datetime) -> None:
        """Delete what is kept for a while only."""
        self._run(
            "DELETE FROM leases WHERE name=ANY(ARRAY(SELECT name FROM leases WHERE until<=clock_timestamp() "
            f"AND NOT EXISTS ({WAITING} AND person=name) FOR UPDATE SKIP LOCKED))"
        )
        for table, kept in (("replies", REPLIES_KEPT), ("set_aside", SET_ASIDE_KEPT)):
            old = f"SELECT ctid FROM {table} WHERE at<=%s FOR UPDATE SKIP LOCKED"
            self._run(f"DELETE FROM {table} WHERE ctid=ANY(ARRAY({old}))", (now - kept,))
        old = (  # what was said to somebody who had everything deleted
            "SELECT ctid FROM talks WHERE at<=%s AND NOT EXISTS "
            "(SELECT 1 FROM sessions WHERE sessions.person=talks.person) FOR UPDATE SKIP LOCKED"
        )
        self._run(f"DELETE FROM talks WHERE ctid=ANY(ARRAY({old}))", (now - REPLIES_KEPT,))

    def count(self, counts: Sequence[tuple[str, int]], week: str) -> None:
        """Add to the counts of a week."""
        sql = "INSERT INTO counts VALUES (%s,%s,%s) ON CONFLICT (week, name) DO UPDATE SET value=counts.value+%s"
        for name, value in counts:
            self._run(sql, (week, name, value, value))

    def set_aside(self, person: str, at: datetime) -> None:
        """Move a session that cannot be read out of the way."""
        self._run("INSERT INTO set_aside SELECT person, body, %s FROM sessions WHERE person=%s", (at, person))
        self._run("DELETE FROM sessions WHERE person=%s", (person,))

    def exhibits(self, person: str) -> list[tuple[int, bytes, int]]:
        """Give a person's exhibits in the order they were added."""
        sql = "SELECT number, body, seen FROM exhibits WHERE person=%s ORDER BY number"
        return [(number, body, seen) for number, body, seen in self._run(sql, (person,)).fetchall()]

    def add_exhibit(self, person: str, same: str, body: bytes) -> tuple[int, bool]:
        """Keep an exhibit and give its number; the same once more is only counted."""
        sql = "UPDATE exhibits SET seen=seen+1 WHERE person=%s AND same=%s RETURNING number"
        for (number,) in self._run(sql, (person, same)).fetchall():
            return number, False
        given = "INSERT INTO exhibits_given VALUES (%s,1)"
        given += " ON CONFLICT (person) DO UPDATE SET number=exhibits_given.number+1 RETURNING number"
        ((number,),) = self._run(given, (person,)).fetchall()
        self._run("INSERT INTO exhibits VALUES (%s,%s,%s,%s)", (person, number, same, body))
        return number, True

    def drop_exhibit(self, person: str, number: int) -> bool:
        """Delete an exhibit."""
        return self._run("DELETE FROM exhibits WHERE person=%s AND number=%s", (person, number)).rowcount > 0

    def keep_file(self, person: str, sha256: str, body: bytes) -> None:
        """Keep a file of a person's under its hash, once."""
        self._run("INSERT INTO files VALUES (%s,%s,%s) ON CONFLICT DO NOTHING", (person, sha256, body))

    def file(self, person: str, sha256: str) -> bytes | None:
        """Give a file of a person's."""
        row = self._run("SELECT body FROM files WHERE person=%s AND sha256=%s", (person, sha256)).fetchone()
        return row[0] if row else None

    def drop_file(self, person: str, sha256: str) -> None:
        """Delete a file of a person's."""
        self._run("DELETE FROM files WHERE person=%s AND sha256=%s", (person, sha256))

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Undo what is done inside when it raises."""
        self._run("SAVEPOINT one")
        try:
            yield
        except BaseException:
            if not self._db.closed:
                self._run("ROLLBACK TO one")
            raise
        self._run("RELEASE one")


def _key(person: str) -> int:
    """Give the number of a person's advisory lock; that two people share one now and then does no harm."""
    return int.from_bytes(blake2b(person.encode("utf-8", "surrogatepass"), digest_size=8).digest(), signed=True)


def told(error: psycopg.Error) -> str:
    """Give the cause without its detail, in which the database quotes rows."""
    return error.diag.message_primary or (str(error).splitlines() or [type(error).__name__])[0]


def failed(error: psycopg.Error) -> StoreError:
    """Give the error as those above know it."""
    return StoreError(f"数据库写不进去：{told(error)}")
