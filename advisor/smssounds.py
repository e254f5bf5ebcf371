"""What a message sounds like: its kind as a whole, and which of its sentences sound like something wrong.

Patterns know the words that somebody thought of; likeness to labelled messages also knows those of other writers.
"""

import re
from collections.abc import Iterator, Mapping

from advisor.content.signals import KINDS, Signal
from advisor.likeness import Learned
from advisor.normal import Normal
from advisor.smsrule import Hit

FARTHEST = 3.0  # how far a kind may lie behind by likeness, so that plain words of a rule prevail (log odds)
FROM = 1.5  # how likely a finding must be (log odds) before the message is said to have it
NOTHING: Mapping[str, float] = dict.fromkeys(KINDS, 0.0)
_SENTENCE = re.compile(r"[^。！？；\n]{2,}")


class Sounds:
    """Knows kinds and findings by what was learned of labelled messages; knows nothing where nothing was learned.

    Of each finding the first signal lends its reason, its grade, its laws and routes.
    """

    def __init__(self, signals: Mapping[str, Signal], kinds: Learned | None, findings: Learned | None) -> None:
        """Take what was learned."""
        self._kinds, self._findings = kinds, findings
        self._signals: dict[str, tuple[str, Signal]] = {}
        for key, signal in signals.items():
            if signal.finding and signal.decided_by == "words":
                self._signals.setdefault(signal.finding, (key, signal))

    def kinds(self, text: str) -> Mapping[str, float]:
        """Give for each kind how far it lies behind the likeliest one (log odds, 0 down to -FARTHEST)."""
        if not self._kinds:
            return NOTHING
        totals = self._kinds.totals(text)
        best = max(totals.values())
        return {kind: max(totals.get(kind, best) - best, -FARTHEST) for kind in KINDS}

    def hits(self, normal: Normal, found: frozenset[str]) -> Iterator[Hit]:
        """Give the sentences that sound like something wrong that is not `found` yet."""
        if not self._findings:
            return
        for finding, total in self._findings.totals(normal.text).items():
            if total >= FROM and finding in self._signals and finding not in found:
                place = _worst(self._findings, normal.text, finding)
                yield Hit(*self._signals[finding], *normal.original_span(*place))


def _worst(findings: Learned, text: str, finding: str) -> tuple[int, int]:
    """Find the sentence that sounds most like the finding."""
    places = [match.span() for match in _SENTENCE.finditer(text)] or [(0, len(text))]
    return max(places, key=lambda place: findings.totals(text[slice(*place)])[finding])
