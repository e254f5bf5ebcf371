"""A stretch of days, and the sums with months and years that the calendar makes awkward."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Days:
    """A stretch of calendar days, both ends included; one day when first and last are the same."""

    first: date
    last: date
    about: bool = False


@dataclass(frozen=True, slots=True)
class Spoken:
    """An expression that was met: its days (None: impossible or unclear), its end, what it leaves open."""

    days: Days | None
    end: int
    loose: bool = False  # no year or no month was said, so the neighbour in “A到B” may decide
    part: str = ""  # a part of the day inside the word: 昨晚, 今早
    wide: bool = False  # a week, a month, a year: never meant as one day, even when cut at today


@dataclass(frozen=True, slots=True)
class Sense:
    """How an open expression is taken: the last one gone, the next to come, or the first after a day."""

    today: date
    future: bool = False
    after: date | None = None

    def choose(self, candidates: list[date]) -> date | None:
        """Pick the day meant among the same day of several years, months or weeks."""
        if self.after or self.future:
            start = self.after or self.today
            return min((d for d in candidates if d >= start), default=None)
        return max((d for d in candidates if d <= self.today), default=None)


def back(day: date, months: int) -> date:
    """Go back (or, below zero, forward) by months; a day the month does not have becomes its last."""
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(index, 12)
    if not 1 <= year <= 9998:
        return day
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def later(day: date, days: int = 0, months: int = 0, years: int = 0) -> date:
    """Give the day that many days, months and years later; the 31st becomes the last day of a shorter month."""
    return back(day, -(months + 12 * years)) + timedelta(days=days)


def whole_month(year: int, month: int) -> Days:
    """Give all days of a month."""
    return Days(date(year, month, 1), date(year, month, monthrange(year, month)[1]))


def make_day(year: int, month: int, day: int) -> date | None:
    """Give the day, or None when the calendar has none such."""
    if not (1900 <= year <= 2100 and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]):
        return None
    return date(year, month, day)


def one_day(day: date | None) -> Days | None:
    """Give the stretch that is this one day."""
    return Days(day, day) if day else None
