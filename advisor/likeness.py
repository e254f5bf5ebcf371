"""Tells what a sentence sounds like: which of several voices, each known by examples, would say it.

A naive Bayes model over runs of one to three characters, counted from the examples when they are first needed:
whoever adds an example changes what is heard, and every run of characters can be asked how much it says.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

LONGEST_RUN = 3  # characters
SMOOTHING = 0.3  # added to every count, so that a run never heard in a voice does not rule it out
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_NOT_SAID = re.compile(r"[^\w#]|_")
_PAUSE = re.compile(r"[\s，。！？、；：,.!?;:~～…]+")


class Likeness:
    """Knows voices by what they say. `score` gives how much more a text sounds like one voice than another."""

    def __init__(self, voices: Mapping[str, Sequence[str]]) -> None:
        """Count the runs of each voice's examples."""
        counts = {name: Counter(run for text in said for run in runs(text)) for name, said in voices.items()}
        heard = set().union(*counts.values())
        sizes = {name: sum(count.values()) + SMOOTHING * len(heard) for name, count in counts.items()}
        self._weights = {
            run: {name: math.log((count[run] + SMOOTHING) / sizes[name]) for name, count in counts.items()}
            for run in heard
        }

    def score(self, text: str, voice: str, beside: str) -> float:
        """Give the logarithm of how many times likelier `voice` says this than `beside`; 0 when nothing is known."""
        weights = self._weights
        return sum(weights[run][voice] - weights[run][beside] for run in runs(text) if run in weights)

    def ranking(self, text: str) -> list[tuple[str, float]]:
        """Give the voices from the likeliest on, each with how far it lies behind the first (0 or less)."""
        known = [self._weights[run] for run in runs(text) if run in self._weights]
        if not known:
            return []
        sums = {voice: sum(weights[voice] for weights in known) for voice in known[0]}
        best = max(sums.values())
        return sorted(((voice, total - best) for voice, total in sums.items()), key=lambda pair: -pair[1])

    def most(self, text: str, voice: str, beside: str) -> float:
        """Give the highest score of the text, of each of its clauses, and of each two that follow one another."""
        return max((self.score(part, voice, beside) for part in parts(text)), default=0.0)


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
