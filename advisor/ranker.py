"""Ranks what a short sentence may be about, by weights that `make learn` found: which runs of characters tell for what.

The model is linear and sparse: a run of one or two characters adds its weights to the few subjects it tells for or
against; the sum is divided by the root of the number of known runs, so that length alone changes nothing.
"""

import math
from collections.abc import Mapping
from typing import Any

from advisor.likeness import short_runs


class Ranker:
    """Ranks subjects by learned weights."""

    def __init__(self, model: Mapping[str, Any]) -> None:
        """Take what `make learn` wrote: names of the subjects, a bias for each, weights (1/100) by run and subject."""
        self._subjects: list[str] = model["voices"]
        self._bias: list[float] = model["bias"]
        self._rows = {
            run: tuple((int(at), weight / 100) for at, weight in row.items()) for run, row in model["runs"].items()
        }

    def ranking(self, text: str) -> list[tuple[str, float]]:
        """Give the subjects from the likeliest on, each with its score; none when nothing of the text is known."""
        rows = [self._rows[run] for run in short_runs(text) if run in self._rows]
        if not rows:
            return []
        sums = [0.0] * len(self._subjects)
        for row in rows:
            for at, weight in row:
                sums[at] += weight
        size = math.sqrt(len(rows))
        scores = [total / size + bias for total, bias in zip(sums, self._bias, strict=True)]
        return sorted(zip(self._subjects, scores, strict=True), key=lambda pair: -pair[1])
