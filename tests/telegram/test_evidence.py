"""Files come in over Telegram and are kept as they are; what is asked for comes back as files."""

import hashlib
from collections.abc import Callable
from contextlib import closing
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from advisor.codec import Codec
from advisor.desk import Desk
from advisor.evidence.pictures import available
from advisor.exhibit import Exhibit
from advisor.store_sqlite import SqliteStore
from tests.botapi import Peer, Person
from tests.botapi.contents import PICTURE, VIDEO, VOICE
from tests.botapi.rules import Upload
from tests.conversation import advisor
from tests.running import Bot, running
from tests.screens.draw import draw, png
from tests.screens.shots import SHOTS
from tests.telegram.screen import Screen, begin, says

Service = tuple[Peer, Bot]
THREAT = "【青苗金融】再不还款就上门找你，打断你的腿，卡号6222021234567890123"
CARRIED = "您的快递已到，取件码6-2-3018。"
BACKUP = (
    "<?xml version='1.0' encoding='UTF-8'?><smses count='2'>"
    f"<sms address='13800000000' date='1763900000000' type='1' body='{THREAT}'/>"
    f"<sms address='10690000' date='1763900500000' type='1' body='{CARRIED}'/></smses>"
).encode()
SCREENSHOT = Upload("photo.png", png(draw(SHOTS[0]).image), "image/png")


def kept(bot: Bot, person: Person) -> list[Exhibit]:
    """Give what is in the evidence file of a person."""
    desk = Desk(advisor(), SqliteStore(str(bot.database)), Codec(""))
    with closing(desk), desk.opened(f"telegram:{person.id}") as (_, file):
        exhibits = file.exhibits()
        for one in exhibits:
            assert one.original is None or hashlib.sha256(file.file(one.sha256)).hexdigest() == one.sha256
        return exhibits


def answers(person: Person, do: Callable[[], Any], words: str, seconds: float = 30) -> Screen:
    """Do something and give the messages of the bot from then on, once one of them has these words."""
    before = len(person.screen)
    do()
    screen = person.wait(lambda screen: any(words in m["text"] for m in screen[before:] if m["from_bot"]), seconds)
    return [message for message in screen[before:] if message["from_bot"]]


def agree(person: Person) -> None:
    begin(person)
    answers(person, lambda: person.say("同意保存"), "保存下来")


@pytest.mark.parametrize("agreed", [True, False])
def test_a_photo_is_kept_only_by_whoever_agreed(service: Service, person: Person, agreed: bool) -> None:
    agree(person) if agreed else begin(person)
    answers(person, lambda: person.photo(file=SCREENSHOT), "图里读到" if available() else "没有读出来")
    found = [(one.kind, one.sha256) for one in kept(service[1], person) if one.original]
    assert found == ([("picture", hashlib.sha256(SCREENSHOT.data).hexdigest())] if agreed else [])


def test_two_photos_in_an_album_are_answered_once_and_both_kept(service: Service, person: Person) -> None:
    agree(person)

    def album() -> None:
        person.photo(media_group_id="a")
        person.photo(file=Upload("b.png", png(draw(SHOTS[1]).image.resize((40, 80))), "image/png"), media_group_id="a")

    said = answers(person, album, "收到2份")
    assert len([m for m in said if "收到2份" in m["text"]]) == 1
    assert [one.kind for one in kept(service[1], person)] == ["picture", "picture"]


def test_a_voice_message_and_a_video_of_an_album_are_kept_as_recordings(service: Service, person: Person) -> None:
    agree(person)
    answers(person, person.voice, "语音我还听不了")
    answers(person, lambda: (person.photo(media_group_id="b"), person.video(media_group_id="b")), "视频我还看不了")
    exhibits = kept(service[1], person)
    assert [(one.kind, one.sha256) for one in exhibits] == [
        (kind, hashlib.sha256(file.data).hexdigest())
        for kind, file in (("recording", VOICE), ("picture", PICTURE), ("recording", VIDEO))
    ]


def test_of_an_export_only_what_matters_is_kept(service: Service, person: Person) -> None:
    agree(person)
    answers(person, lambda: person.document("sms.xml", BACKUP, type="text/xml"), "看了2条短信")
    (one,) = kept(service[1], person)
    assert (one.kind, one.text, one.sender, one.known_by, one.source) == (
        "sms", THREAT, "13800000000", "export", "export",
    )  # fmt: skip
    assert CARRIED.encode() not in service[1].database.read_bytes()


def test_what_is_forwarded_is_kept_to_the_letter(service: Service, person: Person) -> None:
    agree(person)
    answers(person, lambda: person.forward(THREAT), "已放进")
    assert [one.text for one in kept(service[1], person)] == [THREAT]
    assert not any("6222021234567890123" in m["text"] for m in person.screen if m["from_bot"])


def test_a_file_that_is_too_large_is_refused_in_one_sentence(service: Service, person: Person) -> None:
    agree(person)
    said = answers(person, lambda: person.document("a.pdf", b"%PDF-1.4" + bytes(20_000_001)), "太大")
    assert sum("太大" in m["text"] for m in said) == 1 and not kept(service[1], person)


def test_a_file_that_cannot_be_fetched_is_asked_for_again(service: Service, person: Person) -> None:
    peer, bot = service
    agree(person)
    peer.fail("getFile", status=400)
    answers(person, person.photo, "没有取到")
    assert not kept(bot, person)
    answers(person, person.photo, "已放进")
    assert len(kept(bot, person)) == 1


def test_the_package_and_the_chart_come_as_files(person: Person) -> None:
    agree(person)
    answers(person, person.photo, "已放进")
    answers(person, lambda: person.document("sms.xml", BACKUP, type="text/xml"), "看了2条短信")
    person.say("证据册")
    person.wait(says("要做什么"))
    person.tap("导出")
    screen = person.wait(lambda screen: any(m["from_bot"] and m["document"] for m in screen), 60)
    (package,) = [m for m in screen if m["from_bot"] and m["document"]]
    with ZipFile(BytesIO(package["bytes"])) as archive:
        assert archive.testzip() is None
        assert {"证据清单.pdf", "情况说明.docx", "SHA256SUMS"} <= set(archive.namelist())
        assert PICTURE.data in [archive.read(name) for name in archive.namelist()]
    person.say("看图")
    screen = person.wait(lambda screen: any(m["from_bot"] and m["kind"] == "photo" for m in screen), 60)
    assert next(m for m in screen if m["from_bot"] and m["kind"] == "photo")["bytes"].startswith(b"\x89PNG")


def test_a_photo_is_kept_once_though_the_bot_is_killed_and_it_comes_again(tmp_path: Path) -> None:
    with running(tmp_path / "bot") as (peer, bot):
        person = peer.person(7)
        agree(person)
        person.photo()
        person.wait(lambda _: not peer.pending)
        bot.kill()
        peer.redeliver(peer.last_update_id)
        bot.start()
        person.wait(says("没有读出来"), 30)
        (one,) = kept(bot, person)
        assert one.seen == 1
        assert sum("没有读出来" in m["text"] for m in person.screen) == 1
