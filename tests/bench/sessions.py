"""What people in the middle of a dialog cost a server of the `webhook` bench: memory, and for ours the disk.

Everyone opens the dialog and gives one answer, in waves, each of which is waited for until its replies were
sent, so that no backlog is weighed. WARM people come before the first weighing, MORE before the second; the
difference is told for 10,000. BENCH_PEOPLE (2,000) is how many MORE are; 10,000 take some minutes.
"""

import os
from contextlib import closing
from itertools import product
from pathlib import Path
from sqlite3 import connect
from typing import NamedTuple

from . import client, rig
from .workload import Turn, answer

WARM, WAVE = 500, 250  # people
MORE = max(1, int(os.environ.get("BENCH_PEOPLE", "2000")))
TURNS = 2  # of each person


class Weight(NamedTuple):
    """What a server holds: memory and Redis's memory in MB, and for ours bytes on the disk."""

    memory: float
    redis: float = 0.0
    sessions: int = 0  # bytes of the rows alone
    file: int = 0


class Growth(NamedTuple):
    """What so many people more brought about."""

    people: int
    before: Weight
    after: Weight

    def memory(self) -> float:
        """Give MB in the server for 10,000 people."""
        return (self.after.memory - self.before.memory) * 10_000 / self.people

    def redis(self) -> float:
        """Give MB in Redis for 10,000 people."""
        return (self.after.redis - self.before.redis) * 10_000 / self.people

    def row(self) -> float:
        """Give the bytes of one session on the disk."""
        return (self.after.sessions - self.before.sessions) / self.people

    def file(self) -> float:
        """Give the bytes that the file grew by for one person: the session, its indexes, the replies kept."""
        return (self.after.file - self.before.file) / self.people


async def growth(port: int, pid: int, api: int, messages: int, folder: Path, redis: str | None) -> Growth:
    """Bring people to a server; `messages` is how many it sends to each in their turns."""
    await bring(port, api, range(1, WARM + 1), messages)
    before = weight(pid, folder, redis)
    await bring(port, api, range(WARM + 1, WARM + MORE + 1), messages)
    return Growth(MORE, before, weight(pid, folder, redis))


async def bring(port: int, api: int, people: range, messages: int) -> None:
    """Have people begin the dialog and stay in the middle of it."""
    for first in range(people.start, people.stop, WAVE):
        wave = range(first, min(first + WAVE, people.stop))
        wanted = await client.sent(api) + len(wave) * messages
        played = [Turn(who, step, answer(who, step) if step else "/start") for step, who in product(range(TURNS), wave)]
        await client.post(port, played, (first - 1) * TURNS)
        await client.delivered(api, wanted)


def weight(pid: int, folder: Path, redis: str | None) -> Weight:
    """Weigh a server, the Redis that it uses, and the database that it has in the folder, if it has one."""
    memory = rig.resident(pid)
    path = folder / f"webhook-{pid}.db"
    if not path.is_file():
        return Weight(memory, rig.redis_memory(redis) if redis else 0.0)
    with closing(connect(path)) as db:
        db.execute("PRAGMA wal_checkpoint(PASSIVE)")
        ((rows,),) = db.execute("SELECT sum(length(person) + length(body) + length(expires_at)) FROM sessions")
    return Weight(memory, sessions=rows, file=os.path.getsize(path))


def table(found: dict[str, Growth], notes: dict[str, str]) -> None:
    """Print what 10,000 people in the middle of the dialog cost each server."""
    print(f"\nmemory from {WARM:,} to {WARM + MORE:,} people in the middle of the dialog, their replies sent")
    line = "{:16}{:>24}  {}"
    print(line.format("server", "MB per 10,000 sessions", "beside it"))
    for name in (*found, *(note for note in notes if note not in found)):
        if name in notes:
            print(f"{name:16}{notes[name]}")
            continue
        one = found[name]
        beside = f"{one.redis():.1f} MB per 10,000 sessions in redis-server" if one.after.redis else ""
        if one.after.file:
            beside = (
                f"on the disk {one.row():,.0f} bytes a session, {one.file():,.0f} with indexes and the replies kept"
            )
        print(line.format(name, f"{one.memory():.1f}", beside))
