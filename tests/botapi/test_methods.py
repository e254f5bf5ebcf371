"""Two well-known libraries can call every method, and understand all that people send."""

import asyncio
import importlib
from typing import Any

import httpx
import pytest
from telegram import (
    Bot,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    InputMediaDocument,
    MenuButtonCommands,
    ReplyKeyboardMarkup,
    ReplyParameters,
)
from telegram.error import BadRequest

from tests.botapi.contents import PICTURE
from tests.botapi.witness import Recorder, call, drive, keyboard


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


def test_aiogram_can_call_it_too(peer: Recorder) -> None:
    aiogram: Any = pytest.importorskip("aiogram", reason="aiogram is only in the environment of the benches")
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
