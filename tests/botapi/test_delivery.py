"""Updates reach the bot as from the real Telegram: polled or by webhook, and as networks fail."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest
from pydantic import TypeAdapter
from telegram import Bot
from telegram.error import Conflict, Forbidden, NetworkError, RetryAfter, TimedOut

from tests.botapi.state import Body
from tests.botapi.witness import Recorder, call, drive, until


def test_an_offset_confirms_for_good(peer: Recorder) -> None:
    person = peer.person(7)
    for text in "一二三":
        person.say(text)

    async def script(bot: Bot) -> None:
        first, second, third = await bot.get_updates()
        assert [u.update_id for u in await bot.get_updates(limit=1)] == [first.update_id]
        assert await bot.get_updates(offset=second.update_id) == (second, third)
        assert await bot.get_updates() == (second, third)
        assert await bot.get_updates(offset=-1) == (third,)
        assert await bot.get_updates() == (third,)
        peer.redeliver(first.update_id)
        assert await bot.get_updates(offset=third.update_id + 1) == (first,)
        assert await bot.get_updates() == ()

    drive(peer, script)


def test_a_poll_ends_as_soon_as_something_comes(peer: Recorder) -> None:
    person = peer.person(7)

    async def script(bot: Bot) -> None:
        waiting = asyncio.create_task(bot.get_updates(timeout=50))
        await until(lambda: peer.called("getUpdates"))
        person.say("你好")
        [update] = await waiting
        assert update.message and update.message.text == "你好"

    drive(peer, script)


def test_only_what_is_allowed_comes(peer: Recorder) -> None:
    person = peer.person(7)

    async def script(bot: Bot) -> None:
        await bot.get_updates(allowed_updates=["my_chat_member"])
        person.say("你好")
        person.block()
        [update] = await bot.get_updates()
        assert update.my_chat_member and update.my_chat_member.new_chat_member.status == "kicked"

    drive(peer, script)


def test_one_poll_at_a_time(peer: Recorder) -> None:
    async def script(bot: Bot) -> None:
        first = asyncio.create_task(bot.get_updates(timeout=50))
        await until(lambda: peer.called("getUpdates"))
        assert await asyncio.to_thread(call, peer, "getUpdates") == (200, "")
        with pytest.raises(Conflict, match="terminated by other getUpdates request; make sure that only one bot"):
            await first
        await bot.set_webhook("http://127.0.0.1:9/")
        with pytest.raises(Conflict, match="while webhook is active"):
            await bot.get_updates()

    drive(peer, script)


def test_faults_come_before_or_after_the_deed(peer: Recorder) -> None:
    person = peer.person(7)
    person.say("你好")
    peer.fail("sendMessage", status=502)
    peer.fail("sendMessage", status=500, after_doing=True)
    peer.fail("sendMessage", status=429, retry_after=3)
    peer.hang("sendMessage", seconds=30)

    async def script(bot: Bot) -> None:
        for text, error in (("一", NetworkError), ("二", NetworkError), ("三", RetryAfter)):
            with pytest.raises(error):
                await bot.send_message(7, text)
        with pytest.raises(TimedOut):
            await bot.send_message(7, "四", read_timeout=0.05)
        await bot.send_message(7, "五")

    drive(peer, script)
    assert [message["text"] for message in person.screen] == ["你好", "二", "五"]


def test_after_an_outage_all_is_as_it_was(peer: Recorder) -> None:
    peer.person(7).say("你好")
    url = peer.url
    peer.stop()
    with pytest.raises(httpx.ConnectError):
        call(peer, "getMe")
    peer.start()
    assert peer.url == url and call(peer, "sendMessage", chat_id=7, text="好")[0] == 200


@contextmanager
def hook(status_of: Callable[[Body], int], answer: bytes = b"") -> Iterator[tuple[str, list[tuple[str | None, Body]]]]:
    """Serve a webhook; give its address and what came, with the secret."""
    came: list[tuple[str | None, Body]] = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            update = TypeAdapter(Body).validate_json(self.rfile.read(int(self.headers["content-length"])))
            came.append((self.headers["X-Telegram-Bot-Api-Secret-Token"], update))
            self.send_response(status_of(update))
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Hook) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/hook", came
        server.shutdown()
        thread.join()


def test_a_webhook_gets_an_update_until_it_takes_it(peer: Recorder) -> None:
    statuses = iter([500, 404, 200, 204])
    with hook(lambda update: next(statuses)) as (url, came):
        peer.person(7).say("一")
        assert call(peer, "setWebhook", url=url, secret_token="secret-1")[0] == 200
        peer.person(7).say("二")
        asyncio.run(until(lambda: not peer.pending))
        assert call(peer, "deleteWebhook")[0] == 200
    assert [update["message"]["text"] for _, update in came] == ["一", "一", "一", "二"]
    assert {secret for secret, _ in came} == {"secret-1"}
    assert peer.answers == {500: 1, 404: 1, 200: 1, 204: 1}


def test_one_person_does_not_hold_up_another(peer: Recorder) -> None:
    with hook(lambda update: 500 if update["message"]["from"]["id"] == 7 else 200) as (url, _):
        call(peer, "setWebhook", url=url)
        peer.person(7).say("一")
        peer.person(8).say("二")
        asyncio.run(until(lambda: peer.answers[200] and peer.answers[500]))
        call(peer, "deleteWebhook")
    assert [update["message"]["text"] for update in peer.pending] == ["一"]


def test_a_webhook_may_answer_with_a_call(peer: Recorder) -> None:
    person = peer.person(7)
    answer = '{"method": "sendMessage", "chat_id": 7, "text": "好"}'.encode()
    with hook(lambda update: 200, answer) as (url, _):
        call(peer, "setWebhook", url=url)
        person.say("你好")
        person.wait(lambda screen: screen[-1]["text"] == "好")
        call(peer, "deleteWebhook")


def test_in_a_group_the_bot_hears_only_what_is_meant_for_it(peer: Recorder) -> None:
    person = peer.person(7).in_group(-100200, "老乡群")
    other = peer.person(8).in_group(-100200, "老乡群")
    name = "@advisor_test_bot"

    async def script(bot: Bot) -> None:
        sent = await bot.send_message(-100200, "大家好")
        person.say("随便说说")
        for heard in ("/help", f"/help{name}", f"{name} 你好", f"你好 {name}"):
            person.say(heard)
        for unheard in ("/help@other_bot", "a@advisor_test_bot", f"{name}2", "说 /help"):
            person.say(unheard)
        other.reply(sent.message_id, "好的")
        peer.privacy_mode = False
        other.say("什么都听")
        _, brought, *updates = await bot.get_updates()
        assert brought.message and brought.message.new_chat_members
        assert [update.message.text for update in updates if update.message] == [
            "/help", f"/help{name}", f"{name} 你好", f"你好 {name}", "好的", "什么都听",
        ]  # fmt: skip
        assert not await bot.get_updates(offset=peer.last_update_id + 1)
        person.block()
        with pytest.raises(Forbidden, match="bot was kicked from the supergroup chat"):
            await bot.send_message(-100200, "好")

    drive(peer, script)
    assert len(other.screen) == 13 and not peer.person(8).screen
