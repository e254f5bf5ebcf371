"""People who talk to the replicas as platforms deliver: to any of them, again until acknowledged, at times twice."""

import asyncio
import json
import random
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from advisor.message import Message
from advisor.session import Session
from advisor.turn import turn
from tests.chaos.replica import START, told
from tests.conversation import advisor
from tests.soak import WORDS

PATIENCE = 30.0  # seconds for one acknowledgement, then it is delivered again
LOST = 180.0  # seconds after which an update that nobody acknowledged counts as lost


@dataclass
class Tally:
    """What has happened so far."""

    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


class Balancer:
    """Hands each message to a replica at random; one that does not answer is passed over the next time."""

    def __init__(self, places: list[Path], chance: random.Random, tally: Tally) -> None:
        self._places, self._chance, self._tally = places, chance, tally

    async def post(self, message: dict[str, Any]) -> dict[str, Any]:
        """Deliver until acknowledged."""
        async with asyncio.timeout(LOST):
            while True:
                try:
                    async with asyncio.timeout(PATIENCE):
                        answer = await self._once(message)
                    if "again" not in answer:
                        return answer
                    self._tally.counts["refused while the database was away"] += 1
                except (OSError, ValueError, TimeoutError):
                    self._tally.counts["unanswered deliveries"] += 1
                await asyncio.sleep(self._chance.uniform(0.05, 0.3))

    async def _once(self, message: dict[str, Any]) -> dict[str, Any]:
        reader, writer = await asyncio.open_unix_connection(str(self._chance.choice(self._places)))
        try:
            writer.write(json.dumps(message).encode() + b"\n")
            answer: dict[str, Any] = json.loads(await reader.readline())
            return answer
        finally:
            writer.close()


async def talk(person: str, turns: int, balancer: Balancer, chance: random.Random, tally: Tally) -> None:
    """Talk at random, and hold every answer against the model's: the same turns in memory, each taken once."""
    session, sent = Session(), list[tuple[dict[str, Any], dict[str, Any]]]()
    for number in range(turns):
        keys = list(session.offered)
        choice = chance.choice(keys) if keys and chance.random() < 0.5 else None
        text = "" if choice else chance.choice(WORDS)
        message = {"person": person, "id": f"{person}-{number}", "text": text, "choice": choice}
        after, reply = turn(advisor(), session, Message(person, text, choice), START)
        session, wanted = after or Session(), told(reply)
        if after is None:  # all was deleted, and with it what would know the old ones again
            tally.counts["deleted turns"] += len(sent)
            sent.clear()
        copies = [balancer.post(message) for _ in range(2 if chance.random() < 0.2 else 1)]
        if sent and chance.random() < 0.2:
            copies.append(balancer.post(chance.choice(sent)[0]))  # an old one comes once more, beside the new one
        try:
            answers = await asyncio.gather(*copies)
        except TimeoutError:
            tally.counts["lost"] += 1
            tally.wrong.append(f"{message['id']} was never acknowledged")
            return
        sent.append((message, wanted))
        known = {one["id"]: expected for one, expected in sent}
        tally.counts.update(turns=1, repeats=len(answers) - 1)
        for answer in answers:
            expected = known[answer.pop("id")]
            if answer != expected:
                breaks = any(answer == other for other in known.values())
                tally.counts["order breaks" if breaks else "wrong"] += 1
                tally.wrong.append(f"{message['id']}: {str(answer)[:200]} instead of {str(expected)[:200]}")
        if tally.wrong:
            return
