"""The store in a PostgreSQL that several processes share; each person is held by one of them at a time."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime

import psycopg
from psycopg.pq import TransactionStatus

from advisor.store import StoreError
from advisor.store_postgres.schema import migrate
from advisor.store_postgres.transaction import EXPIRED, WAITING, PostgresTransaction, Rows, failed, told

# A process that stands still in the middle of a transaction is thrown out of it, and then its people are free again;
# a turn takes milliseconds, on a machine that is overrun a few seconds. In milliseconds.
PATIENCE = "SET idle_in_transaction_session_timeout=15000; SET lock_timeout=5000; SET statement_timeout=30000"


class PostgresStore:
    """A store in the database that `url` names, postgresql://user:password@host/name."""

    def __init__(self, url: str) -> None:
        """Connect and bring the schema up to date; raises StoreError."""
        self._url, self._lock = url, threading.RLock()
        try:
            self._db = self._connect()
            try:
                migrate(self._db)
            except BaseException:
                self._db.close()
                raise
        except psycopg.Error as error:
            raise StoreError(f"数据库打不开：{told(error)}") from error

    def _connect(self) -> psycopg.Connection:
        """Connect, unless the database is away for longer than a person would wait."""
        db = psycopg.connect(self._url, autocommit=True, connect_timeout=5, tcp_user_timeout=10_000)
        db.execute(PATIENCE)
        return db

    def _first(self, sql: str, values: Sequence[object] = ()) -> Rows:
        """Run what begins a piece of work; a connection that has died since the last one is made anew."""
        try:
            with suppress(psycopg.OperationalError):
                if not self._db.closed:
                    return self._db.execute(sql, values, binary=True)
            if not self._db.closed:
                self._db.close()
            self._db = self._connect()
            return self._db.execute(sql, values, binary=True)
        except psycopg.Error as error:
            raise failed(error) from error

    @contextmanager
    def transaction(self) -> Iterator[PostgresTransaction]:
        """Open a transaction; it is on the disk when the block has ended."""
        with self._lock:
            self._first("BEGIN")
            try:
                yield PostgresTransaction(self._db)
                self._commit()
            except BaseException:
                with suppress(psycopg.Error):
                    self._db.execute("ROLLBACK")
                raise

    def _commit(self) -> None:
        if self._db.info.transaction_status is not TransactionStatus.INTRANS:  # it would be undone without an error
            raise StoreError("数据库写不进去：这一批没有写成")
        try:
            self._db.execute("COMMIT")
        except psycopg.Error as error:
            raise failed(error) from error

    def waiting(self, owner: str) -> list[str]:
        """Name the people for whom a reply waits and whom no other has on lease."""
        others = "SELECT 1 FROM leases WHERE name=person AND owner<>%s AND until>clock_timestamp()"
        return self._people(f"{WAITING} AND NOT EXISTS ({others}) GROUP BY person ORDER BY min(number)", (owner,))

    def abandoned(self) -> list[str]:
        """Name the people for whom a reply waits that somebody had taken on lease and did not send in time."""
        late = f"{WAITING} AND person=name"
        return self._people(f"SELECT name FROM leases WHERE until<=clock_timestamp() AND EXISTS ({late})")

    def _people(self, sql: str, values: Sequence[object] = ()) -> list[str]:
        with self._lock:
            return [person for (person,) in self._first(sql, values).fetchall()]

    def undelivered(self, person: str | None = None) -> list[tuple[str, str, bytes]]:
        """Give replies that were never marked, oldest first."""
        whose = "" if person is None else "AND person=%s"
        sql = (
            f"SELECT person, message_id, body FROM replies WHERE delivered_at IS NULL {whose} "
            "AND NOT EXISTS (SELECT 1 FROM silent WHERE silent.person=replies.person) ORDER BY number"
        )
        with self._lock:
            rows = self._first(sql, () if person is None else (person,)).fetchall()
        return [(who, message_id, body) for who, message_id, body in rows]

    def reply(self, person: str, message_id: str) -> bytes | None:
        """Give the stored reply to a message."""
        sql = "SELECT body FROM replies WHERE person=%s AND message_id=%s"
        with self._lock:
            row = self._first(sql, (person, message_id)).fetchone()
        return row[0] if row else None

    def session(self, person: str, now: datetime) -> bytes | None:
        """Give the session of a person unless it has expired."""
        sql = "SELECT body FROM sessions WHERE person=%s AND expires_at>%s"
        with self._lock:
            row = self._first(sql, (person, now)).fetchone()
        return row[0] if row else None

    def talk(self, person: str, after: int, now: datetime) -> list[tuple[int, datetime, bytes]]:
        """Give the lines of a talk."""
        sql = f"SELECT number, at, body FROM talks WHERE person=%s AND number>%s AND NOT {EXPIRED} ORDER BY number"
        with self._lock:
            rows = self._first(sql, (person, after, person, now)).fetchall()
        return [(number, at, body) for number, at, body in rows]

    def oldest_undelivered(self) -> datetime | None:
        """Tell since when the reply waits that has waited longest."""
        sql = (
            "SELECT at FROM replies WHERE delivered_at IS NULL "
            "AND NOT EXISTS (SELECT 1 FROM silent WHERE silent.person=replies.person) ORDER BY number LIMIT 1"
        )
        with self._lock:
            row = self._first(sql).fetchone()
        return row[0] if row else None

    def count(self, names: Mapping[str, int], week: str) -> None:
        """Add to the counts of a week, in one order whoever counts, so that no two wait for each other."""
        with self.transaction() as transaction:
            transaction.count(sorted(names.items()), week)

    def counts(self) -> list[tuple[str, str, int]]:
        """Give all counts as week, name and value."""
        with self._lock:
            rows = self._first("SELECT week, name, value FROM counts ORDER BY week, name").fetchall()
        return [(week, name, value) for week, name, value in rows]

    def anything_due(self, now: datetime) -> bool:
        """Tell whether some work has its time."""
        with self._lock:
            return self._first("SELECT 1 FROM due WHERE at<=%s LIMIT 1", (now,)).fetchone() is not None

    def expire(self, now: datetime) -> int:
        """Delete what has passed its time, a few people at a time, so that nobody else waits for long."""
        gone = 0
        while True:
            with self.transaction() as transaction:
                some = transaction.expire(now)
            if not some:
                break
            gone += some
        with self.transaction() as transaction:
            transaction.clear(now)
        return gone

    def close(self) -> None:
        """Let go of the connection."""
        with self._lock:
            self._db.close()
