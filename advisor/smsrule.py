"""One rule at work: where in a message it holds, and where its exceptions cancel it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from advisor.content.signals import Signal

MOST_QUOTES = 3  # of one rule, and of one finding
MOST_TRIED = 50  # places where a pattern is met that are looked at, in one message
FARTHEST = 300  # characters to each side within which a sentence ends, or is taken to end
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
        """Compile `signal`, which is called `key`."""
        self.key, self.signal = key, signal
        self.patterns = [re.compile(pattern) for pattern in signal.patterns]
        self.needs = [re.compile(pattern) for pattern in signal.needs]
        self.unless = [re.compile(pattern) for pattern in signal.unless]
        self.unless_anywhere = [re.compile(pattern) for pattern in signal.unless_anywhere]

    def places(self, text: str, patterns: Iterable[re.Pattern[str]]) -> list[tuple[int, int]] | None:
        """Give the places where one of `patterns` and the whole rule hold, at most `MOST_QUOTES`.

        None when a pattern was met, but everything in it is excused.
        """
        places: list[tuple[int, int]] = []
        excused = False
        for pattern in patterns:
            for match in islice(pattern.finditer(text), MOST_TRIED):
                if not places and not excused:  # asked only where a pattern was met, for most are not
                    if self.needs and not any(one.search(text) for one in self.needs):
                        return []
                    if any(one.search(text) for one in self.unless_anywhere):
                        return None
                if self._cancelled(text, match.start(), match.end()):
                    excused = True
                elif match.end() > match.start():
                    places.append(match.span())
                    if len(places) >= MOST_QUOTES:
                        return places
        return places if places or not excused else None

    def _cancelled(self, text: str, start: int, end: int) -> bool:
        if not self.unless:
            return False
        sentence = slice(*sentence_around(text, start, end))
        return any(one.search(text[sentence]) for one in self.unless)


def sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    """Give the bounds of the sentence that holds [start:end]."""
    first, last = max(0, start - FARTHEST), end + FARTHEST
    begin = max(first - 1, *(text.rfind(sign, first, start) for sign in "。！？；\n")) + 1
    after = _SENTENCE_END.search(text, max(end - 1, start), last)
    return begin, after.end() if after else min(last, len(text))
