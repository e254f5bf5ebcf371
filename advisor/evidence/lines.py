"""The lines seen in a picture, and how pieces and lines become whole text again."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

_LINK = re.compile(r"(?:https?:/|www\.|[\w-]+\.[a-z]{2,6}/)\S*$", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z]+[,.;:!?]?")
# 12，846.53元: so the comma in an amount is sometimes seen
_AMOUNT = re.compile(r"(?<=[0-9])，(?=[0-9]{3}(?:\.[0-9]{2})?元)")
_WIDE = re.compile(r"[\u2e80-\u9fff\uff00-\uffef\u3000-\u303f]")


@dataclass(frozen=True, slots=True)
class Line:
    """A line that was seen: how sure it is (0–1), and its place in pixels."""

    text: str
    score: float
    left: float
    top: float
    right: float
    bottom: float

    @property
    def height(self) -> float:
        """How high it is, in pixels."""
        return self.bottom - self.top

    @property
    def middle(self) -> tuple[float, float]:
        """Its middle, across and down."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def beside(self, other: "Line") -> bool:
        """Tell whether both stand in one row."""
        return abs(self.middle[1] - other.middle[1]) < 0.5 * min(self.height, other.height)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture and the lines in it, in pixels."""

    width: int
    height: int
    lines: tuple[Line, ...]


def rows(lines: Iterable[Line]) -> list[Line]:
    """Put together what was seen as two pieces of one line."""
    whole: list[Line] = []
    for line in sorted(lines, key=lambda one: one.left):
        near = (
            n for n, one in enumerate(whole) if one.beside(line) and -0.5 < (line.left - one.right) / line.height < 1.2
        )
        if (at := next(near, None)) is None:
            whole.append(line)
            continue
        one = whole[at]
        ends = one.text[-1:] + line.text[:1]
        words = ends.isascii() and any(sign.isalpha() for sign in ends)
        space = " " if words and not _LINK.search(one.text) else ""  # an amount or a link has none inside
        whole[at] = Line(
            one.text + space + line.text, min(one.score, line.score),
            one.left, min(one.top, line.top), line.right, max(one.bottom, line.bottom),
        )  # fmt: skip
    return sorted(whole, key=lambda one: (one.middle[1], one.left))


def sign_size(lines: list[Line]) -> float:
    """Give the width of a Chinese sign, which tells the size of the type better than the height of a box; 0 if unknown.

    Taken from lines of eight signs and more; of Latin letters, two stand in the place of one sign.
    """
    counted = [(line, sum(1.0 if _WIDE.match(sign) else 0.53 for sign in line.text)) for line in lines]
    sizes = sorted((line.right - line.left) / count for line, count in counted if count >= 8)
    return sizes[len(sizes) // 2] if sizes else 0.0


def join(lines: list[Line]) -> str:
    """Make one text of the lines of a bubble: where a line was only full, nothing stands between it and the next."""
    edge = max(line.right for line in lines)
    chinese = any(_WIDE.search(line.text) for line in lines)
    text = lines[0].text
    for last, line in pairwise(lines):
        text += _between(last, line, edge, chinese) + line.text
    return _AMOUNT.sub(",", text)


def _between(last: Line, line: Line, edge: float, chinese: bool) -> str:
    sign = last.height / 1.2  # the width of a Chinese sign
    word = re.match(r"[!-~]+", line.text)
    needed = 0.55 * sign * len(word[0]) if word else sign
    if edge - last.right > needed + 1.8 * sign:
        return "\n"  # the next word would have stood in the line: a new one was begun on purpose
    if chinese:
        return ""
    link = _LINK.search(last.text)
    broken = link and link.start() == 0 and word and not _WORD.fullmatch(word[0])
    return "" if broken else " "
