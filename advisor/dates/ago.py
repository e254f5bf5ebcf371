"""Days counted from today: 三天前, 半个月前, 两个小时前, 最近一周, 这几天, 刚才."""

import re
from dataclasses import replace
from datetime import date, timedelta

from advisor.dates.days import Days, Sense, Spoken
from advisor.dates.periods import Period, before, read_length
from advisor.numerals import read_numeral

_AGO = re.compile(r"\s?(?:以前|之前|前)(?![后台期夫妻男女任])")
_LATER = re.compile(r"\s?(?:以后|之后|后)(?!来)")
_FEW_AGO = re.compile(
    r"(?:(?P<few>几)|(?P<low>[一二两三四五六七八])(?P<high>[二三四五六七八九]))"
    r"(?P<unit>天|日|分钟|个?小时|个?钟头?)(?:以前|之前|前)"
)
_HOURS_AGO = re.compile(r"\s?多?(?:个?(?P<half>半)?(?P<hours>小时|钟头|钟)|分钟|秒)多?(?:以前|之前|前)")
_HALF_HOUR_AGO = re.compile("半个?多?(?:小时|钟头)(?:以前|之前|前)|(?:刚才|刚刚|方才|头先|啱啱)")
_LATELY = re.compile("(?:最近这?|近|这|过去的?这?)(?=[0-9一二两三四五六七八九十半])")
_DAYS_OFF = {"这两天": (1, 0), "这几天": (2, 0), "这些天": (2, 0), "前两天": (3, 1), "前几天": (7, 2)}
_VAGUE = re.compile("(?:最近|近|过去|这)[几两][天日]|(?:最近|这)些[天日]|前[两几][天日](?!前)")


def read_counted(flat: str, at: int, sense: Sense) -> Spoken | None:
    """Read an expression that counts days from today; None when there is none here."""
    today = sense.today
    if said := _HALF_HOUR_AGO.match(flat, at):
        return Spoken(Days(today, today), said.end())
    if said := _VAGUE.match(flat, at):
        first, last = _DAYS_OFF.get(said.group().replace("日", "天"), _lately(said.group()))
        return Spoken(Days(_less(today, first), _less(today, last), about=True), said.end())
    if said := _FEW_AGO.match(flat, at):
        return _few_ago(said, today)
    if said := _LATELY.match(flat, at):
        period, end = read_length(flat, said.end()) if said.end() < len(flat) else (None, at)
        return Spoken(_last(period, today), end) if period and _counts(period) else None
    return _ago(flat, at, sense)


def _lately(words: str) -> tuple[int, int]:
    return (1, 0) if "两" in words else (2, 0)


def _less(day: date, days: int) -> date:
    return day - timedelta(days=days)


def _counts(period: Period) -> bool:
    """这一天 is no stretch of days."""
    return period.months > 0 or period.days > 1


def _last(period: Period, today: date) -> Days:
    """Give the stretch of that length which ends today."""
    return Days(before(today, period) + timedelta(days=1), today, period.about or period.months > 0)


def _few_ago(said: re.Match[str], today: date) -> Spoken:
    if said["unit"] not in ("天", "日"):
        return Spoken(Days(today, today, about=True), said.end())
    if said["few"]:
        return Spoken(Days(_less(today, 9), _less(today, 2), about=True), said.end())
    low, high = ("零一二三四五六七八九".find(said[name].replace("两", "二")) for name in ("low", "high"))
    if not 0 < high - low <= 2:
        return Spoken(None, said.end())
    return Spoken(Days(_less(today, high), _less(today, low), about=True), said.end())


def _ago(flat: str, at: int, sense: Sense) -> Spoken | None:
    today = sense.today
    number = read_numeral(flat, at)
    if number and number.value is not None and (said := _HOURS_AGO.match(flat, number.end)):
        hours = int(number.value) if said["hours"] else 0
        first = _less(today, min((hours + 11) // 24, 366))
        return Spoken(Days(first, today if hours < 24 else first, about=True), said.end())
    period, end = read_length(flat, at)
    if period is None or period.months > 1200:
        return None
    # a month ago is said of four weeks as of five
    about = period.about or period.months > 0 or (period.days % 7 == 0 and "天" not in flat[at:end])
    if said := _AGO.match(flat, end):
        return Spoken(_day(before(today, period), about), said.end())
    said = _LATER.match(flat, end)
    if said and sense.future:
        later = before(today, replace(period, months=-period.months, days=-period.days))
        return Spoken(_day(later, about), said.end())
    return None


def _day(day: date, about: bool) -> Days:
    return Days(day, day, about)
