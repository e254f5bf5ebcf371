"""What the tests of the bot in Telegram look for on a person's screen."""

from collections.abc import Callable
from itertools import count
from typing import Any

from tests.botapi import Person

THREAT = "【速贷】第{}次通知：今日不还，通知你村委和通讯录"
Screen = list[dict[str, Any]]
NUMBERS = count(100)


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


def written(screen: Screen) -> list[str]:
    """Give the texts of the bot as they were before a tap was noted under them."""
    return [m["text"].partition("\n\n✓ ")[0] for m in screen if m["from_bot"] and m["text"] and not m["document"]]
