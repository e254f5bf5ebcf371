"""Covers ID numbers, card numbers, passwords and codes, so that they are never kept, quoted or put into a letter."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from advisor.content.secrets import Secret
from advisor.message import Message

COVER = "*"
_SEEN = re.compile(r"[^\s-]")  # what is covered; gaps between groups of digits stay


@dataclass(frozen=True, slots=True)
class Masked:
    """A text without its secrets, as long as before, and the kinds that were covered."""

    text: str
    kinds: tuple[str, ...]


class Mask:
    """Finds secrets by the patterns of the content."""

    def __init__(self, secrets: Mapping[str, Secret]) -> None:
        """Look for `secrets`, in their order."""
        self._kinds = [
            (name, [re.compile(pattern) for pattern in secret.patterns], secret.keep)
            for name, secret in secrets.items()
        ]

    def cover(self, text: str) -> Masked:
        """Give `text` with every secret covered but for the characters that may stay readable."""
        kinds = []
        for name, patterns, keep in self._kinds:
            before = text
            for pattern in patterns:
                text = pattern.sub(lambda match, keep=keep: _covered(match, keep), text)  # type: ignore[misc]
            if text != before:
                kinds.append(name)
        return Masked(text, tuple(kinds))


def without_secrets(message: Message, mask: Mask) -> Message:
    """Give a message with its secrets covered, in its own words and in the SMS that it holds."""
    own, *others = [mask.cover(text) for text in (message.text, *(sms.text for sms in message.sms))]
    kinds = dict.fromkeys(kind for masked in (own, *others) for kind in masked.kinds)
    if not kinds:
        return message
    sms = tuple(replace(one, text=masked.text) for one, masked in zip(message.sms, others, strict=True))
    return replace(message, text=own.text, sms=sms, masked=tuple(dict.fromkeys([*message.masked, *kinds])))


def _covered(match: "re.Match[str]", keep: int) -> str:
    start, end = match.start(1) - match.start(), match.end(1) - match.start()
    whole = match.group()
    shown = len(match.group(1)) - keep
    return whole[:start] + _SEEN.sub(COVER, whole[start : start + shown]) + whole[start + shown : end] + whole[end:]
