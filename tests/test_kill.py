"""A process that is killed at any moment loses nothing that it acknowledged, and does nothing twice."""

import json
import random
import signal
import sqlite3
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.conversation import ROOT

PEOPLE = ("甲", "乙", "丙", "丁")
SCRIPT: tuple[dict[str, Any], ...] = (
    {"text": "你好"},
    {"text": "想协商还款"},
    {"text": "青苗消费金融"},
    {"text": "两万三"},
    {"text": "三个月前"},
    {"text": "店关了没有收入"},
    {"text": "每月还一点"},
    {"text": "4000"},
    {"text": "3000"},
    {"text": "坐牢吗"},
    {"text": "500"},
    {"text": "下个月10号"},
    {"text": "承认"},
    {"text": "金额不对，是两万五"},
    {"text": "都对"},
    {"text": "没人理"},
    {"text": "没用"},
    {"sms": {"text": "【青苗消金】再不还就通知你村委和通讯录"}},
    {"text": "催收打给我妈了"},
    {"text": "我妈"},
    {"text": "没签过"},
    {"text": "说过不要再打"},
    {"text": "六次"},
    {"text": "上周三到昨天"},
    {"text": "上一步"},
    {"text": "11月3号到昨天"},
    {"text": "跳过"},
    {"text": "都对"},
    {"text": "没停"},
    {"text": "还没去"},
    {"text": "换一件事"},
    {"text": "他们天天骂我"},
    {"text": "没有"},
    {"text": "骂我骗子"},
    {"text": "昨天"},
    {"text": "十次"},
    {"text": "重新开始"},
    {"text": "帮助"},
    {"text": "隐私"},
    {"text": "同意保存"},
    {"text": "收到一条短信"},
    {"text": "写材料"},
    {"text": "2"},
    {"text": "听不懂的话"},
    {"text": "看上一件事"},
    {"text": "谢谢"},
    {"text": "上一步"},
    {"text": "有人收费帮我弄征信修复"},
    {"text": "没交"},
    {"text": "收到传票了"},
    {"text": "法院的文书"},
    {"text": "前天"},
    {"text": "半夜打电话违法吗"},
)
MESSAGES = [
    {**message, "person": person, "id": f"{person}-{number}"}
    for number, message in enumerate(SCRIPT)
    for person in PEOPLE
]


class Talk:
    """One process that answers JSON lines."""

    def __init__(self, url: str, files: Path) -> None:
        command = [sys.executable, str(ROOT / "bot.py"), "chat", "--json", "--now", "2026-11-23T20:30"]
        command += ["--files", str(files)]
        self.process = subprocess.Popen(
            [*command, "--db", url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
        )

    def send(self, message: dict[str, Any]) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write((json.dumps(message) + "\n").encode())
        self.process.stdin.flush()

    def receive(self) -> Any:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        return json.loads(line) if line.endswith(b"\n") else None

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.close()

    def close(self) -> None:
        for pipe in (self.process.stdin, self.process.stdout):
            assert pipe is not None
            with suppress(BrokenPipeError):
                pipe.close()
        self.process.wait()


def uninterrupted(folder: Path, messages: list[dict[str, Any]] = MESSAGES) -> list[Any]:
    talk = Talk("sqlite:///:memory:", folder)
    replies = []
    for message in messages:
        talk.send(message)
        replies.append(talk.receive())
    talk.close()
    return replies


def test_a_killed_process_loses_and_repeats_nothing(tmp_path: Path) -> None:
    """Messages are sent ahead of their answers, so that the kill falls anywhere: before, in or after a commit."""
    assert len(MESSAGES) >= 200
    expected = uninterrupted(tmp_path)
    chance = random.Random(20261123)
    acknowledged: list[Any] = []
    kills = 0
    while len(acknowledged) < len(MESSAGES):
        talk = Talk(f"sqlite:///{tmp_path}/killed.db", tmp_path)
        again = max(0, len(acknowledged) - 3)  # what was acknowledged is delivered again, too
        patience = chance.randint(1, 40)
        for place in range(again, min(again + patience + 12, len(MESSAGES))):
            talk.send(MESSAGES[place])
        for place in range(again, min(again + patience, len(MESSAGES))):
            reply = talk.receive()
            if reply is None:
                break
            if place < len(acknowledged):
                assert reply == acknowledged[place], "a repeated message gets the stored reply"
            else:
                acknowledged.append(reply)
        talk.kill()
        kills += 1
    assert kills >= 5
    assert acknowledged == expected
    with sqlite3.connect(tmp_path / "killed.db") as db:
        (answered,) = db.execute("SELECT count(*) FROM replies").fetchone()
        bodies = [json.loads(body[1:]) for (body,) in db.execute("SELECT body FROM sessions")]
    db.close()
    assert answered == len(MESSAGES), "every message was answered once"
    assert [body["turn"] for body in bodies] == [len(SCRIPT)] * len(PEOPLE), "every turn happened once"
