"""The desk: one message in, one reply out; repeats, damage, expiry and deletion."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from advisor.clock import SHANGHAI
from advisor.codec import Codec
from advisor.desk import Desk
from advisor.message import Attachment, Bubble, Message, Origin, Reply, Sms
from advisor.store import StoreError
from advisor.store_sqlite import SqliteStore
from tests.conversation import advisor

NOW = datetime(2026, 11, 23, 20, 30, tzinfo=SHANGHAI)


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


class Office:
    """A desk on a file, with a clock to move and the file to look into."""

    def __init__(self, path: Path, keys: str = "") -> None:
        self.path, self.clock = path, Clock()
        self.desk = Desk(advisor(), SqliteStore(str(path)), Codec(keys), self.clock)

    def say(self, text: str, id: str | None = None, person: str = "a") -> Reply:
        return self.desk.answer_now(Message(person, text, id=id))

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self.path)) as db:
            return db.execute(query).fetchall()


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path / "a.db")
    yield office
    office.desk.close()


def text(reply: Reply) -> str:
    return "\n".join(bubble.text for bubble in reply.bubbles)


def test_a_repeated_message_gets_the_stored_reply(office: Office) -> None:
    first = office.say("想协商", "1")
    assert office.say("想协商", "1") == first
    assert office.say("完全不同的话", "1") == first
    assert office.rows("SELECT count(*) FROM replies") == [(1,)]


def test_the_same_id_from_two_people_is_two_messages(office: Office) -> None:
    assert office.say("想协商", "1", "a").state == "negotiate.lender"
    assert office.say("他们骂我", "1", "b").state == "harassed.body_threat"


def test_a_talk_goes_on_after_a_restart(tmp_path: Path) -> None:
    before = Office(tmp_path / "a.db")
    before.say("想协商")
    before.desk.close()
    after = Office(tmp_path / "a.db")
    assert after.say("青苗金融").state == "negotiate.lender_kind"
    after.desk.close()


def test_a_reply_is_waiting_until_it_is_marked(office: Office) -> None:
    reply = office.say("你好", "1")
    assert [waiting.bubbles for waiting in office.desk.undelivered("a")] == [reply.bubbles]
    office.desk.delivered("a", reply)
    assert office.desk.undelivered("a") == []


def test_a_session_that_cannot_be_read_is_put_aside_and_said(office: Office) -> None:
    office.say("想协商")
    with sqlite3.connect(office.path) as db:
        db.execute("UPDATE sessions SET body=?", (b"0{broken",))
    db.close()
    reply = office.say("青苗金融")
    assert "读不出来" in text(reply)
    assert office.rows("SELECT person, body FROM set_aside") == [("a", b"0{broken")]
    assert "读不出来" not in text(office.say("想协商"))


@pytest.mark.parametrize("body", [b"", b"9", b"0[]", b'0{"format": 99}', b"0null", b"\xff\xfe"])
def test_no_damage_to_a_row_breaks_the_talk(office: Office, body: bytes) -> None:
    office.say("想协商")
    with sqlite3.connect(office.path) as db:
        db.execute("UPDATE sessions SET body=?", (body,))
    db.close()
    assert "读不出来" in text(office.say("你好"))


def test_a_state_that_the_content_no_longer_has_leads_home_with_the_facts(office: Office) -> None:
    office.say("想协商，欠青苗金融三万")
    with sqlite3.connect(office.path) as db:
        (body,) = db.execute("SELECT body FROM sessions").fetchone()
        db.execute("UPDATE sessions SET body=?", (body.replace(b"negotiate.lender", b"negotiate.long_gone"),))
    db.close()
    reply = office.say("继续")
    assert reply.state == "home.what_happened"
    assert "30000" in str(office.rows("SELECT body FROM sessions"))


def test_without_consent_a_case_goes_after_a_day(office: Office) -> None:
    office.say("想协商")
    office.clock.now += timedelta(hours=23)
    assert office.say("青苗金融").state == "negotiate.lender_kind"
    office.clock.now += timedelta(hours=24, seconds=1)
    assert office.say("继续").state == "home.what_happened"


def test_with_consent_a_case_stays_for_the_retention(office: Office) -> None:
    office.say("想协商")
    office.say("同意保存")
    office.clock.now += timedelta(days=209)
    assert office.say("青苗金融").state == "negotiate.lender_kind"
    office.clock.now += timedelta(days=211)
    assert office.desk.store.expire(office.clock.now) == 1
    assert office.rows("SELECT count(*) FROM sessions") == [(0,)]


def test_deleting_takes_one_confirmation_and_leaves_nothing(office: Office) -> None:
    office.say("想协商，欠青苗金融三万")
    assert "删" in text(office.say("删除"))
    reply = office.say("确认删除", "9")
    assert "手机" in text(reply)
    assert office.rows("SELECT count(*) FROM sessions") == [(0,)]
    assert office.rows("SELECT message_id FROM replies") == [("9",)]
    assert b"\xe9\x9d\x92\xe8\x8b\x97" not in office.path.read_bytes()
    assert office.say("确认删除", "9") == reply


def test_a_body_is_sealed_when_there_is_a_key_and_keys_rotate(tmp_path: Path) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    office = Office(tmp_path / "a.db", old)
    office.say("想协商，欠青苗金融三万")
    assert "negotiate" not in str(office.rows("SELECT body FROM sessions"))
    office.desk.close()
    rotated = Office(tmp_path / "a.db", f"{new},{old}")
    assert rotated.say("继续").state == "negotiate.lender_kind"
    rotated.desk.close()
    keyless = Office(tmp_path / "a.db")
    with pytest.raises(StoreError):
        keyless.say("继续")
    assert keyless.rows("SELECT count(*) FROM set_aside") == [(0,)], "a missing key is no damage"
    keyless.desk.close()


def test_a_disk_that_cannot_be_written_is_said_and_loses_nothing(office: Office) -> None:
    office.say("想协商")
    office.desk.store._db.execute("PRAGMA query_only=ON")  # type: ignore[attr-defined]
    with pytest.raises(StoreError, match="写不进去"):
        office.say("青苗金融")
    office.desk.store._db.execute("PRAGMA query_only=OFF")  # type: ignore[attr-defined]
    assert office.say("青苗金融").state == "negotiate.lender_kind"


def test_a_full_disk_is_said_and_loses_nothing(office: Office) -> None:
    office.say("想协商")
    db = office.desk.store._db  # type: ignore[attr-defined]
    (pages,) = db.execute("PRAGMA page_count").fetchone()
    db.execute(f"PRAGMA max_page_count={pages}")
    with pytest.raises(StoreError, match="full"):
        for number in range(200):
            office.say("他们天天打电话骂我" * 20, f"{number}")
    db.execute("PRAGMA max_page_count=100000")
    assert office.say("继续").bubbles


def test_a_file_that_is_no_database_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_bytes(b"this is not a database, it is a letter" * 100)
    with pytest.raises(StoreError, match="打不开"):
        SqliteStore(str(tmp_path / "a.db"))


def test_a_newer_schema_is_left_alone(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "a.db") as db:
        db.execute("PRAGMA user_version=99")
    db.close()
    with pytest.raises(StoreError, match="更新的版本"):
        SqliteStore(str(tmp_path / "a.db"))


def test_messages_that_wait_together_share_a_commit_and_keep_their_order(office: Office) -> None:
    async def hold() -> list[Reply]:
        people = [Message(f"p{n}", text, id=f"{n}-{text}") for text in ("想协商", "青苗金融") for n in range(30)]
        return list(await asyncio.gather(*(office.desk.answer(message) for message in people)))

    replies = asyncio.run(hold())
    assert {reply.state for reply in replies[:30]} == {"negotiate.lender"}
    assert {reply.state for reply in replies[30:]} == {"negotiate.lender_kind"}


def test_what_a_channel_makes_of_a_reply_is_kept_once_and_waits(office: Office) -> None:
    first, second = Reply("", (), (Bubble("一"),), "1+"), Reply("", (), (Bubble("二"),), "1+")
    assert asyncio.run(office.desk.keep("a", first)) == first
    assert asyncio.run(office.desk.keep("a", second)) == first
    assert office.desk.undelivered("a") == [first]
    assert office.say("想协商", "1+") == first


def test_a_turn_that_breaks_harms_only_itself(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.say("想协商", person="a")
    broken = Message("a", "x", sms=(Sms(text=None),))  # type: ignore[arg-type]
    good = Message("b", "想协商", id="1")
    first, second = office.desk.take([good, broken])
    assert isinstance(first, Reply) and first.state == "negotiate.lender"
    assert isinstance(second, Exception) or "出了点问题" in text(second)
    assert office.say("青苗金融", person="a").state == "negotiate.lender_kind"


BAD = ["", "   ", "\x00\x01\x02", "‮‮他们骂我‬", "\ud800\udfff", "{{ 7*7 }}", "{% for x in y %}", "<b>你好</b>",
       "a" * 100_000, "骂" * 100_000, "1" * 50_000, "\n" * 5000, "🙂" * 300, "'; DROP TABLE sessions; --"]  # fmt: skip


@pytest.mark.parametrize("words", BAD, ids=range(len(BAD)))
@pytest.mark.parametrize("at", ["", "想协商", "他们骂我", "写材料"])
def test_bad_input_gets_a_clear_answer_and_the_talk_goes_on(office: Office, at: str, words: str) -> None:
    before = office.say(at).state if at else "home.what_happened"
    reply = office.say(words)
    assert reply.bubbles[-1].choices
    assert "出了点问题" not in text(reply) and "49" not in text(reply)
    assert reply.state.partition(".")[0] in {
        before.partition(".")[0],
        "sms",
        "harassed",
        "foreigner",
        "letter_not_my_debt",
    }
    assert office.say("重新开始").state == "home.what_happened"


@pytest.mark.parametrize("choice", ["", "x", "1.=yes", "99.go:crisis.here", "1.!delete_yes", "." * 500, "1.go:nowhere"])
def test_a_forged_choice_is_an_old_button(office: Office, choice: str) -> None:
    state = office.say("想协商").state
    reply = office.desk.answer_now(Message("a", choice=choice))
    assert reply.state == state
    assert office.rows("SELECT count(*) FROM sessions") == [(1,)]


def test_what_a_person_wrote_is_never_rendered(office: Office) -> None:
    office.say("报警材料")
    office.say("昨天")
    office.say("5")
    office.say("都对")
    for at in ("想协商", "{{ law('x') }}{{ 7*7 }}"):
        reply = office.say(at)
    assert "{{ law('x') }}{{ 7*7 }}" in str(office.rows("SELECT body FROM sessions")) or reply.state
    assert "49" not in text(office.say("继续"))


def test_facts_under_an_older_name_are_found_again(office: Office) -> None:
    """A lawyer renamed a slot and an option; who was in the middle of a talk goes on without being asked again."""
    content = advisor().content
    office.say("想协商，欠青苗消费金融三万")
    with sqlite3.connect(office.path) as db:
        (body,) = db.execute("SELECT body FROM sessions").fetchone()
        body = body.replace(b'"amount"', b'"debt_left"').replace(b"consumer_finance", b"old_kind")
        db.execute("UPDATE sessions SET body=?", (body,))
    db.close()
    slots = dict(content.renamed_slots) | {"debt_left": "amount"}
    options = dict(content.renamed_options) | {("lender_kind", "old_kind"): "consumer_finance"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(content.__dict__, "renamed_slots", slots)
        patch.setitem(content.__dict__, "renamed_options", options)
        reply = office.say("继续")
    kept = str(office.rows("SELECT body FROM sessions"))
    assert reply.state == "negotiate.overdue_on"
    assert '"amount"' in kept and "debt_left" not in kept and "old_kind" not in kept


# ---- several in one go, and what is due later ----


def forward(text: str, id: str) -> Message:
    origin = Origin("user", "某人", NOW)
    return Message("a", sms=(Sms(text, origin=origin),), id=id, more_follows=True)


def due(office: Office) -> list[str]:
    return asyncio.run(office.desk.do_due())


def test_what_comes_in_one_go_is_answered_once_when_no_more_follows(office: Office) -> None:
    for number in range(3):
        assert office.desk.answer_now(forward(f"第{number}次：今日不还，通知你村委", str(number))).bubbles == ()
    assert due(office) == []
    office.clock.now += timedelta(seconds=2)
    assert due(office) == ["a"]
    assert due(office) == []
    replies = [one for one in office.desk.undelivered("a") if one.bubbles]
    assert len(replies) == 1 and "收到3条" in text(replies[0])


def test_a_word_after_several_ends_the_wait_and_comes_second(office: Office) -> None:
    office.desk.answer_now(forward("今日不还，通知你村委", "1"))
    office.desk.answer_now(forward("今晚通知你单位", "2"))
    office.say("重新开始", "3")
    first, second = [one for one in office.desk.undelivered("a") if one.bubbles]
    assert "收到2条" in text(first) and second.id == "3"


def test_where_a_forward_and_a_file_are_from_is_kept_with_the_case(office: Office) -> None:
    file = Attachment("photo", "file-1", origin=Origin("channel", "频道", NOW))
    office.desk.answer_now(Message("a", files=(file,), id="1", more_follows=True))
    office.desk.answer_now(forward("今日不还，通知你村委", "2"))
    office.clock.now += timedelta(seconds=2)
    due(office)
    ((body,),) = office.rows("SELECT body FROM sessions")
    assert isinstance(body, bytes)
    received = Codec().decode(body)["case"]["received"]
    assert [(one["kind"], one["origin"][0]) for one in received] == [("sms", "user"), ("photo", "channel")]
    assert received[1]["reference"] == "file-1"


def test_three_reminders_come_and_one_word_stops_them(office: Office) -> None:
    assert "先保存" in text(office.say("提醒我"))
    office.say("同意保存")
    assert "共3次" in text(office.say("提醒我"))
    told = []
    for _ in range(20):
        office.clock.now += timedelta(days=1)
        if due(office):
            told.append(text(office.desk.undelivered("a")[-1]))
    assert len(told) == 3 and all(f"第{number}次，共3次" in words for number, words in enumerate(told, 1))
    assert not any(word in words for words in told for word in ("欠", "债", "催", "还款", "逾期"))
    office.say("提醒我")
    assert "不再提醒" in text(office.say("停"))
    office.clock.now += timedelta(days=30)
    assert due(office) == []


def test_a_person_who_cannot_be_written_to_is_left_alone_until_they_write(office: Office) -> None:
    office.desk.answer_now(Message("telegram:7", "想协商", id="1"))
    assert office.desk.waiting("telegram") == ["telegram:7"]
    asyncio.run(office.desk.silence("telegram:7", silent=True))
    assert office.desk.waiting("telegram") == []
    office.desk.answer_now(Message("telegram:7", "继续", id="2"))
    assert office.desk.waiting("telegram") == ["telegram:7"]


def test_what_cannot_be_answered_together_does_not_hold_up_what_follows(office: Office) -> None:
    broken = Message("a", sms=(Sms(None),), id="1", more_follows=True)  # type: ignore[arg-type]
    office.desk.answer_now(broken)
    office.clock.now += timedelta(seconds=2)
    due(office)
    assert office.say("想协商", "2").state == "negotiate.lender"


def test_due_work_that_fails_spoils_no_other_and_is_tried_again(office: Office) -> None:
    office.desk.answer_now(forward("今日不还，通知你村委", "1"))
    with closing(sqlite3.connect(office.path)) as db, db:
        db.execute("INSERT INTO gathered (person, body) VALUES ('broken', ?)", (b"0{}",))
        db.execute("INSERT INTO due VALUES ('broken', 'burst', 0, '2026-01-01')")
    office.clock.now += timedelta(seconds=2)
    assert due(office) == ["a"]
    assert office.rows("SELECT count(*) FROM gathered WHERE person='broken'") == [(1,)]
    assert due(office) == []


def test_a_key_that_is_missing_is_told_to_its_person_alone(tmp_path: Path) -> None:
    locked = Office(tmp_path / "a.db", Fernet.generate_key().decode())
    locked.say("想协商", person="a")
    locked.desk.close()
    office = Office(tmp_path / "a.db")

    async def both() -> list[Reply]:
        return await asyncio.gather(*(office.desk.answer(Message(who, "想协商", id="9")) for who in "ab"))

    told, answered = asyncio.run(both())
    assert answered.state == "negotiate.lender"
    assert told.state == "" and told.bubbles and told.id == "9"
    office.desk.close()


def test_an_error_of_ours_is_told_and_kept_to_be_delivered(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("x")

    monkeypatch.setattr("advisor.desk.turn", broken)
    reply = asyncio.run(office.desk.answer(Message("a", "想协商", id="1")))
    assert reply.bubbles and [one.id for one in office.desk.undelivered("a")] == ["1"]


def test_what_was_just_received_is_answered_before_it_expires(office: Office) -> None:
    office.say("想协商")
    office.clock.now += timedelta(hours=25)
    office.desk.answer_now(forward("今日不还，通知你村委", "1"))
    office.desk.store.expire(office.clock.now)
    office.clock.now += timedelta(seconds=2)
    assert due(office) == ["a"]
    assert any("村委" in text(one) for one in office.desk.undelivered("a"))


def test_the_rest_of_a_long_paste_belongs_to_it(office: Office) -> None:
    first = "【速贷】您已逾期，今日不还就通知你村委。" * 300
    office.desk.answer_now(Message("a", first[:4096], id="1", more_follows=True))
    reply = office.say(first[4096:], "2")
    assert len([one for one in office.desk.undelivered("a") if one.bubbles]) == 1
    assert "没听懂" not in text(reply)


def test_a_burst_behind_a_missing_key_is_kept_and_fails_nobody_else(tmp_path: Path) -> None:
    locked = Office(tmp_path / "a.db", Fernet.generate_key().decode())
    locked.say("想协商", person="a")
    locked.desk.close()
    office = Office(tmp_path / "a.db")
    office.desk.answer_now(forward("今日不还，通知你村委", "1"))

    async def both() -> list[Reply]:
        return await asyncio.gather(*(office.desk.answer(Message(who, "想协商", id="9")) for who in "ab"))

    told, answered = asyncio.run(both())
    assert (told.state, answered.state) == ("", "negotiate.lender")
    assert office.rows("SELECT count(*) FROM gathered") == [(1,)]
    office.desk.close()
