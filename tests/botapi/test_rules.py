"""What the real Telegram refuses is refused here, in its own words."""

import asyncio

import pytest
from telegram import Bot
from telegram.error import BadRequest, Forbidden, RetryAfter

from tests.botapi.state import Body
from tests.botapi.witness import Recorder, call, drive, keyboard


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
