"""The bots that the `webhook` bench posts to: `python -m tests.bench.servers VARIANT PORT API`.

ours           the advisor's own Telegram channel on the dialog of `workload`: deduplicated, committed on
               SQLite with synchronous=FULL before the 200, the reply kept until it is sent
passive        the advisor's WeChat channel on the same dialog: each message signed and sealed, its answer too
echo           starlette alone, which gives back a body of that length: what any answer costs here
ptb_noop       python-telegram-bot's own webhook with a handler that does nothing
ptb_dialog     the same with ConversationHandler and PicklePersistence on the dialog of `workload`
aiogram_redis  aiogram's own SimpleRequestHandler on aiohttp with RedisStorage on the same dialog, on the Redis
               named by $BENCH_REDIS. It handles an update before its 200, since its other way, a task for each
               update, does not keep a person's updates in order
api            what they all call: it says yes to everything, and to /sent how many messages it was given

None of them holds itself to what Telegram allows, 30 messages a second and one to a chat: ours would, and is told
not to, so that all of them send as fast as they can.
"""

import asyncio
import json
import os
import sys
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

SECRET = "bench"
TOKEN = "9:bench"
BOT = {"id": 9, "is_bot": True, "first_name": "bench", "username": "bench_bot"}
SENT = {"message_id": 1, "date": 1_790_000_000, "from": BOT, "chat": {"id": 1, "type": "private"}, "text": "收到"}
RESULTS: dict[str, Any] = {
    "getMe": BOT, "sendMessage": SENT, "getMyCommands": [], "getMyDescription": {"description": ""},
    "getMyShortDescription": {"short_description": ""},
}  # fmt: skip


async def api(port: int, _: str) -> None:
    """Say yes to every call."""
    bodies = {name: json.dumps({"ok": True, "result": result}).encode() for name, result in RESULTS.items()}
    yes = json.dumps({"ok": True, "result": True}).encode()
    sent = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
                if length:
                    await reader.readexactly(int(length[0].split(b":")[1]))
                name = head.split(b" ", 2)[1].rpartition(b"/")[2].decode()
                sent += name == "sendMessage"
                body = str(sent).encode() if name == "sent" else bodies.get(name, yes)
                head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(body)
                writer.write(head + body)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", port) as server:
        await server.serve_forever()


async def ours(port: int, url: str) -> None:
    """Serve the advisor's channel, on the dialog of the bench."""
    from telegram.ext import AIORateLimiter

    from advisor.channels.serving import serve
    from advisor.channels.telegram import Face, Telegram, bot, post
    from advisor.content import load
    from advisor.desk import Desk
    from advisor.store import StoreError
    from advisor.store_sqlite import SqliteStore
    from advisor.turn import Advisor

    from .ours import content

    unhurried = partial(AIORateLimiter, overall_max_rate=0)
    with (
        TemporaryDirectory() as folder,
        patch.object(bot, "AIORateLimiter", unhurried),
        patch.object(post, "PER_CHAT", (1_000_000, 1.0)),
    ):
        advisor = Advisor.of(load(content(Path(folder))))
        store = SqliteStore(str(Path(os.environ.get("BENCH_SCRATCH", folder)) / f"webhook-{os.getpid()}.db"))
        desk = Desk(advisor, store)
        face = Face({"start": "-"}, {"start": "/start the bench"}, {}, "-", "-", "-", lambda person, bubble: ())
        hook = f"http://127.0.0.1:{port}/telegram"
        await serve([Telegram(TOKEN, desk, face, StoreError, url, hook, SECRET)], "127.0.0.1", port, desk.do_due)


async def passive(port: int, _: str) -> None:
    """Serve the advisor's account in WeChat, on the dialog of the bench."""
    from advisor.channels.serving import serve
    from advisor.channels.wechat import Face, WeChat
    from advisor.content import load
    from advisor.desk import Desk
    from advisor.store import StoreError
    from advisor.store_sqlite import SqliteStore
    from advisor.turn import Advisor

    from .ours import content
    from .passive import AES_KEY, APPID

    with TemporaryDirectory() as folder:
        advisor = Advisor.of(load(content(Path(folder))))
        store = SqliteStore(str(Path(os.environ.get("BENCH_SCRATCH", folder)) / f"passive-{os.getpid()}.db"))
        desk = Desk(advisor, store)
        face = Face({}, {}, "-", frozenset(), str, str, str.__add__)
        await serve([WeChat(SECRET, APPID, desk, face, StoreError, AES_KEY)], "127.0.0.1", port, desk.do_due)


async def echo(port: int, _: str) -> None:
    """Serve starlette alone."""
    import uvicorn
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route, Router

    async def back(request: Request) -> Response:
        return Response(await request.body())

    routes = Router([Route("/wechat", back, methods=["POST"])])
    config = uvicorn.Config(routes, host="127.0.0.1", port=port, log_config=None, access_log=False, lifespan="off")
    await uvicorn.Server(config).serve()


async def ptb(port: int, url: str, folder: Path | None) -> None:
    """Serve python-telegram-bot's own webhook."""
    from telegram import Update
    from telegram.ext import Application, MessageHandler, PicklePersistence, filters

    from .ptb_dialog import dialog

    async def nothing(update: Update, context: Any) -> None:
        pass

    builder = Application.builder().token(TOKEN).base_url(f"{url}/bot").job_queue(None)
    if folder is not None:
        builder = builder.persistence(PicklePersistence(folder / "people.pickle"))
    app = builder.build()
    if folder is None:
        app.add_handler(MessageHandler(filters.TEXT, nothing))
    else:
        app.add_handler(dialog(persistent=True))
    await app.initialize()
    await app.start()
    assert app.updater is not None
    hook = f"http://127.0.0.1:{port}/telegram"
    await app.updater.start_webhook("127.0.0.1", port, "telegram", webhook_url=hook, secret_token=SECRET)
    await asyncio.Event().wait()


async def aiogram(port: int, url: str) -> None:
    """Serve aiogram's own webhook."""
    from aiogram import Bot  # type: ignore[import-not-found]
    from aiogram.client.session.aiohttp import AiohttpSession  # type: ignore[import-not-found]
    from aiogram.client.telegram import TelegramAPIServer  # type: ignore[import-not-found]
    from aiogram.webhook.aiohttp_server import (  # type: ignore[import-not-found]
        SimpleRequestHandler,
        setup_application,
    )
    from aiohttp import web  # type: ignore[import-not-found]

    from .aiogram_dialog import dialog, redis_storage

    bot = Bot(TOKEN, session=AiohttpSession(api=TelegramAPIServer.from_base(url)))
    dispatcher = dialog(await redis_storage(os.environ["BENCH_REDIS"]))
    app = web.Application()
    handler = SimpleRequestHandler(dispatcher, bot, handle_in_background=False, secret_token=SECRET)
    handler.register(app, path="/telegram")
    setup_application(app, dispatcher, bot=bot)
    await bot.set_webhook(f"http://127.0.0.1:{port}/telegram", secret_token=SECRET)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await asyncio.Event().wait()


async def main(variant: str, port: int, url: str) -> None:
    whole = {"ours": ours, "aiogram_redis": aiogram, "api": api, "passive": passive, "echo": echo}
    if variant in whole:
        await whole[variant](port, url)
        return
    with TemporaryDirectory(dir=os.environ.get("BENCH_SCRATCH")) as folder:
        await ptb(port, url, Path(folder) if variant == "ptb_dialog" else None)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), sys.argv[3]))
