"""Writes the values in an English sentence as the readers of values know them: 3 months ago → 3个月前, 35k → 35000元.

Words between the values stay as they are, so that phrases are still heard. Numbers in words are read by text2num.
"""

import re
from collections.abc import Callable
from decimal import Decimal

from text_to_num import alpha2digit

_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_DAYS = {"mon": "一", "tue": "二", "wed": "三", "thu": "四", "fri": "五", "sat": "六", "sun": "日"}
_SHORT_MONTH = "jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec"
_MONTH = rf"(?P<month>(?:{'|'.join(_MONTHS)}|{_SHORT_MONTH})\b)\.?"
_DAY = r"(?P<day>[0-3]?[0-9])(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)[0-9]{2})"
_N = r"(?P<n>[0-9]+(?:\.[0-9]+)?)"
_UNITS = {
    "day": "天", "week": "周", "month": "个月", "year": "年", "hour": "小时", "minute": "分钟", "time": "次",
    "call": "次",
    "message": "条", "text": "条", "sms": "条", "people": "人", "instalment": "期", "installment": "期",
    "debt": "笔", "loan": "笔", "credit card": "张", "card": "张", "app": "家", "platform": "家", "lender": "家",
    "bank": "家", "company": "家", "companies": "家",
}  # fmt: skip
_UNIT = rf"(?P<unit>{'|'.join(sorted(_UNITS, key=len, reverse=True))})s?"
_RATE = {"day": "日", "daily": "日", "month": "月", "monthly": "月", "year": "年", "annum": "年", "annual": "年",
         "annually": "年", "yearly": "年", "apr": "年"}  # fmt: skip
_SIZE = {"k": 1000, "thousand": 1000, "million": 1_000_000, "grand": 1000}
_PART = {
    "early": "初",
    "beginning of": "初",
    "start of": "初",
    "mid": "中旬",
    "middle of": "中旬",
    "late": "底",
    "end of": "底",
}
_WHICH = {"last": "上周", "next": "下周", "this": "这周", "on": "这周", "since": "从这周", "from": "从这周"}
_MONTHS_NEAR = {"last": "上个月", "this": "这个月", "next": "下个月"}
LEAST_ALONE = 1.5  # from which a number in words is one: “no one” and “one of them” count nothing
_ONE_DAY, _ANOTHER = "(?<=[日号月年前天一二三四五六])", "(?=[0-9今昨前去上这本])"
_MONEY_WORD = r" ?(?:yuan|rmb|cny|kuai|renminbi)\b"
Rule = tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]


def _rules(*written: tuple[str, str | Callable[[re.Match[str]], str]]) -> tuple[Rule, ...]:
    return tuple((re.compile(pattern, re.IGNORECASE), change) for pattern, change in written)


def _unit(said: re.Match[str]) -> str:
    return _UNITS[said["unit"].lower()]


def _month(named: str) -> int:
    return next(number for number, name in enumerate(_MONTHS, 1) if name.startswith(named.lower()[:3]))


def _date(said: re.Match[str]) -> str:
    """Write a month, with its day and its year as far as they are said."""
    found = said.groupdict()
    shift = {"last": "去年", "this": "今年", "next": "明年"}.get((found.get("which") or "").lower(), "")
    year = f"{found['year']}年" if found.get("year") else shift
    day = f"{int(found['day'])}日" if found.get("day") else ""
    part = _PART.get((found.get("part") or "").lower(), "")
    return f"{year}{_month(found['month'])}月{day}{part}"


def _days_of_month(said: re.Match[str]) -> str:
    """Write 3 to 9 November."""
    month = _month(said["month"])
    return f"{month}月{said['first']}日到{month}月{said['day']}日"


def _day_near(said: re.Match[str]) -> str:
    """Write the 15th of last, this or next month."""
    return f"{_MONTHS_NEAR[said['which'].lower()]}{said['day']}号"


def _times(said: re.Match[str]) -> str:
    value = Decimal(said["n"].replace(",", "")) * _SIZE[said["size"].lower()]
    return f"{value.normalize():f}"


def _sum(said: re.Match[str]) -> str:
    return said["n"].replace(",", "") + ("元" if said["sign"] or said["money"] else "")


# before numbers in words are read: what would be torn apart by it
_WHOLE = _rules(
    (r"\bhalf (?:a|of a|the) year\b", "6个月"),
    (r"\ba year and a half\b", "18个月"),
    (r"\b(?P<n>[a-z]+) and a half\b", lambda said: f"{alpha2digit(said['n'], 'en', threshold=LEAST_ALONE)} and a half"),
    (r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))", ""),
    (rf"{_N} ?(?P<size>k|thousand|million|grand)\b", _times),
    (
        rf"{_N} ?(?:%|percent\b|per cent\b)(?: interest)? ?(?:(?:a|per|each|every|/) ?)?"
        r"(?P<per>day|daily|month|monthly|year|yearly|annum|annual|annually|apr)\b",
        lambda said: f"{_RATE[said['per'].lower()]}利率{said['n']}%",
    ),
    (r"\b(?:a|per|each|every) month\b(?! ago)", "每月"),
    (r"\b(?:an?|one)(?= (?:day|week|month|year|time|call|message|text)s?\b)", "1"),
    (r"\ban? (?=hundred|thousand|million)", "one "),
)
_WRITTEN = _rules(
    (r"\bthe day before yesterday\b", "前天"),
    (r"\b(?:last night|yesterday (?:night|evening))\b", "昨晚"),
    (r"\byesterday and today\b", "昨天到今天"),
    (r"\byesterday\b", "昨天"),
    (r"\b(?:today|tonight|this (?:morning|afternoon|evening))\b", "今天"),
    (r"\bthe day after tomorrow\b", "后天"),
    (r"\btomorrow\b", "明天"),
    (rf"\b(?P<part>early|late|mid|(?:beginning|start|middle|end) of)[- ](?:the month of )?{_MONTH}", _date),
    (
        rf"\b(?P<first>[0-3]?[0-9])(?:st|nd|rd|th)? ?(?:to|-|–|and|until|till) ?{_DAY} {_MONTH}",
        _days_of_month,
    ),
    (rf"\b{_MONTH} {_DAY},? {_YEAR}\b", _date),
    (rf"\b{_DAY}(?: of)? {_MONTH},?(?: of)? {_YEAR}\b", _date),
    (rf"\b{_DAY}(?: of)? {_MONTH} (?:of )?(?P<which>last|this|next) year\b", _date),
    (rf"\b{_MONTH} {_DAY} (?:of )?(?P<which>last|this|next) year\b", _date),
    (rf"\b{_MONTH} {_DAY}(?! ?(?:元|yuan|rmb|k\b|times|days|weeks|months|calls|[0-9]))\b", _date),
    (rf"\b{_DAY}(?: of)? {_MONTH}\b", _date),
    (rf"\b{_MONTH},?(?: of)? {_YEAR}\b", _date),
    (rf"\b{_MONTH} (?:of )?(?P<which>last|this|next) year\b", _date),
    (rf"\b(?P<which>last|this) {_MONTH}", _date),
    (rf"\b(?P<which>last|this|next) year in {_MONTH}", _date),
    (rf"\b(?:in|by|during|until|till) {_MONTH}(?! [0-9])", _date),
    (rf"\b(?:since|from|starting) {_MONTH}(?! [0-9])", lambda said: f"从{_date(said)}"),
    (r"\blast week\b", "上周"),
    (r"\bthis week\b", "本周"),
    (r"\bnext week\b", "下周"),
    (
        r"\b(?P<day>[0-3]?[0-9])(?:st|nd|rd|th)?(?: of)? (?P<which>last|this|next) month\b",
        _day_near,
    ),
    (
        r"\b(?P<which>last|this|next) month(?: on)?(?: the)? (?P<day>[0-3]?[0-9])(?:st|nd|rd|th)\b",
        _day_near,
    ),
    (r"\b(?:beginning|start) of this year\b", "今年初"),
    (r"\b(?:since|from) last month\b", "从上个月"),
    (r"\blast month\b", "上个月"),
    (r"\bthis month\b", "这个月"),
    (r"\bnext month\b", "下个月"),
    (r"\blast year\b", "去年"),
    (r"\bthis year\b", "今年"),
    (r"\bnext year\b", "明年"),
    (
        r"\b(?:(?P<which>last|next|this|on|since|from) )?(?P<day>mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|satur|sun)day\b",
        lambda said: _WHICH[(said["which"] or "on").lower()] + _DAYS[said["day"].lower()[:3]],
    ),
    (
        r"\b(?:on )?the (?P<day>[0-3]?[0-9])(?:st|nd|rd|th)(?= of|[,.;!?]|$| each| every)"
        r"(?: of (?P<of>上个月|这个月|下个月))?",
        r"\g<of>\g<day>号",
    ),
    (r"\b(?:a )?couple(?: of)?\b", "2"),
    (r"\b(?:a few|several)\b", "几"),
    (r"(?<!at )\bonce\b", "1次"),
    (r"\bdozens of times\b", "几十次"),
    (r"\btwice\b", "2次"),
    (r"\b(?:about|around|roughly|approximately|nearly|almost|maybe|more than|over|at least)(?= [¥￥]?[0-9几])", "大概"),
    (r"(?P<n>[0-9]+) and a half months?", r"\g<n>个半月"),
    (r"(?P<n>[0-9]+) and a half years?", r"\g<n>年半"),
    (rf"(?P<sign>[¥￥] ?|\b(?:rmb|cny) ?){_N}(?P<money>{_MONEY_WORD})?", _sum),
    (rf"(?P<sign>)(?<![0-9.]){_N}(?P<money>{_MONEY_WORD})", _sum),
    (rf"{_N} {_UNIT}\b", lambda said: f"{said['n']}{_unit(said)}"),
    (rf"几 {_UNIT}\b", lambda said: f"几{_unit(said)}"),
    (r"\bfor (?=[0-9几]+(?:天|周|个月|年))", ""),
    (r"\b(?:in|after) (?P<period>[0-9几]+(?:天|周|个月|年))", r"\g<period>后"),
    (r"(?P<period>(?:天|周|月|年|半)) ago\b", r"\g<period>前"),
    (r"\bfrom (?=[0-9]+[年月]|[昨前去上])", "从"),
    (r"\bbetween (?=[0-9]+[年月号])(?P<first>[0-9年月日号]+) and ", r"\g<first>到"),
    (
        rf"{_ONE_DAY}(?:,? (?:and then )?(?:up )?(?:to|until|till|through)|–| -) ?{_ANOTHER}",
        "到",
    ),
    (r",? (?:until|till|up to|to) (?:now|this day)\b", "到今天"),
    (r"\b(?:i'?m|i am|aged?|he'?s|she'?s) (?P<n>[0-9]{1,2})\b(?![^,.;]*(?:元|次|天))", r"\g<n>岁"),
    (r"(?P<n>[0-9]+)岁 years? old\b|(?P<m>[0-9]+)年 old\b", lambda said: f"{said['n'] or said['m']}岁"),
    (r"(?P<n>[0-9]+) more months?\b", r"\g<n>个月后"),
    (r"\.(?= |$)", "。"),
)


def in_figures(text: str) -> str:
    """Give an English sentence with its sums, days, periods, counts and rates as the readers of values know them."""
    return _changed(alpha2digit(_changed(text, _WHOLE), "en", threshold=LEAST_ALONE), _WRITTEN)


def _changed(text: str, rules: tuple[Rule, ...]) -> str:
    for pattern, change in rules:
        text = pattern.sub(change, text)
    return text
