"""`bot.py serve` opens what is configured, and says in one sentence what it cannot open."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.conversation import ROOT
from tests.running import free_port, wait_until_it_listens
from tests.test_terminal import bot
from tests.wechat.platform import AES_KEY, APPID, SECRET, TOKEN, sign

NOTHING = dict.fromkeys(
    ("TELEGRAM_TOKEN", "WECHAT_TOKEN", "WECHAT_APPID", "WECHAT_AES_KEY", "WECHAT_SECRET", "PAGE_URL"), ""
)


@contextmanager
def serving(folder: Path, **settings: str) -> Iterator[str]:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "bot.py", "serve", "--db", f"sqlite:///{folder}/a.db"],
        cwd=ROOT, env={**os.environ, **NOTHING, **settings, "PORT": str(port)}, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        wait_until_it_listens(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        assert process.wait(20) == 0


def greet(url: str) -> int:
    """Have the platform greet the account's server; give the status of the answer."""
    at = str(int(time.time()))
    query = {"signature": sign(at, "1"), "timestamp": at, "nonce": "1", "echostr": "well"}
    return httpx.get(f"{url}/wechat", params=query).status_code


def test_with_nothing_configured_the_page_is_served_alone(tmp_path: Path) -> None:
    with serving(tmp_path) as url:
        assert "留言" in httpx.get(url).text
        assert httpx.get(f"{url}/readyz").status_code == 200
        assert greet(url) == 404


def test_an_account_of_wechat_is_served_beside_the_page(tmp_path: Path) -> None:
    settings = {"WECHAT_TOKEN": TOKEN, "WECHAT_APPID": APPID, "WECHAT_AES_KEY": AES_KEY, "WECHAT_SECRET": SECRET}
    with serving(tmp_path, **settings) as url:
        assert greet(url) == 200
        assert httpx.get(url).status_code == 200


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"WECHAT_AES_KEY": "short", "WECHAT_APPID": APPID}, "WECHAT_AES_KEY"),
        ({"WECHAT_AES_KEY": AES_KEY}, "WECHAT_APPID"),
        ({"WECHAT_SECRET": SECRET}, "WECHAT_APPID"),
    ],
)
def test_an_account_set_by_halves_is_refused_in_one_sentence(
    tmp_path: Path, settings: dict[str, str], named: str
) -> None:
    asked = {**NOTHING, "WECHAT_TOKEN": TOKEN, **settings, "PORT": str(free_port())}
    ran = bot("serve", "--db", f"sqlite:///{tmp_path}/a.db", **asked)
    assert ran.returncode == 2 and named in ran.stderr
    assert len(ran.stderr.splitlines()) == 1


def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    with serving(tmp_path) as url:
        ran = bot("serve", "--db", f"sqlite:///{tmp_path}/b.db", **NOTHING, PORT=url.rpartition(":")[2])
    assert ran.returncode == 2 and "PORT" in ran.stderr.splitlines()[-1]
