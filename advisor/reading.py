"""Reads one text message: what it is, which of its words are wrong, and what follows from that.

The rules are data (`knowledge/signals`). Each hit adds its weight for or against a kind of message, and so does
likeness to examples of each kind; the kind with the most wins, and a lead smaller than `MARGIN` is told as
无法判断. Every part of the answer names the rule and the words it came from. A message is data: at most
`LONGEST` characters of it are looked at.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from advisor.content import Content
from advisor.content.signals import GRADES, KINDS, Signal, required_words
from advisor.forwarded import Forward, looks_like_sms, split_forward
from advisor.likeness import Learned
from advisor.message import Sms
from advisor.normal import Normal, normalise
from advisor.readings import Digest, Finding, Reading
from advisor.smsfacts import SmsFact, read_facts
from advisor.smsrule import MOST_QUOTES, Hit, Rule
from advisor.smssender import class_of
from advisor.smssounds import Sounds

__all__ = [
    "Digest",
    "Finding",
    "Forward",
    "Reader",
    "Reading",
    "SmsFact",
    "looks_like_sms",
    "most_in_a_day",
    "split_forward",
]

LONGEST = 20_000  # code points; a text message has at most a few hundred
MARGIN = 0.9  # the lead in weight from which a kind counts as sure
BY_LIKENESS = 0.35  # the weight of sounding like a kind, beside the weights that rules have
UNSAID = {"other": 1.5}  # the weight of having found nothing: most messages are no concern of ours
SHANGHAI = ZoneInfo("Asia/Shanghai")


class Reader:
    """Reads messages by the given rules; the rules are compiled at the first message."""

    def __init__(
        self, signals: Mapping[str, Signal], kinds: Learned | None = None, findings: Learned | None = None
    ) -> None:
        """Read by `signals`, and by what was learned of the `kinds` and `findings` of labelled messages."""
        self.signals = signals
        self._sounds = Sounds(signals, kinds, findings)
        self._rules: list[Rule] = []
        self._by_pair: dict[str, list[tuple[int, int, str]]] = {}  # two characters -> rule, pattern, whole word
        self._always: list[tuple[int, int]] = []

    def _compile(self) -> None:
        rules = [Rule(key, signal) for key, signal in self.signals.items() if signal.decided_by == "words"]
        for number, rule in enumerate(rules):
            for place, pattern in enumerate(rule.signal.patterns):
                words = required_words(pattern)
                if not words:
                    self._always.append((number, place))
                for word in words:
                    self._by_pair.setdefault(word[:2], []).append((number, place, word))
        self._rules = rules

    def _candidates(self, text: str) -> Mapping[int, set[int]]:
        """Name the rules and patterns that can match at all: a word each of them needs is there."""
        found: dict[int, set[int]] = {}
        for number, place in self._always:
            found.setdefault(number, set()).add(place)
        by_pair = self._by_pair
        pairs = {text[at : at + 2] for at in range(len(text) - 1)}
        for pair in (pairs | set(text)) & by_pair.keys():
            for number, place, word in by_pair[pair]:
                if len(word) <= 2 or word in text:
                    found.setdefault(number, set()).add(place)
        return found

    def _hits(self, sms: Sms, normal: Normal) -> list[Hit]:
        if not self._rules:
            self._compile()
        sender = class_of(sms.sender)
        hits = []
        candidates = self._candidates(normal.text)
        for number, rule in enumerate(self._rules):
            signal = rule.signal
            if signal.senders and sender not in signal.senders:
                continue
            if not rule.patterns:
                hits.append(Hit(rule.key, signal, 0, 0))
            elif number in candidates:
                patterns = [rule.patterns[place] for place in sorted(candidates[number])]
                hits += [
                    Hit(rule.key, signal, *normal.original_span(*place)) for place in rule.places(normal.text, patterns)
                ]
        return hits

    def matches(self, key: str, text: str) -> bool:
        """Tell whether one rule alone holds for a text: its own examples are checked with this."""
        rule = Rule(key, self.signals[key])
        return bool(rule.places(normalise(text[:LONGEST]).text, rule.patterns))

    def read(self, sms: Sms, known: Mapping[str, object], now: datetime) -> Reading:
        """Read one message; `known` is what the person has told, `now` today's time."""
        text = sms.text[:LONGEST]
        normal = normalise(text)
        hits = self._hits(sms, normal)
        weights, evidence = _weigh(hits, text, known)
        for kind, behind in self._sounds.kinds(normal.text).items():
            weights[kind] += BY_LIKENESS * behind
        ranked = sorted(KINDS, key=lambda kind: -weights[kind])
        kind, lead = ranked[0], weights[ranked[0]] - weights[ranked[1]]
        sure = lead >= MARGIN or {ranked[0], ranked[1]} == {"intermediary", "loan_ad"}  # told alike: avoid it
        hits += self._sounds.hits(normal, frozenset(str(hit.signal.finding) for hit in hits))
        hits = [hit for hit in hits if _counts(hit.signal, kind)]
        if kind == "collection" and sms.received_at and _is_night(sms.received_at):
            hits += self._decided("night", _place_of(hits, text))
        grade = _worst(hit.signal.grade for hit in hits)
        for hit in self._decided("kind", (0, 0)):
            if kind in hit.signal.only_in and (not hit.signal.only_graded or grade in hit.signal.only_graded):
                hits.append(hit)
        grade = _worst((grade, *(hit.signal.grade for hit in hits if sure)))
        hits.sort(key=lambda hit: -_rank(hit.signal.grade))
        findings = _findings(hits, text)
        return Reading(
            kind=kind,
            sure=sure,
            grade=grade,
            findings=findings,
            routes=_unique(route for hit in hits for route in hit.signal.routes),
            laws=_unique(law for hit in hits for law in hit.signal.laws),
            facts=read_facts(sms, text, findings, now) if kind == "collection" else MappingProxyType({}),
            evidence=tuple(one for one in evidence if self.signals[one[0]].kinds.get(kind)),
            ask=None if sure else _question(ranked[:2], findings),
        )

    def _decided(self, by: str, place: tuple[int, int]) -> list[Hit]:
        return [Hit(key, one, *place) for key, one in self.signals.items() if one.decided_by == by]

    def read_many(self, messages: Sequence[Sms], known: Mapping[str, object], now: datetime) -> Digest:
        """Read several messages together: what repeats, what is serious, and whether there are too many."""
        readings = tuple(self.read(sms, known, now) for sms in messages)
        seen: set[str] = set()
        for sms in messages:
            seen.add(normalise(sms.text[:LONGEST]).text)
        times = sorted(_local(sms.received_at) for sms in messages if sms.received_at)
        pressing = [at for at, one in enumerate(readings) if one.kind == "collection"]
        dated = sorted(_local(when) for at in pressing if (when := messages[at].received_at))
        often = [
            hit
            for hit in self._decided("count", (0, len(messages[pressing[0]].text)) if pressing else (0, 0))
            if most_in_a_day(dated) > hit.signal.more_than
        ]
        merged = _merge(readings, often, messages, pressing)
        return Digest(
            count=len(messages),
            repeats=len(messages) - len(seen),
            strangers=sum(one.kind == "other" for one in readings),
            kinds={kind: sum(one.kind == kind for one in readings) for kind in KINDS},
            readings=readings,
            serious=tuple(at for at, one in enumerate(readings) if _rank(one.grade) > 1),
            merged=merged,
            first=times[0] if times else None,
            last=times[-1] if times else None,
        )


def reader(content: Content) -> Reader:
    """Give the reader of the content."""
    models = [Learned(model) if (model := content.learned(name)) else None for name in ("sms_kinds", "sms_findings")]
    return Reader(content.signals, *models)


def most_in_a_day(times: Sequence[datetime]) -> int:
    """Give the largest number of `times` (in order) that lie within 24 hours."""
    most = begin = 0
    for end, when in enumerate(times):
        while when - times[begin] >= timedelta(days=1):
            begin += 1
        most = max(most, end - begin + 1)
    return most


def _merge(
    readings: Sequence[Reading], often: Sequence[Hit], messages: Sequence[Sms], pressing: Sequence[int]
) -> Reading:
    if not readings:
        return Reading("other", False, "plain", ask="who_sent")
    ordered = sorted(readings, key=lambda one: (-_rank(one.grade), one.kind == "other"))
    grade = _worst((ordered[0].grade, *(hit.signal.grade for hit in often)))
    extra = _findings(often, messages[pressing[0]].text) if pressing else ()
    return replace(
        ordered[0],
        grade=grade,
        findings=tuple(_once(one for reading in ordered for one in reading.findings)) + extra,
        routes=_unique((*(r for one in ordered for r in one.routes), *(r for h in often for r in h.signal.routes))),
        laws=_unique((*(law for one in ordered for law in one.laws), *(law for h in often for law in h.signal.laws))),
        facts=MappingProxyType({name: fact for one in reversed(ordered) for name, fact in one.facts.items()}),
    )


def _once(findings: Iterable[Finding]) -> Iterable[Finding]:
    seen: set[tuple[str, str]] = set()
    for one in findings:
        if (one.id, one.quote) not in seen:
            seen.add((one.id, one.quote))
            yield one


def _weigh(
    hits: Iterable[Hit], text: str, known: Mapping[str, object]
) -> tuple[dict[str, float], list[tuple[str, float, str]]]:
    weights: dict[str, float] = {kind: UNSAID.get(kind, 0.0) for kind in KINDS}
    evidence: dict[str, tuple[str, float, str]] = {}
    for hit in hits:
        if hit.key in evidence or not hit.signal.kinds:
            continue  # a rule counts once however often it is met
        for kind, weight in hit.signal.kinds.items():
            weights[kind] += weight
        evidence[hit.key] = (hit.key, max(hit.signal.kinds.values(), key=abs), text[hit.start : hit.end])
    if str(known.get("ever_borrowed")) in ("no", "never"):
        weights["scam"] += 1.5
        weights["collection"] -= 0.5
    return weights, list(evidence.values())


def _counts(signal: Signal, kind: str) -> bool:
    """Tell whether a hit says anything about a message of this kind."""
    if signal.only_in:
        return kind in signal.only_in
    return kind != "other" or signal.kinds.get("other", 0) > 0


def _findings(hits: Iterable[Hit], text: str) -> tuple[Finding, ...]:
    found: list[Finding] = []
    for hit in hits:
        name = hit.signal.finding
        if name is None or hit.end <= hit.start:
            continue
        same = [one for one in found if one.id == name]
        if len(same) < MOST_QUOTES and all(hit.end <= one.start or one.end <= hit.start for one in same):
            quote = text[hit.start : hit.end]
            found.append(Finding(name, quote, hit.start, hit.end, hit.signal.because, hit.key))
    return tuple(found)


def _place_of(hits: Sequence[Hit], text: str) -> tuple[int, int]:
    """Choose words to quote for what the hour alone decides: the strongest sign of collection."""
    pressing = [hit for hit in hits if hit.signal.kinds.get("collection", 0) > 0 and hit.end > hit.start]
    best = max(pressing, key=lambda hit: hit.signal.kinds["collection"], default=None)
    return (best.start, best.end) if best else (0, min(len(text), 10))


def _question(kinds: Sequence[str], findings: Sequence[Finding]) -> str:
    if "scam" in kinds:
        clicked = {"suspicious_link", "private_payment", "credential_request"}
        return "wants_click" if not clicked & {one.id for one in findings} else "ever_borrowed"
    return "who_sent"


def _is_night(when: datetime) -> bool:
    return not 8 <= _local(when).hour < 22


def _local(when: datetime) -> datetime:
    return when.replace(tzinfo=SHANGHAI) if when.tzinfo is None else when.astimezone(SHANGHAI)


def _rank(grade: str) -> int:
    return [*GRADES].index(grade) if grade in GRADES else 0


def _worst(grades: Iterable[str]) -> str:
    return max(grades, key=_rank, default="plain")


def _unique(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
