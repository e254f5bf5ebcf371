"""Every mention of days in a text, joined where people join them: 上周三到昨天, 10号起, 昨天…晚上11点."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from typing import Literal

from advisor.dates.ago import read_counted
from advisor.dates.clock import is_night, read_clock
from advisor.dates.days import Days, Sense, Spoken
from advisor.dates.words import GRAMMAR
from advisor.numerals import LONGEST, flatten, read_numeral


@dataclass(frozen=True, slots=True)
class DayMention:
    """A day or stretch of days with its place; the side is “before” in 10号之前, “after” in 10号起."""

    days: Days
    start: int
    end: int
    clock: time | None = None
    side: Literal["on", "before", "after"] = "on"


@dataclass(frozen=True, slots=True)
class Met:
    """A mention on the way: no days when it cannot be told, only a clock when no day was said."""

    days: Days | None
    start: int
    end: int
    clock: time | None = None
    side: Literal["on", "before", "after"] = "on"
    loose: bool = False
    only_clock: bool = False
    wide: bool = False


_MAY_BEGIN = re.compile(
    "[0-9一二两三四五六七八九十廿半仨个几大前昨今明后琴寻听去上下这本月年周星礼最近过刚方头啱旧双"
    "元情妇劳儿教国平圣春清端中除正重凌深午晚早傍夜]"
)
_FIGURES = re.compile("[0-9]+")
_ENDLESS = re.compile(f"[0-9零一二两三四五六七八九十百千万亿廿半几]{{{LONGEST},}}")  # no date, and slow to refuse
_CLOCK_ALONE = re.compile("大?半夜|凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|夜里|深夜|午夜")
# a habit, a calendar or a year that is not known, or a denial: the words after it name no day
_NOT_THIS = re.compile(
    r"(?:每个?|每逢|逢|那年|当年|某年|往年|历年|每年|每月|每个月|农历|阴历|旧历|古历|次月|当月|同月|第.个月?|最后一?个|初"
    r"|不是|并非|天天|每天|每晚|经常|总是|老是|一到|一般)\s?的?(?:都|在|是)?$"
)
_ABOUT_BEFORE = re.compile(r"(?:大概|大约|差不多|好像|可能|应该|估计|记得|貌似)[^，。；]{0,4}$")
_ABOUT_AFTER = re.compile(r"\s?(?:左右|前后|上下|那几天|那两天|附近|那阵子?|的?样子)")
_SIDE = re.compile(
    r"\s?(?:(?P<before>之前|以前|前(?![后天台期面夫妻]))|(?P<after>之后|以后|以来|后(?![悔来续台果天])|起(?![诉来码初草])|开始))"
)
_TO_NOW = re.compile(
    r"\s?(?:开始|起|以来|之后|以后)?[,，]?\s?(?:一直|直)?(?:到|至)"
    r"(?:现在|今天|今日|目前|如今|此刻|今(?![年天日晚早]))"
)
_UP_TO = re.compile(r"\s?(?:开始|起)?[,，]?\s?(?:一直|直)?(?:到|至|-{1,2}|~)\s?")


def meet(text: str, sense: Sense) -> list[Met]:
    """Find every mention, also those of no clear day, in order."""
    flat = flatten(text)
    return _attach_clocks(flat, list(_join(flat, list(_walk(flat, sense)), sense)))


def _walk(flat: str, sense: Sense) -> Iterator[Met]:
    at = 0
    while begin := _MAY_BEGIN.search(flat, at):
        at = begin.start()
        if endless := _ENDLESS.match(flat, at):
            at = endless.end()
            continue
        met = _one(flat, at, sense)
        if met is None:
            at = _past_number(flat, at)
            continue
        at = max(met.end, at + 1)
        if not _NOT_THIS.search(flat[max(0, met.start - 8) : met.start]):
            yield met


def _past_number(flat: str, at: int) -> int:
    """Go past what gave no day: all figures of a number, and all of one like 一两 that has no one value."""
    if figures := _FIGURES.match(flat, at):
        return figures.end()
    number = read_numeral(flat, at)
    return number.end if number and number.value is None else at + 1


def _one(flat: str, at: int, sense: Sense) -> Met | None:
    spoken = read_counted(flat, at, sense) or _by_grammar(flat, at, sense)
    if spoken is None:
        return _clock_alone(flat, at, sense.today)
    days, end = spoken.days, spoken.end
    clock = None
    if days and days.first == days.last:
        said = read_clock(flat, end, spoken.part)
        clock, end = said.at, said.end
        if said.after_midnight:
            # “last night at two” is by the calendar this morning, but not everybody says it so
            days = Days(days.first, days.last + timedelta(days=1), about=True)
    if days and (near := _ABOUT_AFTER.match(flat, end)):
        days, end = replace(days, about=True), near.end()
    if days and _ABOUT_BEFORE.search(flat[max(0, at - 8) : at]):
        days = replace(days, about=True)
    side: Literal["on", "before", "after"] = "on"
    if days and (to_now := _TO_NOW.match(flat, end)):
        days = replace(days, last=sense.today) if days.first <= sense.today else None
        end = to_now.end()
    elif (said_side := _SIDE.match(flat, end)) and not _UP_TO.match(flat, end):
        side, end = ("before" if said_side["before"] else "after"), said_side.end()
    return Met(days, at, end, clock, side, spoken.loose, wide=spoken.wide)


def _by_grammar(flat: str, at: int, sense: Sense) -> Spoken | None:
    for reader, pattern in GRAMMAR:
        if said := pattern.match(flat, at):
            return reader(said, sense)
    return None


def _clock_alone(flat: str, at: int, today: date) -> Met | None:
    """凌晨3点 and 半夜 without a day: today, or the night that joins it to yesterday."""
    word = _CLOCK_ALONE.match(flat, at)
    if word is None:
        return None
    said = read_clock(flat, at)
    if said.at is None and said.part not in ("半夜", "大半夜", "凌晨", "深夜", "午夜"):
        return None
    two_days = is_night(said.part, said.at) and not said.after_midnight
    first = today - timedelta(days=1) if two_days else today
    return Met(Days(first, today, about=True), at, max(said.end, word.end()), said.at, only_clock=True)


def _join(flat: str, met: list[Met], sense: Sense) -> Iterator[Met]:
    """Make one of “A到B”: what A leaves open B decides, and the other way round."""
    i = 0
    while i < len(met):
        left = met[i]
        right = met[i + 1] if i + 1 < len(met) else None
        if right is None or not _UP_TO.fullmatch(flat, left.end, right.start):
            yield left
            i += 1
            continue
        yield _span(flat, left, right, sense)
        i += 2


def _span(flat: str, left: Met, right: Met, sense: Sense) -> Met:
    start, end = left.days, right.days
    if left.loose and not right.loose and end:
        again = _one(flat, left.start, Sense(end.last))
        start = again.days if again else None
    elif right.loose and start:
        again = _one(flat, right.start, replace(sense, after=start.first))
        end = again.days if again else None
    if start is None or end is None or start.first > end.last:
        return Met(None, left.start, right.end)
    return Met(Days(start.first, end.last, start.about or end.about), left.start, right.end, left.clock)


def _attach_clocks(flat: str, met: list[Met]) -> list[Met]:
    """A time without a day belongs to the day said in the same text, not to today."""
    days = [m for m in met if not m.only_clock]
    if not days:
        return met
    if len(days) == 1 and days[0].clock is None:
        clocks = {m.clock for m in met if m.only_clock and m.start > days[0].start}
        if len(clocks) == 1:
            return [replace(days[0], clock=clocks.pop())]
    return days
