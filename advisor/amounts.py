"""Amounts of money and plain counts as people write them: 两万三, 2W5, 五百来块, 打了二十多次.

A number that could mean two things (两三千, 3-5千, 2万50, 三万五个人) is no amount: better to ask again
than to be silently wrong. Dates, telephone numbers, endings of card numbers and percentages are left out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from advisor import measures
from advisor.numerals import Numeral, flatten, read_numeral

_NUMBER_STARTS = re.compile("[0-9零一二三四五六七八九两十百千万亿廿卅几数半¥]")
_RANGE = re.compile(r"\s?(?:-{1,2}|~|到|至|或者?|还是|[+*x×÷/])\s?")
_LISTED = re.compile("[、,，]")
_PREFIX = re.compile(r"(?:rmb|人民币|cny)\s?$")
_FOREIGN_PREFIX = re.compile(r"(?:\$|usd|hkd)\s?$")
_FILLER = re.compile(
    r"(?:大概|大约|约|差不多|估计|可能|好像|应该|将近|接近|一共|总共|总计|合计|共|我|是|有|就|也|欠了?|还|借了?"
    r"|每个?月|一个月|左右|上下|的?样子|吧|了|的|呢|啊|呀|哦|嗯|额|呃|吗|嘛|啦|噢|喔|那个|这个|这么多|都|钱|整"
    r"|[\s，。,.;；！!？?~、…:()“”\"'-]){0,40}"
)


@dataclass(frozen=True, slots=True)
class Amount:
    """One amount: yuan when the unit is “money”, a bare number when it is empty, else a count of the unit."""

    value: Decimal
    start: int
    end: int
    about: bool
    unit: str


@dataclass(frozen=True, slots=True)
class _Found:
    """A number that was met: not clear without one value, timid where it may be part of a word."""

    amount: Amount
    clear: bool = True
    timid: bool = False


def find_amounts(text: str) -> list[Amount]:
    """Find every clear amount in a sentence, in order; ranges and doubtful ones are left out."""
    return [f.amount for f in _scan(flatten(text)) if f.clear and not f.timid]


def read_amount(text: str, *, unit: str = "") -> Amount | None:
    """Read the text as the answer to “how much” or “how many”; None unless exactly one value is meant.

    Money goes before bare numbers, and those before counts. With a unit (“money”, “次”) only amounts in it
    and bare numbers are looked at: “3个平台一共5万” is 5万 as money and 3 as 个.
    """
    flat = flatten(text)
    found = _scan(flat)
    sure = [f for f in found if not f.timid] or [f for f in found if _is_alone(flat, f.amount)]
    units = {f.amount.unit for f in sure}
    if unit == "money" or (not unit and "money" in units):
        group = [f for f in sure if f.amount.unit in ("money", "")]
    elif unit and unit in units:
        group = [f for f in sure if f.amount.unit == unit]
    elif unit or "" in units:
        group = [f for f in sure if f.amount.unit == ""]
    else:
        group = sure
    values = {(f.amount.value, f.amount.unit or "money") for f in group}
    return group[0].amount if len(values) == 1 and all(f.clear for f in group) else None


def _is_alone(flat: str, amount: Amount) -> bool:
    before, after = flat[: amount.start], flat[amount.end :]
    return _FILLER.fullmatch(before) is not None and _FILLER.fullmatch(after) is not None


def _scan(flat: str) -> list[_Found]:
    found: list[_Found] = []
    at = 0
    while start := _NUMBER_STARTS.search(flat, at):
        at = start.start()
        if other := measures.NO_NUMBER.match(flat, at):
            at = other.end()
            continue
        number_at = at + 1 if flat[at] == "¥" else at
        number_at += number_at > at and flat.startswith(" ", number_at)
        number = read_numeral(flat, number_at)
        if number is None:
            at += 1
            continue
        item = _weigh(flat, at, number)
        at = max(number.end, item.amount.end if item else 0)
        if item:
            found.append(item)
    return list(_spoil_ranges(flat, found))


def _weigh(flat: str, start: int, number: Numeral) -> _Found | None:
    """Decide what the number counts, and whether it counts anything."""
    before, after = flat[max(0, start - 14) : start], flat[number.end : number.end + 16]
    written = flat[start : number.end]
    prefixed = number.start > start or _PREFIX.search(before) is not None
    amount = Amount(number.value or Decimal(0), start, number.end, number.about, "money" if prefixed else "")
    if number.value is not None:
        amount = _with_unit(flat, amount, number)
    money = amount.unit == "money"
    if measures.is_labelled(before) and not (money and number.scale > 1):
        return None
    if not amount.unit and measures.counts_nothing(before, after, number, written):
        return None
    if measures.TOGETHER.match(flat, start):
        return None
    amount = _with_about(flat, amount, before, number)
    refused = any(p.search(before) for p in (measures.DENIED, measures.EACH, _FOREIGN_PREFIX))
    if refused or not _is_clear(flat, amount, number):
        unit = _open_unit(after)
        return _Found(replace(amount, unit=unit), clear=False, timid=number.scale == 1 and not unit)
    return _Found(amount, timid=not amount.unit and measures.is_timid(before, written, number))


def _is_clear(flat: str, amount: Amount, number: Numeral) -> bool:
    if number.value is None or measures.FOREIGN.match(flat, number.end):
        return False
    if measures.NOT_EVEN.match(flat, amount.end) and amount.unit == "money" and _is_round(amount.value):
        return False
    if number.words or number.scale > 1:
        exponent = amount.value.normalize().as_tuple().exponent
        return isinstance(exponent, int) and exponent >= -2
    return measures.is_well_grouped(flat, number, money=amount.unit == "money")


def _is_round(value: Decimal) -> bool:
    """One, ten, a hundred …: the sums of “not even”."""
    return value.normalize().as_tuple().digits == (1,)


def _with_about(flat: str, amount: Amount, before: str, number: Numeral) -> Amount:
    if ahead := measures.ABOUT_AFTER.match(flat, amount.end):
        amount = replace(amount, end=ahead.end(), about=True)
        money = measures.MONEY.match(flat, amount.end)
        if money and not amount.unit and number.value is not None:
            amount = replace(amount, end=money.end(), unit="money")
    return replace(amount, about=True) if measures.ABOUT_BEFORE.search(before) else amount


def _with_unit(flat: str, amount: Amount, number: Numeral) -> Amount:
    """Read the unit behind the number, with 角 and 分, 半 and 多."""
    value, end = amount.value, number.end
    if large := measures.LARGE.match(flat, end):
        about = amount.about or "多" in large.group()
        size = 10**8 if large[1] == "亿" else 10**4
        return replace(amount, value=value * size, end=large.end(), about=about, unit="money")
    half = measures.HALF_YUAN.match(flat, end)
    if half:
        value, end = value + Decimal("0.5"), half.end()
    if money := measures.MONEY.match(flat, end):
        more, end = _small_change(flat, money.end())
        return replace(amount, value=value + more, end=end, unit="money")
    if value < 10 and (jiao := measures.JIAO.match(flat, end)):
        return replace(amount, value=value / 10 + _digit(jiao[1]) / 100, end=jiao.end(), unit="money")
    if value < 100 and (cent := measures.CENT.match(flat, end)):
        return replace(amount, value=value / 100, end=cent.end(), unit="money")
    counter = measures.COUNTER.match(flat, end)
    if counter and not _miscounts(flat, amount, counter):
        return _count(amount, counter)
    if number.scale >= 1000 and not number.bare_unit and not measures.is_rate(flat, end):
        return replace(amount, unit="money")
    return amount


def _small_change(flat: str, at: int) -> tuple[Decimal, int]:
    """Read what follows the yuan: 八毛, 五角三分, 五 (of 五块五), 半."""
    if half := measures.HALF_MORE.match(flat, at):
        return Decimal("0.5"), half.end()
    if cents := measures.CENTS.match(flat, at):
        return _digit(cents[1] or cents[3]) / 10 + _digit(cents[2]) / 100, cents.end()
    return Decimal(0), at


def _digit(written: str | None) -> Decimal:
    number = read_numeral(written, 0) if written else None
    return number.value if number and number.value else Decimal(0)


def _miscounts(flat: str, amount: Amount, counter: re.Match[str]) -> bool:
    """5000个人借款, 2000年, 3000只还了: the next word only looks like a counter; 三月 is March."""
    if counter["long"] == "月":
        return not counter.group().startswith("个") and flat[amount.end - 1] != "两"
    if amount.value >= 100 and counter["plain"] in ("个", "只", "回", "家", "名"):
        return counter["plain"] != "个" or flat.startswith("人", counter.end())
    return counter["plain"] == "年" and amount.value > 60


def _count(amount: Amount, counter: re.Match[str]) -> Amount:
    half = Decimal("0.5") if counter["half"] or counter["after"] == "半" else Decimal(0)
    about = amount.about or bool(counter["odd"]) or counter["after"] == "多"
    unit = counter["long"] or counter["plain"]
    unit = measures.UNIT_NAMES.get(unit, unit)
    return replace(amount, value=amount.value + half, end=counter.end(), about=about, unit=unit)


def _open_unit(after: str) -> str:
    """The unit of an open number, so that 两三天 does not spoil the 5000 beside it."""
    counter = measures.COUNTER.match(after)
    return (counter["long"] or counter["plain"]) if counter else ""


def _spoil_ranges(flat: str, found: list[_Found]) -> Iterator[_Found]:
    """Two numbers joined by 到, -, + or run together (3个2000) are neither of them the amount."""
    spoiled: set[int] = set()
    for i, (left, right) in enumerate(pairwise(found)):
        between = flat[left.amount.end : right.amount.start]
        listed = _LISTED.fullmatch(between) and left.amount.value < 10 and not left.amount.unit
        if _RANGE.fullmatch(between) or listed or (not between and left.amount.unit == "个"):
            spoiled |= {i, i + 1}
    for i, item in enumerate(found):
        if i not in spoiled:
            yield item
        elif item.amount.unit or not item.timid:
            yield replace(item, clear=False)


_A_DAY = re.compile(
    r"(?:[一每]天|天天|[一每]日)[能就都要得有打发来给我找收到大概差不多少说至]{0,6}"
    r"(?:[0-9]+|[一二两三四五六七八九十百几])[0-9一二两三四五六七八九十百几多来]*(?:次|个|条|通|遍|回|$)"
    r"|[0-9]+ (?:[a-z]+ ){0,2}(?:a|per|every|each) day\b",
    re.IGNORECASE,
)
_IN_ALL = re.compile(r"一共|总共|前后|加起来|拢共|合起来|in (?:all|total)|altogether")


def counts_a_day(text: str) -> bool:
    """Tell whether a count is that of each day (一天七八个), which is no total."""
    return _A_DAY.search(text) is not None and not _IN_ALL.search(text)
