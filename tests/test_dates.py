"""Days, stretches and lengths of time are heard as people say them; the doubtful ones are asked again."""

import contextlib
import importlib
import io
import warnings
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from advisor.dates import (
    DayMention,
    Days,
    Period,
    find_days,
    find_periods,
    overdue_since,
    read_day,
    read_days,
    read_period,
)
from advisor.dates.holidays import MOVING, holiday_in

TODAY = date(2026, 11, 23)  # a Monday
TABLE: dict[str, dict[str, Any]] = yaml.load(
    (Path(__file__).parent / "dates.yaml").read_text("utf-8"), Loader=yaml.BaseLoader
)
SIGNS = (
    "零一二三四五六七八九十两廿半几0123456789上下这本去今前明年月日号天周星期礼拜个初中底末旬到至现在昨晚早点分"
    ".-/:：、，和国庆双逾期没还多左右之以后每 \n"
)


def told_days(days: Days | None) -> str:
    if days is None:
        return "-"
    stretch = f"{days.first}" if days.first == days.last else f"{days.first}..{days.last}"
    return ("约" if days.about else "") + stretch


def told(mention: DayMention | None) -> str:
    if mention is None:
        return "-"
    return told_days(mention.days) + (f" {mention.clock:%H:%M}" if mention.clock else "")


def told_period(period: Period | None) -> str:
    if period is None:
        return "-"
    parts = [f"{n}{sign}" for n, sign in ((period.months, "m"), (period.days, "d")) if n]
    return ("约" if period.about else "") + " ".join(parts)


@pytest.mark.parametrize(("said", "heard"), TABLE["day"].items())
def test_one_day_is_heard_as_meant(said: str, heard: str) -> None:
    assert told(read_day(said, TODAY)) == heard


@pytest.mark.parametrize(("said", "heard"), TABLE["next"].items())
def test_a_day_to_come_is_the_next_one(said: str, heard: str) -> None:
    assert told(read_day(said, TODAY, future=True)) == heard


@pytest.mark.parametrize(("said", "heard"), TABLE["days"].items())
def test_a_stretch_of_days_is_heard_from_its_first_to_its_last(said: str, heard: str) -> None:
    assert told_days(read_days(said, TODAY)) == heard


@pytest.mark.parametrize(("said", "heard"), TABLE["found"].items())
def test_every_day_of_a_sentence_is_found(said: str, heard: list[str]) -> None:
    assert [told(m) for m in find_days(said, TODAY)] == heard


@pytest.mark.parametrize(("said", "heard"), TABLE["period"].items())
def test_a_length_of_time_is_heard_as_meant(said: str, heard: str) -> None:
    assert told_period(read_period(said)) == heard


@pytest.mark.parametrize(("said", "heard"), TABLE["overdue"].items())
def test_since_when_a_debt_is_overdue(said: str, heard: str) -> None:
    assert told(overdue_since(said, TODAY)) == heard


def test_before_and_after_a_day_are_not_that_day() -> None:
    assert [m.side for m in find_days("10月3号之前、10月8号起、10月9号", TODAY)] == ["before", "after", "on"]


def test_the_place_of_a_day_is_that_of_the_original_text() -> None:
    [mention] = find_days("他说１０月３号晚上１１点半打的", TODAY)
    assert (mention.start, mention.end) == (2, 13)


WAYS = ("{y}年{m}月{d}日", "{y}-{m:02}-{d:02}", "{y}/{m}/{d}", "{y}.{m}.{d}", "{y}{m:02}{d:02}", "{y}年{m}月{d}号")


@pytest.mark.parametrize("way", WAYS)
@given(day=st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_every_full_date_reads_back(way: str, day: date) -> None:
    said = way.format(y=day.year, m=day.month, d=day.day)
    assert read_days(said, TODAY) == Days(day, day)


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.integers(1, 12), st.integers(1, 31))
def test_a_day_without_a_year_is_never_in_the_future_and_never_a_year_gone(today: date, month: int, day: int) -> None:
    mention = read_day(f"{month}月{day}号", today)
    if mention:
        gone = today - mention.days.first
        assert timedelta() <= gone < timedelta(days=366) or (month, day) == (2, 29)  # that of the last leap year
        assert (mention.days.first.month, mention.days.first.day) == (month, day)


@given(st.one_of(st.text(), st.text(SIGNS, max_size=40)), st.dates(date(2000, 1, 1), date(2090, 1, 1)))
def test_no_text_raises_and_mentions_lie_inside_without_overlap(text: str, today: date) -> None:
    for found in (find_days(text, today), find_periods(text)):
        edges = [edge for m in found for edge in (m.start, m.end)]
        assert edges == sorted(edges) and all(0 <= e <= len(text) for e in edges)
    assert all(m.days.first <= m.days.last for m in find_days(text, today))
    read_days(text, today)
    overdue_since(text, today)
    read_day(text, today, future=True)


@pytest.mark.parametrize("hostile", ["1", "一", "1-", "上", "10月3号", "1号到", "逾期三个月", "\ud800", "\u202e3月"])
def test_a_hostile_length_is_read_to_its_end(hostile: str) -> None:
    find_days(hostile * 20_000, TODAY)
    find_periods(hostile * 20_000)
    overdue_since(hostile * 20_000, TODAY)


def jionlp_days(said: str) -> tuple[date, date] | None:
    """Give the days jionlp reads, without what it prints when it is imported."""
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        jionlp = importlib.import_module("jionlp")
        try:
            read = jionlp.parse_time(said, time_base=datetime(2026, 11, 23, 15).timestamp())
            if read["type"] not in ("time_point", "time_span"):
                return None
            first, last = (date.fromisoformat(moment[:10]) for moment in read["time"])
        except ValueError:
            return None
    return first, last


# jionlp takes 一周前 for the whole week, 半个月前 for a month; it knows no Cantonese and no “not yesterday”
OWN_WAY = (
    "周前", "星期前", "半个月", "个月前", "半年前", "一年前", "小时前", "半夜", "凌晨", "晚上", "琴日", "寻晚", "琴晚",
    "不是",
)  # fmt: skip


def test_jionlp_agrees_on_plain_days() -> None:
    agreed = 0
    for said, heard in TABLE["day"].items():
        if heard == "-" or heard.startswith("约") or any(words in said for words in OWN_WAY):
            continue
        theirs = jionlp_days(said)
        ours = read_day(said, TODAY)
        if theirs and theirs[0] == theirs[1] and theirs[0] <= TODAY and ours:
            assert (ours.days.first, ours.days.last) == theirs, said
            agreed += 1
    assert agreed >= 40


@pytest.mark.parametrize(("name", "year"), [(n, y) for n, years in MOVING.items() for y in years])
def test_jionlp_agrees_on_the_feasts_of_the_moon(name: str, year: int) -> None:
    day = holiday_in(name, year)
    assert day is not None and jionlp_days(f"{year}年{name}节") == (day, day)
