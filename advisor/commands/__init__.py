"""What the command line does beyond a line or two: each command in a module of its own."""

from collections.abc import Iterable


class CouldNotError(Exception):
    """The command could not be carried out; the message says why in one sentence."""


def pairs(words: Iterable[str]) -> dict[str, str]:
    """Read slot=value, one or several; CouldNotError names what has no sign."""
    found = {}
    for word in words:
        name, sign, value = word.partition("=")
        if not sign:
            raise CouldNotError(f"“{word}”要写成 名称=值")
        found[name] = value
    return found
