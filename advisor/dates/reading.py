"""The day or days that an answer means; nothing when it could mean two."""

import re
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from advisor.dates.days import Days, Sense, back
from advisor.dates.mentions import DayMention, Met, meet
from advisor.dates.periods import read_period
from advisor.numerals import flatten

_LISTED = re.compile(r"\s?(?:[、,，]|和|跟|与|及|以及|还有|又|同)?\s?(?:还有)?")
_THROUGH = re.compile(r"[^，。；,;]{0,14}(?:到|至)了?\s?")  # 从11月3号骂到昨天
_UNTIL_NOW = re.compile(r"[从自打][^。]*?(?:到现在|到今天|到今日|至今|到目前)")
_NOW = re.compile(r"[\s，。]*(?:就是|就)?(?:现在|目前|此刻|如今|刚)(?:刚才)?[吧了的。！!\s]*")


def find_days(text: str, today: date) -> list[DayMention]:
    """Find every day or stretch of days that is meant; “上周三到昨天” is one mention."""
    return [DayMention(m.days, m.start, m.end, m.clock, m.side) for m in meet(text, Sense(today)) if m.days]


def read_day(text: str, today: date, *, future: bool = False) -> DayMention | None:
    """Read the one day that is meant; with `future` an open one (15号, 周五) is the next, not the last."""
    if _NOW.fullmatch(text[:40]):
        return DayMention(Days(today, today), 0, len(text))
    met = meet(text, Sense(today, future))
    if not met or len({(m.days, m.side) for m in met}) > 1:
        return None
    first = met[0]
    if first.days is None or first.side != "on" or not _is_a_day(first):
        return None
    clock = next((m.clock for m in met if m.clock), None)
    return DayMention(first.days, first.start, first.end, clock)


def _is_a_day(met: Met) -> bool:
    """One day, or one night, which lies on two."""
    days = met.days
    if days is None or met.wide:
        return False
    night = days.about and days.last - days.first == timedelta(days=1) and (met.only_clock or met.clock)
    return days.first == days.last or bool(night)


def read_days(text: str, today: date) -> Days | None:
    """Read the stretch of days meant: one day, a span, or several days listed, from the first to the last."""
    if _NOW.fullmatch(text[:40]):
        return Days(today, today)
    flat = flatten(text)
    met = meet(text, Sense(today))
    spans = [_to_the_end(m, today) for m in met]
    known = [s for s in spans if s]
    if not known or len(known) != len(spans):
        return None
    if met[0].side == "after" and all(known[0].first <= s.first for s in known[1:]):
        return known[0]  # 前天开始的，今天最凶
    same = len(set(known)) == 1
    through = len(met) == 2 and bool(_THROUGH.fullmatch(flat, met[0].end, met[1].start))
    if not same and not through and not all(_LISTED.fullmatch(flat, a.end, b.start) for a, b in pairwise(met)):
        return None
    if (through or (same and _UNTIL_NOW.search(flat))) and known[0].first <= today:
        return Days(known[0].first, known[-1].last if through else today, any(s.about for s in known))
    first, last = min(s.first for s in known), max(s.last for s in known)
    in_order = sorted(known, key=lambda s: s.first)
    gaps = any(b.first - a.last > timedelta(days=1) for a, b in pairwise(in_order))
    return Days(first, last, any(s.about for s in known) or gaps)


def read_until(text: str, today: date) -> DayMention | None:
    """Read the day still to come that is meant: a day, the last of 明年三月, or the end of 缓三个月 (both about)."""
    if day := read_day(text, today, future=True):
        return day
    met = [m for m in meet(text, Sense(today, future=True)) if m.days]
    if len({m.days for m in met}) == 1 and met[0].days:
        last = met[0].days.last
        return DayMention(Days(last, last, about=True), met[0].start, met[0].end, None)
    period = read_period(text)
    if period is None:
        return None
    day_after = back(today, -period.months) + timedelta(days=period.days)
    return DayMention(Days(day_after, day_after, about=True), period.start, period.end, None)


def _to_the_end(met: Met, today: date) -> Days | None:
    """10月3号起 lasts until today; 10月3号之前 has no beginning."""
    if met.days is None or met.side == "before":
        return None
    if met.side == "after":
        return replace(met.days, last=today) if met.days.first <= today else None
    return met.days
