"""What a message sounds like: its kind as a whole, and what is wrong with each of its clauses.

Patterns know the words that somebody thought of; likeness to examples also knows those of other writers.
"""

import re
from collections.abc import Iterator, Mapping

from advisor.content.signals import KINDS, Signal
from advisor.likeness import Likeness
from advisor.normal import Normal
from advisor.smsrule import Hit

HEARD = 2  # how often a run of characters must stand in the examples to count
FROM = 6.0  # how much likelier a finding must sound than nothing (a natural logarithm)
_CLAUSE = re.compile(r"[^，。！？；：、\n,!?;:]{2,}")


class Sounds:
    """Knows kinds and findings by the examples of the signals that are decided by likeness."""

    def __init__(self, signals: Mapping[str, Signal]) -> None:
        """Count the examples; without any, nothing sounds like anything."""
        kinds = {key: one for key, one in signals.items() if one.decided_by == "message"}
        clauses = {key: one for key, one in signals.items() if one.decided_by == "clause"}
        self._of_kind = [max(one.kinds, key=lambda kind: one.kinds[kind]) for one in kinds.values()]
        self._kinds = Likeness({key: one.says for key, one in kinds.items()}, HEARD)
        self._findings = [(key, one) for key, one in clauses.items()]
        self._clauses = Likeness({key: one.says for key, one in clauses.items()}, HEARD)
        self._nothing = next((at for at, (_, one) in enumerate(self._findings) if one.finding is None), None)

    def kinds(self, text: str) -> Mapping[str, float]:
        """Give for each kind how far it lies behind the likeliest one, per square root of the runs looked at."""
        totals, count = self._kinds.totals(text)
        best = max(totals, default=0.0)
        behind = {kind: (total - best) / count**0.5 for kind, total in zip(self._of_kind, totals, strict=False)}
        return {kind: behind.get(kind, 0.0) for kind in KINDS}

    def hits(self, normal: Normal) -> Iterator[Hit]:
        """Give the clauses that sound like something wrong."""
        if self._nothing is None:
            return
        for clause in _CLAUSE.finditer(normal.text):
            totals, _ = self._clauses.totals(clause.group())
            if totals:
                least = totals[self._nothing] + FROM
                for (key, signal), total in zip(self._findings, totals, strict=True):
                    if signal.finding and total >= least:
                        yield Hit(key, signal, *normal.original_span(*clause.span()))
