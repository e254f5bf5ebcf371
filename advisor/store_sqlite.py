"""The store in one SQLite file: write-ahead log, every commit on the disk before it counts."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from advisor.store import StoreError

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
)
SET_ASIDE_KEPT = timedelta(days=30)  # time for an operator to look into a damaged row
REPLIES_KEPT = timedelta(days=3)  # longer than any channel redelivers a message


class SqliteTransaction:
    """A unit of work on one connection."""

    def __init__(self, db: sqlite3.Connection) -> None:
        """Work on `db`, which has begun its transaction."""
        self._db = db

    def _run(self, sql: str, values: tuple[str | bytes, ...]) -> sqlite3.Cursor:
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

    def forget(self, person: str) -> None:
        """Delete everything about a person."""
        for table in ("sessions", "replies", "set_aside"):
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
            self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=10)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=FULL")
            self._db.execute("PRAGMA secure_delete=ON")
            self._migrate(path)
        except (sqlite3.Error, OSError) as error:
            raise StoreError(f"数据库 {path} 打不开：{error}") from error

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

    def delivered(self, replies: Iterable[tuple[str, str]], at: datetime) -> None:
        """Mark replies as delivered."""
        with self.transaction():
            self._db.executemany(
                "UPDATE replies SET delivered_at=? WHERE person=? AND message_id=?",
                [(_stamp(at), person, message_id) for person, message_id in replies],
            )

    def undelivered(self, person: str | None = None) -> list[tuple[str, str, bytes]]:
        """Give replies that were never marked, oldest first."""
        return self._db.execute(
            "SELECT person, message_id, body FROM replies WHERE delivered_at IS NULL "
            "AND (?1 IS NULL OR person=?1) ORDER BY number",
            (person,),
        ).fetchall()

    def expire(self, now: datetime) -> int:
        """Delete what has passed its time."""
        with self.transaction() as transaction:
            rows = self._db.execute("SELECT person FROM sessions WHERE expires_at<=?", (_stamp(now),)).fetchall()
            for (person,) in rows:
                transaction.forget(person)
            self._db.execute("DELETE FROM replies WHERE at<=?", (_stamp(now - REPLIES_KEPT),))
            self._db.execute("DELETE FROM set_aside WHERE at<=?", (_stamp(now - SET_ASIDE_KEPT),))
        return len(rows)

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()


def _stamp(at: datetime) -> str:
    """Write a time so that text order is time order."""
    return at.isoformat(timespec="seconds")
