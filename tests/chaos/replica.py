"""One replica: a desk on the shared database behind a socket. `python -m tests.chaos.replica URL SOCKET OFFSET`.

A line of JSON is a message, person, id and text or choice; the answer is a line with its state, words and choices,
or `again` when the desk could not keep it. The clock begins at START and is OFFSET minutes wrong.
"""

import asyncio
import json
import sys
import time
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from advisor.clock import SHANGHAI
from advisor.desk import Desk
from advisor.message import Message, Reply
from advisor.store import StoreError
from bot import open_store
from tests.conversation import advisor

START = datetime(2026, 11, 25, 14, tzinfo=SHANGHAI)
DUE_EVERY = 0.25


def told(reply: Reply) -> dict[str, Any]:
    """Give what a person gets to see of a reply."""
    return {"state": reply.state, "said": [bubble.text for bubble in reply.bubbles]}


def desk(url: str, offset: float) -> Desk:
    """Open a desk whose clock is `offset` minutes wrong; all days of the run are the same one."""
    began, start = time.time(), START + timedelta(minutes=offset)
    return Desk(advisor(), open_store(url), clock=lambda: start + timedelta(seconds=time.time() - began))


async def serve(desk: Desk, place: str) -> None:
    """Answer until killed."""

    async def one(line: bytes, writer: asyncio.StreamWriter) -> None:
        data = json.loads(line)
        message = Message(data["person"], data.get("text", ""), data.get("choice"), id=data["id"])
        try:
            answer = {"id": message.id, **told(await desk.answer(message))}
        except StoreError:
            answer = {"id": message.id, "again": True}
        writer.write(json.dumps(answer).encode() + b"\n")

    async def heard(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while line := await reader.readline():
                await one(line, writer)
        writer.close()

    async with await asyncio.start_unix_server(heard, place):
        while True:
            with suppress(StoreError):
                await desk.do_due()
            await asyncio.sleep(DUE_EVERY)


if __name__ == "__main__":
    try:
        asyncio.run(serve(desk(sys.argv[1], float(sys.argv[3])), sys.argv[2]))
    except StoreError:  # it began while the database was away
        sys.exit(2)
