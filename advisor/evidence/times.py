"""The time beside a message, as phones write it: in milliseconds, as ISO 8601, or as people do."""

import re
from datetime import UTC, datetime, time

from advisor.clock import SHANGHAI
from advisor.dates import read_day
from advisor.english import in_figures

LONGEST = 60  # characters
_COUNTED = re.compile(r"[0-9]{10}(?:[0-9]{3})?")
_WEEKDAY = re.compile(r"[(（,，]?\s*(?:星期|周|礼拜)[一二三四五六日天]\s*[)）,，]?")
_AFTERNOON = re.compile(r"([0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)\s*([ap])\.?m\b\.?", re.IGNORECASE)
_LATIN = re.compile("[A-Za-z]")  # only then a month can be named in English
_SECONDS = re.compile(r"[0-9]:[0-9]{2}:([0-5][0-9])")


def since_1970(count: int) -> datetime | None:
    """Read milliseconds since 1970 in UTC (seconds, where it would be before 1973); None when no clock shows it."""
    seconds = count / 1000 if abs(count) >= 100_000_000_000 else count
    try:
        return datetime.fromtimestamp(seconds, UTC).astimezone(SHANGHAI) if count > 0 else None
    except (OverflowError, OSError, ValueError):
        return None


def read_time(text: str, now: datetime) -> tuple[datetime | None, bool]:
    """Read a time, in Shanghai where no other zone is told, and whether only the day is known; None when unclear."""
    text = text.strip()[:LONGEST]
    if _COUNTED.fullmatch(text):
        return since_1970(int(text)), False
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return _as_people_write(text, now)
    try:
        return at.astimezone(SHANGHAI) if at.tzinfo else at.replace(tzinfo=SHANGHAI), len(text) <= len("2026-11-23")
    except OverflowError:
        return None, False


def _as_people_write(text: str, now: datetime) -> tuple[datetime | None, bool]:
    text = _WEEKDAY.sub(" ", text)
    text = _AFTERNOON.sub(lambda said: ("上午" if said[2] in "aA" else "下午") + said[1], text)
    said = read_day(in_figures(text) if _LATIN.search(text) else text, now.date())
    if said is None or said.days.about or said.side != "on":
        return None, False
    seconds = _SECONDS.search(text)
    clock = (said.clock or time()).replace(second=int(seconds[1]) if seconds and said.clock else 0)
    return datetime.combine(said.days.first, clock, SHANGHAI), said.clock is None
