"""Reads one text message: what it is, which of its words are wrong, and what follows from that.

The rules are data (`knowledge/signals`). Each hit adds its weight for or against a kind of message, and so does
likeness to examples of each kind; the kind with the most wins, and a lead smaller than `MARGIN` is told as
无法判断. Every part of the answer names the rule and the words it came from. A message is data: at most
`LONGEST` characters of it are looked at.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import datetime
from functools import cached_property
from types import MappingProxyType

from advisor.clock import SHANGHAI
from advisor.content import Content
from advisor.content.learned import SMS
from advisor.content.signals import FRAUD_SIGNS, GRADES, KINDS, Decided, Kind, Signal
from advisor.likeness import Learned, written_runs
from advisor.message import Sms
from advisor.normal import normalise
from advisor.readings import Finding, Mark, Reading
from advisor.rulebook import Rulebook
from advisor.smsfacts import SmsFact, read_facts, read_hearing
from advisor.smsquotes import short_quote, trimmed
from advisor.smsrule import MOST_QUOTES, Hit, Rule
from advisor.smssounds import Sounds

LONGEST = 20_000  # code points; a text message has at most a few hundred
MARGIN = 1.5  # the lead in weight from which a kind counts as sure
BY_LIKENESS = 1.25  # the weight of sounding like a kind, beside the weights that rules have
UNSAID = {"other": 3.0}  # the weight of having found nothing: most messages are no concern of ours
_RANKS: Mapping[str, int] = {grade: number for number, grade in enumerate(GRADES)}


class Reader:
    """Reads messages by the given rules; the rules are compiled at the first message."""

    def __init__(self, signals: Mapping[str, Signal], learned: Learned | None = None) -> None:
        """Read by `signals`, and by what was `learned` of labelled messages."""
        self.signals = signals
        self.learned = learned
        self._decided: dict[str, list[tuple[str, Signal]]] = {}  # by what -> its rules
        for key, signal in signals.items():
            self._decided.setdefault(signal.decided_by, []).append((key, signal))

    def decided_by(self, what: Decided) -> Sequence[tuple[str, Signal]]:
        """Give the rules that are decided by `what`, each with its name."""
        return self._decided.get(what, ())

    @cached_property
    def _rules(self) -> Rulebook:
        return Rulebook(self.signals)

    def matches(self, key: str, text: str) -> bool:
        """Tell whether one rule alone holds for a text: its own examples are checked with this."""
        rule = Rule(key, self.signals[key])
        return bool(rule.places(normalise(text[:LONGEST]).text, rule.patterns))

    def read(self, sms: Sms, known: Mapping[str, object], now: datetime) -> Reading:
        """Read one message; `known` is what the person has told, `now` today's time."""
        text = sms.text[:LONGEST]
        normal = normalise(text)
        said = written_runs(normal.text)
        sounds = Sounds(self.learned, normal, said)
        hits, excused = self._rules.hits(sms, normal, said, known)
        weights = _weigh(hits, sounds)
        ranked = sorted(KINDS, key=lambda kind: -weights[kind])
        kind, lead = ranked[0], weights[ranked[0]] - weights[ranked[1]]
        sure = lead >= MARGIN or {ranked[0], ranked[1]} == {"intermediary", "loan_ad"}  # told alike: avoid it
        evidence = _evidence(hits, kind, text) or _by_likeness(sounds, kind, text)
        hits = [hit for hit in hits if _counts(hit.signal, kind) and sounds.agrees(hit.signal.finding or "")]
        hits += self._heard(sounds, excused.union(hit.signal.finding for hit in hits), kind)
        hits += self._decided_by_context(sms, kind, hits, text)
        grade = worst(hit.signal.grade for hit in hits)
        hits += [
            Hit(key, one, 0, 0)
            for key, one in self.decided_by("kind")
            if kind in one.only_in and (not one.only_graded or grade in one.only_graded)
        ]
        hits.sort(key=lambda hit: -rank(hit.signal.grade))
        findings = findings_of(hits, text)
        return Reading(
            kind=kind,
            sure=sure,
            grade=worst((grade, *(hit.signal.grade for hit in hits if sure))),
            findings=findings,
            routes=unique(route for hit in hits for route in hit.signal.routes),
            laws=unique(law for hit in hits for law in hit.signal.laws),
            facts=_facts(sms, text, kind, findings, now),
            evidence=evidence,
            ask=None if sure else _question(ranked[:2], findings),
            marks=_marks(hits),
        )

    def _heard(self, sounds: Sounds, settled: Set[str | None], kind: str) -> Iterable[Hit]:
        """Give the findings that only likeness hears, each at the sentence that sounds most like it.

        Those `settled` are not asked: a rule has found them already, or has excused them.
        """
        for finding, place in sounds.heard():
            rules = ((key, one) for key, one in self.decided_by("likeness") if one.finding == finding)
            rule = next((rule for rule in rules if _counts(rule[1], kind)), None)
            if rule and finding not in settled:
                yield Hit(*rule, *place)

    def _decided_by_context(self, sms: Sms, kind: str, hits: Sequence[Hit], text: str) -> Iterable[Hit]:
        """Give what the hour or the receiver of a message that presses for a debt decides."""
        if kind != "collection":
            return
        if sms.received_at and is_night(sms.received_at):
            for key, one in self.decided_by("night"):
                yield Hit(key, one, *_place_of(hits, text))
        for key, one in self.decided_by("receiver"):
            if any(word in (sms.to or "") for word in one.receivers):
                yield Hit(key, one, *_place_of(hits, text))


def reader(content: Content) -> Reader:
    """Give the reader of the content."""
    model = content.learned(SMS)
    return Reader(content.signals, Learned(model) if model else None)


def _facts(sms: Sms, text: str, kind: Kind, findings: tuple[Finding, ...], now: datetime) -> Mapping[str, SmsFact]:
    """Read the facts of what presses for a debt, and of what speaks as a court."""
    if kind == "collection":
        return read_facts(sms, text, findings, now)
    speaks = any(one.id == "impersonation" for one in findings)
    return read_hearing(text, local(sms.received_at or now).date()) if speaks else MappingProxyType({})


def _weigh(hits: Iterable[Hit], sounds: Sounds) -> dict[str, float]:
    weights = {kind: BY_LIKENESS * behind + UNSAID.get(kind, 0.0) for kind, behind in sounds.kinds().items()}
    for signal in {hit.key: hit.signal for hit in hits}.values():  # a rule counts once however often it is met
        for kind, weight in signal.kinds.items():
            weights[kind] += weight
    return weights


def _evidence(hits: Iterable[Hit], kind: Kind, text: str) -> tuple[tuple[str, float, str], ...]:
    """List the rules that speak for a kind, the strongest first, each with its weight and words."""
    found: dict[str, tuple[str, float, str]] = {}
    for hit in hits:
        if hit.key not in found and hit.end > hit.start and hit.signal.kinds.get(kind, 0.0) > 0:
            found[hit.key] = (hit.key, hit.signal.kinds[kind], short_quote(text, hit.start, hit.end))
    return tuple(sorted(found.values(), key=lambda one: -one[1]))


def _by_likeness(sounds: Sounds, kind: str, text: str) -> tuple[tuple[str, float, str], ...]:
    """Name the sentence that sounds most like a kind, where no rule speaks for it."""
    start, end = sounds.place(kind) if kind != "other" else (0, 0)
    return (("likeness", BY_LIKENESS, short_quote(text, start, end)),) if end > start else ()


def _counts(signal: Signal, kind: str) -> bool:
    """Tell whether a hit says anything about a message of this kind."""
    if signal.only_in:
        return kind in signal.only_in
    return kind != "other" or signal.kinds.get("other", 0) > 0


def findings_of(hits: Iterable[Hit], text: str) -> tuple[Finding, ...]:
    """Give the findings of hits in the order of these, each with the words it stands on."""
    found: list[Finding] = []
    for hit in hits:
        name = hit.signal.finding
        if name is None or hit.end <= hit.start:
            continue
        same = [one for one in found if one.id == name]
        if len(same) < MOST_QUOTES and all(hit.end <= one.start or one.end <= hit.start for one in same):
            start, end = trimmed(text, hit.start, hit.end)
            by = "words" if hit.signal.of_words else hit.signal.decided_by
            found.append(Finding(name, text[start:end], start, end, hit.signal.because, hit.key, by))
    return tuple(found)


def _place_of(hits: Sequence[Hit], text: str) -> tuple[int, int]:
    """Choose words to quote for what the hour alone decides: the strongest sign of collection."""
    pressing = [hit for hit in hits if hit.signal.kinds.get("collection", 0) > 0 and hit.end > hit.start]
    best = max(pressing, key=lambda hit: hit.signal.kinds["collection"], default=None)
    return (best.start, best.end) if best else (0, min(len(text), 10))


def _marks(hits: Iterable[Hit]) -> tuple[Mark, ...]:
    """List the places that have a reason to tell, the gravest first."""
    return tuple(
        Mark(hit.start, hit.end, hit.signal.told_as, hit.signal.because)
        for hit in hits
        if hit.signal.because and hit.end > hit.start and hit.signal.of_words
    )


def _question(kinds: Sequence[str], findings: Sequence[Finding]) -> str:
    if "scam" in kinds:
        return "ever_borrowed" if any(one.id in FRAUD_SIGNS for one in findings) else "wants_click"
    return "who_sent"


def is_night(when: datetime) -> bool:
    """Tell whether nobody should press for a debt: before eight or after ten in the evening in Shanghai."""
    return not 8 <= local(when).hour < 22


def local(when: datetime) -> datetime:
    """Give a time as it is in Shanghai; one without a zone, or at the end of the calendar, is taken to be there."""
    if when.tzinfo is None or not datetime.min.year < when.year < datetime.max.year:
        return when.replace(tzinfo=SHANGHAI)
    return when.astimezone(SHANGHAI)


def rank(grade: str) -> int:
    """Tell how grave a grade is, from 0."""
    return _RANKS[grade]


def worst(grades: Iterable[str]) -> str:
    """Give the gravest of grades."""
    return max(grades, key=rank, default="plain")


def unique(values: Iterable[str]) -> tuple[str, ...]:
    """Give values without repeats, in their order."""
    return tuple(dict.fromkeys(values))
