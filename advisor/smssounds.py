"""What a message sounds like: its kind as a whole, and which of its sentences sound like something wrong.

Rules know the words that somebody thought of; likeness to labelled messages also knows those of other writers.
Both are added up, so that neither alone decides.
"""

import re
from collections.abc import Iterator, Mapping, Set

from advisor.content.signals import KINDS
from advisor.likeness import Learned, written_runs
from advisor.normal import Normal

FARTHEST = 4.0  # how far a kind may lie behind by likeness (log odds), so that plain words of a rule can prevail
BY_RULE = 5.0  # how much likelier a rule that holds makes its finding (log odds)
FROM = 0.0  # how likely a finding must be (log odds) before the message is said to have it
_SENTENCE = re.compile(r"[^。！？；\n]{2,200}")


class Sounds:
    """What one message sounds like; like nothing at all where nothing was learned."""

    def __init__(self, learned: Learned | None, normal: Normal, said: Set[str]) -> None:
        """Take what was `learned`, the message, and the runs it is cut into."""
        self._learned, self._normal = learned, normal
        self._totals = learned.totals(said) if learned else {}

    def kinds(self) -> Mapping[str, float]:
        """Give for each kind how far it lies behind the likeliest one (log odds, 0 down to -FARTHEST)."""
        best = max(self._totals.get(kind, 0.0) for kind in KINDS)
        return {kind: max(self._totals.get(kind, best) - best, -FARTHEST) for kind in KINDS}

    def agrees(self, finding: str) -> bool:
        """Tell whether a finding that a rule has made is borne out: nothing learned speaks loudly against it."""
        return self._totals.get(finding, FROM) + BY_RULE >= FROM

    def heard(self) -> Iterator[str]:
        """Name the findings that the message sounds like without any rule."""
        return (name for name, total in self._totals.items() if name not in KINDS and total >= FROM)

    def place(self, label: str) -> tuple[int, int]:
        """Find in the original the sentence that sounds most like a kind or a finding."""
        text = self._normal.text
        places = [match.span() for match in _SENTENCE.finditer(text)] or [(0, len(text))]
        learned = self._learned
        if learned is None or len(places) == 1:
            return self._normal.original_span(*places[0])
        place = max(places, key=lambda place: learned.totals(written_runs(text[slice(*place)]))[label])
        return self._normal.original_span(*place)
