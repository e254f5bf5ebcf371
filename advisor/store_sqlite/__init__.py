"""The store in one SQLite file: write-ahead log, every commit on the disk before it counts."""

import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

from advisor.store import StoreError
from advisor.store_sqlite.schema import migrate
from advisor.store_sqlite.transaction import EXPIRED, SqliteTransaction, stamp

SET_ASIDE_KEPT = timedelta(days=30)  # time for an operator to look into a damaged row
PATIENCE = 10  # seconds that a process waits for another one's commit
REPLIES_KEPT = timedelta(days=3)  # longer than any channel redelivers a message
WAITING = "SELECT person FROM replies WHERE delivered_at IS NULL AND person NOT IN (SELECT person FROM silent)"


class SqliteStore:
    """A store in the file `path`; `:memory:` keeps nothing beyond the process."""

    def __init__(self, path: str) -> None:
        """Open or make the file and bring its schema up to date; raises StoreError."""
        try:
            if path != ":memory:":
                Path(path).parent.mkdir(parents=True, exist_ok=True)
            self._lock, self._to_wipe = threading.RLock(), True
            self._db = self._open(path)
            self._keep_a_log()
            self._db.execute("PRAGMA synchronous=FULL")
            self._db.execute("PRAGMA secure_delete=ON")
            migrate(self._db, path)
            self._reader = self._db if path == ":memory:" else self._open(path)
        except (sqlite3.Error, OSError) as error:
            raise StoreError(f"数据库 {path} 打不开：{error}") from error

    def _open(self, path: str) -> sqlite3.Connection:
        return sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=PATIENCE)

    def _keep_a_log(self) -> None:
        """Turn write-ahead logging on; SQLite does not wait by itself while another process does the same."""
        until = time.monotonic() + PATIENCE
        while True:
            try:
                self._db.execute("PRAGMA journal_mode=WAL")
                return
            except sqlite3.OperationalError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.01)

    @contextmanager
    def transaction(self) -> Iterator[SqliteTransaction]:
        """Open a transaction; it is on the disk when the block has ended."""
        with self._lock:
            try:
                self._db.execute("BEGIN IMMEDIATE")
                try:
                    transaction = SqliteTransaction(self._db)
                    yield transaction
                except BaseException:
                    if self._db.in_transaction:
                        self._db.execute("ROLLBACK")
                    raise
                self._db.execute("COMMIT")
                self._to_wipe |= transaction.forgot
                if self._to_wipe:
                    self._wipe()
            except sqlite3.Error as error:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise StoreError(f"数据库写不进去：{error}") from error

    def _wipe(self) -> None:
        """Empty the log, where what was deleted still stands; when others read in it now, after the next commit."""
        with suppress(sqlite3.Error):
            self._db.execute("PRAGMA busy_timeout=0")
            (busy, _, _) = self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            self._to_wipe = bool(busy)
        self._db.execute(f"PRAGMA busy_timeout={PATIENCE * 1000}")

    def waiting(self, owner: str) -> list[str]:
        """Name the people for whom a reply waits and whom no other has on lease."""
        rows = self._reader.execute(
            f"{WAITING} AND NOT EXISTS (SELECT 1 FROM leases WHERE name=person AND owner<>? AND until>?) "
            "GROUP BY person ORDER BY min(number)",
            (owner, time.time()),
        )
        return [person for (person,) in rows]

    def abandoned(self) -> list[str]:
        """Name the people for whom a reply waits that somebody had taken on lease and did not send in time."""
        late = f"{WAITING} AND person=name"
        rows = self._reader.execute(f"SELECT name FROM leases WHERE until<=? AND EXISTS ({late})", (time.time(),))
        return [person for (person,) in rows]

    def undelivered(self, person: str | None = None) -> list[tuple[str, str, bytes]]:
        """Give replies that were never marked, oldest first; a second connection sees only what is committed."""
        whose = "" if person is None else "AND person=?"
        return self._reader.execute(
            f"SELECT person, message_id, body FROM replies WHERE delivered_at IS NULL {whose} "
            "AND person NOT IN (SELECT person FROM silent) ORDER BY number",
            () if person is None else (person,),
        ).fetchall()

    def reply(self, person: str, message_id: str) -> bytes | None:
        """Give the stored reply to a message."""
        sql = "SELECT body FROM replies WHERE person=? AND message_id=?"
        row = self._reader.execute(sql, (person, message_id)).fetchone()
        return row[0] if row else None

    def session(self, person: str, now: datetime) -> bytes | None:
        """Give the session of a person unless it has expired."""
        sql = "SELECT body FROM sessions WHERE person=? AND expires_at>?"
        row = self._reader.execute(sql, (person, stamp(now))).fetchone()
        return row[0] if row else None

    def talk(self, person: str, after: int, now: datetime) -> list[tuple[int, datetime, bytes]]:
        """Give the lines of a talk."""
        sql = f"SELECT number, at, body FROM talks WHERE person=? AND number>? AND NOT {EXPIRED} ORDER BY number"
        rows = self._reader.execute(sql, (person, after, person, stamp(now))).fetchall()
        return [(number, datetime.fromisoformat(at), body) for number, at, body in rows]

    def oldest_undelivered(self) -> datetime | None:
        """Tell since when the reply waits that has waited longest."""
        row = self._reader.execute(
            "SELECT at FROM replies WHERE delivered_at IS NULL AND person NOT IN (SELECT person FROM silent) "
            "ORDER BY number LIMIT 1"
        ).fetchone()
        return datetime.fromisoformat(row[0]) if row else None

    def count(self, names: Mapping[str, int], week: str) -> None:
        """Add to the counts of a week."""
        sql = "INSERT INTO counts VALUES (?,?,?) ON CONFLICT (week, name) DO UPDATE SET value=value+excluded.value"
        with self.transaction():
            self._db.executemany(sql, [(week, name, value) for name, value in names.items()])

    def counts(self) -> list[tuple[str, str, int]]:
        """Give all counts as week, name and value."""
        return self._reader.execute("SELECT week, name, value FROM counts ORDER BY week, name").fetchall()

    def anything_due(self, now: datetime) -> bool:
        """Tell whether some work has its time."""
        return self._reader.execute("SELECT 1 FROM due WHERE at<=? LIMIT 1", (stamp(now),)).fetchone() is not None

    def expire(self, now: datetime) -> int:
        """Delete what has passed its time."""
        with self.transaction() as transaction:
            rows = self._db.execute(  # what was just received is answered first
                "SELECT person FROM sessions WHERE expires_at<=? AND person NOT IN (SELECT person FROM gathered)",
                (stamp(now),),
            ).fetchall()
            for (person,) in rows:
                transaction.forget(person)
            gone = (time.time(),)
            self._db.execute(f"DELETE FROM leases WHERE until<=? AND NOT EXISTS ({WAITING} AND person=name)", gone)
            self._db.execute("DELETE FROM replies WHERE at<=?", (stamp(now - REPLIES_KEPT),))
            self._db.execute(  # what was said to somebody who had everything deleted
                "DELETE FROM talks WHERE at<=? AND person NOT IN (SELECT person FROM sessions)",
                (stamp(now - REPLIES_KEPT),),
            )
            self._db.execute("DELETE FROM set_aside WHERE at<=?", (stamp(now - SET_ASIDE_KEPT),))
        return len(rows)

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._reader.close()
            self._db.close()
