"""Reads messages together, one or several: what repeats, what is serious, and how they lie over time."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product
from types import MappingProxyType

from advisor.content.signals import AMONG_PRESSING, KINDS, SENDER_PRESSES
from advisor.message import Sms
from advisor.reading import Reader, findings_of, is_night, local, rank, unique, worst
from advisor.readings import Digest, Finding, Reading
from advisor.smsrule import Hit

MOST = 5_000  # messages that are looked at in one go
_ANY = "any"  # a time or a number, whichever


def read_many(
    reader: Reader,
    messages: Sequence[Sms],
    known: Mapping[str, object],
    now: datetime,
    pressed_before: Collection[datetime] = (),
) -> Digest:
    """Read messages, one or several; the same message met again is not read anew.

    `pressed_before` tells when messages came that pressed for a debt and were read on another occasion.
    """
    looked_at = messages[:MOST]
    readings = _readings(reader, looked_at, known, now)
    first_of: dict[str, int] = {}
    for at, sms in enumerate(looked_at):
        first_of.setdefault(_words(sms), at)
    different = _different(looked_at)
    pressing = [at for at, one in enumerate(readings) if one.kind == "collection"]
    came = {(_words(looked_at[at]), local(when)) for at in pressing if (when := looked_at[at].received_at)}
    dated = sorted(when for _, when in came)
    pressed_at = sorted([*dated, *set(map(local, pressed_before)).difference(dated)])
    often = most_in_a_day(pressed_at)
    too_often = [
        Hit(key, one, 0, len(looked_at[pressing[0]].text))
        for key, one in reader.decided_by("count")
        if pressing and often > one.more_than
    ]
    return Digest(
        count=len(messages),
        unread=len(messages) - len(looked_at),
        repeats=len(looked_at) - len(different),
        nights=sum(map(is_night, dated)),
        most_in_a_day=often,
        senders=len({sender for at in pressing if (sender := looked_at[at].sender)}),
        kinds={kind: sum(readings[at].kind == kind for at in different) for kind in KINDS},
        readings=readings,
        serious=tuple(at for at in first_of.values() if rank(readings[at].grade) > 1),
        merged=_merged(readings, too_often, looked_at[pressing[0]].text if pressing else ""),
        pressed_at=tuple(pressed_at),
        first=dated[0] if dated else None,
        last=dated[-1] if dated else None,
    )


def _words(sms: Sms) -> str:
    return "".join(sms.text.split())


def _different(messages: Sequence[Sms]) -> Sequence[int]:
    """Give the places of messages that are not the same one again: its words, at one time, from one number.

    Where the time or the number of one of them is not known, it is taken to be the same.
    """
    places: list[int] = []
    met: set[tuple[object, ...]] = set()
    for at, sms in enumerate(messages):
        words, when, sender = _words(sms), sms.received_at and local(sms.received_at), sms.sender or None
        times, senders = (when, None) if when else (_ANY,), (sender, None) if sender else (_ANY,)
        if met.isdisjoint(product((words,), times, senders)):
            places.append(at)
        met.update(product((words,), (when, _ANY), (sender, _ANY)))
    return places


def _readings(
    reader: Reader, messages: Sequence[Sms], known: Mapping[str, object], now: datetime
) -> tuple[Reading, ...]:
    """Read each message, and those that seem no concern of ours once more beside the company they came in."""
    alone = {sms: reader.read(sms, known, now) for sms in dict.fromkeys(messages)}
    pressing = [sms for sms, one in alone.items() if one.kind == "collection"]
    callers = {sms.sender for sms in pressing if sms.sender}
    company = {AMONG_PRESSING: "yes"} if 2 * len(pressing) >= len(alone) else {}
    for sms, one in alone.items():
        beside = company | ({SENDER_PRESSES: "yes"} if sms.sender in callers else {})
        if one.kind == "other" and beside:
            alone[sms] = reader.read(sms, {**known, **beside}, now)
    return tuple(alone[sms] for sms in messages)


def most_in_a_day(times: Sequence[datetime]) -> int:
    """Give the largest number of `times` (in order) that lie within 24 hours."""
    most = begin = 0
    for end, when in enumerate(times):
        while when - times[begin] >= timedelta(days=1):
            begin += 1
        most = max(most, end - begin + 1)
    return most


def _merged(readings: Sequence[Reading], too_often: Sequence[Hit], text: str) -> Reading:
    """Give one reading for all: the gravest leads, and nothing that was found is left out."""
    if not readings:
        return Reading("other", False, "plain", ask="who_sent")
    ordered = sorted(readings, key=lambda one: (-rank(one.grade), one.kind == "other"))
    return replace(
        ordered[0],
        grade=worst((ordered[0].grade, *(hit.signal.grade for hit in too_often))),
        findings=(*_once(one for reading in ordered for one in reading.findings), *findings_of(too_often, text)),
        routes=unique((*(r for one in ordered for r in one.routes), *(r for h in too_often for r in h.signal.routes))),
        laws=unique((*(law for one in ordered for law in one.laws), *(la for h in too_often for la in h.signal.laws))),
        facts=MappingProxyType({name: fact for one in reversed(ordered) for name, fact in one.facts.items()}),
    )


def _once(findings: Iterable[Finding]) -> Iterable[Finding]:
    seen: set[tuple[str, str]] = set()
    for one in findings:
        if (one.id, one.quote) not in seen:
            seen.add((one.id, one.quote))
            yield one
