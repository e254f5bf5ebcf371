"""Tells what a sentence sounds like: which of several voices, each known by examples, would say it.

Both models look at runs of one to three characters. `Likeness` counts them when it is made (naive Bayes), so a
new example is heard at once; `Learned` holds weights that `make learn` found beforehand (logistic regression),
which tell alike voices apart much better. Every run can be asked how much it says.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

LONGEST_RUN = 3  # characters
LEAST_KNOWN = 0.3  # of the pairs of characters of a text, for it to be like anything
SMOOTHING = 0.3  # added to every count, so that a run never heard in a voice does not rule it out
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_NOT_SAID = re.compile(r"[^\w#§]|_")  # § stands for a link that was masked
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
        pairs_said = [run for run in said if len(run) == 2]
        if sum(run in self._weights for run in pairs_said) < LEAST_KNOWN * len(pairs_said):
            return []  # nobody has said anything like it
        rows = [self._weights[run] for run in said if run in self._weights]
        totals = [sum(column) for column in zip(*rows, strict=True)]
        pairs = [(voice, total - max(totals)) for voice, total in zip(self._voices, totals, strict=False)]
        return sorted(pairs, key=lambda pair: -pair[1])


class Learned:
    """Knows voices by learned weights: how likely each one says a text, as a logarithm up to a constant."""

    def __init__(self, model: Mapping[str, Any]) -> None:
        """Take what `make learn` wrote: the names of the voices, a bias for each, and weights by run of characters."""
        self.voices: list[str] = model["voices"]
        self._bias: list[float] = model["bias"]
        self._weights: Mapping[str, list[float]] = model["runs"]

    def totals(self, text: str) -> dict[str, float]:
        """Give the score of each voice."""
        weights = self._weights
        rows = [weights[run] for run in runs(text) if run in weights]
        sums = [sum(column) for column in zip(self._bias, *rows, strict=True)]
        return dict(zip(self.voices, sums, strict=True))


def runs(text: str) -> set[str]:
    """List the runs of one to three characters of a text, numbers as one sign, without spaces and punctuation."""
    bare = _NOT_SAID.sub("", _NUMBER.sub("#", text.lower()))
    return {bare[at : at + size] for size in range(1, LONGEST_RUN + 1) for at in range(len(bare) - size + 1)}


def parts(text: str) -> Iterator[str]:
    """Give a text whole, its clauses, and each two neighbours among them."""
    yield text
    clauses = [clause for clause in _PAUSE.split(text) if clause]
    if len(clauses) > 1:
        yield from clauses
        yield from map("".join, pairwise(clauses))
