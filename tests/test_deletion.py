"""What is deleted is gone: from the file, its log and its free pages, and from every table."""

import asyncio
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from advisor.desk import Desk
from advisor.message import Attachment, Message, Reply, Sms
from tests.conversation import advisor
from tests.databases import Database
from tests.test_desk import NOW, text

ME = "telegram:7100200300"
LENDER, THREAT = "柳条消费金融", "【柳条】再不还款就上门找你，打断你的腿"
PICTURE = b"\xff\xd8\xff\xe0" + b"the bytes of a picture of mine " * 400  # several pages of the file
MINE = (LENDER, "柳条", "打断你的腿", "48321", "7100200300", "the bytes of a picture", "b.jpg")


def told(desk: Desk, person: str) -> None:
    """Tell a good deal, in every way there is, and have some of the replies delivered."""

    async def say(message: Message, *, marked: bool = True) -> Reply:
        reply = await desk.answer(message)
        if marked:
            await desk.mark(person, reply)
        return reply

    async def everything() -> None:
        for words in ("同意保存", "想协商", LENDER, "48321元", "提醒我", "看上一件事"):
            await say(Message(person, words))
        await say(Message(person, sms=(Sms(THREAT),)))
        await say(Message(person, files=(Attachment("photo", "f", "b.jpg", 4, body=PICTURE, media_type="image/jpeg"),)))
        await say(Message(person, sms=(Sms(THREAT + "！"),), more_follows=True), marked=False)
        await desk.take_up(person)

    asyncio.run(everything())


def deleted(desk: Desk, person: str) -> None:
    """Have all of it deleted by one's own word, and the last reply delivered."""

    async def delete() -> None:
        await desk.mark(person, await desk.answer(Message(person, "删除")))
        reply = await desk.answer(Message(person, "确认删除"))
        assert "删好了" in text(reply)
        await desk.mark(person, reply)

    asyncio.run(delete())


def forms(words: str) -> Iterator[bytes]:
    """Give the ways in which words can stand in a file."""
    yield words.encode()
    yield words.encode("unicode_escape")  # as JSON has them


def found(folder: Path) -> set[str]:
    """Give which of one's words stand anywhere in a folder."""
    bodies = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    return {words for words in MINE for form in forms(words) if any(form in body for body in bodies)}


def test_nothing_of_mine_is_left_in_the_file_its_log_or_the_folder(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/a.db")
    desk = Desk(advisor(), database.open(), clock=lambda: NOW)
    told(desk, ME)
    assert found(tmp_path) == set(MINE), "else the test looks in the wrong place"
    deleted(desk, ME)
    assert (tmp_path / "a.db-wal").exists(), "it is looked into while the process runs"
    assert found(tmp_path) <= {"7100200300"}
    assert database.run("SELECT body FROM sessions") == []
    database.close()
    assert found(tmp_path) <= {"7100200300"}  # of whom the last reply is kept, that a repeat gets


def test_the_log_is_emptied_as_soon_as_nobody_reads_in_it(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/a.db")
    desk = Desk(advisor(), database.open(), clock=lambda: NOW)
    told(desk, ME)
    reader = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM sessions").fetchone()
    deleted(desk, ME)
    reader.execute("COMMIT")
    reader.close()
    desk.answer_now(Message("b", "想协商"))
    assert found(tmp_path) <= {"7100200300"}
    database.close()


def test_what_expires_is_gone_as_well(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/a.db")
    store = database.open()
    desk = Desk(advisor(), store, clock=lambda: NOW)
    told(desk, ME)
    with store.transaction() as transaction:
        transaction.gathered(ME)
    assert store.expire(NOW + timedelta(days=211)) == 1
    assert found(tmp_path) <= {"7100200300"}
    database.close()


def test_no_table_holds_anything_of_mine_but_the_last_reply(database: Database) -> None:
    desk = Desk(advisor(), database.open(), clock=lambda: NOW)
    told(desk, ME)
    told(desk, "telegram:8")
    before = database.everything()
    deleted(desk, ME)
    after = database.everything().splitlines()
    assert before.count(ME) > 10
    mine = [row for row in after if ME in row]
    assert [row.partition(" ")[0] for row in mine] == ["replies"]
    assert not any(form.decode() in mine[0] for words in MINE[:4] for form in forms(words))
    assert sum("telegram:8" in row for row in after) > 10
