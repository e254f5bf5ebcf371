"""Nothing is lost, repeated or told when Telegram fails, the network fails, or the bot is killed."""

import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import httpx
import pytest

from tests.botapi import Peer, Person
from tests.running import SECRET, Bot, running
from tests.telegram.screen import NUMBERS, THREAT, asked, begin, says

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


@contextmanager
def slow(peer: Peer, bot: Bot) -> Iterator[None]:
    peer.hang("sendMessage", 7)
    yield


@contextmanager
def away(peer: Peer, bot: Bot) -> Iterator[None]:
    peer.stop()
    yield
    peer.start()


@contextmanager
def failing_until_the_bot_is_killed(peer: Peer, bot: Bot) -> Iterator[None]:
    peer.fail("sendMessage", status=500, times=1000)
    yield
    with peer.changed:
        assert peer.changed.wait_for(lambda: not peer.pending, 10)
    bot.kill()
    peer.heal()
    bot.start()


Trouble = Callable[[Peer, Bot], AbstractContextManager[None]]


@pytest.mark.parametrize("trouble", [slow, away, failing_until_the_bot_is_killed], ids=lambda one: one.__name__)
def test_a_reply_comes_whole_and_once_after_trouble(tmp_path: Path, trouble: Trouble) -> None:
    with running(tmp_path / "bot") as (peer, bot):
        person = peer.person(7)
        begin(person)
        with trouble(peer, bot):
            person.say("想协商")
        texts = [m["text"] for m in person.wait(says("哪家机构"), 30) if m["from_bot"]]
        assert len(texts) == len(set(texts))


def test_it_ends_quietly_and_says_a_wrong_token_in_one_sentence(tmp_path: Path) -> None:
    with running(tmp_path / "bot") as (peer, bot):
        begin(peer.person(7))
        assert bot.stop() == 0
        peer.token, given = "1:other", peer.token
        wrong = Bot(peer, tmp_path / "wrong", token=given)
        assert wrong.start().ended() == 2
        assert wrong.said().rstrip().endswith("Telegram 不认这个 TELEGRAM_TOKEN，请核对")


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
