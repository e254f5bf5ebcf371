"""What a message sounds like: its kind as a whole, and which of its sentences sound like something wrong.

Rules know the words that somebody thought of; likeness to labelled messages also knows those of other writers.
Both are added up, so that neither alone decides.
"""

import re
from collections.abc import Iterator, Mapping, Set
from functools import cached_property
from operator import itemgetter

from advisor.content.signals import KINDS
from advisor.likeness import Learned, written_runs
from advisor.normal import Normal

FARTHEST = 8.0  # how far a kind may lie behind by likeness (log odds), so that plain words of a rule can prevail
BY_RULE = 7.0  # how much likelier a rule that holds makes its finding (log odds)
FROM = 1.0  # how likely a finding must be (log odds) before the message is said to have it
ITSELF = 1.5  # how likely its sentence must be by itself (log odds)
_CLAUSE = re.compile(r"[^，,]{4,}")
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

    def heard(self) -> Iterator[tuple[str, tuple[int, int]]]:
        """Name the findings that the message sounds like without any rule, and where one of its sentences does too."""
        for name, total in self._totals.items():
            if name not in KINDS and total >= FROM:
                place, most = max(((span, sounds[name]) for span, sounds in self._sentences.items()), key=itemgetter(1))
                if most >= ITSELF:
                    yield name, self._normal.original_span(*self._clause(name, *place))

    def _clause(self, name: str, start: int, end: int) -> tuple[int, int]:
        """Give the clause of a sentence that sounds most like a finding."""
        text, learned = self._normal.text, self._learned
        clauses = [match.span() for match in _CLAUSE.finditer(text, start, end)]
        if learned is None or len(clauses) < 2:
            return start, end
        return max(clauses, key=lambda span: learned.totals(written_runs(text[slice(*span)]))[name])

    def place(self, kind: str) -> tuple[int, int]:
        """Find in the original the sentence that sounds most like a kind."""
        sentences = self._sentences
        return self._normal.original_span(*max(sentences, key=lambda span: sentences[span].get(kind, 0.0)))

    @cached_property
    def _sentences(self) -> Mapping[tuple[int, int], Mapping[str, float]]:
        """Where the sentences stand, and what each of them sounds like."""
        text, learned = self._normal.text, self._learned
        spans = [match.span() for match in _SENTENCE.finditer(text)]
        if len(spans) < 2 or learned is None:
            return {spans[0] if spans else (0, len(text)): self._totals}
        return {span: learned.totals(written_runs(text[slice(*span)])) for span in spans}
