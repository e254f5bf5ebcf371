"""Facts to try the words with: all known, the fewest, all skipped, and each fact in turn with each of its values."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, get_args

from advisor.checks.handed import ALWAYS, PROGRAM, READ, Occasion
from advisor.checks.subject import Subject
from advisor.clock import SHANGHAI
from advisor.content.flow import Slot
from advisor.content.signals import GRADES, KINDS, SORTS, Signal
from advisor.evidence.timeline import Timeline
from advisor.exhibit import Exhibit, Kind, Original
from advisor.session import Fact

Facts = dict[str, Fact]
PHONE = "13800000000"  # the only number in a sample; it is nobody's channel
OLD_LAW, NEW_LAW = "2025-12-20", "2026-01-10"  # on both sides of the change of the police law


def values(slot: Slot, today: date) -> list[Any]:
    """Give values that a slot can have, as they are kept; the last is None, “don't know”."""
    ahead = slot.not_before is not None
    match slot.type:
        case "choice":
            found: list[Any] = list(slot.choices)
        case "money" | "number" | "percent":
            found = [format(_within(slot, Decimal(35000 if slot.type == "money" else 5)), "f")]
        case "date":
            found = [(today + timedelta(days=40 if ahead else -40)).isoformat(), *([] if ahead else [OLD_LAW])]
        case "period_of_days":
            recent = [(today - timedelta(days=9)).isoformat(), today.isoformat()]
            found = [[OLD_LAW, NEW_LAW], recent, [OLD_LAW, OLD_LAW]]
        case "period":
            found = [[6, 0]]
        case "phone":
            found = [PHONE]
        case _:
            found = ["样例文字"]
    return [*found, None]


def _within(slot: Slot, value: Decimal) -> Decimal:
    if slot.at_most is not None:
        value = min(value, slot.at_most)
    return max(value, slot.at_least) if slot.at_least is not None else value


def facts_for(subject: Subject, occasion: Occasion, mentioned: set[str]) -> Iterator[tuple[str, Facts]]:
    """Give sets of facts to render an occasion with, and what each set is called."""
    slots = subject.content.all_slots
    usable = [name for name in slots if name in occasion.may_use]
    full = {name: Fact(values(slots[name], subject.today)[0]) for name in usable}
    counted_on = set(usable) & occasion.answered
    if occasion.letter and occasion.kind == "letter":
        counted_on = set(subject.content.letters[occasion.letter].front.needs)
    yield "事实都有", full
    yield "事实最少", {name: fact for name, fact in full.items() if name in counted_on}
    yield "全都跳过", {name: Fact(None) for name in counted_on}
    for name in sorted(mentioned & full.keys()):
        for value in values(slots[name], subject.today)[1:]:
            yield f"{name} 是“{'不知道' if value is None else value}”", {**full, name: Fact(value)}


def handed_for(subject: Subject, occasion: Occasion, mentioned: set[str]) -> Iterator[dict[str, Any]]:
    """Give what is handed over besides facts: first the usual, then each thing in turn with its other values."""
    names = (occasion.names - ALWAYS) | PROGRAM.get(occasion.template, frozenset())
    kinds = {name: found for name, found in _handed(subject, occasion).items() if name in names}
    usual = {name: found[0] for name, found in kinds.items()}
    yield usual
    for name, found in kinds.items():
        if name in mentioned:
            yield from ({**usual, name: value} for value in found[1:])


def _handed(subject: Subject, occasion: Occasion) -> Mapping[str, list[Any]]:
    content = subject.content
    readings, on_its_own = list(_readings(subject)), occasion.kind == "shell"
    fronts = [letter.front for letter in content.letters.values()]
    asked = [slot for _, _, slot in subject.slots()]
    confirmed = [state.confirm for _, _, state in subject.states() if state.confirm]
    return {
        "reading": readings if occasion.template in READ and on_its_own else [None, *readings],
        "received": [subject.today, date.fromisoformat(OLD_LAW)],
        "human": ["", "advice@example.org"],
        "keep_days": [210],
        "at_night": [False, True],
        "on_page": [False, True],
        "address": ["https://example.org/letter/1"],
        "promised": [Decimal(0), Decimal(600)],
        "letter": [content.letters[occasion.letter].front] if occasion.letter else fronts if on_its_own else [None],
        "labels": [["欠款金额"], ["欠款金额", "每月收入", "大概几次"]],
        "dropped": [[], ["每月能还多少"]],
        "label": ["欠款金额"],
        "slug": list(subject.words.register.slugs()) or [""],
        "kinds": [["card"], ["code"], ["id_number", "password"]],
        "in_sms": [False, True],
        "slot": asked if "unclear" in occasion.template else [None],
        "why": ["", "nothing", "several", "a_day", "too_small", "too_large", "future", "past", "too_long"],
        "feeling": [False, True],
        "count": [0, 1, 3],
        "named": [False, True],
        "lines": [[], [("欠款金额", "35,000 元")] * 8],
        "items": [[(name, content.all_slots[name].label) for name in names] for names in confirmed] or [[]],
        "sources": [dict.fromkeys(content.all_slots, "told"), dict.fromkeys(content.all_slots, "sms")],
        "parts": [1, 3],
        "most": [20_000],
        "number": [1, 3],
        "days": [[3, 7, 15]],
        "thing": ["sticker", "voice", "video", "edited", "invoice"],
        "troubles": [[], ["too_large"], ["damaged", "wrong_type", "archive", "too_many_pixels", "not_fetched"]],
        "held": [0, 23041],
        "left": [0, 300],
        "read": [0, 23041],
        "skipped": [0, 4],
        "obstacle": ["", "too_large", "damaged", "wrong_type", "unreadable"],
        "going_on": [False, True],
        "name": ["sms.xml"],
        "kept": [False, True],
        "texts": [["【某某】您已逾期，今日不还，将通知您的村委会和通讯录"], ["快还钱", "别装死"]],
        "meaning": ["＿＿＿＿"],
        "timeline": list(_timelines(subject)),
        "lost": [[], [2]],
        "goes_on": [subject.today + timedelta(days=7)],
        "cases": [[[]], [[("欠款金额", "35,000 元")] * 8, []]],
        "said": [
            [],
            [(datetime.combine(subject.today, time(12), SHANGHAI), mine, "＿＿＿＿") for mine in (True, False)],
        ],
        "exhibits": [EXHIBITS, [], EXHIBITS[:1]],
        "latest": [EXHIBITS[-5:], [], EXHIBITS[:1]],
        "exhibit": [*EXHIBITS, None],
        "with_it": [[], EXHIBITS[:2]],
        "title": [flow.title for flow in content.own_flows.values()],
    }


def _timelines(subject: Subject) -> Iterator[Timeline]:
    """Give what evidence files tell: of everything and under both laws, of nothing, and of one thing of each kind."""
    grades = {signal.finding: signal.grade for signal in subject.content.signals.values() if signal.finding}
    findings = [{"id": name, "quote": "要是今天不还就怎样", "because": ""} for name in grades]
    every: list[Kind] = ["sms", "call", "visit", "picture", "recording", "paper", "promise", "note", "file"]
    days = [subject.today - timedelta(days=1), date.fromisoformat(OLD_LAW), date.fromisoformat(NEW_LAW), None]
    many = [
        _exhibit(subject, 18 * place + number, kind, day, number % 24, findings[number % len(findings)])
        for place, day in enumerate(days)
        for number, kind in enumerate(every * 2, 1)
    ]
    yield Timeline.of([*many, replace(many[0], number=90, corrects=1, whole_day=True)], subject.today)
    yield Timeline.of([], subject.today)
    for place, kind in enumerate(every):
        one = _exhibit(subject, 1, kind, days[place % len(days)], 23, findings[0])
        yield Timeline.of([one, replace(one, number=2, of=1, kind="picture", text="")], subject.today)
        yield Timeline.of([replace(one, original=None, reading={}, sender="")], subject.today)


def _exhibit(
    subject: Subject, number: int, kind: Kind, day: date | None, hour: int, finding: Mapping[str, str]
) -> Exhibit:
    return Exhibit(
        kind,
        datetime.combine(subject.today, time(12), SHANGHAI),
        "要是今天不还就怎样，" * 10,
        PHONE,
        "本人",
        datetime.combine(day, time(hour), SHANGHAI) if day else None,
        original=Original("样例", "image/png", 4, "0" * 64) if kind == "picture" else None,
        reading={"kind": "collection", "grade": "danger", "findings": [finding]},
        number=number,
        seen=2,
    )


def _exhibits() -> list[Exhibit]:
    """Give one exhibit of each kind, the longest words in them, and one that was put right."""
    at, words = datetime.fromisoformat(f"{NEW_LAW}T23:10").replace(tzinfo=SHANGHAI), "要是今天不还就去你单位找你"
    picture = Original("a.jpg", "image/jpeg", 120_000, "0" * 64)
    kinds = get_args(Kind)
    told = [
        Exhibit(kind, at, words, PHONE, at=at, known_by="told", whole_day=True, number=n)
        for n, kind in enumerate(kinds, 1)
    ]
    return [
        *told,
        Exhibit("picture", at, original=picture, number=21),
        Exhibit("sms", at, words, PHONE, PHONE, at, "picture", source="picture", of=21, number=22),
        Exhibit("sms", at, words, PHONE, PHONE, at, "told", True, corrects=22, number=23, seen=3),
    ]


EXHIBITS = _exhibits()


def _readings(subject: Subject) -> Iterator[dict[str, Any]]:
    """Give readings of every kind and grade, with much found in the message and with nothing."""
    signals = subject.content.signals
    found = [(name, signal) for name, signal in signals.items() if signal.finding]
    for kind in KINDS:
        for grade in GRADES:
            for sure in (True, False):
                for count in (0, 1, 4):
                    several = MANY if count == 4 else {}
                    ask = None if sure else "who_sent"
                    yield _reading(subject, found[:count], kind=kind, grade=grade, ask=ask, **several)
    for name, signal in found:
        yield _reading(subject, [(name, signal)], grade=signal.grade, retold=True)
        for kind in {"collection", *signal.only_in[-1:]}:
            yield _reading(subject, [(name, signal)], kind=kind, grade=signal.grade, why=[name], on=OLD_LAW)
    for sort in SORTS:
        told_so = [signal for signal in signals.values() if signal.because and signal.told_as == sort]
        yield _reading(subject, [], sentences=[_sentence(signal.told_as, signal.because) for signal in told_so[:6]])


MANY: Mapping[str, Any] = {
    "sentences": [],
    "serious": [{"number": number, "quote": "要是今天不还就怎样"} for number in (3, 12, 14)],
    "counts": {
        "count": 14, "unread": 1, "repeats": 2, "strangers": 1, "serious": 3, "pressing": 11, "nights": 2,
        "most_in_a_day": 8, "senders": 3, "days": 12, "cut": True,
    },
}  # fmt: skip


def _reading(subject: Subject, told: Sequence[tuple[str, Signal]], **others: Any) -> dict[str, Any]:
    findings = [
        {"id": s.finding, "quote": "要是今天不还就怎样", "because": s.because, "by": s.decided_by, "signal": name}
        for name, s in told
    ]
    plain = _sentence("ordinary")
    return {
        "retold": False,
        "kind": "collection",
        "sure": others.get("ask") is None,
        "grade": "plain",
        "ask": None,
        "findings": findings,
        "found": sorted({str(s.finding) for _, s in told}),
        "laws": [slug for _, signal in told for slug in signal.laws],
        "why": [str(one["quote"]) for one in findings][:3],
        "sentences": [plain, *(_sentence(s.told_as, s.because) for _, s in told), plain],
        "counts": {"count": 1, "cut": False},
        "serious": [],
        "pressed_at": [],
        "on": subject.today.isoformat(),
    } | others


def _sentence(told_as: str, *because: str) -> dict[str, Any]:
    return {"quote": "要是今天不还的话，到时候就怎样怎样。", "told_as": told_as, "because": list(because)}
