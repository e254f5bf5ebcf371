"""The tables, as numbered steps that are never changed once released."""

import sqlite3

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
    """
    CREATE TABLE exhibits (
        person TEXT NOT NULL, number INTEGER NOT NULL, same TEXT NOT NULL, seen INTEGER NOT NULL, body BLOB NOT NULL,
        PRIMARY KEY (person, number)
    ) STRICT, WITHOUT ROWID;
    CREATE UNIQUE INDEX exhibits_by_same ON exhibits (person, same);
    CREATE TABLE exhibits_given (person TEXT PRIMARY KEY, number INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE files (
        person TEXT NOT NULL, sha256 TEXT NOT NULL, body BLOB NOT NULL, PRIMARY KEY (person, sha256)
    ) STRICT;
    """,
    """
    CREATE TABLE counts (
        week TEXT NOT NULL, name TEXT NOT NULL, value INTEGER NOT NULL, PRIMARY KEY (week, name)
    ) STRICT, WITHOUT ROWID;
    """,
    """
    CREATE TABLE talks (
        number INTEGER PRIMARY KEY AUTOINCREMENT, person TEXT NOT NULL, said_id TEXT NOT NULL, body BLOB NOT NULL,
        at TEXT NOT NULL, UNIQUE (person, said_id)
    ) STRICT;
    CREATE INDEX talks_by_age ON talks (at);
    CREATE TABLE keys (name TEXT PRIMARY KEY, body BLOB NOT NULL) STRICT, WITHOUT ROWID;
    """,
    "CREATE TABLE leases (name TEXT PRIMARY KEY, owner TEXT NOT NULL, until REAL NOT NULL) STRICT, WITHOUT ROWID;",
)


def migrate(db: sqlite3.Connection, path: str) -> None:
    """Apply the steps that are missing, once, whichever process comes first; the others wait for it."""
    db.execute("BEGIN IMMEDIATE")
    (version,) = db.execute("PRAGMA user_version").fetchone()
    if version > len(MIGRATIONS):
        db.execute("ROLLBACK")
        raise StoreError(f"数据库 {path} 是更新的版本写的（{version}），这个程序只认识到 {len(MIGRATIONS)}")
    for number, script in enumerate(MIGRATIONS[version:], version + 1):
        for statement in filter(str.strip, script.split(";")):
            db.execute(statement)
        db.execute(f"PRAGMA user_version={number}")
    db.execute("COMMIT")
