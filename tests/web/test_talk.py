"""The page without script: a talk is held, kept, shown again, and forgotten."""

import asyncio
import mimetypes
import re
import sqlite3
from base64 import b64encode
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from advisor.message import Message
from tests.web.office import PNG, Office, Visitor


def rows(office: Office, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(office.path)) as db:
        return db.execute(query).fetchall()


def draft(visitor: Visitor) -> Visitor:
    """Lead a talk to a letter."""
    for words in ("我要写信", "报案陈述", *["跳过"] * 9, "都对"):
        visitor.say(words)
        if "下载" in visitor.text:
            return visitor
    raise AssertionError(visitor.text[-600:])


def test_somebody_new_finds_what_can_be_done_and_nothing_is_kept_of_them(office: Office) -> None:
    visitor = office.visitor()
    assert "被辱骂、威胁或轰炸" in visitor.text and "不是律师意见" in visitor.text
    assert rows(office, "SELECT count(*) FROM sessions") == [(0,)]


def test_what_is_offered_to_somebody_new_can_be_tapped(office: Office) -> None:
    assert "对方说过要伤害你或家人的身体吗" in office.visitor().tap("被辱骂、威胁或轰炸").text


def test_the_talk_is_there_again_when_the_page_is_loaded_again(office: Office) -> None:
    visitor = office.visitor().tap("被辱骂、威胁或轰炸").tap("没有")
    before = visitor.text
    assert visitor.look().text.replace(visitor.id, "") == before.replace(visitor.id, "")
    assert before.index("被辱骂、威胁或轰炸") < before.index("伤害你或家人") < before.rindex("没有")


def test_only_the_last_question_can_be_tapped(office: Office) -> None:
    visitor = office.visitor().tap("被辱骂、威胁或轰炸").tap("没有")
    assert visitor.html.count('class="choices"') == 1


@pytest.mark.parametrize(
    "name",
    ["a.png", "a.heic", "a.m4a", "a.mp3", "a.mp4", "a.3gp", "a.mov", "a.pdf", "a.docx", "a.xml", "a.csv", "a.txt"],
)
def test_the_page_offers_to_pick_whatever_can_be_taken_in(office: Office, name: str) -> None:
    (picked,) = re.findall(r'type="file" [^>]*accept="([^"]*)"', office.visitor().html)
    kind = mimetypes.guess_type(name)[0] or ""
    assert {f"{kind.partition('/')[0]}/*", "." + name.partition(".")[2]} & set(picked.split(","))


def test_an_old_button_gets_a_kind_answer_and_the_question_again(office: Office) -> None:
    visitor = office.visitor().tap("被辱骂、威胁或轰炸")
    visitor.tap("没有")
    visitor.post(choice="1.=yes")
    assert "那个按钮是前面一步的" in visitor.look().text


def test_a_form_sent_twice_is_answered_once(office: Office) -> None:
    visitor = office.visitor()
    visitor.post(text="想协商")
    visitor.post(text="想协商")
    assert visitor.look().html.count('class="me"') == 1
    assert visitor.html.count('class="it"') == 1


def test_words_are_shown_as_words(office: Office) -> None:
    visitor = office.visitor().say("<script>alert(1)</script>{{ 7 * 7 }}\n【XX】<img src=x onerror=alert(1)>还钱")
    assert "<script>alert" not in visitor.html and "<img src=x" not in visitor.html
    assert "{{ 7 * 7 }}" in visitor.text


def test_a_secret_is_covered_in_what_is_shown_too(office: Office) -> None:
    assert "6222021234567890123" not in office.visitor().say("我的卡号是6222021234567890123").text


def test_several_sms_pasted_are_answered_together(office: Office) -> None:
    first, second = "【青苗】您的借款已逾期，请今天还款。", "【青苗】再不还就让你全村知道你是骗子。"
    visitor = office.visitor().say(sms=f"{first}\r\n\r\n{second}")
    assert first in visitor.text and second in visitor.text
    assert "2条" in visitor.text or "两条" in visitor.text


def test_pictures_come_to_the_desk_with_what_is_in_them(office: Office) -> None:
    visitor = office.visitor().say(files=[("files", (name, PNG, "image/png")) for name in ("a.png", "../b.png")])
    assert "图片 2 张" in visitor.text
    assert "收到2份" in visitor.text


def test_a_letter_can_be_downloaded_and_is_a_word_file_with_a_neutral_name(office: Office) -> None:
    visitor = draft(office.visitor())
    (path,) = visitor.files()
    response = visitor.client.get(path)
    assert response.content.startswith(b"PK") and response.headers["content-disposition"].endswith('"draft.docx"')


def test_what_is_due_later_stands_in_the_talk(office: Office) -> None:
    visitor = office.visitor().tap("想还，暂时还不上")
    person = rows(office, "SELECT person FROM sessions")[0][0]
    office.desk.take([Message(str(person), "你好", id="from elsewhere")])
    assert office.desk.waiting("web") == [person]
    visitor.say("你好")
    assert office.desk.waiting("web") == []


def test_deleting_in_words_leaves_only_the_last_reply(office: Office) -> None:
    visitor = office.visitor().say("想协商，欠青苗金融三万").say("删除").tap("确认删除")
    assert "青苗" not in visitor.text and "删好了" in visitor.text
    assert len(rows(office, "SELECT * FROM talks")) == 1


def test_clearing_leaves_nothing_and_takes_the_cookie(office: Office) -> None:
    visitor = office.visitor().say("想协商，欠青苗金融三万")
    response = visitor.post("/clear")
    assert response.headers["location"] == "/cleared" and '"storage"' in response.headers["clear-site-data"]
    for table in ("sessions", "talks", "replies"):
        assert rows(office, f"SELECT count(*) FROM {table}") == [(0,)]
    assert "s" not in visitor.client.cookies
    assert "清空了" in visitor.client.get("/cleared").text


def test_a_talk_goes_with_the_case(office: Office) -> None:
    visitor = office.visitor().say("想协商，欠青苗金融三万")
    office.now += timedelta(hours=25)
    assert "青苗" not in visitor.look().text
    assert "青苗" not in visitor.say("你好").text
    office.now += timedelta(hours=25)
    office.desk.store.expire(office.now)
    assert rows(office, "SELECT count(*) FROM talks") == [(0,)]


def test_with_a_key_the_talk_is_sealed(tmp_path: Path) -> None:
    office = Office(tmp_path, Fernet.generate_key().decode())
    visitor = office.visitor().say("想协商，欠青苗金融三万")
    assert "青苗" in visitor.text
    bodies = b"".join(bytes(body) for (body,) in rows(office, "SELECT body FROM talks"))  # type: ignore[call-overload]
    assert b"\\u9752\\u82d7" not in bodies and "青苗".encode() not in bodies
    office.close()


def test_a_long_talk_shows_its_end_first(office: Office) -> None:
    visitor = office.visitor()
    for number in range(25):
        office.now += timedelta(minutes=1)
        visitor.say(f"你好{number}号")
    assert "你好0号" not in visitor.text and "你好24号" in visitor.text
    assert "你好0号" in visitor.client.get("/?all=1").text


def test_the_first_view_is_small(office: Office) -> None:
    visitor = office.visitor()
    beside = [part.split('"')[0] for part in visitor.html.split('="') if part.startswith("/beside/")]
    assert len(beside) == 2
    assert len(visitor.html.encode()) + sum(len(visitor.client.get(path).content) for path in beside) < 100_000


def test_nothing_comes_from_anywhere_else(office: Office) -> None:
    visitor = draft(office.visitor())
    told = [part.split('"')[0] for part in visitor.html.replace("src=", "href=").split('href="')[1:]]
    assert {one for one in told if not one.startswith(("/", "data:", "#"))} == {"https://www.weather.com.cn/"}


def test_what_waited_when_the_process_ended_is_in_the_talk_after_the_next_start(tmp_path: Path) -> None:
    office = Office(tmp_path)
    visitor = office.visitor().say("想协商")
    cookie = visitor.cookie
    (person,) = rows(office, "SELECT DISTINCT person FROM talks")[0]
    office.desk.take([Message(str(person), "会坐牢吗", id="later")])
    office.close()
    again = Office(tmp_path)

    async def start() -> None:
        running = asyncio.create_task(again.web.run())
        while again.desk.waiting("web"):
            await asyncio.sleep(0)
        running.cancel()

    again.runner.run(start())
    assert "坐牢" in again.visitor().client.get("/", {"cookie": f"s={cookie}"}).text
    again.close()


def test_the_page_does_not_say_that_a_platform_reads_along(office: Office) -> None:
    told = office.visitor().say("想协商").text
    assert "你发来的话和短信。\n" in told and "平台" not in told


def test_the_bytes_of_pictures_are_not_kept_in_the_talk(office: Office) -> None:
    visitor = office.visitor().say(files=[("files", ("a.png", PNG, "image/png"))])
    assert "图片 1 张" in visitor.text
    kept = [str(body) for (body,) in rows(office, "SELECT body FROM talks")]
    assert kept and not any(b64encode(PNG).decode() in body for body in kept)
