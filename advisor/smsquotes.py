"""Words of a message that can be quoted: whole clauses where they are short, and never half a number or word."""

import re
from collections.abc import Iterator

SHORT = 10  # characters of a message that are quoted as the reason for what it is
LITTLE_MORE = 3  # characters by which a clause may be longer and yet loses its beginning, not its end
STUMP = 2  # characters of a clause that tell nothing when the rest of it is not quoted
_SIGN = re.compile(
    r"[【】\[\]〖〗，。？?！!；;：、\n()（）\"“”「」]|(?<![A-Za-z0-9,.]) | (?![A-Za-z0-9])"
    r"|(?<![0-9])[,.:]|[,.:](?![0-9])"
)
_WORD = re.compile("[A-Za-z]{1,20}")
_CUT = re.compile("[A-Za-z0-9]+$")


def short_quote(text: str, start: int, end: int) -> str:
    """Give at most `SHORT` characters for [start:end]: of the clause that holds most of it, whole if it is short."""
    first, last = max(_clauses(text, start, end), key=lambda place: _overlap(place, start, end), default=(start, end))
    if SHORT < last - first <= SHORT + LITTLE_MORE:
        first = last - SHORT  # what a clause says stands at its end: 你拖欠的借款已严重逾期
    elif last - first > SHORT:
        first = max(first, min(start, last - SHORT))
    quote = text[first : min(last, first + SHORT)]
    if first + SHORT < last and text[first + SHORT].isascii() and text[first + SHORT].isalnum():
        return _CUT.sub("", quote) or quote
    return quote


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave off a stump of a clause at either end of [start:end], when there is a clause besides."""
    places = [(a, b) for a, b in _clauses(text, start, end) if b > start]
    if len(places) > 1 and places[-1][1] > end and end - places[-1][0] <= STUMP:
        end = places[-2][1]
        places.pop()
    if len(places) > 1 and places[0][0] < start and places[0][1] - start <= STUMP:
        start = places[1][0]
    word = _WORD.match(text, end - 1)  # a Latin word that begins or goes on at the end is taken whole
    return start, word.end() if word else end


def _clauses(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Give the clauses that [start:end] touches, where they begin and end in the text."""
    begin = max((sign.end() for sign in _SIGN.finditer(text, max(0, start - 60), start)), default=max(0, start - 60))
    for sign in _SIGN.finditer(text, begin, min(len(text), end + 60)):
        if sign.start() > begin:
            yield begin, sign.start()
        begin = sign.end()
        if begin >= end:
            return
    yield begin, min(len(text), end + 60)


def _overlap(place: tuple[int, int], start: int, end: int) -> int:
    return min(place[1], end) - max(place[0], start)
