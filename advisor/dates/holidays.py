"""The holidays that people date things by (国庆, 双十一, 去年中秋), and on which day each fell."""

from datetime import date, timedelta

# The same day every year: name -> month, day.
SOLAR = {
    "元旦": (1, 1), "情人节": (2, 14), "三八妇女": (3, 8), "妇女节": (3, 8), "五一": (5, 1), "劳动节": (5, 1),
    "六一": (6, 1), "儿童节": (6, 1), "教师节": (9, 10), "国庆": (10, 1),
    "双十一": (11, 11), "双11": (11, 11), "双十二": (12, 12), "双12": (12, 12), "平安夜": (12, 24),
    "圣诞": (12, 25),
}  # fmt: skip

# By the moon, or by the sun's longitude: a year that is not here is not guessed.
MOVING = {
    "春节": {2023: (1, 22), 2024: (2, 10), 2025: (1, 29), 2026: (2, 17), 2027: (2, 6)},
    "元宵": {2023: (2, 5), 2024: (2, 24), 2025: (2, 12), 2026: (3, 3), 2027: (2, 20)},
    "清明": {2023: (4, 5), 2024: (4, 4), 2025: (4, 4), 2026: (4, 5), 2027: (4, 5)},
    "端午": {2023: (6, 22), 2024: (6, 10), 2025: (5, 31), 2026: (6, 19), 2027: (6, 9)},
    "中秋": {2023: (9, 29), 2024: (9, 17), 2025: (10, 6), 2026: (9, 25), 2027: (9, 15)},
}

# Other names, and days counted from a feast: name -> feast, days after it.
NAMED_AFTER = {
    "除夕": ("春节", -1), "大年三十": ("春节", -1), "年三十": ("春节", -1), "年三十晚": ("春节", -1),
    "大年夜": ("春节", -1), "过年": ("春节", 0),
    "过完年": ("元宵", 0), "过了年": ("元宵", 0), "年后": ("元宵", 0),
    "大年初一": ("春节", 0), "大年初二": ("春节", 1), "大年初三": ("春节", 2), "大年初四": ("春节", 3),
    "大年初五": ("春节", 4), "大年初六": ("春节", 5), "大年初七": ("春节", 6), "大年初八": ("春节", 7),
    "正月初一": ("春节", 0), "正月十五": ("元宵", 0), "端阳": ("端午", 0),
}  # fmt: skip

# “last year's” eve may be of the old calendar's year or of the new one's: with a year it is unclear.
EVES = {name for name, (_, after) in NAMED_AFTER.items() if after < 0}

NAMES = sorted({*SOLAR, *MOVING, *NAMED_AFTER}, key=len, reverse=True)

# How many days people mean by “the holiday” (国庆那几天, 春节期间); one day on each side for the others.
LASTS = {"国庆": 7, "春节": 7, "五一": 5, "劳动节": 5, "元旦": 3}


def holiday_in(name: str, year: int) -> date | None:
    """Give the day on which the holiday fell in that year; None when that is not known here."""
    feast, after = NAMED_AFTER.get(name, (name, 0))
    day = SOLAR.get(feast) or MOVING.get(feast, {}).get(year)
    return date(year, *day) + timedelta(days=after) if day else None


def days_off(name: str, first: date) -> tuple[date, date]:
    """Give the days meant by “around the holiday”."""
    feast = NAMED_AFTER.get(name, (name, 0))[0]
    if feast in LASTS:
        return first, first + timedelta(days=LASTS[feast] - 1)
    return first - timedelta(days=1), first + timedelta(days=1)
