"""The store in one SQLite file: write-ahead log, every commit on the disk before it counts."""

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from advisor.store import Due, StoreError

MIGRATIONS = (
    """
    CREATE TABLE sessions (
        person TEXT PRIMARY KEY, body BLOB NOT NULL, expires_at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX sessions_by_expiry ON sessions (expires_at);
    CREATE TABLE replies (
        number INTEGER PRIMARY KEY, person TEXT NOT NULL, message_id TEXT NOT NULL, body BLOB NOT NULL,
        at TEXT NOT NULL, delivered_at TEXT, UNIQUE (person, message_id)
    ) STRICT;
    CREATE INDEX replies_undelivered ON replies (number) WHERE delivered_at IS NULL;
    CREATE TABLE set_aside (person TEXT NOT NULL, body BLOB NOT NULL, at TEXT NOT NULL) STRICT;
    """,
    """
    CREATE TABLE gathered (number INTEGER PRIMARY KEY, person TEXT NOT NULL, body BLOB NOT NULL) STRICT;
    CREATE INDEX gathered_by_person ON gathered (person);
    CREATE TABLE due (
        person TEXT NOT NULL, kind TEXT NOT NULL, number INTEGER NOT NULL, at TEXT NOT NULL,
        PRIMARY KEY (person, kind, number)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX due_by_time ON due (at);
    CREATE TABLE silent (person TEXT PRIMARY KEY, since TEXT NOT NULL) STRICT, WITHOUT ROWID;
    """,
    """
    CREATE INDEX replies_by_age ON replies (at);
    CREATE INDEX replies_waiting ON replies (person, number) WHERE delivered_at IS NULL;
    CREATE INDEX set_aside_by_person ON set_aside (person);
    CREATE INDEX set_aside_by_age ON set_aside (at);
    """,
)
AT_ONCE = 100  # pieces of due work that are taken in one go
SET_ASIDE_KEPT = timedelta(days=30)  # time for an operator to look into a damaged row
REPLIES_KEPT = timedelta(days=3)  # longer than any channel redelivers a message


class SqliteTransaction:
    """A unit of work on one connection."""

    def __init__(self, db: sqlite3.Connection) -> None:
        """Work on `db`, which has begun its transaction."""
        self._db = db

    def _run(self, sql: str, values: tuple[str | bytes | int, ...]) -> sqlite3.Cursor:
        try:
            return self._db.execute(sql, values)
        except sqlite3.Error as error:
            raise StoreError(f"数据库写不进去：{error}") from error

    def reply(self, person: str, message_id: str) -> bytes | None:
        """Give the stored reply to a message that came before."""
        row = self._run("SELECT body FROM replies WHERE person=? AND message_id=?", (person, message_id)).fetchone()
        return row[0] if row else None

    def session(self, person: str, now: datetime) -> bytes | None:
        """Give the session of a person unless it has expired."""
        row = self._run("SELECT body, expires_at FROM sessions WHERE person=?", (person,)).fetchone()
        return row[0] if row and row[1] > _stamp(now) else None

    def save(self, person: str, body: bytes, expires_at: datetime) -> None:
        """Keep the session of a person."""
        self._run(
            "INSERT INTO sessions VALUES (?,?,?) ON CONFLICT (person) DO UPDATE SET body=excluded.body, "
            "expires_at=excluded.expires_at",
            (person, body, _stamp(expires_at)),
        )

    def remember(self, person: str, message_id: str, reply: bytes, at: datetime) -> None:
        """Keep the reply to a message, not yet delivered."""
        self._run(
            "INSERT INTO replies (person, message_id, body, at) VALUES (?,?,?,?)",
            (person, message_id, reply, _stamp(at)),
        )

    def delivered(self, person: str, message_id: str, at: datetime) -> None:
        """Mark a reply as delivered."""
        self._run("UPDATE replies SET delivered_at=? WHERE person=? AND message_id=?", (_stamp(at), person, message_id))

    def gather(self, person: str, body: bytes, until: datetime) -> None:
        """Keep one of several messages."""
        self._run("INSERT INTO gathered (person, body) VALUES (?,?)", (person, body))
        self._run(
            "INSERT INTO due VALUES (?,'burst',0,?) ON CONFLICT (person, kind, number) DO UPDATE SET at=excluded.at",
            (person, _stamp(until)),
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
            self._run("INSERT INTO due VALUES (?,'reminder',?,?)", (person, number, _stamp(at)))

    def due(self, now: datetime) -> list[Due]:
        """Give the work that is due."""
        sql = "SELECT person, kind, number FROM due WHERE at<=? ORDER BY at LIMIT ?"
        return [Due(*row) for row in self._run(sql, (_stamp(now), AT_ONCE)).fetchall()]

    def done(self, work: Due) -> None:
        """Take out a piece of work."""
        self._run("DELETE FROM due WHERE person=? AND kind=? AND number=?", work)

    def postpone(self, work: Due, until: datetime) -> None:
        """Put a piece of work off."""
        self._run("UPDATE due SET at=? WHERE person=? AND kind=? AND number=?", (_stamp(until), *work))

    def silence(self, person: str, since: datetime | None) -> None:
        """Remember that a person cannot be written to, or can again."""
        self._run("DELETE FROM silent WHERE person=?", (person,))
        if since:
            self._run("INSERT INTO silent VALUES (?,?)", (person, _stamp(since)))

    def forget(self, person: str) -> None:
        """Delete everything about a person."""
        for table in ("sessions", "replies", "set_aside", "gathered", "due", "silent"):
            self._run(f"DELETE FROM {table} WHERE person=?", (person,))

    def set_aside(self, person: str, at: datetime) -> None:
        """Move a session that cannot be read out of the way."""
        self._run("INSERT INTO set_aside SELECT person, body, ? FROM sessions WHERE person=?", (_stamp(at), person))
        self._run("DELETE FROM sessions WHERE person=?", (person,))

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


class SqliteStore:
    """A store in the file `path`; `:memory:` keeps nothing beyond the process."""

    def __init__(self, path: str) -> None:
        """Open or make the file and bring its schema up to date; raises StoreError."""
        try:
            if path != ":memory:":
                Path(path).parent.mkdir(parents=True, exist_ok=True)
            self._lock = threading.RLock()
            self._db = self._open(path)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=FULL")
            self._db.execute("PRAGMA secure_delete=ON")
            self._migrate(path)
            self._reader = self._db if path == ":memory:" else self._open(path)
        except (sqlite3.Error, OSError) as error:
            raise StoreError(f"数据库 {path} 打不开：{error}") from error

    def _open(self, path: str) -> sqlite3.Connection:
        return sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=10)

    def _migrate(self, path: str) -> None:
        self._db.execute("BEGIN IMMEDIATE")
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        if version > len(MIGRATIONS):
            self._db.execute("ROLLBACK")
            raise StoreError(f"数据库 {path} 是更新的版本写的（{version}），这个程序只认识到 {len(MIGRATIONS)}")
        for number, script in enumerate(MIGRATIONS[version:], version + 1):
            for statement in filter(str.strip, script.split(";")):
                self._db.execute(statement)
            self._db.execute(f"PRAGMA user_version={number}")
        self._db.execute("COMMIT")

    @contextmanager
    def transaction(self) -> Iterator[SqliteTransaction]:
        """Open a transaction; it is on the disk when the block has ended."""
        with self._lock:
            try:
                self._db.execute("BEGIN IMMEDIATE")
                try:
                    yield SqliteTransaction(self._db)
                except BaseException:
                    if self._db.in_transaction:
                        self._db.execute("ROLLBACK")
                    raise
                self._db.execute("COMMIT")
            except sqlite3.Error as error:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise StoreError(f"数据库写不进去：{error}") from error

    def undelivered(self, person: str | None = None) -> list[tuple[str, str, bytes]]:
        """Give replies that were never marked, oldest first; a second connection sees only what is committed."""
        whose = "" if person is None else "AND person=?"
        return self._reader.execute(
            f"SELECT person, message_id, body FROM replies WHERE delivered_at IS NULL {whose} "
            "AND person NOT IN (SELECT person FROM silent) ORDER BY number",
            () if person is None else (person,),
        ).fetchall()

    def anything_due(self, now: datetime) -> bool:
        """Tell whether some work has its time."""
        return self._reader.execute("SELECT 1 FROM due WHERE at<=? LIMIT 1", (_stamp(now),)).fetchone() is not None

    def expire(self, now: datetime) -> int:
        """Delete what has passed its time."""
        with self.transaction() as transaction:
            rows = self._db.execute(  # what was just received is answered first
                "SELECT person FROM sessions WHERE expires_at<=? AND person NOT IN (SELECT person FROM gathered)",
                (_stamp(now),),
            ).fetchall()
            for (person,) in rows:
                transaction.forget(person)
            self._db.execute("DELETE FROM replies WHERE at<=?", (_stamp(now - REPLIES_KEPT),))
            self._db.execute("DELETE FROM set_aside WHERE at<=?", (_stamp(now - SET_ASIDE_KEPT),))
        return len(rows)

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._reader.close()
            self._db.close()


def _stamp(at: datetime) -> str:
    """Write a time so that text order is time order."""
    return at.isoformat(timespec="milliseconds")
