"""Tells what the exhibits tell together: what happened when, how often, at night, and what is still without proof."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, get_args

from advisor.content.signals import FindingId
from advisor.exhibit import Exhibit, in_force
from advisor.reading import is_night, local, rank, unique, worst
from advisor.smsdigest import most_in_a_day

# the revised Public Security Administration Punishments Law; conduct before this day is judged by the old one
NEW_POLICE_LAW = date(2026, 1, 1)
ACTS = ("sms", "call", "visit")  # what the other side does; the rest is what proves it, or goes beside it
NO_CONCERN = ("other", "loan_ad", "intermediary")  # kinds of messages that nobody presses with
PROOFS: Mapping[str, tuple[str, ...]] = {  # kinds of exhibits that prove an act
    "sms": ("picture", "file"),
    "call": ("recording", "file"),
    "visit": ("picture", "recording", "file"),
}
QUOTED = 60  # characters of a quotation

Code = Literal["no_recording", "no_picture", "no_screenshot", "no_time", "no_hour"]
_UNPROVED: Mapping[str, Code] = {"call": "no_recording", "visit": "no_picture", "sms": "no_screenshot"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One exhibit in force, as the file tells of it.

    `at` is when it happened in Shanghai, None when only the `day` or nothing is known: a time that a messenger gave is
    that of the forward and counts as unknown. `proofs` are the numbers of the exhibits that prove it.
    """

    exhibit: Exhibit
    at: datetime | None
    day: date | None
    proofs: tuple[int, ...] = ()

    @property
    def number(self) -> int:
        """Give the number of the exhibit."""
        return self.exhibit.number

    @property
    def kind(self) -> str:
        """Give the kind of the exhibit."""
        return self.exhibit.kind

    @property
    def is_act(self) -> bool:
        """Tell whether it is something done to the person, as far as it has been read."""
        return self.kind in ACTS and self.exhibit.reading.get("kind") not in NO_CONCERN

    @property
    def night(self) -> bool:
        """Tell whether it surely came at night: after ten in the evening or before eight."""
        return self.at is not None and is_night(self.at)

    @property
    def new_law(self) -> bool:
        """Tell whether its day lies under the revised police law; only asked where the day is known."""
        return self.day is not None and self.day >= NEW_POLICE_LAW

    @property
    def grade(self) -> str:
        """Give how grave it was read to be."""
        return str(self.exhibit.reading.get("grade") or "plain")

    @property
    def findings(self) -> tuple[str, ...]:
        """Name what was found in it, each once."""
        return unique(str(one["id"]) for one in self.exhibit.reading.get("findings") or ())

    @property
    def quote(self) -> str:
        """Give how its text begins, in one line of at most `QUOTED` characters."""
        return shortened(self.exhibit.text)

    @property
    def words(self) -> tuple[str, ...]:
        """Give the words that the findings stand on, each in one line; without any, how the text begins."""
        found = unique(shortened(str(one["quote"])) for one in self.exhibit.reading.get("findings") or ())
        whole = [one for one in found if one and not any(one in other for other in found if other != one)]
        return tuple(whole) or ((self.quote,) if self.quote else ())


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that is still missing of one act: a proof of it, or its time."""

    code: Code
    entry: Entry

    @property
    def number(self) -> int:
        """Give the number of the exhibit that it is missing of."""
        return self.entry.number


@dataclass(frozen=True, slots=True)
class Timeline:
    """All exhibits in force in order of time, those without a day last, and what can be counted of the acts.

    `findings` names each finding, the gravest first, with the numbers of the exhibits that carry it; `most_in_a_day`
    counts the acts within some 24 hours, or on one day where the hours are unknown; `replaced` tells which exhibit
    took the place of one that was put right. Days and hours are those of Shanghai.
    """

    today: date
    entries: tuple[Entry, ...]
    acts: tuple[Entry, ...]
    by_kind: Mapping[str, int]
    by_sender: Mapping[str, int]
    by_day: Mapping[date, int]
    by_hour: Mapping[int, int]
    most_in_a_day: int
    most_calls: int  # calls on one day
    findings: Mapping[str, tuple[int, ...]]
    gaps: tuple[Gap, ...]
    replaced: Mapping[int, int]

    @classmethod
    def of(cls, exhibits: Iterable[Exhibit], today: date) -> "Timeline":
        """Tell what `exhibits` (kept ones, with their numbers) tell on the day `today`."""
        kept = sorted(exhibits, key=lambda one: one.number)
        replaced = _replaced(kept)
        entries = _entries(in_force(kept), replaced)
        acts = tuple(one for one in entries if one.is_act)
        by_day = Counter(one.day for one in acts if one.day)
        calls = Counter(one.day for one in acts if one.day and one.kind == "call")
        return cls(
            today,
            entries,
            acts,
            Counter(one.kind for one in acts),
            dict(Counter(one.exhibit.sender for one in acts).most_common()),
            dict(sorted(by_day.items())),
            dict(sorted(Counter(one.at.hour for one in acts if one.at).items())),
            max([most_in_a_day([one.at for one in acts if one.at]), *by_day.values()]),
            max(calls.values(), default=0),
            _findings(entries),
            tuple(_gaps(acts)),
            replaced,
        )

    @property
    def dated(self) -> tuple[Entry, ...]:
        """Give the acts of which the day is known."""
        return tuple(one for one in self.acts if one.day)

    @property
    def first(self) -> Entry | None:
        """Give the first act of which the day is known."""
        return next(iter(self.dated), None)

    @property
    def last(self) -> Entry | None:
        """Give the last act of which the day is known."""
        return next(reversed(self.dated), None)

    @property
    def last_wrong(self) -> Entry | None:
        """Give the last dated act that was read to be wrong, or was not read: a plain reminder wrongs nobody."""
        return next((one for one in reversed(self.dated) if one.grade != "plain" or not one.exhibit.reading), None)

    @property
    def nights(self) -> tuple[Entry, ...]:
        """Give the acts that came at night."""
        return tuple(one for one in self.acts if one.night)

    @property
    def under_old_law(self) -> tuple[Entry, ...]:
        """Give the acts from before the police law was revised."""
        return tuple(one for one in self.dated if not one.new_law)

    @property
    def under_new_law(self) -> tuple[Entry, ...]:
        """Give the acts since the police law was revised."""
        return tuple(one for one in self.dated if one.new_law)

    @property
    def undated(self) -> tuple[Entry, ...]:
        """Give the acts of which no day is known, so that it cannot be told which law holds for them."""
        return tuple(one for one in self.acts if not one.day)

    @property
    def told(self) -> tuple[Entry, ...]:
        """Give what is told in order of time: all that is not merely the proof of something else."""
        proofs = {number for one in self.entries for number in one.proofs}
        return tuple(one for one in self.entries if one.number not in proofs)

    @property
    def missing(self) -> Mapping[str, tuple[Gap, ...]]:
        """Give the gaps by their code; every code is there, though it may have none."""
        codes: tuple[Code, ...] = get_args(Code)
        return {code: tuple(gap for gap in self.gaps if gap.code == code) for code in codes}


def shortened(text: str) -> str:
    """Give `text` in one line of at most `QUOTED` characters."""
    line = " ".join(text.split())
    return line if len(line) <= QUOTED else f"{line[: QUOTED - 1]}…"


def _replaced(exhibits: Sequence[Exhibit]) -> dict[int, int]:
    """Tell for each exhibit that was put right which one stands for it now; a correction comes later than its like."""
    after = {one.corrects: one.number for one in exhibits if 0 < one.corrects < one.number}
    found = {}
    for number in after:
        now = number
        while now in after:
            now = after[now]
        found[number] = now
    return found


def _entries(exhibits: Sequence[Exhibit], replaced: Mapping[int, int]) -> tuple[Entry, ...]:
    kinds: dict[int, str] = {one.number: one.kind for one in exhibits}
    beside: dict[int, list[int]] = {}  # what belongs together, in either direction
    for one in exhibits:
        if other := replaced.get(one.of, one.of):
            beside.setdefault(one.number, []).append(other)
            beside.setdefault(other, []).append(one.number)
    entries = []
    for one in exhibits:
        proofs = [n for n in sorted(beside.get(one.number, ())) if kinds.get(n) in PROOFS.get(one.kind, ())]
        at = local(one.at) if one.at and one.known_by != "forward" else None
        entries.append(Entry(one, None if one.whole_day else at, at.date() if at else None, tuple(proofs)))
    return tuple(sorted(entries, key=_order))


def _order(entry: Entry) -> tuple[date, bool, str, int]:
    """Sort by time; where only the day is known, after what has an hour on it."""
    return entry.day or date.max, entry.at is None, entry.at.isoformat() if entry.at else "", entry.number


def _findings(entries: Sequence[Entry]) -> dict[str, tuple[int, ...]]:
    carried: dict[str, list[Entry]] = {}
    for entry in entries:
        for name in entry.findings:
            carried.setdefault(name, []).append(entry)
    known = get_args(FindingId)

    def place(name: str) -> tuple[int, int]:
        gravest = rank(worst(entry.grade for entry in carried[name]))
        return -gravest, known.index(name) if name in known else len(known)

    return {name: tuple(sorted(one.number for one in carried[name])) for name in sorted(carried, key=place)}


def _gaps(acts: Sequence[Entry]) -> Iterator[Gap]:
    for one in acts:
        exhibit = one.exhibit
        exported = "export" in (exhibit.source, exhibit.known_by) or exhibit.source == "picture"
        if not (one.proofs or exhibit.original or (one.kind == "sms" and exported)):
            yield Gap(_UNPROVED[one.kind], one)
        if not one.day:
            yield Gap("no_time", one)
        elif not one.at:
            yield Gap("no_hour", one)
