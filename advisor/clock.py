"""The time in Shanghai, by which days are counted."""

from datetime import datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def shanghai_now() -> datetime:
    """Tell the time in Shanghai."""
    return datetime.now(SHANGHAI)
