"""The time of day as people say it: 晚上11点, 半夜两点, 昨晚十点二十, 21:05."""

import re
from dataclasses import dataclass
from datetime import time

from advisor.numerals import read_whole

PARTS = "大?半夜|凌晨|清晨|清早|大?早上|早晨|上午|中午|下午|傍晚|大?晚上|夜里|夜晚|深夜|午夜|当晚|晚|早"
_HOUR = r"[0-9]{1,2}|[一二两三四五六七八九十零]{1,3}"
_TIME = re.compile(
    rf"的?(?:那天|当天)?[t\s]?(?P<part>{PARTS})?(?:的?\s?(?:大概|差不多|快|约)?(?:"
    rf"(?P<hour>{_HOUR})(?:点钟?|时(?![候间]))(?![一]?[点些下直])"
    r"(?:(?P<half>半)|(?P<quarter>[一三])刻"
    r"|(?P<minute>[0-9]{1,2}|[零一二三四五六七八九十]{1,3})(?:分(?!期)|(?![0-9一二三四五六七八九十百千万wk个条元块次]))"
    r"|整|多|左右|许)?"
    r"|(?P<hh>[0-9]{1,2}):(?P<mm>[0-9]{2})(?::[0-9]{2})?(?![0-9])))?"
)
_NIGHT = ("半夜", "大半夜", "夜里", "夜晚", "深夜", "午夜", "晚上", "大晚上", "当晚", "晚")
_AFTERNOON = ("下午", "傍晚")
_SMALL_HOURS = ("凌晨", "半夜", "大半夜", "午夜", "夜里", "深夜")


@dataclass(frozen=True, slots=True)
class Clock:
    """A part of the day and, when it was said, the time; `after_midnight` when the night had turned."""

    at: time | None
    part: str
    end: int
    after_midnight: bool = False


def read_clock(flat: str, at: int, part: str = "") -> Clock:
    """Read the part of the day and the time that begin here; `part` is one already said (昨晚, 今早)."""
    said = _TIME.match(flat, at)
    if said is None or said.end() == at or not (said["part"] or said["hour"] or said["hh"]):
        return Clock(None, part, at)
    part = said["part"] or part
    hour = read_whole(said["hour"] or said["hh"]) if said["hour"] or said["hh"] else None
    minute = _minute(said)
    if hour is None or minute is None:
        return Clock(None, part, said.end())
    turned = _on_24(hour, part, exact=bool(said["hh"]))
    if turned is None or minute > 59:
        return Clock(None, part, said.end())
    after_midnight = part in _NIGHT and turned < 6
    return Clock(time(turned, minute), part, said.end(), after_midnight)


def _minute(said: re.Match[str]) -> int | None:
    if said["half"]:
        return 30
    if said["quarter"]:
        return 15 if said["quarter"] == "一" else 45
    if said["mm"]:
        return int(said["mm"])
    return read_whole(said["minute"].lstrip("零") or "零") if said["minute"] else 0


def _on_24(hour: int, part: str, *, exact: bool) -> int | None:
    """Give the hour of 24; None where it does not exist or morning and evening cannot be told apart."""
    if hour > 24 or (hour == 24 and part not in _NIGHT):
        return None
    if hour in (0, 24):
        return 0
    if hour > 12:
        return hour if part not in ("早上", "上午", "凌晨", "清晨", "早", "早晨", "清早") else None
    if part in _AFTERNOON:
        return hour % 12 + 12
    if part in _NIGHT:
        late = 6 if part in _SMALL_HOURS else 5
        return 0 if hour == 12 else hour + 12 if hour >= late else hour
    if part == "中午":
        return hour + 12 if hour <= 3 else hour
    if part == "凌晨":
        return hour % 12
    return hour if part or exact else None


def is_night(part: str, at: time | None) -> bool:
    """Tell whether a part of the day lies so late that the day before or after may be meant."""
    return part in _NIGHT and (at is None or at.hour >= 18 or at.hour < 6)
