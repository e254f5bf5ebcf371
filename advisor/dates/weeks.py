"""Weeks and weekdays: 上周三, 这周, 周五, 上周末; a Chinese week begins on Monday."""

import re
from datetime import date, timedelta

from advisor.dates.days import Days, Sense, Spoken, one_day

_FIGURES = str.maketrans("123456天", "一二三四五六日")
_ALSO_WEEKDAY = re.compile("[二三四五六日](?![点时个次千百万十月号])")  # 周六日, 周三四


def read_week(said: re.Match[str], sense: Sense) -> Spoken:
    """Read 上周三, 这周, 周五; a bare weekday that is today's is unclear, for people say 今天."""
    word = said["rel"] or ""
    monday = sense.today - timedelta(days=sense.today.weekday(), weeks=word.count("上") - word.count("下"))
    weekday = said.groupdict().get("w")
    if weekday is None:
        last = monday + timedelta(days=6)
        return Spoken(Days(monday, last if word[0] in "上下" else sense.today), said.end(), wide=True)
    index = 5 if weekday == "末" else "一二三四五六日".find(weekday.translate(_FIGURES))
    if _ALSO_WEEKDAY.match(said.string, said.end()):
        return Spoken(None, said.end() + 1, loose=True)
    if word:
        day: date | None = monday + timedelta(days=index)
    elif (sense.after or sense.today).weekday() == index and not sense.after:
        return Spoken(None, said.end(), loose=True)
    else:
        base = sense.after or sense.today
        around = base - timedelta(days=base.weekday()) + timedelta(days=index)
        day = sense.choose([around + timedelta(weeks=i) for i in (-1, 0, 1)])
    if day and weekday == "末":
        return Spoken(Days(day, day + timedelta(days=1)), said.end(), not word)
    return Spoken(one_day(day), said.end(), not word)
