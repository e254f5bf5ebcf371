"""The advisor's side of the `dialog` bench: `python -m tests.bench.ours VARIANT N` prints turns per second.

    memory   a turn on sessions held in memory as objects, as the peers hold theirs
    durable  the desk on SQLite, WAL, synchronous=FULL, one transaction a turn with its duplicate check and
             its stored reply, in a file under $BENCH_SCRATCH
    growth   the same for the `growth` bench: MB after a tenth of the turns of people who are ever new, and after all

Counted: from the update as parsed JSON (a dict of the Bot API) to our message by plain look-ups, every
listener of the real advisor (its alarms, its words of everywhere, telling an SMS from talk, topics), taking
the answer in, moving one state on the `transitions` machine, rendering the reply, its question and its row of
choices, and building the parameters of `sendMessage` as JSON. Not counted, as for the peers: start-up, a
warm-up lap, the network, Telegram itself. More than the peers do: buttons, history, and in `durable` the
duplicate check. Less than the peers do: reading the server's answer to the send, and Telegram's own types.
"""

import json
import os
import shutil
import sys
import uuid
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from advisor.clock import SHANGHAI
from advisor.content import load
from advisor.desk import Desk
from advisor.message import Message, Reply
from advisor.session import Session
from advisor.store_sqlite import SqliteStore
from advisor.turn import Advisor, turn

from .peers import raw_update
from .rig import resident
from .workload import STATES, TEMPLATES, check, drive, ever_new, turns

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 23, 20, 30, tzinfo=SHANGHAI)
REAL = (
    "flows/everywhere.yaml",
    "flows/alarms.yaml",
    "flows/crisis.yaml",
    "flows/danger.yaml",
    "knowledge/signals",
    "knowledge/channels.yaml",
    "knowledge/guards.yaml",
    "knowledge/secrets.yaml",
    "templates/zh",
    "templates/words.yaml",
)
REVIEWED = "reviewed: {on: 2026-11-23, by: bench}"


def content(folder: Path) -> Path:
    """Lay the bench's dialog into a copy of the real content, without the flows its answers would call up."""
    for name in REAL:
        source, target = ROOT / name, folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target)
        else:
            shutil.copy(source, target)
    shutil.rmtree(folder / "templates/zh/letters")
    (folder / "flows/slots.yaml").write_text(f"{REVIEWED}\nslots: {{}}\n")
    (folder / "flows/home.yaml").write_text(
        f"title: 开头\nversion: 1\n{REVIEWED}\nstart: menu\nstates:\n  menu: {{ask: 从哪里开始？, menu: [dialog]}}\n"
    )
    lines = ["title: 六步对话", "version: 1", REVIEWED, "start: say_q1", "enter: [/start the bench]", "slots:"]
    questions = STATES[1:-1]
    lines += [f"  {name}: {{type: text, label: {name}}}" for name in questions]
    lines.append("states:")
    for name, following in zip(questions, [*(f"say_{q}" for q in questions[1:]), "end"], strict=True):
        lines.append(f"  say_{name}: {{say: dialog/{name}, next: {name}}}")
        lines.append(f"  {name}: {{ask: 请回答。, fill: {name}, again: true, next: {following}}}")
    lines.append("  end: {say: dialog/end, end: true}")
    (folder / "flows/dialog.yaml").write_text("\n".join(lines) + "\n")
    (folder / "templates/zh/dialog").mkdir()
    for name, text in TEMPLATES.items():
        (folder / f"templates/zh/dialog/{name}.j2").write_text(text)
    return folder


def received(update: dict[str, Any]) -> Message:
    """Read a message out of an update."""
    message = update["message"]
    text = "/start the bench" if message["text"] == "/start" else message["text"]
    return Message(str(message["from"]["id"]), text, id=str(update["update_id"]))


def sending(person: str, reply: Reply) -> str:
    """Build the calls that would send a reply, and give the text that the peers send too."""
    calls = [
        {
            "chat_id": person,
            "text": bubble.text,
            "reply_markup": {
                "inline_keyboard": [[{"text": choice.label, "callback_data": choice.id}] for choice in bubble.choices]
            },
        }
        for bubble in reply.bubbles
    ]
    json.dumps(calls)
    return reply.bubbles[-2].text


def memory(advisor: Advisor) -> Callable[[Message], Reply]:
    """Answer on sessions that are kept in a dict."""
    kept: dict[str, Session] = {}

    def answer(message: Message) -> Reply:
        after, reply = turn(advisor, kept.get(message.person) or Session(noticed=True), message, NOW)
        assert after is not None
        kept[message.person] = after
        return reply

    return answer


def grow(answer: Callable[[Message], Reply], n: int) -> list[float]:
    """Give the memory held, in MB, after a tenth of the turns and after all."""
    weighed = []
    for number, played in enumerate(ever_new(n), 1):
        message = received(raw_update(number, played))
        if played.step == 0:
            answer(Message(message.person, "你好"))
        sending(message.person, answer(message))
        if number in (n // 10, n):
            weighed.append(resident(os.getpid()))
    return weighed


def main(variant: str, n: int) -> int:
    """Play N turns and print the figures."""
    played, sent = turns(n), list[str]()
    with TemporaryDirectory() as folder:
        advisor = Advisor.of(load(content(Path(folder))))
        if variant == "memory":
            answer = memory(advisor)
        else:
            path = Path(os.environ.get("BENCH_SCRATCH", folder)) / f"{uuid.uuid4().hex}.db"
            answer = Desk(advisor, SqliteStore(str(path)), clock=lambda: NOW).answer_now
            if variant == "growth":
                print(*grow(answer, n))
                return 0
            for person in {str(turn.person) for turn in played}:
                answer(Message(person, "你好"))

        def feed(update: dict[str, Any]) -> None:
            message = received(update)
            sent.append(sending(message.person, answer(message)))

        rate = drive(feed, [raw_update(i, turn) for i, turn in enumerate(played, 1)])
    check(played, sent)
    print(rate)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1], int(sys.argv[2])))
