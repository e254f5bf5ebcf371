"""Lengths of time as people say them: 三个月, 半年, 一年半, 两周, 45天, 三个多月, 一年零三个月."""

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from advisor.dates.days import back
from advisor.numerals import flatten, read_numeral

_STARTS = re.compile("[0-9一二两三四五六七八九十百廿卅半个仨大小]")
_UNIT = re.compile(
    r"\s?(?P<one>个)?(?P<odd>多|把)?(?P<half>半)?(?P<unit>天(?![天猫])|日|周(?![一二三四五六日天末转])|星期(?![一二三四五六日天])"
    r"|礼拜(?![一二三四五六日天])|月(?![供薪息租])|季度?|年(?![级代度底初末息利化]))(?P<and>半(?![个月年天夜]))?(?P<over>多(?!次))?"
)
_HALF = re.compile(r"(?P<most>[大小])?半(?P<one>个)?多?(?P<unit>月|年)(?P<over>多)?")
_ONE_OR_SO = re.compile("个把(?P<unit>月|星期|礼拜)")
_ALSO = re.compile(r"零|又|加|外加")
# 这三天 and 前三天 are days, 每三天 a habit, 第三天 and 有一天 one day, 周三 a weekday
_NOT_BEFORE = re.compile(r"(?:[这那每第某哪上下前同当隔周初拜]|星期|[0-9.])\s?$")
_NOT_AFTER = re.compile(r"\s?(?:以前|之前|前(?!后)|以后|之后|后|[一二两三四五六七八九十几0-9]{1,3}次)")
_ABOUT_BEFORE = re.compile(
    r"(?:大概|大约|约|差不多|估计|可能|好像|应该|将近|接近|近|快|不到|超过|至少|起码)[^，。；0-9]{0,4}$"
)
_ABOUT_AFTER = re.compile(r"\s?(?:左右|上下|的?样子|以上|出头|不到|多(?!次)|\+)")
_ENDED_BY_DAYS = re.compile(r"(?:逾期|拖欠|超期|过期|已|达|满|共)[^，。；]{0,3}$")


@dataclass(frozen=True, slots=True)
class Period:
    """A length of time in months and days; where it stands in the text; whether it is approximate."""

    days: int
    months: int
    start: int
    end: int
    about: bool = False


def find_periods(text: str) -> list[Period]:
    """Find every clear length of time, in order; 两三个月 and 几个月 are not clear."""
    return periods_in(flatten(text))


def read_period(text: str) -> Period | None:
    """Read the one length of time in the text; None when none or several different ones are meant."""
    found = find_periods(text)
    return found[0] if len({(p.months, p.days) for p in found}) == 1 else None


def periods_in(flat: str) -> list[Period]:
    """Find the lengths of time in a flattened text."""
    found: list[Period] = []
    at = 0
    while start := _STARTS.search(flat, at):
        at = start.start()
        period, end = read_length(flat, at)
        before = flat[max(0, at - 8) : at]
        if period and not _NOT_AFTER.match(flat, end) and _may_stand(before, flat[at:end], flat[end:]):
            if ahead := _ABOUT_AFTER.match(flat, end):
                period = replace(period, end=ahead.end(), about=True)
            found.append(replace(period, about=period.about or bool(_ABOUT_BEFORE.search(before))))
        at = max(end, at + 1)
    return found


def _may_stand(before: str, written: str, rest: str) -> bool:
    if _NOT_BEFORE.search(before) or (written.startswith("一天") and before.endswith("有")):
        return False
    # 15日 is a day of the month unless something says that days are counted
    return not written.endswith("日") or rest[:1] == "内" or bool(_ENDED_BY_DAYS.search(before))


def read_length(flat: str, at: int) -> tuple[Period | None, int]:
    """Read the length of time that begins here, and say how far was read in either case."""
    if said := _HALF.match(flat, at) or _ONE_OR_SO.match(flat, at):
        return _half(said, at), said.end()
    if flat[at] == "仨":
        count, end, about = Decimal(3), at + 1, False
    else:
        number = read_numeral(flat, at)
        if number is None:
            return None, at
        if number.value is None:
            return None, number.end
        count, end, about = number.value, number.end, number.about
    unit = _UNIT.match(flat, end)
    if unit is None:
        return None, end
    first = _measure(flat, at, count, unit)
    if first is None:
        return None, unit.end()
    first = replace(first, about=first.about or about)
    return _with_rest(flat, first)


def _with_rest(flat: str, first: Period) -> tuple[Period, int]:
    """Add the smaller part: 一年零三个月, 三个月又五天."""
    if first.days or unfinished(flat, first.end):
        return first, first.end
    also = _ALSO.match(flat, first.end)
    at = also.end() if also else first.end
    number = read_numeral(flat, at)
    unit = _UNIT.match(flat, number.end) if number and number.value is not None else None
    if number is None or number.value is None or unit is None or _NOT_AFTER.match(flat, unit.end()):
        return first, first.end
    second = _measure(flat, at, number.value, unit)
    larger = first.months % 12 == 0 if second and second.months else first.months > 0
    if second is None or not larger or second.months >= 12 or second.days > 31:
        return first, first.end
    about = first.about or second.about
    return Period(second.days, first.months + second.months, first.start, second.end, about), second.end


def unfinished(flat: str, at: int) -> bool:
    """Tell whether “ago” or “later” follows, so that nothing more belongs to the length."""
    return _NOT_AFTER.match(flat, at) is not None


def _half(said: re.Match[str], at: int) -> Period:
    words = said.groupdict()
    if "one" not in words:
        days, months = (0, 1) if said["unit"] == "月" else (7, 0)
        return Period(days, months, at, said.end(), True)
    about = bool(words["most"] or words["over"] or "多" in said.group())
    if said["unit"] == "年":
        return Period(0, 6, at, said.end(), about)
    return Period(15, 0, at, said.end(), True)


def _measure(flat: str, at: int, count: Decimal, said: re.Match[str]) -> Period | None:
    """Turn a count and a unit into months and days; None for 三月 (March), 2026年, half days."""
    unit = said["unit"].removesuffix("度")
    if unit == "月" and not said["one"] and flat[said.start() - 1] not in "两仨":
        return None
    if unit in ("天", "日", "年") and said["one"]:
        return None
    if said["half"] or said["and"]:
        count += Decimal("0.5")
    is_year = unit == "年" and (count > 50 or re.match("年[0-9]{1,2}月", flat[said.start() :][:4]))
    if not 0 < count < 10_000 or is_year:
        return None
    size = {"天": (0, 1), "日": (0, 1), "月": (1, 0), "季": (3, 0), "年": (12, 0)}.get(unit, (0, 7))
    months, days = count * size[0], count * size[1]
    over = months % 1
    if days % 1 or over not in (0, Decimal("0.5")):
        return None
    about = bool(said["odd"] or said["over"] or over)
    return Period(int(days) + (15 if over else 0), int(months), at, said.end(), about)


def before(day: date, period: Period) -> date:
    """Give the day that lies so long before."""
    earlier = back(day, period.months)
    return earlier - timedelta(days=min(period.days, earlier.toordinal() - 1))
