"""Two well-known bot frameworks on the dialog of `workload`: `python -m tests.bench.peers VARIANT N`.

    ptb_memory      python-telegram-bot, ConversationHandler, everything in memory
    ptb_pickle      the same with PicklePersistence, flushed to its file after each turn
    aiogram_memory  aiogram 3, FSM with MemoryStorage
    aiogram_redis   the same with RedisStorage, on the server named by $BENCH_REDIS
    ptb_growth      ptb_memory for the `growth` bench: MB after a tenth of the turns and after all

Counted, in every variant: from the update as parsed JSON (a dict of the Bot API) to the framework's objects,
finding the handler, taking the person's answer in, moving one state, rendering the reply, building the
framework's `sendMessage` call, reading the server's answer to it, and storing the new state.
Not counted: start-up, a warm-up lap, JSON text to dict on the way in, form or multipart encoding of the call,
the network and Telegram itself (a stub answers at once), deduplication, buttons, the check of the replies.

To the peers' advantage: persistence is told to keep only what the dialog needs; no rate limiter, no event
isolation, no logging; redis-server has a core of its own where there are two.  Against them: nothing known;
both run on asyncio's own loop, and aiogram talks to Redis with hiredis, as its `redis` extra installs.
Durable is not the same for all: ptb_pickle rewrites its file in place and never asks the disk to sync, so it
may lose turns at power loss and its file when killed while writing; Redis syncs each of its several
writes of a turn, but a turn is not one transaction.
"""

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from .rig import resident
from .workload import Turn, check, drive_async, ever_new, turns

BOT = {"id": 9, "is_bot": True, "first_name": "bench", "username": "bench_bot"}
ME = json.dumps({"ok": True, "result": BOT})
SENT = json.dumps(
    {
        "ok": True,
        "result": {
            "message_id": 1,
            "date": 1_790_000_000,
            "from": BOT,
            "chat": {"id": 1, "type": "private", "first_name": "p"},
            "text": "收到",
        },
    }
)
TOKEN = "9:bench"
Feed = Callable[[dict[str, Any]], Awaitable[object]]
Playing = Callable[[int, Feed, list[str]], Awaitable[list[float]]]


def raw_update(number: int, turn: Turn) -> dict[str, Any]:
    """What Telegram would deliver for this turn, without the fields nobody reads here."""
    message: dict[str, Any] = {
        "message_id": number,
        "date": 1_790_000_000,
        "text": turn.text,
        "chat": {"id": turn.person, "type": "private", "first_name": "p"},
        "from": {"id": turn.person, "is_bot": False, "first_name": "p"},
    }
    if turn.step == 0:
        message["entities"] = [{"type": "bot_command", "offset": 0, "length": len(turn.text)}]
    return {"update_id": number, "message": message}


async def play(n: int, feed: Feed, sent: list[str]) -> list[float]:
    """Give the turns per second."""
    played = turns(n)
    rate = await drive_async(feed, [raw_update(i, turn) for i, turn in enumerate(played, 1)])
    check(played, sent)
    return [rate]


async def grow(n: int, feed: Feed, sent: list[str]) -> list[float]:
    """Give the memory held, in MB, after a tenth of the turns of people who are ever new, and after all."""
    weighed = []
    for number, turn in enumerate(ever_new(n), 1):
        await feed(raw_update(number, turn))
        sent.clear()
        if number in (n // 10, n):
            weighed.append(resident(os.getpid()))
    return weighed


async def ptb(n: int, folder: Path | None, playing: Playing = play) -> list[float]:
    from telegram import Update
    from telegram.ext import Application, PersistenceInput, PicklePersistence
    from telegram.request import BaseRequest, RequestData

    from .ptb_dialog import dialog

    sent: list[str] = []

    class Stub(BaseRequest):
        @property
        def read_timeout(self) -> float:
            return 5

        async def initialize(self) -> None:
            pass

        async def shutdown(self) -> None:
            pass

        async def do_request(
            self, url: str, method: str, request_data: RequestData | None = None, *_: object, **__: object
        ) -> tuple[int, bytes]:
            if url.endswith("/getMe") or request_data is None:
                return 200, ME.encode()
            sent.append(str(request_data.parameters["text"]))
            return 200, SENT.encode()

    builder = Application.builder().token(TOKEN).request(Stub()).get_updates_request(Stub()).job_queue(None)
    keep = None
    if folder is not None:
        only = PersistenceInput(bot_data=False, chat_data=False, callback_data=False)
        keep = PicklePersistence(folder / "people.pickle", store_data=only, on_flush=True)
        builder = builder.persistence(keep)
    app = builder.build()
    app.add_handler(dialog(persistent=keep is not None))
    app.add_error_handler(stop)
    await app.initialize()

    async def feed(raw: dict[str, Any]) -> None:
        await app.process_update(Update.de_json(raw, app.bot))
        if keep is not None:
            await app.update_persistence()
            await keep.flush()

    return await playing(n, feed, sent)


async def stop(_: object, context: Any) -> None:
    """End the measurement at the first error in a handler; the framework itself would log it and go on."""
    os.write(2, f"a handler failed: {context.error!r}\n".encode())
    os._exit(1)


async def aiogram(n: int, redis_url: str | None) -> list[float]:
    from aiogram import Bot  # type: ignore[import-not-found]
    from aiogram.client.session.base import BaseSession  # type: ignore[import-not-found]
    from aiogram.fsm.storage.memory import MemoryStorage  # type: ignore[import-not-found]

    from .aiogram_dialog import dialog, redis_storage

    sent: list[str] = []

    class Stub(BaseSession):  # type: ignore[misc]
        async def close(self) -> None:
            pass

        async def make_request(self, bot: Any, method: Any, timeout: int | None = None) -> Any:
            sent.append(method.text)
            return self.check_response(bot=bot, method=method, status_code=200, content=SENT).result

        async def stream_content(self, *_: object, **__: object) -> Any:
            yield b""

    storage = MemoryStorage() if redis_url is None else await redis_storage(redis_url)
    dispatcher = dialog(storage)
    bot = Bot(TOKEN, session=Stub())

    async def feed(raw: dict[str, Any]) -> None:
        await dispatcher.feed_raw_update(bot, raw)

    figures = await play(n, feed, sent)
    await storage.close()
    return figures


def main(variant: str, n: int) -> list[float]:
    """Play a variant, and give its figures."""
    if variant == "ptb_memory":
        return asyncio.run(ptb(n, None))
    if variant == "ptb_growth":
        return asyncio.run(ptb(n, None, grow))
    if variant == "ptb_pickle":
        with TemporaryDirectory(dir=os.environ.get("BENCH_SCRATCH")) as folder:
            return asyncio.run(ptb(n, Path(folder)))
    if variant == "aiogram_memory":
        return asyncio.run(aiogram(n, None))
    if variant == "aiogram_redis":
        return asyncio.run(aiogram(n, os.environ["BENCH_REDIS"]))
    raise SystemExit(f"no such variant: {variant}")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit("usage: python -m tests.bench.peers VARIANT N")
    print(*main(sys.argv[1], int(sys.argv[2])))
