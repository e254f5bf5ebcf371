"""`bot.py doctor` says what is there, what is missing and what is wrong, and never a secret."""

from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from advisor.codec import Codec
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
