"""The words for a day, a month, a week or a holiday: 上个月15号, 昨晚, 上周三, 国庆那几天, 去年底, 10.3."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from advisor.dates.days import Days, Sense, Spoken, back, make_day, one_day, whole_month
from advisor.dates.holidays import EVES, NAMES, days_off, holiday_in
from advisor.dates.weeks import read_week
from advisor.numerals import read_whole

Reader = Callable[[re.Match[str], Sense], Spoken]

_N = r"(?:[0-9]{1,2}|[一二三四五六七八九十廿]{1,3})"
_YEAR = (
    r"(?P<year>(?:19|20)[0-9]{2}年?(?=的?[0-9一二三四五六七八九十]{1,2}月)|(?:19|20)[0-9]{2}年|[0-9]{2}年"
    r"|[一二][零九][零一二三四五六七八九]{2}年|大前年|前年|去年|上年|旧年|今年|本年|明年)的?"
)
_EARLY = "初(?![一二三四五六七八九十])"  # 九月初八 is a day by the moon
_PART = rf"(?P<part>月初|月中旬?|月底|月末|月尾|[上中下]旬|{_EARLY}|中旬?|底|末|尾)"
_SHIFT = {"大前年": -3, "前年": -2, "去年": -1, "上年": -1, "旧年": -1, "今年": 0, "本年": 0, "明年": 1}
_SPELLED = str.maketrans("零一二三四五六七八九", "0123456789")
_WORDS = {
    "大前": -3, "前": -2, "昨": -1, "琴": -1, "寻": -1, "今": 0, "明": 1, "听": 1, "后": 2, "大后": 3,
}  # fmt: skip
_DAY_PART = {"晚": "晚", "夜": "晚", "早": "早", "晨": "早", "朝": "早", "上午": "上午", "下午": "下午"}


def _year(said: str | None, sense: Sense) -> int | None:
    if not said:
        return None
    if said in _SHIFT:
        return sense.today.year + _SHIFT[said]
    figures = said.rstrip("年").translate(_SPELLED)
    if len(figures) == 4:
        return int(figures)
    return 2000 + int(figures) if 10 <= int(figures) <= sense.today.year % 100 + 1 else 0  # 98年: of birth


def _read_full(said: re.Match[str], sense: Sense) -> Spoken:
    year, month, day = (int(said[name]) for name in ("y", "m", "d"))
    first = make_day(year + (2000 if year < 100 else 0), month, day)
    return Spoken(one_day(first), said.end())


def _read_month(said: re.Match[str], sense: Sense) -> Spoken:
    """Read 10月3号, 去年12月底, 3月: the year is the one that the sense chooses when none was said."""
    month, year = read_whole(said["m"]), _year(said["year"], sense)
    loose = year is None
    if month is None or not 1 <= month <= 12:
        return Spoken(None, said.end())
    named = said.groupdict()
    if named.get("d") is None:
        years = [sense.today.year + i for i in (-1, 0, 1)] if year is None else [year]
        start = sense.choose([date(y, month, 1) for y in years]) if loose else make_day(years[0], month, 1)
        return Spoken(_part_of_month(start, named.get("part")) if start else None, said.end(), loose)
    if "bare" in named and not said["m"].isascii() and not said["d"].isascii():
        return Spoken(None, said.end())  # 八月十五 is as often by the moon
    numbers, end, about = _days_named(said)
    ends = [_in_some_year(year, month, d, sense) for d in numbers]
    return Spoken(_stretch(ends, about), end, loose)


_LIST_SIGN = re.compile("[、和跟]")
_RANGE_SIGN = re.compile("[-~到至]")


def _days_named(said: re.Match[str]) -> tuple[list[int], int, bool]:
    """Give the first and last day of 3、4、5号; of 28号到2号 only the first, for another month begins."""
    if said["d"].endswith("几"):
        tens = read_whole(said["d"][:-1]) or 0
        return ([tens + 1, tens + 9] if tens in (10, 20) else [0]), said.end(), True
    first, last = (read_whole(word or "") or 0 for word in (said["d"], said.groupdict().get("d2")))
    if not last:
        return [first], said.end(), False
    if first < last:
        listed = _LIST_SIGN.split(said.string[said.start("d") : said.end("d2")])
        gaps = 1 < len(listed) <= last - first and not _RANGE_SIGN.search("".join(listed))
        return [first, last], said.end(), gaps
    end = said.end("d")
    return [first], end + (said.string[end] in "号日"), False


def _in_some_year(year: int | None, month: int, day: int, sense: Sense) -> date | None:
    if year is not None:
        return make_day(year, month, day)
    near = range(sense.today.year - 1, sense.today.year + 2)
    return sense.choose([d for y in near if (d := make_day(y, month, day))])


def _stretch(ends: list[date | None], about: bool) -> Days | None:
    first, last = ends[0], ends[-1]
    return Days(first, last, about) if first and last and first <= last else None


def _part_of_month(start: date, part: str | None) -> Days:
    month = whole_month(start.year, start.month)
    match (part or "").removeprefix("月"):
        case "初":
            return Days(month.first, start.replace(day=10), True)
        case "上旬":
            return Days(month.first, start.replace(day=10))
        case "中":
            return Days(start.replace(day=11), start.replace(day=20), True)
        case "中旬":
            return Days(start.replace(day=11), start.replace(day=20))
        case "下旬":
            return Days(start.replace(day=21), month.last)
        case "底" | "末" | "尾":
            return Days(start.replace(day=21), month.last, True)
    return month


def _read_other_month(said: re.Match[str], sense: Sense) -> Spoken:
    """Read 上个月15号, 这个月初, 下月; the present month goes up to today unless it lies ahead."""
    word = said["rel"]
    shift = word.count("上") - word.count("下")
    start = back(sense.today.replace(day=1), shift)
    if said.groupdict().get("d"):
        if "bare" in said.groupdict() and not said["d"].isascii():
            return Spoken(None, said.end())
        numbers, end, about = _days_named(said)
        return Spoken(_stretch([make_day(start.year, start.month, n) for n in numbers], about), end)
    part = said.groupdict().get("part")
    span = _part_of_month(start, part)
    if not shift and not part and not sense.future:
        span = Days(span.first, sense.today)
    return Spoken(span, said.end(), wide=True)


def _read_month_part(said: re.Match[str], sense: Sense) -> Spoken:
    starts = [back(sense.today.replace(day=1), i) for i in (2, 1, 0, -1)]
    spans = [_part_of_month(s, said["part"]) for s in starts]
    if sense.future or sense.after:
        chosen = min((s for s in spans if s.last >= (sense.after or sense.today)), key=lambda s: s.first)
    else:
        # a part of the month that has hardly begun is not yet spoken of as gone
        settled = sense.today - timedelta(days=4)
        chosen = max((s for s in spans if s.first <= settled), key=lambda s: s.first)
        chosen = replace(chosen, last=min(chosen.last, sense.today))
    return Spoken(chosen, said.end(), loose=True)


def _read_day_of_month(said: re.Match[str], sense: Sense) -> Spoken:
    """Read 15号 or 3-5号: of this month, or of the last (next) one that has such a day."""
    numbers, end, about = _days_named(said)
    base = sense.after or sense.today
    months = [back(base.replace(day=1), i) for i in range(-3, 4)]
    first = sense.choose([d for m in months if (d := make_day(m.year, m.month, numbers[0]))])
    if first is None:
        return Spoken(None, end, loose=True)
    ends = [make_day(first.year, first.month, n) for n in numbers]
    return Spoken(_stretch(ends, about), end, loose=True)


def _read_near_day(said: re.Match[str], sense: Sense) -> Spoken:
    day = sense.today + timedelta(days=_WORDS[said["word"]])
    return Spoken(one_day(day), said.end(), part=_DAY_PART.get(said.groupdict().get("day_part", ""), ""))


def _read_year(said: re.Match[str], sense: Sense) -> Spoken:
    named = said.groupdict().get("year")
    year = _year(named, sense) if named else sense.today.year
    if year is None or not 1990 <= year <= 2100:
        return Spoken(None, said.end())
    months = {"初": (1, 2), "中": (6, 7), "底": (12, 12), "末": (12, 12), "上半年": (1, 6), "下半年": (7, 12)}
    part = (said["part"] or "").removeprefix("年")
    if not named and not sense.future and months[part][0] > sense.today.month:
        year -= 1
    first, last = months.get(part, (1, 12))
    span = Days(date(year, first, 1), whole_month(year, last).last, about=len(part) == 1)
    if not part and year == sense.today.year and not sense.future:
        span = Days(span.first, sense.today)
    return Spoken(span, said.end(), loose=not named, wide=True)


def _read_holiday(said: re.Match[str], sense: Sense) -> Spoken:
    name, year = said["name"], _year(said["year"], sense)
    if year is not None:
        day = holiday_in(name, year) if name not in EVES else None
    else:
        years = range(sense.today.year - 1, sense.today.year + 2)
        day = sense.choose([d for y in years if (d := holiday_in(name, y))])
    if day and (said["around"] or name == "过年"):
        first, last = days_off(name, day)
        if said["around"] in ("前后", "左右"):
            first = min(first, day - timedelta(days=1))
        return Spoken(Days(first, last, about=True), said.end(), year is None)
    return Spoken(one_day(day), said.end(), year is None)


def _read_numeric(said: re.Match[str], sense: Sense) -> Spoken:
    """Read 10.3, 10/3, 10-03: a day only where nothing shows a sum, a share or a range."""
    month, day = int(said["m"]), int(said["d"] or said["d2"])
    return Spoken(one_day(_in_some_year(None, month, day, sense)), said.end(), loose=True)


_DAY_OF = rf"(?P<d>{_N}几?)(?:[号日]?(?:-|~|到|至|、|和|跟)(?P<d2>{_N})){{0,6}}[号日]"
_MONTH_OF = rf"(?<![0-9])(?:{_YEAR})?(?P<m>{_N})月"
_OTHER_MONTH = "(?P<rel>上{1,2}个?月|这个?月|本月|下{1,2}个?月)份?的?"
_NO_COUNT = r"(?![0-9一二三四五六七八九十百千万wk.,%元块个天次条期家多几])"
_NOT_A_SUM = r"(?![0-9]|[./][0-9]|-(?![0-9]{1,2}[./-])[0-9]|\s?[%‰元块万千百wk亿个次条天倍折期分点月成家人位台])"

# Tried in this order at every place where an expression may begin; the first that fits is taken.
GRAMMAR: list[tuple[Reader, re.Pattern[str]]] = [
    (reader, re.compile(pattern))
    for reader, pattern in (
        (
            _read_full,
            r"(?<![0-9])(?P<y>(?:19|20)[0-9]{2})\s?[-/.年]\s?(?P<m>[0-9]{1,2})\s?[-/.月]"
            r"\s?(?P<d>[0-9]{1,2})(?:[日号]|(?![0-9.]|-[0-9]{1,2}(?![0-9])))",
        ),
        (
            _read_full,
            r"(?<![0-9])(?P<y>20[0-9]{2})(?P<m>[01][0-9])(?P<d>[0-3][0-9])(?![0-9.元块万wkx*])",
        ),
        (
            _read_full,
            r"(?<![0-9.])(?P<y>2[0-9])[./-](?P<m>[0-9]{1,2})[./-](?P<d>[0-9]{1,2})(?![0-9.])",
        ),
        (_read_month, rf"{_MONTH_OF}份?(?:{_DAY_OF}|(?P<part>{_EARLY}|[上中下]旬|中(?![信国银午])|底|末|尾))"),
        (_read_month, rf"{_MONTH_OF}(?P<d>{_N})(?P<bare>){_NO_COUNT}"),
        (_read_month, rf"{_MONTH_OF}份?(?![供薪租息利饼个初]|最后|第)"),
        (
            _read_other_month,
            rf"{_OTHER_MONTH}(?:{_DAY_OF}|{_PART})",
        ),
        (_read_other_month, rf"{_OTHER_MONTH}(?P<d>{_N})(?P<bare>){_NO_COUNT}"),
        (_read_other_month, rf"{_OTHER_MONTH}(?!今天|今日|同一天|十五|初|最后|第)"),
        (
            _read_holiday,
            rf"(?:{_YEAR})?(?<![零一二三四五六七八九十])(?P<name>{'|'.join(NAMES)})节?"
            "(?P<around>那几天|那两天|那段时间|期间|假期|长假|放假|那会儿?|前后|左右|的?时候)?",
        ),
        (
            _read_year,
            rf"{_YEAR}(?P<part>年[初中底末]|[上下]半年|[初底末])?(?!腊月|正月|冬|农历|阴历|今天|这时|这个时|同期)",
        ),
        (_read_year, r"(?<![0-9一二两三四五六七八九十半几])(?P<part>年[初中底末]|[上下]半年)"),
        (_read_month_part, r"(?<![个0-9一二三四五六七八九十每当])(?P<part>月初|月中旬?|月底|月末|月尾)"),
        (
            read_week,
            r"(?:(?<![0-9一二两三四五六七八九十几半])|(?<=[周期拜][一二三四五六]))"
            r"(?P<rel>上{1,2}|这|本|下{1,2})?个?(?:周|星期|礼拜)"
            r"(?P<w>一(?![直共起般些样定下])|[二三四五六日天末]|[1-6](?![0-9]))"
            r"(?![一二两三四五六七八九十]?(?:[个次条遍通]|天(?!天)|家(?![里人])))",
        ),
        (read_week, r"(?P<rel>上{1,2}|这|本|下{1,2})个?(?:周|星期|礼拜)"),
        (
            _read_near_day,
            r"(?<![以之年月周天午证声然])(?P<word>大前|大后|前|昨|今|明|后|琴|寻|听)"
            r"(?:[天日](?!天)|儿个?|个(?=[早晚夜]))",
        ),
        (_read_near_day, r"(?P<word>前|昨|今|明|琴|寻|听)(?P<day_part>晚|夜|早|晨|朝|下午|上午)"),
        (
            _read_day_of_month,
            rf"(?<![0-9第.年月a-z期已共达过满约计百千万零一二三四五六七八九十廿])(?P<d>{_N}几?)"
            rf"(?:[号日]?(?:-|~|到|至|、|和|跟)(?P<d2>{_N})){{0,6}}"
            r"(?:号(?![楼线码称院店房元人机令]|客服|催收|员工|专员|律师)|(?<=[0-9])日(?![内前后之以元没未不来]))",
        ),
        (
            _read_numeric,
            r"(?<![欠借还付转]了)(?<![0-9a-z.¥$/:*欠借还率息价费款约共版本第])(?<![^0-9]-)(?<!^-)(?P<m>1[0-2]|0?[1-9])"
            rf"(?:[./](?P<d>[0-3]?[0-9])|-(?P<d2>[0-3][0-9]))[号日]?{_NOT_A_SUM}",
        ),
    )
]
