"""`python -m tests.chaos [TURNS] [PEOPLE] [SEED]`: three replicas on one PostgreSQL, and everything that happens.

They are killed and started again at random, their clocks are minutes apart, one is paused for ten seconds, and the
database crashes once. Beside each talk runs a model of it. Everybody has asked for a reminder, too; whichever
replica is alive sends it, once. Prints what was counted; 1 when anything was wrong, lost, twice or out of order.
"""

import asyncio
import random
import signal
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import psycopg

from advisor.codec import Codec
from advisor.session import Session
from bot import open_store
from tests.chaos.crowd import Balancer, Tally, talk
from tests.chaos.replica import START
from tests.conversation import ROOT
from tests.postgres import CannotRunError, Postgres, postgres

OFFSETS = (-4.0, 0.0, 3.0)  # minutes that each replica's clock is wrong
PAUSE = 10.0  # seconds


class Replica:
    """A process that can be killed, paused and started again."""

    def __init__(self, url: str, place: Path, offset: float) -> None:
        self.place, self._words = place, [url, str(place), str(offset)]
        self.start()

    def start(self) -> None:
        self.place.unlink(missing_ok=True)
        self.process = subprocess.Popen([sys.executable, "-m", "tests.chaos.replica", *self._words], cwd=ROOT)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


async def havoc(replicas: list[Replica], server: Postgres, chance: random.Random, tally: Tally) -> None:
    """Do harm until cancelled; the database crashes, and a replica stands still, after some kills."""
    for number in range(1, 10**6):
        await asyncio.sleep(chance.uniform(1, 4))
        for ended in (replica for replica in replicas if replica.process.poll() is not None):
            ended.start()  # as a supervisor does
        one = chance.choice(replicas)
        if number == 4:
            one.process.send_signal(signal.SIGSTOP)
            await asyncio.sleep(PAUSE)
            one.process.send_signal(signal.SIGCONT)
            tally.counts["pauses"] += 1
        elif number == 8:
            server.stop()
            await asyncio.sleep(1)
            await asyncio.to_thread(server.start)
            tally.counts["crashes of the database"] += 1
        elif one.place.exists() or chance.random() < 0.2:  # seldom while it begins
            one.kill()
            one.start()
            tally.counts["kills"] += 1


def remind(url: str, people: list[str], seconds: int) -> None:
    """Have everybody wait for a reminder within so many seconds."""
    store = open_store(url)
    with store.transaction() as transaction:
        for number, person in enumerate(people):
            at = START + timedelta(seconds=seconds * number / len(people))
            session = Session(reminders=[at.isoformat()], consent="yes")
            transaction.save(person, Codec().encode(session.to_data()), START + timedelta(days=1))
            transaction.remind(person, [at])
    store.close()


async def reminded(url: str, people: list[str], seconds: int, tally: Tally) -> None:
    """Wait until nothing is due any more, a minute beyond the time of the last reminder at most, and count them."""
    with psycopg.connect(url, autocommit=True) as db:
        for _ in range(10 * (seconds + 60)):
            if db.execute("SELECT 1 FROM due LIMIT 1").fetchone() is None:
                break
            await asyncio.sleep(0.1)
        told = db.execute("SELECT person FROM replies WHERE message_id LIKE 'reminder%'").fetchall()
        (answered,) = db.execute("SELECT count(*) FROM replies WHERE person LIKE 'p%'").fetchone() or (0,)
    tally.counts.update({"reminders": len(told), "lost": len(people) - len({person for (person,) in told})})
    if len(told) != len(people) or answered != tally.counts["turns"] - tally.counts["deleted turns"]:
        tally.wrong.append(f"{len(told)} reminders for {len(people)} people, {answered} replies")


async def run(turns: int, people: int, seed: int) -> Tally:
    """Let people talk in the midst of it."""
    chance, tally = random.Random(seed), Tally()
    with postgres() as server, tempfile.TemporaryDirectory() as folder:
        url, waiting = server.database(), [f"r{number}" for number in range(people)]
        seconds = turns // 100
        remind(url, waiting, seconds)
        replicas = [Replica(url, Path(folder) / f"{n}", offset) for n, offset in enumerate(OFFSETS)]
        balancer = Balancer([replica.place for replica in replicas], chance, tally)
        harm = asyncio.create_task(havoc(replicas, server, chance, tally))
        try:
            crowd = (talk(f"p{n}", turns // people, balancer, random.Random(seed + n), tally) for n in range(people))
            await asyncio.gather(*crowd)
            if harm.done():
                harm.result()
            harm.cancel()
            await reminded(url, waiting, seconds, tally)
        finally:
            for replica in replicas:
                replica.kill()
    return tally


def main(turns: int = 5_000, people: int = 100, seed: int = random.SystemRandom().randrange(10**6)) -> int:
    """Run it and print what was counted."""
    print(f"seed {seed}", flush=True)
    began = time.monotonic()
    try:
        tally = asyncio.run(run(turns, people, seed))
    except CannotRunError as error:
        print(f"left out: {error}")
        return 1
    counts = tally.counts | {name: tally.counts[name] for name in ("wrong", "lost", "order breaks")}
    print(f"{people} people, {time.monotonic() - began:.0f} s: ", end="")
    print(", ".join(f"{count:,} {what}" for what, count in sorted(counts.items())))
    print(*tally.wrong[:5], sep="\n")
    return int(bool(tally.wrong))


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
