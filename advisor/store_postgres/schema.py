"""The tables, as numbered steps that are never changed once released."""

import psycopg

from advisor.store import StoreError

MIGRATIONS = (
    """
    CREATE TABLE sessions (person text PRIMARY KEY, body bytea NOT NULL, expires_at timestamptz NOT NULL);
    CREATE INDEX sessions_by_expiry ON sessions (expires_at);
    CREATE TABLE replies (
        number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, person text NOT NULL, message_id text NOT NULL,
        body bytea NOT NULL, at timestamptz NOT NULL, delivered_at timestamptz, UNIQUE (person, message_id)
    );
    CREATE INDEX replies_undelivered ON replies (number) WHERE delivered_at IS NULL;
    CREATE INDEX replies_waiting ON replies (person, number) WHERE delivered_at IS NULL;
    CREATE INDEX replies_by_age ON replies (at);
    CREATE TABLE set_aside (person text NOT NULL, body bytea NOT NULL, at timestamptz NOT NULL);
    CREATE INDEX set_aside_by_person ON set_aside (person);
    CREATE INDEX set_aside_by_age ON set_aside (at);
    CREATE TABLE gathered (
        number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, person text NOT NULL, body bytea NOT NULL
    );
    CREATE INDEX gathered_by_person ON gathered (person);
    CREATE TABLE due (
        person text NOT NULL, kind text NOT NULL, number integer NOT NULL, at timestamptz NOT NULL,
        PRIMARY KEY (person, kind, number)
    );
    CREATE INDEX due_by_time ON due (at);
    CREATE TABLE silent (person text PRIMARY KEY, since timestamptz NOT NULL);
    """,
    """
    CREATE TABLE exhibits (
        person text NOT NULL, number integer NOT NULL, same text NOT NULL, body bytea NOT NULL,
        seen integer NOT NULL DEFAULT 1, PRIMARY KEY (person, number), UNIQUE (person, same)
    );
    CREATE TABLE exhibits_given (person text PRIMARY KEY, number integer NOT NULL);
    CREATE TABLE files (person text NOT NULL, sha256 text NOT NULL, body bytea NOT NULL, PRIMARY KEY (person, sha256));
    """,
    "CREATE TABLE counts (week text NOT NULL, name text NOT NULL, value bigint NOT NULL, PRIMARY KEY (week, name));",
    """
    CREATE TABLE talks (
        number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, person text NOT NULL, said_id text NOT NULL,
        body bytea NOT NULL, at timestamptz NOT NULL, UNIQUE (person, said_id)
    );
    CREATE INDEX talks_by_age ON talks (at);
    CREATE TABLE keys (name text PRIMARY KEY, body bytea NOT NULL);
    """,
    "CREATE TABLE leases (name text PRIMARY KEY, owner text NOT NULL, until timestamptz NOT NULL);",
)
MIGRATING = 0x61647669736F72  # the number of the advisory lock under which the schema is changed


def migrate(db: psycopg.Connection) -> None:
    """Apply the steps that are missing, once, whichever process comes first; the others wait for it."""
    with db.transaction():
        db.execute("SET LOCAL lock_timeout=0; SET LOCAL statement_timeout=0")
        db.execute("SELECT pg_advisory_xact_lock(%s)", (MIGRATING,))
        db.execute("CREATE TABLE IF NOT EXISTS schema_version (version integer PRIMARY KEY)")
        ((version,),) = db.execute("SELECT coalesce(max(version), 0) FROM schema_version").fetchall()
        if version > len(MIGRATIONS):
            raise StoreError(f"数据库是更新的版本写的（{version}），这个程序只认识到 {len(MIGRATIONS)}")
        for number, script in enumerate(MIGRATIONS[version:], version + 1):
            db.execute(script)
            db.execute("INSERT INTO schema_version VALUES (%s)", (number,))
