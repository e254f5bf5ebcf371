"""The bot in Telegram, over the wire: polled and by webhook, as people use it and as networks fail."""

import socket
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any

import docx
import httpx
import pytest

from advisor.message import Message
from advisor.session import Session
from advisor.turn import turn
from tests.botapi import Peer, Person
from tests.conversation import ROOT, _ids, _time, advisor, read
from tests.running import SECRET, Bot, running

THREAT = "【速贷】第{}次通知：今日不还，通知你村委和通讯录"
Screen = list[dict[str, Any]]
NUMBERS = count(100)


@pytest.fixture(scope="module", params=["polled", "by webhook"])
def service(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Peer, Bot]]:
    with running(tmp_path_factory.mktemp("bot"), webhooks=request.param == "by webhook") as both:
        yield both


@pytest.fixture
def peer(service: tuple[Peer, Bot]) -> Peer:
    return service[0]


@pytest.fixture
def person(peer: Peer) -> Person:
    return peer.person(next(NUMBERS))


def asked(screen: Screen) -> dict[str, Any] | None:
    """Give the newest message of the bot if it has buttons."""
    mine = [message for message in screen if message["from_bot"]]
    return mine[-1] if mine and mine[-1]["buttons"] else None


def labels(message: dict[str, Any]) -> list[str]:
    return [label for row in message["buttons"] for label, _ in row]


def says(words: str) -> Callable[[Screen], object]:
    """Tell whether the bot has said some words, and asks something again."""
    return lambda screen: asked(screen) and any(words in m["text"] for m in screen if m["from_bot"])


def of(screen: Screen, message: dict[str, Any]) -> dict[str, Any]:
    """Give a message as it looks now."""
    return next(one for one in screen if one["message_id"] == message["message_id"])


def begin(person: Person) -> dict[str, Any]:
    person.command("/start")
    return asked(person.wait(asked, 30)) or {}


# ---- the talk ----


def test_a_tap_turns_the_question_into_question_and_answer(person: Person) -> None:
    question = begin(person)
    person.tap("想还，暂时还不上")
    screen = person.wait(says("哪家机构"))
    person.wait(lambda screen: of(screen, question)["edited"])
    edited = of(person.screen, question)
    assert edited["text"] == question["text"] + "\n\n✓ 想还，暂时还不上" and not edited["buttons"]
    assert asked(screen) and not person.unanswered


def test_a_typed_answer_gets_new_messages_and_old_buttons_are_answered_kindly(person: Person) -> None:
    question = begin(person)
    person.say("想协商")
    person.wait(says("哪家机构"))
    assert not any(m["edited"] for m in person.screen)
    person.tap_on(question["message_id"], question["buttons"][0][0][1])
    person.wait(says("那个按钮是前面一步的"))
    person.wait(lambda screen: not of(screen, question)["buttons"])
    assert not person.unanswered


def test_the_last_row_holds_the_words_of_everywhere(person: Person) -> None:
    begin(person)
    person.say("想协商")
    screen = person.wait(says("哪家机构"))
    question = asked(screen)
    assert question and [label for label, _ in question["buttons"][-1]] == ["上一步", "不知道", "重新开始"]


def test_markup_in_what_people_write_is_only_text(person: Person) -> None:
    begin(person)
    person.say("想协商")
    person.wait(says("哪家机构"))
    person.say("<b>青苗</b>&金融")
    person.wait(lambda screen: asked(screen) and "哪家机构" not in asked(screen)["text"])  # type: ignore[index]
    assert not any(m["from_bot"] and "<b>青苗" in (m["html"] or "") for m in person.screen)


def test_a_draft_can_be_copied_and_kept(person: Person) -> None:
    begin(person)
    person.command("/letters")
    person.wait(says("要写哪一份"))
    person.tap("发给家人同事的话")
    screen = person.wait(lambda screen: asked(screen) and any(m["document"] for m in screen))
    draft = next(m for m in screen if "<pre>" in (m["html"] or ""))
    file = next(m for m in screen if m["document"])
    assert file["document"] == "draft.docx"
    written = "".join(one.text for one in docx.Document(BytesIO(file["bytes"])).paragraphs)
    assert "".join(draft["text"].split()) in "".join(written.split())


# ---- what is shown besides the talk ----


def test_commands_are_listed_and_each_is_understood(peer: Peer, person: Person) -> None:
    begin(person)
    given = [params for params in peer.called("setMyCommands")]
    assert len(given) >= 8
    names = [one["command"] for one in given[0]["commands"]]
    assert {"start", "help", "new", "letters", "language", "privacy", "delete"} <= set(names)
    for name in names:
        before = len(person.screen)
        person.command(f"/{name}")
        screen = person.wait(lambda screen, before=before: len(screen) > before + 1 and asked(screen))  # type: ignore[misc]
        assert "没听懂" not in screen[-1]["text"] + screen[-2]["text"]
    assert peer.called("setMyDescription") and peer.called("setMyShortDescription")
    assert peer.called("setChatMenuButton")


@pytest.mark.parametrize(("link", "words"), [("sms", "原样发过来"), ("plan", "哪家机构"), ("nothing", "最急的事")])
def test_a_link_opens_what_it_names(person: Person, link: str, words: str) -> None:
    person.command(f"/start {link}")
    person.wait(says(words), 30)


def test_everything_is_deleted_on_demand(service: tuple[Peer, Bot], person: Person) -> None:
    begin(person)
    person.say("想协商")
    person.wait(says("哪家机构"))
    person.command("/delete")
    person.wait(lambda screen: asked(screen) and "确认删除" in labels(asked(screen) or {"buttons": []}))
    person.tap("确认删除")
    person.wait(lambda screen: labels(asked(screen) or {"buttons": []}) == ["重新开始"])
    with closing(sqlite3.connect(service[1].database)) as db:
        assert db.execute("SELECT count(*) FROM sessions WHERE person=?", (f"telegram:{person.id}",)).fetchone() == (0,)


# ---- forwards, files, and what is no text ----


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
    person.wait(says("图片"))
    person.document("合同.pdf", b"%PDF-1.4", type="application/pdf")
    person.wait(lambda screen: sum("图片和文件" in m["text"] for m in screen if m["from_bot"]) == 2)
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


# ---- what fails ----


def test_nothing_is_lost_or_out_of_order_when_telegram_fails(peer: Peer, person: Person) -> None:
    begin(person)
    for status, retry in ((429, 1), (500, None), (502, None)):
        peer.fail("sendMessage", status=status, times=1, retry_after=retry)
    person.say("想协商")
    person.wait(says("哪家机构"), 20)
    person.say("青苗金融")
    screen = person.wait(lambda screen: asked(screen) and "哪家机构" not in (asked(screen) or {})["text"], 20)
    texts = [m["text"] for m in screen if m["from_bot"]]
    assert sorted(range(len(texts)), key=lambda at: screen.index([m for m in screen if m["from_bot"]][at])) == list(
        range(len(texts))
    )
    assert len(texts) == len(set(texts))


def test_an_update_that_comes_twice_is_answered_once(peer: Peer, person: Person) -> None:
    begin(person)
    person.say("想协商")
    before = person.wait(says("哪家机构"))
    peer.redeliver(peer.last_update_id)
    other = peer.person(next(NUMBERS))
    begin(other)  # by then the repeat has long been taken
    assert person.screen == before


def test_only_telegram_knows_the_secret(service: tuple[Peer, Bot], request: pytest.FixtureRequest) -> None:
    if "polled" in request.node.name:
        pytest.skip("there is no webhook when updates are polled")
    update = {"update_id": 1, "message": {}}
    for headers in ({}, {"X-Telegram-Bot-Api-Secret-Token": "guess"}):
        assert httpx.post(f"{service[1].url}/telegram", json=update, headers=headers).status_code == 403
    good = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
    assert httpx.post(f"{service[1].url}/telegram", content=b"{", headers=good).status_code == 200
    assert httpx.get(f"{service[1].url}/healthz").text == "ok\n"


def test_the_log_holds_no_words_numbers_names_or_tokens(service: tuple[Peer, Bot], person: Person) -> None:
    begin(person)
    person.say("我叫张三丰，电话13812345678，欠青苗金融35000元")
    person.wait(lambda screen: len(screen) > 3 and asked(screen))
    log = service[1].said()
    assert log
    for secret in ("张三丰", "13812345678", "青苗", "阿梅", service[0].token, SECRET):
        assert secret not in log


# ---- restarts ----


def test_a_burst_survives_a_kill(tmp_path: Path) -> None:
    with running(tmp_path / "bot") as (peer, bot):
        person = peer.person(7)
        begin(person)
        for number in range(4):
            person.forward(THREAT.format(number))
        person.wait(lambda _: not peer.pending)
        bot.kill()
        bot.start()
        person.wait(says("收到4条"), 30)


def test_a_reply_that_could_not_be_sent_is_sent_after_a_restart(tmp_path: Path) -> None:
    with running(tmp_path / "bot") as (peer, bot):
        person = peer.person(7)
        begin(person)
        peer.fail("sendMessage", status=500, times=1000)
        person.say("想协商")
        person.wait(lambda _: not peer.pending)
        bot.kill()
        peer.heal()
        bot.start()
        person.wait(says("哪家机构"), 30)


def test_it_ends_quietly_and_says_a_wrong_token_in_one_sentence(tmp_path: Path) -> None:
    with running(tmp_path / "bot") as (peer, bot):
        begin(peer.person(7))
        assert bot.stop() == 0
        peer.token, given = "1:other", peer.token
        wrong = Bot(peer, tmp_path / "wrong", token=given)
        assert wrong.start().ended() == 2
        assert wrong.said().rstrip().endswith("Telegram 不认这个 TELEGRAM_TOKEN，请核对")


def test_a_slow_answer_is_waited_for_and_nothing_is_sent_twice(tmp_path: Path) -> None:
    with running(tmp_path / "bot") as (peer, _):
        person = peer.person(7)
        begin(person)
        peer.hang("sendMessage", 7)
        person.say("想协商")
        screen = person.wait(says("哪家机构"), 30)
        texts = [m["text"] for m in screen if m["from_bot"]]
        assert len(texts) == len(set(texts))


def test_a_graceful_end_finishes_the_reply_in_hand(tmp_path: Path) -> None:
    with running(tmp_path / "bot") as (peer, bot):
        person = peer.person(7)
        begin(person)
        peer.hang("sendMessage", 1)
        person.say("想协商")
        person.wait(lambda _: not peer.pending)
        assert bot.stop() == 0
        before = person.screen
        bot.start()
        bot.wait_until_it_listens()
        person.say("青苗金融")
        screen = person.wait(lambda screen: len(screen) > len(before) + 1 and asked(screen), 30)
        texts = [m["text"] for m in screen if m["from_bot"]]
        assert len(texts) == len(set(texts))


def test_what_one_chat_must_wait_holds_up_no_other(tmp_path: Path) -> None:
    with running(tmp_path / "bot") as (peer, _):
        slow, quick = peer.person(7), peer.person(8)
        begin(slow)
        begin(quick)
        peer.fail("sendMessage", status=429, retry_after=20)
        slow.say("想协商")
        slow.wait(lambda _: any(params.get("chat_id") == 7 for params in peer.called("sendMessage")[-1:]))
        quick.say("想协商")
        quick.wait(says("哪家机构"), 15)


def test_a_telegram_that_goes_away_is_waited_for(tmp_path: Path) -> None:
    with running(tmp_path / "bot") as (peer, _):
        person = peer.person(7)
        begin(person)
        peer.stop()
        person.say("想协商")
        peer.start()
        person.wait(says("哪家机构"), 30)


def test_what_cannot_be_read_holds_up_nothing(tmp_path: Path) -> None:
    with running(tmp_path / "bot") as (peer, bot):
        person = peer.person(7)
        begin(person)
        with peer.changed:
            peer.give("message", {"message_id": "x", "chat": 5})
            peer.give("a_thing_of_tomorrow", {})
            whole = {"message_id": 1, "chat": {"id": 8, "type": "private"}, "from": {"id": 8, "is_bot": False}}
            peer.give("message", {**whole, "date": 10**18, "text": "a"})
            peer.give("message", {**whole, "date": 1, "text": 5})
        person.say("想协商")
        person.wait(says("哪家机构"), 30)
        assert "update unreadable" in bot.said()


def test_updates_that_come_in_another_order_are_all_answered(tmp_path: Path) -> None:
    with running(tmp_path / "bot") as (peer, bot):
        people = [peer.person(number) for number in range(7, 12)]
        for person in people:
            begin(person)
        bot.kill()
        for person in people:
            person.say("想协商")
        peer.shuffle()
        bot.start()
        for person in people:
            person.wait(says("哪家机构"), 30)


@pytest.mark.parametrize("webhooks", [False, True])
def test_a_taken_port_ends_only_a_bot_that_needs_it(tmp_path: Path, webhooks: bool) -> None:
    with Peer() as peer:
        bot = Bot(peer, tmp_path / "bot", webhooks=webhooks)
        with socket.create_server(("127.0.0.1", bot.port)):
            bot.start()
            if webhooks:
                assert bot.ended() == 2
                assert "换一个 PORT" in bot.said().splitlines()[-1]
            else:
                begin(peer.person(7))
                assert bot.stop() == 0


# ---- whole conversations ----


def transcripts() -> list[Path]:
    """Give conversations that are only typed and tapped, of every part of the tree."""
    found = []
    for path in sorted((ROOT / "tests" / "conversations").glob("*.yaml")):
        transcript, _ = read(path)
        plain = all(not step.sms and not step.image and not step.at for step in transcript.talk)
        if plain and not transcript.start and len(transcript.talk) > 6:
            found.append(path)
    return found[::40]


@pytest.mark.parametrize("path", transcripts(), ids=lambda path: path.stem)
def test_a_whole_conversation_reads_the_same_in_telegram(path: Path, tmp_path: Path) -> None:
    transcript, _ = read(path)
    with running(tmp_path / "bot", now=transcript.now) as (peer, _):
        person, session, expected = peer.person(7), Session(), 0
        now = _time(transcript.now)
        for step in (step for step in transcript.talk if step.speaks):
            taps = [key for key in session.offered if key.partition(".")[2] in _ids(step.choose or "-")]
            choice = taps[0] if step.choose is not None else None
            after, reply = turn(advisor(), session, Message("x", step.user or "", choice), now)
            session, expected = after or Session(), expected + len(reply.bubbles)
            if choice:
                person.tap(choice)
            else:
                person.say(step.user or "")
            texts = written(person.wait(lambda screen, count=expected: len(written(screen)) == count, 30))  # type: ignore[misc]
            assert texts[-len(reply.bubbles) :] == [bubble.text.strip() for bubble in reply.bubbles]


def written(screen: Screen) -> list[str]:
    """Give the texts of the bot as they were before a tap was noted under them."""
    return [m["text"].partition("\n\n✓ ")[0] for m in screen if m["from_bot"] and not m["document"]]
