"""The bots that the `webhook` bench posts to: `python -m tests.bench.servers VARIANT PORT API`.

ours         the advisor's own Telegram channel on the dialog of `workload`: deduplicated, committed on
             SQLite with synchronous=FULL before the 200, the reply kept until it is sent
ptb_noop     python-telegram-bot's own webhook with a handler that does nothing
ptb_dialog   the same with ConversationHandler and PicklePersistence on the dialog of `workload`
api          what they all call: it says yes to everything
"""

import asyncio
import json
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

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

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
                if length:
                    await reader.readexactly(int(length[0].split(b":")[1]))
                name = head.split(b" ", 2)[1].rpartition(b"/")[2].decode()
                body = bodies.get(name, yes)
                head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(body)
                writer.write(head + body)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", port) as server:
        await server.serve_forever()


async def ours(port: int, url: str) -> None:
    """Serve the advisor's channel, on the dialog of the bench."""
    from advisor.channels.serving import serve
    from advisor.channels.telegram import Face, Telegram
    from advisor.content import load
    from advisor.desk import Desk
    from advisor.store import StoreError
    from advisor.store_sqlite import SqliteStore
    from advisor.turn import Advisor

    from .ours import content

    with TemporaryDirectory() as folder:
        advisor = Advisor.of(load(content(Path(folder))))
        store = SqliteStore(str(Path(os.environ.get("BENCH_SCRATCH", folder)) / f"webhook-{os.getpid()}.db"))
        desk = Desk(advisor, store)
        face = Face(
            {"start": "-"}, {"start": "/start the bench"}, {}, "-", "-", "-", lambda name, text: (name, text.encode())
        )
        hook = f"http://127.0.0.1:{port}/telegram"
        await serve([Telegram(TOKEN, desk, face, StoreError, url, hook, SECRET)], "127.0.0.1", port, desk.do_due)


async def ptb(port: int, url: str, folder: Path | None) -> None:
    """Serve python-telegram-bot's own webhook."""
    from telegram import Update
    from telegram.ext import (
        Application,
        CommandHandler,
        ConversationHandler,
        MessageHandler,
        PicklePersistence,
        filters,
    )

    from .workload import STATES, STEPS, renderer

    render = renderer()

    async def nothing(update: Update, context: Any) -> None:
        pass

    def take(step: int) -> Any:
        async def callback(update: Update, context: Any) -> int:
            message, answers = update.message, context.user_data
            assert message is not None
            if step:
                answers[STATES[step]] = message.text
            await message.reply_text(render(STATES[step + 1], answers))
            if step < STEPS - 1:
                return step + 1
            answers.clear()
            return ConversationHandler.END

        return callback

    builder = Application.builder().token(TOKEN).base_url(f"{url}/bot").job_queue(None)
    if folder is not None:
        builder = builder.persistence(PicklePersistence(folder / "people.pickle"))
    app = builder.build()
    if folder is None:
        app.add_handler(MessageHandler(filters.TEXT, nothing))
    else:
        typed = filters.TEXT & ~filters.COMMAND
        states: dict[object, list[Any]] = {step: [MessageHandler(typed, take(step))] for step in range(1, STEPS)}
        start: list[Any] = [CommandHandler("start", take(0))]
        app.add_handler(ConversationHandler(start, states, [], name="dialog", persistent=True))
    await app.initialize()
    await app.start()
    assert app.updater is not None
    hook = f"http://127.0.0.1:{port}/telegram"
    await app.updater.start_webhook("127.0.0.1", port, "telegram", webhook_url=hook, secret_token=SECRET)
    await asyncio.Event().wait()


async def main(variant: str, port: int, url: str) -> None:
    if variant in ("ours", "api"):
        await {"ours": ours, "api": api}[variant](port, url)
        return
    with TemporaryDirectory() as folder:
        await ptb(port, url, Path(folder) if variant == "ptb_dialog" else None)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), sys.argv[3]))
