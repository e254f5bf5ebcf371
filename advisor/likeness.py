"""Tells what a sentence sounds like: which of several voices, each known by examples, would say it.

Both models look at runs of a few characters. `Likeness` counts them when it is made (naive Bayes), so a
new example is heard at once; `Learned` holds weights that `make learn` found beforehand (logistic regression),
which tell alike voices apart much better. Every run can be asked how much it says.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from itertools import pairwise
from operator import add
from struct import pack, unpack_from
from typing import Any

LONGEST_RUN = 3  # characters, of what people say
LONGEST_WRITTEN_RUN = 2  # characters, of messages: longer runs tell no more of them
LEAST_KNOWN = 0.3  # of the pairs of characters of a text, for it to be like anything
SMOOTHING = 0.3  # added to every count, so that a run never heard in a voice does not rule it out
_ZERO = 1 << 15  # what stands for a weight of nothing in a packed row, so that none is negative
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_SIGN = re.compile(r"[a-z]+(?:'[a-z]+)?|[^\W_]|[#§]")  # § stands for a link that was masked
STEM = 6  # letters of a Latin word
_LATIN = re.compile(r"[a-z]+")
PIECES = (3, 4)  # letters of a Latin word and the spaces around it
_NUMBERS = re.compile(r"[0-9][0-9,.:]*")
_LINK = re.compile(r"(?:https?://)?(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,}(?:/[!-~]*)?")
_SPACES = re.compile(r"\s+")
_PAUSE = re.compile(r"[\s，。！？、；：,.!?;:~～…]+")


class Likeness:
    """Knows voices by what they say, and tells how much more a text sounds like one voice than another."""

    def __init__(self, voices: Mapping[str, Sequence[str]]) -> None:
        """Count the runs of each voice's examples."""
        counts = [Counter(run for text in said for run in runs(text)) for said in voices.values()]
        total = sum(counts, Counter[str]())
        sizes = [sum(count.values()) + SMOOTHING * len(total) for count in counts]
        self._voices = tuple(voices)
        self._weights = {
            run: tuple(math.log((count[run] + SMOOTHING) / size) for count, size in zip(counts, sizes, strict=True))
            for run in total
        }

    def ranking(self, text: str) -> list[tuple[str, float]]:
        """Give the voices from the likeliest on, each with how far it lies behind the first (0 or less).

        Nothing when too little of the text was ever said by any of them.
        """
        said = runs(text)
        pairs_said = set(map(add, *_neighbours(text)))
        if sum(run in self._weights for run in pairs_said) < LEAST_KNOWN * len(pairs_said):
            return []  # nobody has said anything like it
        rows = [self._weights[run] for run in said if run in self._weights]
        totals = [sum(column) for column in zip(*rows, strict=True)]
        pairs = [(voice, total - max(totals)) for voice, total in zip(self._voices, totals, strict=False)]
        return sorted(pairs, key=lambda pair: -pair[1])


class Learned:
    """Knows voices by learned weights: how likely each one says a text, as a logarithm up to a constant.

    The weights of a run stand side by side in one large whole number, so that one addition adds them all.
    """

    def __init__(self, model: Mapping[str, Any]) -> None:
        """Take what `make learn` wrote: names of the voices, a bias for each, and weights (1/100) by run of characters.

        Where the model is `scaled`, the last weight of a run is the square of how telling it is, and the sums
        are divided by the root of theirs: a long text then weighs no more than a short one.
        """
        self.voices: list[str] = model["voices"]
        self._bias: list[float] = model["bias"]
        self._scaled: bool = model["scaled"]
        self._columns = len(self.voices) + self._scaled
        self._rows = {run: _side_by_side(row) for run, row in model["runs"].items()}

    def totals(self, said: Set[str]) -> dict[str, float]:
        """Give the score of each voice for the runs of a text."""
        rows = [row for row in map(self._rows.get, said) if row]
        packed = sum(rows).to_bytes(4 * self._columns + 4, "little")
        sums = [one - len(rows) * _ZERO for one in unpack_from(f"<{self._columns}I", packed)]
        size = 100 * math.sqrt(sums[-1] / 100 or 1) if self._scaled else 100
        return {voice: bias + one / size for voice, bias, one in zip(self.voices, self._bias, sums, strict=False)}


def _side_by_side(row: Sequence[int]) -> int:
    return int.from_bytes(pack(f"<{len(row)}I", *(weight + _ZERO for weight in row)), "little")


def runs(text: str) -> frozenset[str]:
    """List the runs of one to three signs of a text: characters, Latin words, numbers; no spaces and punctuation."""
    return _runs(_signs(text), LONGEST_RUN)


def short_runs(text: str) -> frozenset[str]:
    """List the runs of one and two signs of a text, and the pieces of its Latin words, by which typos are survived."""
    return _runs(_signs(text), LONGEST_WRITTEN_RUN) | frozenset(_pieces(text))


def _pieces(text: str) -> Iterator[str]:
    for word in _LATIN.findall(text.lower()):
        whole = f" {word} "
        yield from (whole[at : at + size] for size in PIECES for at in range(len(whole) - size + 1))


def written_runs(text: str) -> frozenset[str]:
    """List the runs of one or two characters as they are written: links and numbers as one sign each."""
    return _runs(_SPACES.sub(" ", _NUMBERS.sub("#", _LINK.sub("§", text))), LONGEST_WRITTEN_RUN)


def _signs(text: str) -> list[str]:
    """Cut a text into what counts as one sign each; of a Latin word its beginning, which endings do not change."""
    return [sign[:STEM] for sign in _SIGN.findall(_NUMBER.sub("#", text.lower()).replace("’", "'"))]


def _neighbours(text: str) -> tuple[list[str], list[str]]:
    signs = _signs(text)
    return signs, signs[1:]


def _runs(signs: Sequence[str], longest: int) -> frozenset[str]:
    found, longer = set(signs), list(signs)
    for size in range(1, longest):
        longer = list(map(add, longer, signs[size:]))
        found.update(longer)
    return frozenset(found)


def parts(text: str) -> Iterator[str]:
    """Give a text whole, its clauses, and each two neighbours among them."""
    yield text
    clauses = [clause for clause in _PAUSE.split(text) if clause]
    if len(clauses) > 1:
        yield from clauses
        yield from map("".join, pairwise(clauses))
