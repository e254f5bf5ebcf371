"""Takes from a message what the talk would otherwise have to ask: lender, amount, days, the worst words.

Each fact keeps the words it was read from, so that it can be read back to the person before it is used.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING

from advisor.amounts import find_amounts
from advisor.message import Sms

if TYPE_CHECKING:
    from advisor.readings import Finding

_SENTENCE_END = "。！？!?；;\n】"
LONGEST_QUOTE = 60  # characters kept on each side of the worst words
_SIGNATURE = re.compile(r"[【\[〖]([^】\]〗\n]{2,16})[】\]〗]")
_SELF = re.compile(
    r"(?:我是|我们是|这里是)([一-鿿A-Za-z]{2,10}?(?:金融|银行|小贷|贷款|借款|分期|钱包|白条|消金|信用卡中心))"
)
_PLATFORM = re.compile(r"(?:您|你)?(?:在|于)([一-鿿A-Za-z]{2,10}?)(?:的|申请的?|办理的?)(?:借款|贷款|账单|欠款|分期)")
_NO_LENDER = re.compile("提醒|通知|警告|公安|法院|律师|调解|催|紧急|重要|检察|仲裁|某|X|x|[*＊]")
_OWED = re.compile(r"应还|待还|需还|欠|逾期|结清|本息|剩余|账单|金额|还款|本金|合计|共|贷款|借款|还")
_NOT_OWED = re.compile(r"最低|减免|手续费|优惠|额度|已还|首期|罚息|逾期费|违约金|收费|分[0-9]")
_LATE_FOR = re.compile(r"逾期(?:已经?|了|达|超过)?\s?([0-9]{1,4})\s?(?:天|日)")
_DAY = re.compile(r"(?:(20[0-9]{2})[年/-])?([0-9]{1,2})[月/-]([0-9]{1,2})[日号]?")
_HEARING = re.compile(r"[^。！？；\n，]{0,12}(?:开庭|到庭|出庭|庭审|应诉)")
_BY = re.compile(r"前|之前|截止|还款日|到期|以前|最后")


@dataclass(frozen=True, slots=True)
class SmsFact:
    """A value read in a message, with the words it stands on; `about` when it is only approximate."""

    value: str | Decimal | date
    quote: str
    about: bool = False


def read_facts(sms: Sms, text: str, findings: "tuple[Finding, ...]", now: datetime) -> Mapping[str, SmsFact]:
    """Read the facts of a message that presses for a debt."""
    facts: dict[str, SmsFact] = {}
    if sms.sender:
        facts["sender"] = SmsFact(sms.sender, sms.sender)
    if lender := _lender(text):
        facts["lender"] = lender
    if amount := _amount(text):
        facts["amount"] = amount
    today = (sms.received_at or now).date()
    late = _LATE_FOR.search(text)
    if late and int(late.group(1)) < 3650:
        facts["overdue_on"] = SmsFact(today - timedelta(days=int(late.group(1))), late.group(0), about=True)
    if deadline := _deadline(text, today):
        facts["deadline"] = deadline
    if findings:
        worst = _sentence(text, findings[0].start, findings[0].end)
        facts["words"] = SmsFact(worst, findings[0].quote)
    return MappingProxyType(facts)


def read_hearing(text: str, today: date) -> Mapping[str, SmsFact]:
    """Read on which day a court is said to sit: the day that stands just before the word for it, or just after."""
    for match in _DAY.finditer(text):
        after, before = text[match.end() : match.end() + 20], text[max(0, match.start() - 8) : match.start()]
        if (_HEARING.match(after) or re.search("开庭", before)) and (day := _day(match, today)):
            return MappingProxyType({"hearing_on": SmsFact(day, match.group(0))})
    return MappingProxyType({})


def _sentence(text: str, start: int, end: int) -> str:
    """Give the whole sentence that holds a quote, so that words are not quoted out of their sense."""
    begin = max((text.rfind(sign, 0, start) for sign in _SENTENCE_END), default=-1) + 1
    stops = [at for at in (text.find(sign, end) for sign in _SENTENCE_END) if at >= 0]
    return text[max(begin, start - LONGEST_QUOTE) : min([*stops, end + LONGEST_QUOTE, len(text)])].strip()


def _lender(text: str) -> SmsFact | None:
    for match in (*_SIGNATURE.finditer(text), *_SELF.finditer(text), *_PLATFORM.finditer(text)):
        name = match.group(1).strip()
        if name and not _NO_LENDER.search(name):
            return SmsFact(name, match.group(0))
    return None


def _amount(text: str) -> SmsFact | None:
    """Choose the amount that is owed: the one that follows a word for owing, the largest of equals.

    A number without its unit is a sum only behind such a word, and never as a piece of a longer one (1⑧⑧2333④).
    """
    best: tuple[int, Decimal] | None = None
    fact = None
    for one in find_amounts(text[:2_000]):
        before = text[max(0, one.start - 12) : one.start]
        if one.unit not in ("money", "") or one.value <= 0 or (not one.unit and not _OWED.search(before)):
            continue
        if text[max(0, one.start - 1) : one.start].isdigit() or text[one.end : one.end + 1].isdigit():
            continue
        rank = (2 if _OWED.search(before) else 0) - (2 if _NOT_OWED.search(before[-6:]) else 0)
        if best is None or (rank, one.value) > best:
            best = (rank, one.value)
            fact = SmsFact(one.value, text[one.start : one.end], one.about)
    return fact if best and best[0] >= 0 else None


def _deadline(text: str, today: date) -> SmsFact | None:
    for match in _DAY.finditer(text):
        if _BY.search(text[max(0, match.start() - 6) : match.end() + 3]) and (day := _day(match, today)):
            return SmsFact(day, match.group(0))
    return None


def _day(match: re.Match[str], today: date) -> date | None:
    """Give the day that is meant; without a year it is not long ago."""
    year, month, day = match.groups()
    try:
        found = date(int(year) if year else today.year, int(month), int(day))
        return found.replace(year=today.year + 1) if not year and (today - found).days > 180 else found
    except ValueError:
        return None
