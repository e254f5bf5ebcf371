"""One's own data: handed over whole on a word, and told of before it goes."""

import asyncio
import json
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from advisor.commands.attaching import files
from advisor.message import Attachment, Message, Sms
from advisor.talks import Talks
from tests.test_desk import Office, due, text

PICTURE = b"\xff\xd8\xff\xe0 a picture"
THREAT = "【青苗金融】再不还款就上门找你，打断你的腿"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path / "a.db")
    yield office
    office.desk.close()


def tell(office: Office, *words: str) -> str:
    return [text(office.say(one)) for one in words][-1]


def taken_along(office: Office, word: str) -> tuple[str, dict[str, bytes]]:
    """Ask for one's data, and give the name of the file and all that is in it."""
    made = [file for bubble in office.say(word).bubbles for file in files(office.desk)("a", bubble)]
    (file,) = made
    with ZipFile(BytesIO(file.body)) as archive:
        assert archive.testzip() is None
        return file.name, {name: archive.read(name) for name in archive.namelist()}


def test_all_that_is_kept_is_handed_over_on_a_word(office: Office) -> None:
    tell(office, "同意保存", "想协商，欠青苗金融三万")
    office.desk.answer_now(Message("a", sms=(Sms(THREAT),)))
    office.desk.answer_now(
        Message("a", files=(Attachment("photo", "f", "b.jpg", 4, body=PICTURE, media_type="image/jpeg"),))
    )
    name, found = taken_along(office, "我的数据")
    assert name == "copy.zip"
    told = found["我的数据.txt"].decode("utf-8-sig")
    assert "青苗金融" in told and "30,000" in told
    data = json.loads(found["data.json"])
    assert data["session"]["consent"] == "yes" and "青苗金融" in json.dumps(data["session"], ensure_ascii=False)
    assert len(data["replies"]) == 5
    assert any(body == PICTURE for body in found.values())
    assert any(body == THREAT.encode() for body in found.values())
    assert "evidence/manifest.json" in found


def test_a_letter_that_was_written_is_in_it_even_when_its_reply_is_gone(office: Office) -> None:
    tell(
        office, "同意保存", "困难情况说明", "青苗金融", "腰伤干不了活", "一千八", "一千六", "0", "0", "两个月前", "都对"
    )
    _, found = taken_along(office, "我的数据")
    assert [name for name in found if name.startswith("letters/")]
    office.clock.now += timedelta(days=10)
    office.desk.store.expire(office.clock.now)
    _, later = taken_along(office, "我的数据")
    assert len(json.loads(later["data.json"])["replies"]) == 1, "the one that brought the archive before"
    assert [name for name in later if name.startswith("letters/")]


def test_a_talk_that_a_channel_keeps_is_in_it_from_both_sides(office: Office) -> None:
    message = Message("a", "想协商，欠青苗金融三万", id="1")
    talks = Talks(office.desk)

    async def hold() -> None:
        await talks.append("a", message)
        await talks.append("a", await office.desk.answer(message))

    asyncio.run(hold())
    _, found = taken_along(office, "我的数据")
    told = found["我的数据.txt"].decode("utf-8-sig")
    assert "我说\r\n想协商，欠青苗金融三万" in told
    talk = json.loads(found["data.json"])["talk"]
    assert [bool(line.get("text")) for line in talk] == [True, False] and talk[1]["bubbles"]


def test_nobody_gets_what_belongs_to_another(office: Office) -> None:
    office.say("想协商，欠柳条银行三万", person="b")
    _, found = taken_along(office, "我的数据")
    assert "柳条" not in "".join(body.decode("utf-8", "replace") for body in found.values())


def warnings(office: Office, days: int) -> list[str]:
    """Let days go by, and give the words of what came unasked."""
    told = []
    for _ in range(days):
        office.clock.now += timedelta(days=1)
        if due(office):
            told.append(text(office.desk.undelivered("a")[-1]))
    return told


def test_who_agreed_is_warned_once_two_weeks_before_all_goes(office: Office) -> None:
    tell(office, "想协商", "同意保存")
    assert warnings(office, 195) == []
    (told,) = warnings(office, 14)
    goes_on = (office.clock.now + timedelta(days=1)).date()
    assert f"{goes_on.year}年{goes_on.month}月{goes_on.day}日" in told
    assert "继续" in told and "证据册" in told and "我的数据" in told
    assert not any(word in told for word in ("欠", "债", "催", "还款", "逾期"))
    assert office.say("继续").state == "negotiate.lender"
    assert warnings(office, 195) == []
    assert len(warnings(office, 14)) == 1
    office.clock.now += timedelta(days=2)
    office.desk.store.expire(office.clock.now)
    assert office.rows("SELECT count(*) FROM sessions") == office.rows("SELECT count(*) FROM due") == [(0,)]


def test_the_warning_is_in_the_language_of_the_person(office: Office) -> None:
    tell(office, "i owe money to a bank", "keep it")
    assert office.rows("SELECT count(*) FROM due WHERE kind='expiry'") == [(1,)]
    (told,) = warnings(office, 205)
    assert "my data" in told and "evidence file" in told


@pytest.mark.parametrize("words", [["想协商"], ["同意保存", "不保存"], ["同意保存", "删除", "确认删除"]])
def test_nobody_else_is_warned(office: Office, words: list[str]) -> None:
    tell(office, *words)
    assert office.rows("SELECT count(*) FROM due") == [(0,)]


def test_a_reminder_does_not_put_the_end_off(office: Office) -> None:
    tell(office, "想协商", "同意保存", "提醒我")
    end = office.rows("SELECT expires_at FROM sessions")
    assert len(warnings(office, 20)) == 3
    assert office.rows("SELECT expires_at FROM sessions") == end
