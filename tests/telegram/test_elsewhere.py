"""A person sees the same on our Telegram as on one that nobody here wrote."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bench.rig import has_telegram_test_api
from tests.botapi import Peer
from tests.running import Bot, running
from tests.telegram.elsewhere import Elsewhere, elsewhere
from tests.telegram.screen import NUMBERS, Screen

NOW = "2026-11-25T14:00"
START = ("command", "/start")
TALKS = {
    "words are typed": (START, ("say", "想协商"), ("say", "青苗金融"), ("say", "不知道"), ("say", "上一步")),
    "buttons are tapped": (START, ("tap", "想还，暂时还不上"), ("say", "青苗金融"), ("tap", "上一步")),
    "a letter is written": (START, ("command", "/letters"), ("tap", "发给家人的话")),
    "an SMS is quoted": (("command", "/start sms"), ("say", "【速贷】今日不还，通知你村委<全村>&通讯录")),
    "commands are given": (START, ("command", "/help"), ("command", "/privacy"), ("command", "/new")),
}
pytestmark = pytest.mark.skipif(not has_telegram_test_api(), reason="`make soak` installs telegram-test-api, with node")


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Peer, Elsewhere]]:
    folder: Path = tmp_path_factory.mktemp("bots")
    with running(folder / "here", now=NOW) as (here, _), elsewhere() as there:
        bot = Bot(there, folder / "there", now=NOW).start()
        try:
            yield here, there
        finally:
            bot.stop()


@pytest.mark.parametrize("talk", TALKS.values(), ids=TALKS)
def test_the_same_is_seen_on_both_when(both: tuple[Peer, Elsewhere], talk: tuple[tuple[str, str], ...]) -> None:
    number = next(NUMBERS)
    here, there = both[0].person(number), both[1].person(number)
    files = both[1].plainly["sendDocument"]
    for does, what in talk:
        for person in (here, there):
            before = person.screen
            getattr(person, does)(what)
            person.wait(lambda now, before=before, tapped=does == "tap": settled(before, now, tapped=tapped), 30)  # type: ignore[misc]
        assert seen(here.screen) == seen(there.screen)
    assert sum(message["kind"] == "document" for message in here.screen) == both[1].plainly["sendDocument"] - files


def settled(before: Screen, now: Screen, *, tapped: bool) -> bool:
    """Tell whether all of a reply is there, and a question that was tapped has lost its buttons."""
    complete = len(now) > len(before) and now[-1]["from_bot"] and now[-1]["buttons"]
    return bool(complete and (not tapped or asking(now) <= asking(before)))


def asking(screen: Screen) -> int:
    """Count the messages with buttons."""
    return sum(bool(message["buttons"]) for message in screen)


def seen(screen: Screen) -> list[tuple[bool, str, list[list[tuple[str, str]]]]]:
    """Give who wrote what with which buttons; of files only the one Telegram tells."""
    return [(m["from_bot"], m["text"], m["buttons"]) for m in screen if m.get("kind") != "document"]
