"""A person talks to the account: what they see, in each mode of the platform, and however often it asks."""

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from advisor.channels.wechat.turns import Patience
from advisor.commands.serving import wechat_face
from advisor.message import Bubble, Choice, Reply
from tests.wechat.platform import BROKEN, Follower
from tests.wechat.service import AWAY, MORE, Service, running

LONG = "\n\n".join(f"第{number}段。" + "这是一句不短的话。" * 40 for number in range(12))  # about 13 kB
SHORT = (0.4, Patience(first=0.6, last=0.2))  # the platform's seconds and ours, a tenth of what they are


@pytest.fixture(params=["sealed", "plain"])
def service(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Service]:
    with running(tmp_path, sealed=request.param == "sealed") as service:
        yield service


@pytest.fixture
def person(service: Service) -> Follower:
    return service.platform.follower("oAmei_-1")


def keep(service: Service, person: Follower, text: str, reply_id: str = "later", *more: Bubble) -> None:
    """Have something wait for a person, as a reminder does."""
    reply = Reply("", (), (Bubble(text), *more), reply_id)
    service.do(service.desk.keep(f"wechat:{person.openid}", reply))


def waiting(service: Service, person: Follower) -> int:
    return len(service.desk.undelivered(f"wechat:{person.openid}"))


def test_who_follows_is_greeted_and_goes_on_by_numbers(service: Service, person: Follower) -> None:
    greeting = person.does("subscribe")
    options = dict(re.findall(r"^(\d+)\. (.+)$", greeting, re.MULTILINE))
    assert len(options) >= 4
    chosen = next(number for number, label in options.items() if "还不上" in label)
    assert "哪家" in person.say(chosen)
    assert waiting(service, person) == 0


def test_menu_and_codes_stand_for_words(service: Service, person: Follower) -> None:
    helped = person.does("CLICK", "help", at=1)
    assert helped and helped == service.platform.follower("oOther").say("帮助")
    assert person.does("SCAN", "sms", at=2) != person.does("SCAN", "nothing", at=3)
    assert person.does("VIEW", "https://example.org", at=4) == ""


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("image", {"PicUrl": "http://example.org/1", "MediaId": "m1"}), ("voice", {"MediaId": "m2", "Format": "amr"}),
        ("shortvideo", {"MediaId": "m3", "ThumbMediaId": "t"}), ("location", {"Location_X": "23.1", "Label": "x"}),
        ("link", {"Title": "t", "Description": "d", "Url": "http://example.org"}), ("of_tomorrow", {"X": "1"}),
        ("text", {"Content": "【收到不支持的消息类型，暂无法显示】"}),
    ],
)  # fmt: skip
def test_every_kind_is_answered(service: Service, person: Follower, kind: str, more: dict[str, str]) -> None:
    assert person.send(kind, **more) not in ("", BROKEN)


def test_what_was_spoken_is_heard_by_its_recognition(service: Service, person: Follower) -> None:
    assert person.send("voice", MediaId="m", Recognition="想协商") == service.platform.follower("oB").say("想协商")


def test_a_repeat_gets_the_same_answer_and_is_one_turn(service: Service, person: Follower) -> None:
    for fields in (
        person.fields("text", Content="想协商", MsgId="77"),
        person.fields("event", Event="CLICK", EventKey="help", CreateTime="1790000000"),
    ):
        before = service.desk.turns
        answers = [service.platform.bring(fields) for _ in range(3)]
        assert answers[0] and len(set(answers)) == 1
        assert service.desk.turns == before + 1


def test_what_does_not_fit_is_given_piece_by_piece(service: Service, person: Follower) -> None:
    keep(
        service,
        person,
        LONG,
        "later",
        Bubble("哪一个？", None, (Choice("1.=a", "甲"), Choice("1.!back", "上一步", True))),
    )
    assert person.say("帮助").endswith(MORE)
    pieces: list[str] = []
    while not pieces or pieces[-1].endswith(MORE):
        fields = person.fields("text", Content="继续", MsgId=f"9{len(pieces)}")
        pieces.append(service.platform.bring(fields))
        assert service.platform.bring(fields) == pieces[-1], "a repeat was answered with the piece after it"
    said = "".join(piece.removesuffix(MORE) for piece in pieces)
    assert "".join(said.split()) == "".join((LONG + "哪一个？1. 甲2. 上一步").split())
    assert all(re.search("[。步]$", piece.removesuffix(MORE).rstrip()) for piece in pieces)
    assert waiting(service, person) == 0


def test_a_rest_is_left_behind_when_the_talk_moves_on(service: Service, person: Follower) -> None:
    keep(service, person, LONG)
    person.say("帮助")
    assert person.say("继续").endswith(MORE) and waiting(service, person) == 1
    assert not person.say("想协商").endswith(MORE)
    assert waiting(service, person) == 0
    assert person.say("继续") and "第" not in person.screen[-1]


def test_the_rest_outlives_the_process(tmp_path: Path) -> None:
    with running(tmp_path) as before:
        person = before.platform.follower("oA")
        keep(before, person, LONG)
        person.say("帮助")
        first = person.say("继续")
    with running(tmp_path) as after:
        second = after.platform.follower("oA").say("继续")
    assert LONG.startswith(first.removesuffix(MORE).rstrip())
    assert second.removesuffix(MORE).strip() in LONG and second != first


def test_who_left_is_not_written_to_and_is_greeted_anew(service: Service, person: Follower) -> None:
    keep(service, person, "提醒")
    assert person.does("unsubscribe", at=1) == ""
    assert service.desk.waiting("wechat") == []
    assert person.does("subscribe", at=2)
    assert service.desk.waiting("wechat") == [f"wechat:{person.openid}"]


# ---- a desk that is slow, or away ----


def test_a_slow_turn_is_answered_at_a_later_try(tmp_path: Path) -> None:
    with running(tmp_path, patience=SHORT) as service:
        person, service.desk.held = service.platform.follower("oA"), threading.Event()
        threading.Timer(0.5, service.desk.held.set).start()
        assert person.say("想协商") not in ("", BROKEN)
        assert service.desk.turns == 1 and waiting(service, person) == 0


def test_what_is_too_late_for_every_try_is_asked_for(tmp_path: Path) -> None:
    with running(tmp_path, patience=SHORT) as service:
        person, service.desk.held = service.platform.follower("oA"), threading.Event()
        assert person.say("想协商") == ""  # and not what the platform says of a server that does not answer
        service.desk.held.set()
        assert person.say("帮助").endswith(MORE)
        assert "哪家" in person.say("继续")
        assert service.desk.turns == 2


def test_what_cannot_be_kept_is_told_and_comes_again(tmp_path: Path) -> None:
    with running(tmp_path, patience=SHORT) as service:
        person, service.desk.fails = service.platform.follower("oA"), 1000
        assert person.say("想协商") == AWAY
        service.desk.fails = 0
        assert "哪家" in person.say("想协商")


@pytest.mark.parametrize(
    ("words", "help_", "more", "goes_on", "letter", "away"),
    [
        (
            "I owe money and they threaten me",
            "help",
            "There is more",
            "Continue",
            "All of it is on this page",
            "did not arrive",
        ),
        ("我欠了錢，他們罵我", "幫助", "後面還有", "繼續", "全文在這一頁", "請過一分鐘"),
        ("我欠了钱，他们骂我", "帮助", "后面还有", "继续", "全文在这一页", "请过一分钟"),
    ],
)
def test_the_account_says_its_own_words_in_the_language_of_the_talk(
    tmp_path: Path, words: str, help_: str, more: str, goes_on: str, letter: str, away: str
) -> None:
    with running(tmp_path, patience=SHORT, link=lambda person, reply: "https://a.test", face=wechat_face) as service:
        person = service.platform.follower("oA")
        person.say(words)
        draft = Reply("", (), (Bubble("信" * 1000, "letter"),), "later")
        service.do(service.desk.keep(f"wechat:{person.openid}", draft))
        assert more in person.say(help_)
        assert letter in person.say(goes_on)
        service.desk.fails = 1000
        assert away in person.say(help_)


def test_a_store_that_is_away_for_a_moment_is_not_noticed(tmp_path: Path) -> None:
    with running(tmp_path) as service:
        service.desk.fails = 1
        assert "哪家" in service.platform.follower("oA").say("想协商")


def test_a_draft_that_does_not_fit_is_a_link(tmp_path: Path) -> None:
    with running(tmp_path, link=lambda person, reply: f"https://example.org/{reply}") as service:
        person = service.platform.follower("oA")
        reply = Reply("", (), (Bubble("写好了。"), Bubble(LONG, "negotiation"), Bubble("还要什么？")), "draft")
        service.do(service.desk.keep("wechat:oA", reply))
        person.say("帮助")
        fields = person.fields("text", Content="继续", MsgId="55")
        said = [service.platform.bring(fields) for _ in range(2)]
        assert said == ["写好了。\n\n（全文：https://example.org/55）\n\n还要什么？"] * 2
