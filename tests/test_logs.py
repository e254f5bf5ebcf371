"""What a talk leaves behind: nothing that the person said in the log, and nothing readable in a database with a key."""

import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from cryptography.fernet import Fernet

from advisor.commands.logs import configure
from advisor.faults import tell
from tests.running import log_alone, running
from tests.telegram.screen import asked, begin, says

CARD, ID_NUMBER = "6222020200112233445", "110101199003074578"
SAID = ("张三丰", "13812345678", CARD, ID_NUMBER, "青苗", "35000", "三万五", "村委", "翠湖")


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """Have all that is logged written here, and the log as it was afterwards."""
    with log_alone():
        yield io.StringIO()


def broken(log: logging.Logger) -> None:
    try:
        raise ValueError("张三丰 13812345678")
    except ValueError:
        log.exception("turn failed person=%s", "telegram:7")


@pytest.mark.parametrize("how", ["text", "json"])
def test_what_broke_is_told_by_kind_and_place_and_never_by_its_words(written: io.StringIO, how: str) -> None:
    configure(how, stream=written)
    broken(logging.getLogger("advisor.desk"))
    logging.getLogger("asyncio").error("Task exception was never retrieved\nfuture: %s", "张三丰")
    logging.getLogger("uvicorn.error").error("Exception %s", "13812345678")
    told = written.getvalue()
    assert "ValueError" in told and "test_logs.py:" in told and "telegram:7" in told
    assert not any(words in told for words in SAID)
    assert len(told.splitlines()) == 3


def test_a_turn_that_breaks_is_told_without_the_words_that_broke_it(written: io.StringIO) -> None:
    configure("text", stream=written)
    try:
        raise ValueError(" ".join(SAID))
    except ValueError as error:
        tell(error, "turn failed")
    told = written.getvalue()
    assert "turn failed error=ValueError at=test_logs.py:" in told
    assert not any(words in told for words in SAID)


def test_each_record_is_one_json_object_with_its_values_by_name(written: io.StringIO) -> None:
    configure("json", stream=written)
    logging.getLogger("advisor.telegram").info("answered person=%s state=%s", "telegram:7", "negotiate.lender")
    line = json.loads(written.getvalue())
    assert (line["event"], line["person"], line["state"]) == ("answered", "telegram:7", "negotiate.lender")
    assert (line["level"], line["part"]) == ("info", "advisor.telegram")


def test_a_format_that_is_none_is_said() -> None:
    with pytest.raises(ValueError, match="LOG_FORMAT"):
        configure("xml")


def encoded(words: str) -> set[bytes]:
    """Give the ways in which words may lie in a file."""
    plain = {words.encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be", "gb18030")}
    return plain | {json.dumps(words).strip('"').encode()}


def left_in(files: list[Path]) -> set[str]:
    """Name the words that can be read in files."""
    bodies = [path.read_bytes() for path in files]
    return {words for words in SAID for body in bodies for one in encoded(words) if one in body}


@pytest.mark.parametrize("sealed", [True, False], ids=["with a key", "without a key"])
def test_what_a_whole_talk_leaves_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sealed: bool) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    for name, value in (("TMPDIR", str(temporary)), ("LOG_FORMAT", "json"), ("METRICS_TOKEN", "")):
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("DATA_KEY", Fernet.generate_key().decode() if sealed else "")
    with running(tmp_path / "bot") as (peer, bot):
        person = peer.person(7)
        begin(person)
        for text, answer in (
            ("想协商", "哪家机构"),
            ("青苗消费金融，我叫张三丰，电话13812345678", "多少"),
            ("35000，卡号6222020200112233445，身份证110101199003074578", "从哪天"),
        ):
            person.say(text)
            person.wait(says(answer), 30)
        person.forward("【青苗金融】张三丰，今日不还三万五，通知你村委和翠湖小区")
        person.wait(says("村委"), 30)
        person.document("短信.txt", "2026-11-20 09:00 【青苗】张三丰今日不还三万五，通知你村委".encode())
        person.wait(lambda _: not peer.pending, 30)
        person.say("报警材料")
        person.wait(lambda screen: screen[-1]["from_bot"] and asked(screen), 30)
        told = httpx.get(f"{bot.url}/metrics").text
        assert 'advisor_turns_total{state="negotiate.lender"}' in told and not any(words in told for words in SAID)
        bot.kill()  # so that the journal is left as well
        database = sorted(bot.log.parent.glob("bot.db*"))
        assert len(database) > 1, "there is a journal"
        assert left_in([bot.log]) == set() and "answered" in bot.said()
        assert left_in([path for path in temporary.rglob("*") if path.is_file()]) == set()
        read = left_in(database)
        assert read == set() if sealed else {"青苗", "村委"} <= read, "what is looked for can be found"
        assert not {CARD, ID_NUMBER} & read, "secrets are covered, key or no key"
