"""The two ends of the Telegram channel by themselves: what an update means, and how a reply is put."""

from html import unescape
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Bot, Update, User

from advisor.channels.telegram import Face
from advisor.channels.telegram.hearing import Heard, hear, hear_typed
from advisor.channels.telegram.wording import LONGEST, keyboard, parts, split, units
from advisor.message import Bubble, Choice, Reply

ME = User(9, "顾问", is_bot=True, username="advisor_bot")
FACE = Face(
    {"help": "帮助"},
    {"help": "帮助", "start": "重新开始"},
    {"sms": "收到短信"},
    "",
    "",
    "",
    lambda person, bubble: (),
)
USER = {"id": 7, "is_bot": False, "first_name": "阿梅"}
PRIVATE = {"id": 7, "type": "private", "first_name": "阿梅"}
GROUP = {"id": -100, "type": "supergroup", "title": "群"}


def heard(kind: str, body: dict[str, Any], chat: dict[str, Any] = PRIVATE) -> Heard | None:
    whole = {"message_id": 1, "date": 1_790_000_000, "chat": chat, "from": USER, **body}
    update = Update.de_json({"update_id": 5, kind: whole}, Bot("9:token"))
    return hear(update, ME, FACE)


def entity(kind: str, text: str) -> list[dict[str, Any]]:
    return [{"type": kind, "offset": 0, "length": len(text)}]


# ---- what an update means ----


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("/help", "帮助"), ("/HELP@advisor_bot", "帮助"), ("/start", "重新开始"), ("/start sms", "收到短信"),
        ("/start nothing", "重新开始"), ("/unknown", "/unknown"), ("help", "help"),
    ],
)  # fmt: skip
def test_commands_and_links_stand_for_words(text: str, meant: str) -> None:
    one = heard("message", {"text": text})
    assert one and one.message and one.message.text == meant
    assert (one.person, one.message.id, one.message.more_follows) == ("telegram:7", "5", False)


@given(st.text(min_size=1) | st.sampled_from(["/help", "/start sms", "长" * 4096, "😀" * 2048]))
def test_words_typed_in_private_are_heard_alike_on_the_short_way(text: str) -> None:
    update = {"message_id": 1, "date": 1_790_000_000, "chat": PRIVATE, "from": USER, "text": text}
    one = hear_typed({"update_id": 5, "message": update}, FACE)
    assert one and one == heard("message", {"text": text})


@pytest.mark.parametrize(
    "more",
    [
        {"forward_origin": {"type": "hidden_user"}}, {"chat": GROUP}, {"from": {**USER, "is_bot": True}},
        {"photo": []}, {"media_group_id": "1"}, {"text": ""}, {"from": {}}, {"a_thing_of_tomorrow": {}},
    ],
)  # fmt: skip
def test_all_that_is_more_than_words_takes_the_long_way(more: dict[str, Any]) -> None:
    update = {"message_id": 1, "date": 1, "chat": PRIVATE, "from": USER, "text": "你好", **more}
    assert hear_typed({"update_id": 5, "message": update}, FACE) is None
    assert hear_typed({"update_id": 5, "edited_message": update}, FACE) is None


ORIGINS: list[tuple[dict[str, Any], str, str]] = [
    ({"type": "user", "sender_user": {**USER, "last_name": "王"}}, "user", "阿梅 王"),
    ({"type": "hidden_user", "sender_user_name": "某人"}, "hidden_user", "某人"),
    ({"type": "chat", "sender_chat": GROUP}, "chat", "群"),
    ({"type": "channel", "chat": {"id": -200, "type": "channel", "title": "频道"}, "message_id": 3}, "channel", "频道"),
]


@pytest.mark.parametrize(("origin", "who", "name"), ORIGINS)
def test_a_forward_keeps_where_it_is_from_and_its_date_is_not_the_sms_date(
    origin: dict[str, Any], who: str, name: str
) -> None:
    one = heard("message", {"text": "今日不还，通知村委", "forward_origin": {**origin, "date": 1_780_000_000}})
    assert one and one.message and one.message.more_follows
    (sms,) = one.message.sms
    assert sms.origin and (sms.origin.who, sms.origin.name) == (who, name)
    assert sms.received_at is None


@pytest.mark.parametrize(
    "service",
    [
        {"new_chat_title": "x"}, {"pinned_message": {"message_id": 1, "date": 1, "chat": PRIVATE, "text": "a"}},
        {"message_auto_delete_timer_changed": {"message_auto_delete_time": 60}}, {"group_chat_created": True},
    ],
)  # fmt: skip
def test_what_telegram_reports_by_itself_is_no_message(service: dict[str, Any]) -> None:
    assert heard("message", service) is None


@pytest.mark.parametrize(
    "other",
    [
        {"dice": {"emoji": "🎲", "value": 3}}, {"story": {"chat": GROUP, "id": 1}}, {"a_thing_of_tomorrow": {"x": 1}},
        {"contact": {"phone_number": "1", "first_name": "b"}},
    ],
)  # fmt: skip
def test_every_other_kind_is_told_to_be_unread(other: dict[str, Any]) -> None:
    one = heard("message", other)
    assert one and one.message and one.message.unread


@pytest.mark.parametrize(
    ("body", "addressed"),
    [
        ({"text": "吃了吗"}, False),
        ({"text": "@advisor_bot 你好", "entities": entity("mention", "@advisor_bot")}, True),
        ({"text": "/help@advisor_bot", "entities": entity("bot_command", "/help@advisor_bot")}, True),
        ({"text": "/help", "entities": entity("bot_command", "/help")}, False),
        ({"text": "@other_bot 你好", "entities": entity("mention", "@other_bot")}, False),
    ],
)
def test_a_group_is_heard_only_when_it_speaks_to_us(body: dict[str, Any], addressed: bool) -> None:
    one = heard("message", body, GROUP)
    assert bool(one) is addressed
    assert one is None or (one.group, one.message) == (-100, None)


def test_channels_and_other_bots_are_no_persons() -> None:
    assert heard("message", {"text": "a", "from": {**USER, "is_bot": True}}) is None
    post = {"message_id": 1, "date": 1, "chat": {"id": -200, "type": "channel"}, "text": "a"}
    assert hear(Update.de_json({"update_id": 1, "channel_post": post}, Bot("9:token")), ME, FACE) is None


def test_an_album_and_a_full_message_wait_for_more() -> None:
    photo = {"photo": [{"file_id": str(n), "file_unique_id": str(n), "width": n, "height": n} for n in (90, 800)]}
    one = heard("message", {**photo, "media_group_id": "1", "caption": "截图"})
    assert one and one.message and (one.message.text, one.message.more_follows) == ("截图", True)
    assert [file.reference for file in one.message.files] == ["800"]
    long = heard("message", {"text": "长" * 4096})
    assert long and long.message and long.message.more_follows


# ---- how a reply is put ----


@given(st.text(st.characters(codec="utf-8"), max_size=12_000))
def test_a_text_is_cut_into_parts_that_fit_and_nothing_is_lost(text: str) -> None:
    cut = list(split(text, 100))
    assert all(0 < units(one) <= 100 for one in cut)
    assert "".join("".join(cut).split()) == "".join(text.split())


def test_paragraphs_stay_whole_where_they_fit() -> None:
    text = "\n\n".join(f"第{number}段。" + "话" * 1500 for number in range(6))
    cut = list(split(text))
    assert len(cut) == 3 and all(one.startswith("第") and units(one) <= LONGEST for one in cut)


def test_emoji_count_twice() -> None:
    assert [units(one) for one in split("😀" * 2049)] == [4096, 2]


def test_buttons_stand_under_the_last_part_and_the_draft_is_copied_and_kept() -> None:
    row = (Choice("1.=yes", "说过"), Choice("1.!back", "上一步", last=True))
    found = parts(Reply("a.b", (), (Bubble("说明<b>&"), Bubble("信" * 5000, "letter"), Bubble("行吗？", None, row))))
    assert [bool(one.buttons) for one in found] == [False] * (len(found) - 1) + [True]
    assert found[0].html == "说明&lt;b&gt;&amp;"
    drafts = [one.html for one in found if one.html.startswith("<pre>")]
    assert len(drafts) == 2 and unescape("".join(drafts)).count("信") == 5000
    assert [one.with_.text for one in found if one.with_] == ["信" * 5000]


def test_short_labels_share_a_row_and_the_last_row_is_last() -> None:
    choices = [Choice(str(n), label) for n, label in enumerate(["有", "没有", "一个很长的选项名字", "别的"])]
    last = [Choice(str(9 + n), label, last=True) for n, label in enumerate(["上一步", "不知道", "重新开始", "不保存"])]
    rows = [[button.text for button in row] for row in keyboard([*last, *choices]).inline_keyboard]
    assert rows == [["有", "没有"], ["一个很长的选项名字"], ["别的"], ["上一步", "不知道", "重新开始"], ["不保存"]]


def test_a_button_that_cannot_be_carried_is_refused_here() -> None:
    with pytest.raises(ValueError, match="longer"):
        keyboard([Choice("长" * 22, "标签")])
