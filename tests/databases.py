"""Databases of both kinds, as fixtures."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest

from advisor.store import Store
from bot import open_store
from tests.postgres import CannotRunError, Postgres, postgres


class Database:
    """A database of either kind: stores can be opened on it, and it can be looked into."""

    def __init__(self, url: str) -> None:
        self.url, self._opened = url, list[Store]()

    def open(self) -> Store:
        """Give one more store, as another process would have it."""
        self._opened.append(open_store(self.url))
        return self._opened[-1]

    def close(self) -> None:
        for store in self._opened:
            store.close()

    def run(self, sql: str, values: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        """Run a statement beside the stores."""
        if self.url.startswith("sqlite"):
            with closing(sqlite3.connect(self.url.removeprefix("sqlite:///"), isolation_level=None)) as file:
                return file.execute(sql.replace("%s", "?"), values).fetchall()
        with psycopg.connect(self.url, autocommit=True) as db:
            cursor = db.execute(sql, values)
            return cursor.fetchall() if cursor.description else []

    def everything(self) -> str:
        """Give every row of every table."""
        lite = "SELECT name FROM sqlite_master WHERE type='table'"
        names = "SELECT tablename FROM pg_tables WHERE schemaname='public'"
        tables = [name for (name,) in self.run(lite if self.url.startswith("sqlite") else names)]
        assert len(tables) >= 9
        return "\n".join(f"{table} {row}" for table in tables for row in self.run(f"SELECT * FROM {table}"))


@pytest.fixture(scope="session")
def server() -> Iterator[Postgres]:
    try:
        with postgres() as server:
            yield server
    except CannotRunError as error:
        pytest.skip(str(error))


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    lite = request.param == "sqlite"
    database = Database(f"sqlite:///{tmp_path}/a.db" if lite else request.getfixturevalue("server").database())
    yield database
    database.close()


@pytest.fixture
def shared(server: Postgres) -> Iterator[Database]:
    database = Database(server.database())
    yield database
    database.close()
