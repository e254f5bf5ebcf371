"""The time that a screen shows with messages: 昨天 21:30, 11月23日 周一 02:13, Yesterday 9:30 PM."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from advisor.clock import SHANGHAI
from advisor.dates import read_day
from advisor.dates.clock import PARTS, read_clock
from advisor.english import in_figures

_WEEK = "一二三四五六日"
_ENGLISH_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]{0,6}\.?"
_DAY = (
    r"(?P<day>今天|今日|昨天|昨日|前天|today|yesterday"
    r"|(?:20\d{2}[年/.-] ?)?\d{1,2} ?月 ?\d{1,2} ?[日号]?|20\d{2}[/.-]\d{1,2}[/.-]\d{1,2}|\d{1,2}[/-]\d{1,2}"
    rf"|{_MONTH} ?\d{{1,2}}(?:, ?20\d{{2}})?|\d{{1,2}} ?{_MONTH}(?:,? ?20\d{{2}})?)"
)
_WEEKDAY = (
    r"\(?(?:周|星期|礼拜)(?P<{0}>[一二三四五六日天])\)?"
    r"|(?P<{0}_en>mon|tue|wed|thu|fri|sat|sun)(?:s?day|nesday|rsday|urday|day)?"
)
_CLOCK = rf"(?P<part>{PARTS})? ?(?P<clock>\d{{1,2}}:\d{{2}})(?::\d{{2}})? ?(?P<half>[ap]\.?m\.?)?"
_SIM = r"(?:中国)?(?:移动|联通|电信|广电)|(?:sim|卡) ?[12]|短信(?:/彩信)?|彩信|信息|sms|text message|imessage"
_STAMP = re.compile(
    rf"(?:(?:{_SIM}) ?[·•|,]? ?)?(?:(?:{_WEEKDAY.format('before')}),? ?)?(?:{_DAY})?"
    rf",? ?(?:{_WEEKDAY.format('after')})?,? ?(?:at ?)?(?:{_CLOCK})?(?: ?[·•|,-]? ?(?:{_SIM}))?",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"(?:screen[ _]?shot|截屏|截图|屏幕截图|屏幕快照|scrnshot)\D{0,3}"
    r"(20\d{2})\D?(\d{2})\D?(\d{2})\D{0,4}(\d{2})\D?(\d{2})",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a time line tells: a day, a time of day, or both."""

    day: date | None = None
    clock: time | None = None


def read_stamp(text: str, today: date) -> Stamp | None:
    """Read a line that is a time and nothing else, as it is meant on the day of the screenshot; None for any other."""
    line = " ".join(unicodedata.normalize("NFKC", text).split()).strip("-—·. ")
    line = re.sub(r"(?<=[周期拜])[—–_-]", "一", line)  # 周一 is easily seen as 周—
    said = _STAMP.fullmatch(line)
    if not line or said is None:
        return None
    found = said.groupdict()
    week = _weekday(found)
    if not (found["day"] or found["clock"] or week is not None):
        return None
    clock = _clock(found) if found["clock"] else None
    if found["clock"] and clock is None:
        return None
    day = _day(found["day"], week, today)
    if (found["day"] or week is not None) and day is None:
        return None
    return Stamp(day, clock)


def taken_at(name: str) -> datetime | None:
    """Read when a screenshot was taken from the name that the phone gave it: Screenshot_20261123_213005.png."""
    said = _NAMED.search(unicodedata.normalize("NFKC", name))
    try:
        return datetime(*(int(part) for part in said.groups()), tzinfo=SHANGHAI) if said else None  # type: ignore[misc,arg-type]
    except ValueError:
        return None


def _weekday(found: dict[str, str | None]) -> int | None:
    for name in ("before", "after"):
        if said := found[name]:
            return _WEEK.index(said.replace("天", "日"))
        if said := found[f"{name}_en"]:
            return _ENGLISH_WEEK.index(said.lower())
    return None


def _day(said: str | None, week: int | None, today: date) -> date | None:
    if said is None:
        # a phone names the weekday for the seven days before today
        return today - timedelta(days=(today.weekday() - week - 1) % 7 + 1) if week is not None else None
    numbers = re.fullmatch(r"(?:(20\d{2})\D )?(\d{1,2})\D(\d{1,2})\D?", re.sub(r"^(20\d{2}\D) ?", r"\1 ", said))
    written = "{}{}月{}日".format(f"{numbers[1]}年" if numbers[1] else "", numbers[2], numbers[3]) if numbers else said
    whole = in_figures(re.sub(r"(?<=[a-z.])(?=\d)|(?<=\d)(?=[a-z])", " ", written, flags=re.IGNORECASE))
    meant = read_day(whole, today)
    if meant is None:
        return None
    day = meant.days.first
    if week is None or day.weekday() == week or re.search(r"20\d{2}", said):
        return day
    # a screenshot may be older than a year: the weekday tells which year
    years = (_in_year(day, day.year - back) for back in range(1, 7))
    return next((other for other in years if other and other.weekday() == week), day)


def _in_year(day: date, year: int) -> date | None:
    try:
        return day.replace(year=year)
    except ValueError:
        return None


def _clock(found: dict[str, str | None]) -> time | None:
    part, written = found["part"] or "", found["clock"] or ""
    if half := found["half"]:
        part = "上午" if half.lower().startswith("a") else "下午"
    if part == "上午" and written.startswith("12"):
        part = "凌晨"  # where a day has two halves, its first begins with 12:00; noon is of the second
    return read_clock(part + written, 0).at
