"""One rule at work: where in a message it holds, and where its exceptions cancel it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from advisor.content.signals import Signal

MOST_QUOTES = 3  # of one rule, and of one finding
_SENTENCE_END = re.compile("[。！？；\n]")


@dataclass(frozen=True, slots=True)
class Hit:
    """A place in a message where a rule holds."""

    key: str
    signal: Signal
    start: int  # in the original; equal to end when a rule was decided without words
    end: int


class Rule:
    """A signal with its patterns compiled."""

    def __init__(self, key: str, signal: Signal) -> None:
        self.key, self.signal = key, signal
        self.patterns = [re.compile(pattern) for pattern in signal.patterns]
        self.needs = [re.compile(pattern) for pattern in signal.needs]
        self.unless = [re.compile(pattern) for pattern in signal.unless]
        self.unless_anywhere = [re.compile(pattern) for pattern in signal.unless_anywhere]

    def places(self, text: str, patterns: Iterable[re.Pattern[str]]) -> list[tuple[int, int]]:
        """Give the places where the rule holds, at most `MOST_QUOTES`."""
        if self.needs and not any(one.search(text) for one in self.needs):
            return []
        if any(one.search(text) for one in self.unless_anywhere):
            return []
        places: list[tuple[int, int]] = []
        for pattern in patterns:
            for match in pattern.finditer(text):
                if match.end() > match.start() and not self._cancelled(text, match.start(), match.end()):
                    places.append(match.span())
                    if len(places) >= MOST_QUOTES:
                        return places
        return places

    def _cancelled(self, text: str, start: int, end: int) -> bool:
        if not self.unless:
            return False
        sentence = slice(*sentence_around(text, start, end))
        return any(one.search(text[sentence]) for one in self.unless)


def sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    """Give the bounds of the sentence that holds [start:end]."""
    begin = max(text.rfind(sign, 0, start) for sign in "。！？；\n") + 1
    after = _SENTENCE_END.search(text, max(end - 1, start))
    return begin, after.end() if after else len(text)
