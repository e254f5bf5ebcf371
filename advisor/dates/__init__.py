"""Days, stretches of days and lengths of time in what people type, and since when a debt is overdue.

days (the calendar) → words, weeks, holidays, ago, clock, periods (one expression) → mentions (all of a text, spans
joined) → reading, overdue (what an answer means).
"""

from advisor.dates.days import Days, later
from advisor.dates.mentions import DayMention
from advisor.dates.overdue import overdue_since
from advisor.dates.periods import Period, find_periods, read_period
from advisor.dates.reading import find_days, read_day, read_days, read_until

__all__ = [
    "DayMention", "Days", "Period", "find_days", "find_periods", "later", "overdue_since", "read_day", "read_days",
    "read_period", "read_until",
]  # fmt: skip
