"""The `stores` bench: several processes on one PostgreSQL, and what a turn costs as the database fills.

The PostgreSQL is the one of the tests, with its default settings, on a Unix socket; it shares the cores with the
processes, so on two cores four processes show what waiting costs and not what four cores carry. BENCH_TURNS (1,200)
are played by each process, BENCH_SESSIONS (100,000; 1,000,000 takes minutes) are stored for the second measurement.
"""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import psycopg

from advisor.store import StoreError
from bot import open_store
from tests.postgres import CannotRunError, Postgres, postgres

from . import rig
from .ours import NOW

TURNS = max(100, int(os.environ.get("BENCH_TURNS", "1200")))
MOST = max(1_000, int(os.environ.get("BENCH_SESSIONS", "100000")))
DRAWN = 600  # turns of people drawn out of those stored


def run() -> int:
    """Measure and print; 1 only when something broke, never because of a figure."""
    try:
        with rig.scratch() as folder, postgres() as server:
            busy = f"{len(rig.CORES)} cores, of which {os.getloadavg()[0]:.1f} were wanted before it began"
            print(f"{busy}; 4 KiB synced in {1e6 * rig.sync_time(folder):.0f} µs (median)")
            rates(server, folder)
            fill_up(server)
    except CannotRunError as error:
        print(f"left out: {error}")
    except (rig.FailedError, StoreError) as error:
        print(f"FAILED: {error}")
        return 1
    return 0


def rates(server: Postgres, folder: Path) -> None:
    """Tell turns per second of one process on SQLite, and of 1, 2 and 4 on PostgreSQL."""
    print(f"\n{'processes':24}{'turns/s':>10}{'median':>10}{'p99':>10}   sixteen people at a time each")
    rows = [("1 on SQLite", f"sqlite:///{folder}/a.db", 1)]
    rows += [(f"{count} on PostgreSQL", server.database(), count) for count in (1, 2, 4)]
    for name, url, count in rows:
        found = play(url, [(f"b{number}-", TURNS, 0) for number in range(count)])
        middle, slow = (sum(one[place] for one in found) / count for place in (1, 2))
        print(f"{name:24}{sum(one[0] for one in found):>10,.0f}{middle:>7.1f} ms{slow:>7.1f} ms")


def fill_up(server: Postgres) -> None:
    """Tell what a turn takes with few and with many sessions stored, and what each of them weighs."""
    print(f"\n{'sessions stored':24}{'turns/s':>10}{'median':>10}{'p99':>10}   one turn after another")
    url = server.database()
    stored, before = 0, 0
    for count in (1_000, MOST):
        store(url, stored, count)
        if not stored:
            play(url, [("first", 100, count)])  # so that both find the plans and the indexes warm
        before, stored = (weight(url), count) if not stored else (before, count)
        ((rate, middle, slow),) = play(url, [(f"n{count}-", DRAWN, count)])
        print(f"{count:<24,}{rate:>10,.0f}{middle:>7.1f} ms{slow:>7.1f} ms")
    grown = (weight(url) - before) / (MOST - 1_000) if MOST > 1_000 else 0
    print(f"a session, its last reply and their indexes: {grown:,.0f} bytes")


def store(url: str, first: int, last: int) -> None:
    """Store sessions in the middle of a dialog, and the last reply to each."""
    open_store(url).close()
    with psycopg.connect(url, autocommit=True) as db:
        if not first:
            play(url, [("like", 200, 1)])
        (body,) = db.execute("SELECT body FROM sessions WHERE person='s0'").fetchone() or (b"",)
        (reply,) = db.execute("SELECT body FROM replies WHERE person='s0' ORDER BY number DESC").fetchone() or (b"",)
        spread = (body, NOW, timedelta(seconds=1), first, last - 1)
        db.execute(
            "INSERT INTO sessions SELECT 's' || n, %s, %s + %s * (n %% 600000 + 80000) "
            "FROM generate_series(%s::int, %s) n ON CONFLICT DO NOTHING",
            spread,
        )
        db.execute(
            "INSERT INTO replies (person, message_id, body, at, delivered_at) SELECT 's' || n, 'last', %s, %s, %s "
            "FROM generate_series(%s::int, %s) n",
            (reply, NOW, NOW, first, last - 1),
        )
        db.execute("VACUUM ANALYZE")


def weight(url: str) -> int:
    """Give the bytes of all tables with their indexes."""
    with psycopg.connect(url) as db:
        sql = "SELECT sum(pg_total_relation_size(relid))::bigint FROM pg_stat_user_tables"
        return int((db.execute(sql).fetchone() or (0,))[0])


def play(url: str, shares: list[tuple[str, int, int]]) -> list[list[float]]:
    """Run a process for each share at the same time; give the figures of each."""
    processes = []
    for name, count, people in shares:
        command = [sys.executable, "-m", "tests.bench.storing", url, name, str(count), str(people)]
        processes.append(
            subprocess.Popen(command, cwd=rig.ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        )
    found = []
    for process in processes:
        assert process.stdout is not None
        if process.stdout.readline() != "ready\n":
            raise rig.FailedError(f"a process ended with {process.wait()}")
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    for process in processes:
        said, _ = process.communicate()
        if process.returncode:
            raise rig.FailedError(f"a process ended with {process.returncode}")
        found.append([float(word) for word in said.split()])
    return found
