"""Since when a debt is overdue: 逾期三个月 counted back, 8月15号逾期的, 上个月就到期了."""

import re
from dataclasses import replace
from datetime import date

from advisor.dates.days import Days
from advisor.dates.mentions import DayMention
from advisor.dates.periods import Period, before, periods_in
from advisor.dates.reading import find_days
from advisor.numerals import flatten

_OVERDUE = r"(?:逾期|拖欠|断供|超期|过期|没还|未还|没有还|还不上|还不起|晚还|欠款?|拖|断|晚|迟)"
_OVERDUE_FOR = re.compile(
    rf"{_OVERDUE}(?:了|已经?|有|大概|大约|差不多|快|将近|接近|约|超过|不到|时间|时长|天数"
    r"|都|也|得|是|:|\s|我|至今|到现在){0,4}$"
)
_UNPAID_AFTER = re.compile(
    r"\s?(?:了|都|多|左右|已经|我|一直){0,3}(?:逾期|没还|没有还|未还|没钱还|没能?还|还不上|没交)"
)
_FELL_DUE = re.compile(
    r"\s?(?:的时候|时|的|就|已经|开始|没还|那天|还款|应该|账单){0,4}"
    r"(?:逾期|到期|该还|应还|没还|未还|还不[上起了]|断供|没能还|没按时|没交|还款日|断的)"
)
_DUE_BEFORE = re.compile(
    r"(?:逾期|到期|应还|该还|还款)(?:日|日期|时间|款日|开始)?(?:是|在|为|于|从|:|\s|自|了)?(?:大概|大约)?(?:从|是|在|自)?$"
)
_NOT_OVERDUE = re.compile(
    "(?:没有?|未|不会?|即将|快要?|马上|将要|将会)逾期|还[有差].{0,8}(?:到期|逾期|还款)|再过|逾期前"
)
_ONLY_A_LENGTH = re.compile(r"(?:[\s，。！!、了吧的呢啊呀哦多是有快大概约差不左右已经都超过至少将近])*")


def overdue_since(text: str, today: date) -> DayMention | None:
    """Tell the day the debt fell due: said as a date, or counted back from a length (then about)."""
    flat = flatten(text)[:400]
    if _NOT_OVERDUE.search(flat):
        return None
    counted = [p for p in periods_in(flat) if _is_overdue_length(flat, p)]
    if len({(p.months, p.days) for p in counted}) == 1:
        period = counted[0]
        day = before(today, period)
        return DayMention(Days(day, day, about=True), period.start, period.end)
    if counted:
        return None
    dated = [m for m in find_days(text[:400], today) if _fell_due_on(flat, m)]
    if len({m.days for m in dated}) != 1 or dated[0].side == "before":
        return None
    mention = dated[0]
    if mention.days.first > today:
        return None
    about = mention.days.about or mention.days.first != mention.days.last or mention.side == "after"
    return replace(mention, days=replace(mention.days, about=about), side="on")


def _is_overdue_length(flat: str, period: Period) -> bool:
    alone = _ONLY_A_LENGTH.fullmatch(flat, 0, period.start) and _ONLY_A_LENGTH.fullmatch(flat, period.end)
    return bool(alone or _OVERDUE_FOR.search(flat[: period.start]) or _UNPAID_AFTER.match(flat, period.end))


def _fell_due_on(flat: str, mention: DayMention) -> bool:
    written = flat[mention.start : mention.end]
    if flat.endswith("逾期", 0, mention.start) and re.fullmatch("[^年号日个]{1,3}月", written):
        return False  # 逾期3月: March, or three months?
    alone = _ONLY_A_LENGTH.fullmatch(flat, 0, mention.start) and _ONLY_A_LENGTH.fullmatch(flat, mention.end)
    return bool(alone or _FELL_DUE.match(flat, mention.end) or _DUE_BEFORE.search(flat[: mention.start]))
