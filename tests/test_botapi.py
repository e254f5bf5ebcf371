"""The Telegram of the tests is as strict as the real one, and two well-known libraries understand all it says."""

import asyncio
import importlib
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest
from pydantic import BaseModel, TypeAdapter
from telegram import (
    Bot,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    MenuButtonCommands,
    ReplyKeyboardMarkup,
    ReplyParameters,
)
from telegram.error import BadRequest, Conflict, Forbidden, NetworkError, RetryAfter, TimedOut

from tests.botapi import Peer
from tests.botapi.contents import PICTURE
from tests.botapi.state import Body

try:  # it wants an older pydantic than ours: `make soak` runs these tests in the environment of the benches
    aiogram: Any = importlib.import_module("aiogram")
except ModuleNotFoundError:
    aiogram = None


class Recorder(Peer):
    """Keeps every answer."""

    def __init__(self, port: int = 0, privacy_mode: bool = True) -> None:
        super().__init__(port, privacy_mode)
        self.said: list[tuple[str, Any]] = []

    def answer(self, method: str, params: Body) -> tuple[int, Body]:
        status, body = super().answer(method, params)
        if status == 200:
            self.said.append((method, body["result"]))
        return status, body


@pytest.fixture
def peer(monkeypatch: pytest.MonkeyPatch) -> Iterator[Recorder]:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")  # without it the library warns of itself when it is told to wait
    with Recorder() as peer:
        yield peer
    for method, result in peer.said if aiogram else ():  # whatever a test does, a bot must be able to read it
        understood = getattr(aiogram.methods, method[0].upper() + method[1:]).__returning__
        assert not list(unknown(TypeAdapter(understood).validate_python(result))), method
    for update in peer.updates.values() if aiogram else ():
        assert not list(unknown(aiogram.types.Update.model_validate(update))), update


def unknown(value: Any) -> Iterator[str]:
    """Name the fields that are not the Bot API's."""
    if isinstance(value, BaseModel):
        yield from value.model_extra or ()
        for _, inner in value:
            yield from unknown(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from unknown(inner)


def drive(peer: Peer, script: Callable[[Bot], Awaitable[None]]) -> None:
    """Let python-telegram-bot call it."""

    async def main() -> None:
        async with Bot(peer.token, base_url=f"{peer.url}/bot", base_file_url=f"{peer.url}/file/bot") as bot:
            await script(bot)

    asyncio.run(main())


def keyboard(*data: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton(f"按{one}", callback_data=one)] for one in data])


def call(peer: Peer, method: str, **params: Any) -> tuple[int, str]:
    """Call without a library, which might refuse first; give status and description."""
    response = httpx.post(f"{peer.url}/bot{peer.token}/{method}", json=params)
    return response.status_code, str(response.json().get("description", ""))


def test_every_method_can_be_called(peer: Recorder) -> None:
    person = peer.person(7)
    person.command("/start sms")

    async def script(bot: Bot) -> None:
        sent = await bot.send_message(7, "<b>好</b>", parse_mode="HTML", reply_markup=keyboard("a", "b"))
        await bot.edit_message_text("<i>更好</i>", 7, sent.message_id, parse_mode="HTML", reply_markup=keyboard("a"))
        await bot.edit_message_reply_markup(7, sent.message_id, reply_markup=keyboard("c"))
        query = person.tap("按c")
        await bot.answer_callback_query(query, "收到")
        await bot.send_chat_action(7, "typing")
        await bot.send_photo(7, PICTURE.data, caption="图")
        document = await bot.send_document(7, b"1", filename="a.txt", reply_parameters=ReplyParameters(sent.message_id))
        await bot.send_media_group(
            7, [InputMediaDocument(b"1", filename="甲"), InputMediaDocument(b"2", filename="乙")]
        )
        assert document.document
        await bot.get_file(document.document.file_id)
        await bot.send_message(7, "键盘", reply_markup=ReplyKeyboardMarkup([["继续"]]))
        await bot.delete_message(7, document.message_id)
        for scope in (None, BotCommandScopeAllPrivateChats(), BotCommandScopeChat(7)):
            await bot.set_my_commands([("start", "开始")], scope=scope, language_code="zh")
            assert len(await bot.get_my_commands(scope=scope, language_code="zh")) == 1
            await bot.delete_my_commands(scope=scope, language_code="zh")
            assert not await bot.get_my_commands(scope=scope, language_code="zh")
        await bot.set_my_name("助手")
        await bot.get_my_name()
        await bot.set_my_description("长说明")
        assert (await bot.get_my_description()).description == "长说明"
        await bot.set_my_short_description("短说明", language_code="zh")
        assert (await bot.get_my_short_description("zh")).short_description == "短说明"
        await bot.set_chat_menu_button(menu_button=MenuButtonCommands())
        await bot.get_chat_menu_button()
        await bot.get_chat(7)
        await bot.set_webhook("http://127.0.0.1:9/hook", secret_token="s", drop_pending_updates=True)
        assert (await bot.get_webhook_info()).url == "http://127.0.0.1:9/hook"
        await bot.delete_webhook()
        await bot.get_updates()
        person.in_group(-1001, "群")
        await bot.leave_chat(-1001)

    drive(peer, script)
    assert person.popups == ["收到"] and not person.unanswered
    shown = [(message["text"], message["buttons"], message["edited"]) for message in person.screen]
    assert shown[1] == ("更好", [[("按c", "c")]], True)
    assert {method for method, _ in peer.said} >= {"sendMediaGroup", "getChat", "leaveChat", "getChatMenuButton"}


def test_a_person_can_send_everything(peer: Recorder) -> None:
    person = peer.person(7, first_name="阿梅", username="amei")
    first = person.say("你好 https://a.cn")
    person.edit(first, "您好")
    for origin in ("user", "hidden_user", "chat", "channel"):
        person.forward("【某某】请还款", origin)
    person.forward("截图", media_group_id="5")
    person.photo("看", media_group_id="5")
    person.document("短信.txt", "短信".encode(), caption="短信")
    for send in (person.sticker, person.voice, person.contact, person.location, person.poll, person.video):
        send()
    person.reply(first, "就是这个")
    person.block()
    person.unblock()

    async def script(bot: Bot) -> None:
        updates = await bot.get_updates()
        assert len(updates) == len(peer.updates) == 18
        assert {update.effective_user and update.effective_user.id for update in updates} == {7}

    drive(peer, script)


@pytest.mark.skipif(not aiogram, reason="aiogram is only in the environment of the benches")
def test_aiogram_can_call_it_too(peer: Recorder) -> None:
    person = peer.person(7)
    person.say("你好")

    async def main() -> None:
        client = importlib.import_module("aiogram.client.session.aiohttp")
        server = importlib.import_module("aiogram.client.telegram").TelegramAPIServer
        session = client.AiohttpSession(api=server.from_base(peer.url))
        async with aiogram.Bot(peer.token, session=session) as bot:
            await bot.get_updates(allowed_updates=["message"])
            file = aiogram.types.BufferedInputFile("信".encode(), "投诉信（一）.txt")
            await bot.send_document(7, file)

    asyncio.run(main())
    assert (sent := person.last) and (sent["document"], sent["bytes"]) == ("投诉信（一）.txt", "信".encode())


def test_parameters_come_in_every_form(peer: Recorder) -> None:
    peer.person(7).say("你好")
    url, told = f"{peer.url}/bot{peer.token}/sendMessage", {"chat_id": "7", "text": "一"}
    assert httpx.get(url, params=told).status_code == httpx.post(url, data=told).status_code == 200
    assert (
        httpx.post(url, json=told).status_code == httpx.post(url, files={"text": (None, "一")}, params=told).status_code
    )
    assert peer.called("sendMessage") == [{"chat_id": 7, "text": "一"}] * 4


def test_a_wrong_token_or_method_is_told(peer: Recorder) -> None:
    response = httpx.get(f"{peer.url}/bot1:X/getMe")
    assert response.json() == {"ok": False, "error_code": 401, "description": "Unauthorized"}
    assert call(peer, "sendMoney") == call(peer, "stop") == (404, "Not Found")


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


def test_a_flood_is_told_to_wait(peer: Recorder) -> None:
    peer.person(7).say("你好")
    peer.flood(per_chat_per_second=1)

    async def script(bot: Bot) -> None:
        with pytest.raises(RetryAfter):
            await asyncio.gather(*(bot.send_message(7, "好") for _ in range(8)))

    drive(peer, script)


REFUSED: list[tuple[Body, str]] = [
    ({"text": ""}, "message text is empty"),
    ({"text": " \n"}, "message text is empty"),
    ({"text": "<b> </b>", "parse_mode": "HTML"}, "message text is empty"),
    ({"text": "😀" * 2049}, "message is too long"),
    ({"text": "<b>好", "parse_mode": "HTML"}, "can't parse entities: Can't find end tag"),
    ({"text": "<b>好</i>", "parse_mode": "HTML"}, "can't parse entities: Unmatched end tag at byte offset 6"),
    ({"text": "好</b>", "parse_mode": "HTML"}, "can't parse entities: Unexpected end tag at byte offset 3"),
    ({"text": "<br>", "parse_mode": "HTML"}, 'can\'t parse entities: Unsupported start tag "br" at byte offset 0'),
    ({"text": "1 < 2", "parse_mode": "HTML"}, "can't parse entities: Unsupported start tag"),
    ({"text": "a & b", "parse_mode": "HTML"}, "can't parse entities"),
    ({"text": "&nbsp;", "parse_mode": "HTML"}, "can't parse entities"),
    ({"text": "<span>好</span>", "parse_mode": "HTML"}, "can't parse entities"),
    ({"text": "好", "parse_mode": "MarkdownV2"}, "unsupported parse_mode"),
    ({"text": "好", "chat_id": 99}, "chat not found"),
    ({"text": "好", "reply_parameters": {"message_id": 99}}, "message to be replied not found"),
    ({"text": "好", "reply_markup": [["a"]]}, "object expected as reply markup"),
    ({"text": "好", "button": {"callback_data": "a"}}, "can't parse inline keyboard button"),
    ({"text": "好", "button": {"text": "a"}}, "can't parse inline keyboard button: Text buttons are unallowed"),
    (
        {"text": "好", "button": {"text": " ", "callback_data": "a"}},
        "Inline keyboard button text must be non-empty",
    ),
    ({"text": "好", "button": {"text": "a", "callback_data": ""}}, "BUTTON_DATA_INVALID"),
    ({"text": "好", "button": {"text": "a", "callback_data": "a" * 65}}, "BUTTON_DATA_INVALID"),
    ({"text": "好", "button": {"text": "a", "callback_data": "好" * 22}}, "BUTTON_DATA_INVALID"),
    ({"text": "好", "button": {"text": "a", "url": "a.cn"}}, "inline keyboard button URL 'a.cn' is invalid"),
]


def test_what_telegram_refuses(peer: Recorder) -> None:
    peer.person(7).say("你好")
    for told, error in REFUSED:
        button = {k: v for k, v in told.items() if k == "button"}
        markup = {"reply_markup": {"inline_keyboard": [list(button.values())]}} if button else {}
        status, description = call(peer, "sendMessage", **{"chat_id": 7, **told, **markup})
        assert status == 400 and description.startswith(f"Bad Request: {error}"), (told, description)


def test_lengths_are_counted_in_utf_16_and_without_tags(peer: Recorder) -> None:
    person = peer.person(7)
    person.say("你好")
    most = {"inline_keyboard": [[{"text": "a", "callback_data": "a" * 64}]] * 100}
    assert call(peer, "sendMessage", chat_id=7, text="😀" * 2048, reply_markup=most)[0] == 200
    assert call(peer, "sendMessage", chat_id=7, text=f"<b>{'好' * 4096}</b>", parse_mode="HTML")[0] == 200
    more = {"inline_keyboard": [*most["inline_keyboard"], [{"text": "a", "callback_data": "a"}]]}
    assert (
        call(peer, "sendMessage", chat_id=7, text="好", reply_markup=more)[1] == "Bad Request: reply markup is too long"
    )

    async def script(bot: Bot) -> None:
        with pytest.raises(BadRequest, match=r"(?i)caption is too long"):
            await bot.send_document(7, b"1", caption="好" * 1025)
        link, code = '<a href="https://a.cn/?a=1&amp;b=2">这</a>', '<pre><code class="language-py">x</code></pre>'
        html = f"😀<b>好<i>的</i></b> {link}&lt;{code}"
        sent = await bot.send_message(7, html, parse_mode="HTML")
        assert sent.text == "😀好的 这<x"
        assert [(e.type, e.offset, e.length) for e in sent.entities] == [
            ("bold", 2, 2), ("italic", 3, 1), ("text_link", 5, 1), ("pre", 7, 1),
        ]  # fmt: skip
        assert sent.entities[2].url == "https://a.cn/?a=1&b=2" and sent.entities[3].language == "py"

    drive(peer, script)


def test_an_edit_must_change_something_of_the_bots_own(peer: Recorder) -> None:
    person = peer.person(7)
    theirs = person.say("你好")

    async def script(bot: Bot) -> None:
        sent = await bot.send_message(7, "好", reply_markup=keyboard("a"))
        with pytest.raises(BadRequest, match=r"(?i)message is not modified"):
            await bot.edit_message_text("好 ", 7, sent.message_id, reply_markup=keyboard("a"))
        with pytest.raises(BadRequest, match=r"(?i)message is not modified"):
            await bot.edit_message_reply_markup(7, sent.message_id, reply_markup=keyboard("a"))
        with pytest.raises(BadRequest, match=r"(?i)edit not found"):
            await bot.edit_message_text("好", 7, 999)
        with pytest.raises(BadRequest, match=r"(?i)message can't be edited"):
            await bot.edit_message_text("好", 7, theirs)
        await bot.edit_message_text("好", 7, sent.message_id)

    drive(peer, script)
    assert (last := person.last) and not last["buttons"]


def test_a_tap_is_answered_once_and_in_time(peer: Recorder) -> None:
    person = peer.person(7)
    person.say("你好")

    async def script(bot: Bot) -> None:
        sent = await bot.send_message(7, "好", reply_markup=keyboard("a"))
        query = person.tap("a")
        assert await bot.answer_callback_query(query)
        late = person.tap("按a")
        peer.expire_queries()
        for number in (query, late, "5"):
            with pytest.raises(BadRequest, match=r"(?i)query is too old and response timeout expired or query ID"):
                await bot.answer_callback_query(number)
        await bot.delete_message(7, sent.message_id)
        person.tap_on(sent.message_id, "a")
        *_, update = await bot.get_updates()
        assert update.callback_query and update.callback_query.message
        assert not update.callback_query.message.is_accessible

    drive(peer, script)
    with pytest.raises(AssertionError, match="no button 'a' on the screen"):
        person.tap("a")


def test_whoever_does_not_want_a_bot_gets_nothing(peer: Recorder) -> None:
    person = peer.person(7)

    async def script(bot: Bot) -> None:
        with pytest.raises(Forbidden, match="bot was blocked by the user"):
            await bot.send_message(7, "好")
        person.say("你好")
        await bot.send_message(7, "好")
        person.block()
        with pytest.raises(Forbidden, match="bot was blocked by the user"):
            await bot.send_message(7, "好")
        person.unblock()
        await bot.send_message(7, "好")
        person.deactivate()
        with pytest.raises(Forbidden, match="user is deactivated"):
            await bot.send_message(7, "好")

    drive(peer, script)


def test_a_menu_has_its_limits(peer: Recorder) -> None:
    good = {"command": "start", "description": "开始"}
    for wrong in ({"command": "Start"}, {"command": "a" * 33}, {"description": ""}, {"description": "好" * 257}):
        assert call(peer, "setMyCommands", commands=[{**good, **wrong}])[0] == 400
    assert call(peer, "setMyCommands", commands=[good] * 101)[0] == 400
    assert call(peer, "setMyCommands", commands=[good] * 100)[0] == 200
    assert call(peer, "setMyDescription", description="好" * 513)[0] == 400
    assert call(peer, "setMyShortDescription", short_description="好" * 121)[0] == 400


def test_a_file_comes_back_byte_for_byte(peer: Recorder) -> None:
    person = peer.person(7)
    received = bytes(range(256)) + b"\r\n--x\r\n\r\n"
    person.document("短信 记录.txt", received)

    async def script(bot: Bot) -> None:
        sent = await bot.send_document(7, received, filename="投诉信（青苗）.txt", caption="见附件")
        [update] = await bot.get_updates()
        assert update.message and sent.document and sent.document.file_name == "投诉信（青苗）.txt"
        for document in (sent.document, update.message.document):
            assert document and await (await document.get_file()).download_as_bytearray() == received
        with pytest.raises(BadRequest, match=r"(?i)invalid file_id"):
            await bot.get_file("x")
        with pytest.raises(BadRequest, match=r"(?i)file must be non-empty"):
            await bot.send_document(7, b"", filename="a")
        with pytest.raises(BadRequest, match=r"(?i)IMAGE_PROCESS_FAILED"):
            await bot.send_photo(7, b"text")

    drive(peer, script)
    assert (last := person.last) and (last["document"], last["bytes"]) == ("投诉信（青苗）.txt", received)


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


async def until(condition: Callable[[], object]) -> None:
    """Wait without holding up the loop."""
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.01)
