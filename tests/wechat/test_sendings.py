"""An account with a customer service sends what does not fit, within what the platform allows."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from advisor.channels.wechat import FileTokens
from advisor.channels.wechat.api import Token
from tests.wechat.platform import Follower, Platform
from tests.wechat.service import MORE, Service, running
from tests.wechat.test_talk import LONG, SHORT, keep, waiting

SOME = "\n\n".join(LONG.split("\n\n")[:5])  # of which each paragraph fills a message


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    with running(tmp_path, sends=True) as service:
        wait(lambda: service.platform.menu)  # it has begun
        yield service


@pytest.fixture
def person(service: Service) -> Follower:
    return service.platform.follower("oAmei")


def wait(condition: Callable[[], object]) -> None:
    until = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_what_waits_is_sent_after_the_answer_and_in_order(service: Service, person: Follower) -> None:
    keep(service, person, SOME)
    answer = person.say("帮助")
    screen = list(person.wait_until_sees(6))
    screen.remove(answer)  # sent first; the stand-in may note the next before its caller has read this one
    assert not any(MORE in text for text in (answer, *screen))
    assert "".join("".join(screen).split()) == "".join(SOME.split())
    wait(lambda: waiting(service, person) == 0)


def test_after_the_quota_the_person_is_told_how_to_go_on(service: Service, person: Follower) -> None:
    keep(service, person, LONG)
    person.say("帮助")
    screen = person.wait_until_sees(6)
    assert [MORE in text for text in screen] == [False] * 5 + [True]
    wait(lambda: waiting(service, person) == 1)
    assert person.say("继续").removesuffix(MORE).strip() in LONG


def test_after_a_tap_fewer_messages_follow(service: Service, person: Follower) -> None:
    keep(service, person, LONG)
    person.does("CLICK", "help")
    screen = person.wait_until_sees(4)
    assert [MORE in text for text in screen] == [False] * 3 + [True]


def test_a_reminder_is_sent_when_it_is_due(service: Service, person: Follower) -> None:
    person.say("帮助")
    keep(service, person, "该问一句了")
    service.wake("wechat:oAmei")
    assert person.wait_until_sees(2)[1] == "该问一句了"


@pytest.mark.parametrize("code", [45015, 45047])
def test_what_the_platform_does_not_take_waits_for_the_next_word(service: Service, person: Follower, code: int) -> None:
    person.say("帮助")
    person.may_be_sent(0, code)
    keep(service, person, "该问一句了")
    service.wake("wechat:oAmei")
    wait(lambda: code in service.platform.refused)
    person.say("你好")
    assert person.wait_until_sees(3).count("该问一句了") == 1


def test_a_platform_that_is_busy_is_asked_again(service: Service, person: Follower) -> None:
    service.platform.refusals = [-1]
    keep(service, person, "该问一句了")
    person.say("帮助")
    assert person.wait_until_sees(2)[1] == "该问一句了"


def test_without_the_right_to_send_all_works_by_answers(service: Service, person: Follower) -> None:
    service.platform.refusals = [48001]
    keep(service, person, LONG)
    person.say("帮助")
    wait(lambda: not service.platform.refusals)
    assert person.say("你好").endswith(MORE)
    assert LONG.startswith(person.say("继续").removesuffix(MORE).rstrip())


def test_who_does_not_follow_any_more_is_let_be(service: Service, person: Follower) -> None:
    person.say("帮助")
    person.follows = False
    keep(service, person, "该问一句了")
    service.wake("wechat:oAmei")
    wait(lambda: service.desk.waiting("wechat") == [])


def test_a_late_answer_is_sent(tmp_path: Path) -> None:
    with running(tmp_path, sends=True, patience=SHORT) as service:
        person, service.desk.held = service.platform.follower("oA"), threading.Event()
        assert person.say("想协商") == ""
        service.desk.held.set()
        assert "哪家" in person.wait_until_sees(1)[0]
        assert service.desk.turns == 1


def test_what_waited_before_the_start_is_sent(tmp_path: Path) -> None:
    with running(tmp_path) as before:
        keep(before, before.platform.follower("oA"), "该问一句了")
    with running(tmp_path, sends=True, prepare=lambda platform: platform.follower("oA").may_be_sent(1)) as after:
        assert after.platform.follower("oA").wait_until_sees(1) == ["该问一句了"]


# ---- the access token ----


def test_one_token_serves_many_messages_and_the_next_process(tmp_path: Path) -> None:
    tokens: list[str] = []

    def prepare(platform: Platform) -> None:
        platform.tokens.extend(tokens)

    for number in range(2):
        with running(tmp_path, sends=True, prepare=prepare) as service:
            person = service.platform.follower("oA")
            keep(service, person, SOME, f"later {number}")
            person.say("帮助")
            person.wait_until_sees(6)
            tokens[:] = service.platform.tokens
    assert len(tokens) == 1 and service.platform.asked_for_tokens == 0


def test_a_token_that_is_not_valid_any_more_is_taken_anew_once(service: Service, person: Follower) -> None:
    service.platform.invalid.add(service.platform.tokens[-1])
    keep(service, person, "该问一句了")
    person.say("帮助")
    assert person.wait_until_sees(2)[1] == "该问一句了"
    assert len(service.platform.tokens) == 2


def test_a_file_of_tokens_is_for_its_owner_alone_and_may_be_damaged(tmp_path: Path) -> None:
    tokens = FileTokens(tmp_path / "of" / "token.json")
    assert tokens.read() is None
    tokens.write(Token("a", 1.5))
    assert tokens.read() == Token("a", 1.5)
    (file,) = (tmp_path / "of").iterdir()
    assert file.stat().st_mode & 0o077 == 0
    for damaged in (
        "",
        "[]",
        '{"value": "a"}',
        '{"value": "a", "until": "soon"}',
        "\ud800".encode(errors="replace").decode(),
    ):
        file.write_text(damaged)
        assert tokens.read() is None


def test_the_menu_is_shown(service: Service) -> None:
    assert service.platform.menu == {
        "button": [{"name": "先看", "sub_button": [{"type": "click", "name": "帮助", "key": "help"}]}]
    }
