"""The evidence file in the talk: nothing before consent, originals untouched, put right, struck, and deleted."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from advisor.clock import SHANGHAI
from advisor.codec import Codec
from advisor.content.flow import State
from advisor.desk import Desk
from advisor.evidence.looking import MOST, Looker
from advisor.exhibit import Exhibit
from advisor.message import Attachment, Message, Origin, Reply, Sms
from advisor.session import Session
from advisor.store_sqlite import SqliteStore
from advisor.turn import turn
from tests.conversation import Filed, advisor

NOW = datetime(2026, 11, 23, 20, 30, tzinfo=SHANGHAI)
ME = "a"
THREAT = "【青苗金融】再不还款就上门找你，打断你的腿，卡号6222021234567890123"
PICTURE = Attachment("photo", "f1", "a.jpg", 4, body=b"\xff\xd8\xff\xe0", media_type="image/jpeg")


def text(reply: Reply) -> str:
    return "\n".join(bubble.text for bubble in reply.bubbles)


class Person:
    """Somebody who talks, with an evidence file kept as the desk keeps it."""

    def __init__(self, consent: str = "yes", state: str = "", language: str = "zh") -> None:
        self.session = Session(consent=consent, state=state, noticed=True, language=language)
        self.file = Filed()
        self.reply = Reply("", (), ())

    def send(self, message: Message) -> str:
        session, self.reply = turn(advisor(), self.session, message, NOW, lambda: self.file.exhibits)
        assert session is not None
        self.session = session
        self.session.filed += self.file.settle(self.reply)
        return text(self.reply)

    def say(self, *texts: str) -> str:
        return [self.send(Message(ME, words)) for words in texts][-1]

    def forward(self, *sms: Sms) -> str:
        return self.send(Message(ME, sms=sms))


# ---- what is kept -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("consent", ["", "no"])
def test_nothing_is_kept_before_consent(consent: str) -> None:
    person = Person(consent)
    person.forward(Sms(THREAT, "13800000000", NOW))
    person.send(Message(ME, files=(PICTURE,)))
    person.say("证据册", "记一笔", "电话", "昨天", "他", "骂人")
    assert not person.file.exhibits and not person.session.filed


def test_the_original_is_kept_while_the_talk_sees_it_covered() -> None:
    person = Person()
    said = person.forward(Sms(THREAT, "13800000000", NOW))
    (kept,) = person.file.exhibits
    assert kept.text == THREAT
    assert "6222021234567890123" not in said + str(person.session.to_data())
    assert "6222021234567890123" not in person.say("证据册")


def test_the_day_of_a_forward_is_not_that_of_the_message() -> None:
    person = Person()
    person.forward(Sms(THREAT, origin=Origin("user", "x", NOW - timedelta(days=3))))
    person.forward(Sms("【青苗金融】今天必须还款，否则上门！", "13800000000", NOW - timedelta(days=2)))
    first, second = person.file.exhibits
    assert (first.at, first.known_by, first.source) == (None, "", "forward")
    assert (second.at, second.known_by) == (NOW - timedelta(days=2), "export")


def test_what_is_nobodys_business_here_is_not_kept() -> None:
    person = Person()
    person.forward(Sms("【菜鸟】您的包裹已到驿站，凭取件码领取。", "13800000000", NOW))
    assert not person.file.exhibits


def test_a_message_read_in_a_picture_points_at_it() -> None:
    person = Person()
    person.send(Message(ME, files=(PICTURE,), sms=(Sms(THREAT, "13800000000", NOW, picture=1),)))
    picture, sms = person.file.exhibits
    assert (picture.kind, sms.kind, sms.of, sms.known_by) == ("picture", "sms", picture.number, "picture")


def test_the_same_once_more_is_only_counted() -> None:
    person = Person()
    for _ in range(3):
        person.forward(Sms(THREAT, "13800000000", NOW))
    assert [one.seen for one in person.file.exhibits] == [3]
    assert person.session.filed == 1


def test_a_message_points_at_its_own_picture_though_another_was_refused() -> None:
    person = Person()
    refused = replace(PICTURE, refused="damaged", body=None)
    said = person.send(Message(ME, files=(refused, PICTURE), sms=(Sms(THREAT, "13800000000", NOW, picture=2),)))
    picture, sms = person.file.exhibits
    assert (sms.of, sms.source) == (picture.number, "picture")
    assert "不完整" in said and "图里读到1条短信" in said


def test_of_an_export_only_the_messages_are_kept() -> None:
    person = Person()
    export = Attachment("export", "f1", "sms.xml", 4, body=b"<sms", media_type="application/xml", held=9)
    person.send(Message(ME, files=(export,), sms=(Sms(THREAT, "13800000000", NOW, picture=1),)))
    (kept,) = person.file.exhibits
    assert (kept.kind, kept.source, kept.known_by, kept.of) == ("sms", "export", "export", 0)


def test_what_is_pasted_is_kept_to_the_letter() -> None:
    person = Person()
    person.say(f"刚收到：{THREAT}")
    (kept,) = person.file.exhibits
    assert kept.text == THREAT


def test_what_is_struck_takes_its_reading_with_it() -> None:
    person = Person()
    person.forward(Sms(f"{THREAT}，本金20000元", "13800000000", NOW))
    assert "打断你的腿" in str(person.session.to_data())
    person.say("证据册", "删一条", "1号")
    assert "打断你的腿" not in str(person.session.to_data())
    assert not person.session.case.reading


def test_the_reading_of_another_message_stays() -> None:
    person = Person()
    person.forward(Sms("【青苗金融】今天必须还款，否则上门！", "13800000000", NOW))
    person.forward(Sms(THREAT, "13800000000", NOW))
    person.say("证据册", "删一条", "1号")
    assert person.session.case.reading["findings"]


def test_of_a_file_that_is_struck_no_note_stays() -> None:
    person = Person()
    person.send(Message(ME, files=(PICTURE,)))
    assert person.session.case.received
    person.say("证据册", "删一条", "1号")
    assert not person.session.case.received


def test_a_picture_that_is_struck_takes_along_what_was_read_in_it_and_says_so() -> None:
    person = Person()
    person.forward(Sms("【青苗金融】今天必须还款，否则上门！", "13800000000", NOW))
    person.send(Message(ME, files=(PICTURE,), sms=(Sms(THREAT, "13800000000", NOW, picture=1),)))
    person.say("证据册", "改时间", "2号", "昨天")  # the picture is number 4 now
    said = person.say("删一条", "4号")
    assert "从它读出来的1条短信也一起删了：3号" in said
    assert [one.number for one in person.file.exhibits] == [1] and person.session.filed == 1
    assert "打断你的腿" not in str(person.session.to_data())


def test_a_message_that_was_also_pasted_stays_when_the_picture_of_it_is_struck() -> None:
    person = Person()
    person.send(Message(ME, files=(PICTURE,), sms=(Sms(THREAT, "13800000000", NOW, picture=1),)))
    person.forward(Sms(THREAT, "13800000000", NOW))
    assert "也一起删了" not in person.say("证据册", "删一条", "1号")
    assert [one.text for one in person.file.exhibits] == [THREAT]
    assert person.session.case.reading["findings"]


def test_nothing_is_drawn_of_a_file_without_days() -> None:
    person = Person()
    person.send(Message(ME, files=(PICTURE,)))
    assert "还画不了" in person.say("证据册", "看图")


# ---- what is told -------------------------------------------------------------------------------------------------


def test_an_act_is_told_and_the_talk_forgets_it() -> None:
    person = Person()
    person.say("证据册", "加一件事", "上门", "昨天", "两个人", "他说再不还就到你单位拉横幅，踹了门")
    (kept,) = person.file.exhibits
    assert (kept.kind, kept.sender, kept.known_by, kept.whole_day) == ("visit", "两个人", "told", True)
    assert kept.text == "他说再不还就到你单位拉横幅，踹了门"
    assert kept.at is not None and kept.at.date() == NOW.date() - timedelta(days=1)
    assert not {"happened_words", "happened_who", "happened_on"} & person.session.case.facts.keys()


def test_several_sentences_are_told_once() -> None:
    person = Person()
    person.say("证据册", "加一件事", "答应了", "今天", "他家客服", "本金分十二期，罚息不要，明天打电话")
    assert len(person.file.exhibits) == 1


def test_a_day_put_right_is_a_new_exhibit_that_points_at_the_old() -> None:
    person = Person()
    person.send(Message(ME, files=(PICTURE,)))
    person.say("证据册", "改时间", "1号", "11月3号")
    old, new = person.file.exhibits
    assert (new.corrects, new.known_by, new.original) == (old.number, "told", old.original)
    assert old.at is None and new.at is not None and (new.at.month, new.at.day) == (11, 3)
    assert person.session.filed == 1
    assert "1号" not in person.say("再看一遍")


def test_what_is_struck_is_said_and_gone_with_what_it_put_right() -> None:
    person = Person()
    person.forward(Sms(THREAT, "13800000000", NOW))
    person.say("证据册", "改时间", "1号", "昨天", "删一条")
    said = person.say("第2号")
    assert "删好了：2号" in said and "更正前的那一件也一起删了" in said
    assert not person.file.exhibits and not person.session.filed


@pytest.mark.parametrize("number", ["9号", "不知道", "0号"])
def test_a_number_that_there_is_not_strikes_nothing(number: str) -> None:
    person = Person()
    person.forward(Sms(THREAT, "13800000000", NOW))
    person.say("证据册", "删一条", number)
    assert len(person.file.exhibits) == 1


# ---- what is said once --------------------------------------------------------------------------------------------


def test_the_first_time_something_is_kept_it_is_said() -> None:
    person = Person()
    assert "已放进你的证据册" in person.forward(Sms(THREAT, "13800000000", NOW))
    assert "已放进你的证据册" not in person.forward(Sms(THREAT[:20], "13800000000", NOW))


def test_the_first_that_may_show_others_is_said() -> None:
    person = Person()
    assert "遮住" not in person.forward(Sms(THREAT[:20], "13800000000", NOW))
    assert "遮住" in person.forward(Sms(THREAT, "13800000000", NOW, to="我妈"))
    assert "遮住" not in person.send(Message(ME, files=(PICTURE,)))


def test_the_file_is_offered_once_from_the_second_message_on() -> None:
    person = Person("")
    said = [person.forward(Sms(THREAT[: 30 - n], "13800000000", NOW)) for n in range(5)]
    assert ["收成证据册" in words for words in said] == [False, True, False, False, False]


def test_whoever_refused_is_not_asked_again() -> None:
    person = Person("no")
    assert not any("收成证据册" in person.forward(Sms(THREAT[: 30 - n], "1", NOW)) for n in range(4))


def test_nothing_of_the_file_is_said_in_an_emergency() -> None:
    person = Person()
    person.say("我不想活了")
    assert "证据册" not in person.send(Message(ME, files=(PICTURE,)))
    assert person.file.exhibits


# ---- from everywhere ----------------------------------------------------------------------------------------------


def questions() -> Iterator[tuple[str, State]]:
    content = advisor().content
    for name, flow in content.own_flows.items():
        for key, state in flow.states.items():
            if (state.fill or state.menu or state.confirm) and name != "file":
                yield f"{name}.{key}", state


@pytest.mark.parametrize(("language", "words"), [("zh", "证据册"), ("en", "evidence file")])
def test_the_file_is_reached_from_every_question(language: str, words: str) -> None:
    elsewhere = []
    for name, _ in questions():
        person = Person(state=name, language=language)
        person.session.case.history.append(name)
        person.say(words)
        if not person.session.state.startswith("file."):
            elsewhere.append(name)
    assert not elsewhere


# ---- at the desk --------------------------------------------------------------------------------------------------


class Office:
    """A desk on a file."""

    def __init__(self, path: Path, looker: Looker | None = None) -> None:
        self.path = path
        self.desk = Desk(advisor(), SqliteStore(str(path)), Codec(""), lambda: NOW, looker=looker)

    def send(self, message: Message) -> str:
        return text(self.desk.answer_now(message))

    def say(self, *texts: str) -> str:
        return [self.send(Message(ME, words)) for words in texts][-1]

    def exhibits(self) -> list[Exhibit]:
        with self.desk.opened(ME) as (_, file):
            return file.exhibits()

    def count(self, table: str) -> int:
        with closing(sqlite3.connect(self.path)) as db:
            return int(db.execute(f"SELECT count(*) FROM {table} WHERE person=?", (ME,)).fetchone()[0])


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path / "a.db")
    yield office
    office.desk.close()


def test_from_fourteen_messages_to_nothing(office: Office) -> None:
    office.say("同意保存")
    sms = [
        Sms(f"【青苗金融】第{n}次通知，再不还款就上门找你！", "13800000000", NOW - timedelta(days=n)) for n in range(14)
    ]
    assert "已放进你的证据册" in office.send(Message(ME, sms=tuple(sms)))
    office.send(Message(ME, files=(PICTURE,)))
    said = office.say("证据册", "加一件事", "电话", "昨天", "13800000000", "他说明天上门")
    assert "放进去了" in said
    assert [one.number for one in office.exhibits()] == list(range(1, 17))
    assert "证据册里有16件" in office.say("再看一遍")
    assert "删好了：3号" in office.say("删一条", "3号")
    assert "删好了：15号" in office.say("删一条", "15号")
    assert [one.number for one in office.exhibits()] == [*range(1, 3), *range(4, 15), 16]
    assert office.count("files") == 0
    office.say("删除", "确认删除")
    assert not office.exhibits()
    assert all(office.count(table) == 0 for table in ("exhibits", "exhibits_given", "files", "sessions"))


def test_a_picture_and_what_was_read_in_it_stay_together_at_the_desk(office: Office) -> None:
    office.say("同意保存")
    sms = Sms(THREAT, "13800000000", NOW, picture=1)
    office.send(Message(ME, files=(PICTURE, replace(PICTURE, refused="too_large")), sms=(sms,)))
    picture, read = office.exhibits()
    assert (picture.kind, read.of, read.text) == ("picture", picture.number, THREAT)
    with office.desk.opened(ME) as (_, file):
        assert file.file(picture.sha256) == PICTURE.body
    office.say("证据册", "改时间", "第1号", "昨天")
    assert [one.corrects for one in office.exhibits()] == [0, 0, 1]
    with office.desk.opened(ME) as (_, file):
        assert file.file(picture.sha256) == PICTURE.body


def exported(messages: int, words: str = "") -> Attachment:
    """Give a phone's export, the oldest message first, a minute apart."""
    rows = "".join(
        f'<sms address="13800000000" date="{int((NOW - timedelta(minutes=ago)).timestamp() * 1000)}" type="1" '
        f'body="【青苗金融】第{ago}次通知，再不还款就上门找你！{words}" />'
        for ago in range(messages, 0, -1)
    )
    body = f'<?xml version="1.0" encoding="UTF-8"?><smses>{rows}</smses>'.encode()
    return Attachment("document", "f", "sms.xml", len(body), body=body)


def test_of_a_long_export_one_turn_takes_the_newest_and_says_what_it_left(tmp_path: Path) -> None:
    """Else everybody would wait while it is read: the turn of one is nobody else's."""
    office = Office(tmp_path / "a.db", Looker(advisor()))
    office.say("同意保存")
    said = office.send(Message(ME, files=(exported(MOST + 20),)))
    assert f"只收最近的{MOST}条" in said and "20条更早的没收" in said
    days = [one.at for one in office.exhibits()]
    assert len(days) == MOST and min(filter(None, days)) == NOW - timedelta(minutes=MOST)
    long = exported(30, "请尽快处理。" * 1500)
    assert "8条更早的没收" in office.send(Message(ME, files=(long,)))
    assert "没收" not in office.send(Message(ME, files=(exported(3, "。"),)))
    office.desk.close()


def test_several_exports_in_one_go_are_taken_together(tmp_path: Path) -> None:
    office = Office(tmp_path / "a.db", Looker(advisor()))
    office.say("同意保存")
    assert f"{MOST + 40}条和催收" in office.send(Message(ME, files=(exported(MOST), exported(40, "。"))))
    assert len(office.exhibits()) == MOST
    office.desk.close()
