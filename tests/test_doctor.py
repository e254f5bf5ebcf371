"""`bot.py doctor` says what is there, what is missing and what is wrong, and never a secret."""

import json
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar

import pytest
from cryptography.fernet import Fernet

from advisor.codec import Codec
from advisor.commands.doctor import account
from advisor.desk import Desk
from advisor.message import Message
from advisor.store_sqlite import SqliteStore
from tests.botapi import Peer
from tests.conversation import advisor
from tests.running import free_port
from tests.test_terminal import bot


def doctor(tmp_path: Path, **settings: str) -> tuple[int, str]:
    ran = bot("doctor", "--db", f"sqlite:///{tmp_path}/a.db", **{"TELEGRAM_TOKEN": "", **settings})
    assert ran.stderr == ""
    return ran.returncode, ran.stdout


def test_where_nothing_is_wrong_it_says_so_and_tells_what_is_missing(tmp_path: Path) -> None:
    code, said = doctor(tmp_path)
    assert code == 0 and said.rstrip().endswith("都好")
    assert "[没写] DATA_KEY" in said and "[好] DATABASE_URL" in said and "[没写] TELEGRAM_TOKEN" in said


@pytest.mark.parametrize(
    ("name", "value"),
    [("RETENTION_DAYS", "x"), ("DATA_KEY", "hunter2secret"), ("DOCUMENT_FONT", "no such font"), ("PORT", "http"),
     ("LOG_FORMAT", "xml"), ("DRAIN_SECONDS", "-1"), ("MESSAGES_A_MINUTE", "x"), ("TELEGRAM_TOKEN", "hunter2secret"),
     ("PAGE_URL", "chat.example.org")],
)  # fmt: skip
def test_a_wrong_setting_is_named_with_what_to_do(tmp_path: Path, name: str, value: str) -> None:
    code, said = doctor(tmp_path, **{name: value})
    assert code == 1 and said.rstrip().endswith("1 处不对")
    lines = said.splitlines()
    (at,) = [number for number, line in enumerate(lines) if line.startswith("[不对]")]
    assert name in lines[at] and lines[at + 1].strip().startswith("→")
    assert "hunter2secret" not in said


@pytest.mark.parametrize(
    ("wrong", "settings"),
    [("WECHAT_APPID", {"WECHAT_SECRET": "hunter2secret"}),
     ("WECHAT_AES_KEY", {"WECHAT_APPID": "wx1", "WECHAT_AES_KEY": "hunter2secret"})],
)  # fmt: skip
def test_an_account_that_is_set_by_halves_is_named(tmp_path: Path, wrong: str, settings: dict[str, str]) -> None:
    code, said = doctor(tmp_path, WECHAT_TOKEN="hunter2secret", **settings)
    assert code == 1 and f"[不对] {wrong}" in said and "hunter2secret" not in said


class Told(BaseHTTPRequestHandler):
    """A platform that answers as it was told to."""

    answer: ClassVar[bytes] = b""
    asked: ClassVar[list[dict[str, str]]] = []

    def do_POST(self) -> None:
        self.asked.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.answer)

    def log_message(self, *_: object) -> None:
        pass


@pytest.mark.parametrize(
    ("answer", "name", "said"),
    [(b'{"access_token": "t", "expires_in": 7200}', "[好] WECHAT_SECRET", "连得上"),
     (b'{"errcode": 40013}', "[不对] WECHAT_APPID", "AppID"),
     (b'{"errcode": 40125}', "[不对] WECHAT_SECRET", "AppSecret"),
     (b'{"errcode": 40164}', "[不对] WECHAT_SECRET", "IP 白名单"), (b'{"errcode": -1}', "[不对] WECHAT_SECRET", "-1"),
     (b"<html>", "[不对] WECHAT_SECRET", "连不上"), (b"[]", "[不对] WECHAT_SECRET", "连不上")],
)  # fmt: skip
def test_wechat_is_asked_whether_it_knows_the_account(answer: bytes, name: str, said: str) -> None:
    with HTTPServer(("127.0.0.1", 0), Told) as server:
        Told.answer = answer
        thread = Thread(target=server.handle_request)
        thread.start()
        found = str(account("wx1", "hunter2secret", f"http://127.0.0.1:{server.server_port}"))
        thread.join()
    assert found.startswith(name) and said in found and "hunter2secret" not in found
    assert Told.asked[-1] == {"grant_type": "client_credential", "appid": "wx1", "secret": "hunter2secret"}


def test_wechat_that_cannot_be_reached_is_named() -> None:
    assert "连不上" in str(account("wx1", "hunter2secret", f"http://127.0.0.1:{free_port()}"))


def test_a_database_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_bytes(b"this is a letter, and no database" * 100)
    code, said = doctor(tmp_path)
    assert code == 1 and "[不对] DATABASE_URL" in said


def test_a_key_that_does_not_open_what_is_kept_is_named(tmp_path: Path) -> None:
    locked = Desk(advisor(), SqliteStore(str(tmp_path / "a.db")), Codec(Fernet.generate_key().decode()))
    locked.answer_now(Message("a", "想协商", id="1"))
    locked.close()
    for key in ("", Fernet.generate_key().decode()):
        code, said = doctor(tmp_path, DATA_KEY=key)
        assert code == 1 and "打不开库里的记录" in said and (not key or key not in said)


def test_telegram_is_asked_and_a_token_it_does_not_know_is_named(tmp_path: Path) -> None:
    with Peer() as peer:
        peer.token = "123456:" + "a" * 30
        known = {"TELEGRAM_TOKEN": peer.token, "TELEGRAM_API_URL": peer.url}
        code, said = doctor(tmp_path, **known, TELEGRAM_WEBHOOK_URL=f"{peer.url}/telegram")
        assert code == 0 and "[好] TELEGRAM_TOKEN" in said and "[好] TELEGRAM_WEBHOOK_URL" in said
        code, said = doctor(tmp_path, **known | {"TELEGRAM_TOKEN": "123456:" + "b" * 30})
        assert code == 1 and "[不对] TELEGRAM_TOKEN" in said and "b" * 30 not in said
    code, said = doctor(tmp_path, **known | {"TELEGRAM_API_URL": f"http://127.0.0.1:{free_port()}"})
    assert code == 1 and "[不对] TELEGRAM_API_URL" in said and "a" * 30 not in said
