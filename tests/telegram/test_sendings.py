"""Forwards, albums, files, edits and what is no text are each answered once and sensibly."""

import pytest

from tests.botapi import Peer, Person
from tests.telegram.screen import THREAT, asked, begin, says


def test_fourteen_forwards_get_one_reading(person: Person) -> None:
    begin(person)
    for number in range(14):
        person.forward(THREAT.format(number), origin=("user", "hidden_user", "chat", "channel")[number % 4])
    screen = person.wait(says("收到14条"))
    assert sum("条。" in m["text"] for m in screen if m["from_bot"]) == 1


def test_an_album_gets_one_answer(person: Person) -> None:
    begin(person)
    for number in range(3):
        person.photo("截图" if number == 0 else None, media_group_id="a")
    before = len(person.screen)
    person.wait(lambda screen: len(screen) > before and asked(screen))
    assert len([m for m in person.screen[before:] if m["from_bot"]]) <= 3


def test_an_album_of_pictures_and_videos_gets_one_answer(person: Person) -> None:
    begin(person)
    for send in (person.photo, person.video, person.photo, person.video):
        send(None, media_group_id="b")
    before = len(person.screen)
    person.wait(lambda screen: len(screen) > before and asked(screen))
    assert len([m for m in person.screen[before:] if m["buttons"]]) == 1


def test_a_long_paste_that_comes_in_two_is_one(person: Person) -> None:
    begin(person)
    first = "【速贷】您已逾期，再不还就通知你村委和通讯录。" * 200
    person.say(first[:4096])
    person.say("还要找你单位领导。")
    before = len(person.screen)
    person.wait(lambda screen: len(screen) > before and asked(screen))
    assert not any("没听懂" in m["text"] for m in person.screen)


@pytest.mark.parametrize(
    ("send", "words"),
    [
        ("sticker", "表情"), ("voice", "语音"), ("video", "视频"), ("contact", "名片"), ("location", "位置"),
        ("poll", "投票"),
    ],
)  # fmt: skip
def test_what_is_no_text_gets_a_sensible_answer(person: Person, send: str, words: str) -> None:
    begin(person)
    getattr(person, send)()
    person.wait(says(words))


def test_pictures_files_and_edits_are_answered(person: Person) -> None:
    begin(person)
    person.photo()
    person.wait(says("里面的字我没有读出来"))
    person.document("合同.pdf", b"%PDF-1.4", type="application/pdf")
    person.wait(says("这份文件不完整"))
    person.edit(person.say("想协商"), "想协商还款")
    person.wait(says("改过的那条"))


def test_a_group_hears_nothing_unless_it_asks(peer: Peer, person: Person) -> None:
    me = begin(person)
    assert me
    group = person.in_group(-100_000 - person.id)
    group.say("今天吃什么")
    group.say("@" + str(peer.answer("getMe", {})[1]["result"]["username"]) + " 催收怎么办")
    screen = group.wait(lambda screen: any(m["from_bot"] for m in screen))
    (told,) = [m for m in screen if m["from_bot"]]
    assert "单独" in told["text"]


def test_who_blocks_the_bot_is_let_be_and_found_again(person: Person) -> None:
    begin(person)
    person.block()
    person.unblock()
    person.say("想协商")
    person.wait(says("哪家机构"))
