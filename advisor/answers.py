"""Hears an answer: the value of one slot in what a person typed, or several facts in one sentence."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from advisor.amounts import counts_a_day, find_amounts, read_amount
from advisor.blank import BLANK
from advisor.content.flow import Option, Slot
from advisor.dates import Days, overdue_since, read_day, read_days, read_period, read_until
from advisor.normal import extent, simplify
from advisor.phones import read_phone
from advisor.rates import read_rate
from advisor.session import Fact

PLAIN_ANSWER = 14  # characters of a plain yes or no with a few words around it
LEAST_SUM = 10  # yuan below which a number without its unit is no sum: 3 is a choice, or means 3万
LONGEST = 400  # characters of an answer that are looked at; more is a story, not an answer
NOT_COUNTS = {"money", "天", "日", "周", "月", "个月", "年", "期", "岁", "小时", "分钟"}  # units of no count of times
ORDINAL = "号"  # a slot with this unit asks which one, not how many
_WHICH = re.compile(r"([0-9]+|[一二两三四五六七八九十百千零〇]+)")
INSTALMENTS = {"期": {"期", "月", "个月"}}  # but a slot that counts instalments is told so


@dataclass(frozen=True, slots=True)
class Heard:
    """A value as it is kept (plain text, numbers as text, days as ISO text) and whether it was approximate."""

    value: Any
    about: bool = False
    said: str = ""


@dataclass(frozen=True, slots=True)
class Unclear:
    """No value could be taken: `why` is nothing, several, a_day, too_small, too_large, future, past or too_long."""

    why: str


def plain(value: Any) -> Any:
    """Give a typed value as it is kept: decimals and days as text."""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, Days):
        return [value.first.isoformat(), value.last.isoformat()]
    return value.isoformat() if isinstance(value, date) else value


def typed(slot: Slot, value: Any) -> Any:
    """Give a kept value as conditions and templates see it; None, the answer “don't know”, is a blank."""
    if value is None:
        return BLANK
    match slot.type:
        case "money" | "number" | "percent":
            number = Decimal(value)
            return int(number) if number == number.to_integral_value() else number
        case "date":
            return date.fromisoformat(value)
        case "period_of_days":
            return Days(date.fromisoformat(value[0]), date.fromisoformat(value[1]))
        case _:
            return value


Meanings = Mapping[str, re.Pattern[str]]
NO_MEANINGS: Meanings = {}


def hear(slot: Slot, text: str, today: date, meanings: Meanings = NO_MEANINGS) -> Heard | Unclear:
    """Take `text` as the answer to the question that fills `slot`; `meanings` tell a plain yes, no and the like."""
    text = text.strip()
    if len(text) > LONGEST:
        return Unclear("too_long")
    if slot.type == "choice":
        return _hear_choice(slot.choices, text, meanings)
    return within(slot, _hear_value(slot, text, today), today)


def hear_fact(slot: Slot, text: str, today: date) -> Fact:
    """Give the fact that `text` tells for a slot, said outside a talk; ValueError when it is not understood."""
    heard = hear(slot, text, today)
    if isinstance(heard, Unclear):
        raise ValueError(f"“{text}”不像“{slot.label}”")
    return Fact(heard.value, "told", heard.about, heard.said)


_NUMERAL = {c: 1 + i % 9 for i, c in enumerate("一二三四五六七八九①②③④⑤⑥⑦⑧⑨")} | {"两": 2}
_ONE_OR_TWO = re.compile(
    r"(?<![十百千万零一二两三四五六七八九])([一二两三四五六七八])[二两三四五六七八九](?:次|回|遍|条|个|通|家|笔|张|$)"
)
_NONE_AT_ALL = re.compile(
    r"(?:我|现在|目前|暂时|基本|基本上|这几个月)*(?:没有?|冇|无|一分(?:钱)?(?:都|也)?(?:没有?|冇))(?:任何|啥|什么)?(?:收入|工资|开销|支出|进账|钱)*"
    r"|(?:我|都|还|仲|一直|到现在|一分|一毛|一块|钱|也|就)*(?:没有?|冇|未|唔|莫)(?:还|交|给|付|拿|收|到)(?:过|到|上|钱)*"
    r"|(?:no|none|nothing|zero|nil|nobody|noone|justme|onlyme|alone)(?:one|income|money|salary|job|wages)?(?:now|atall|atthemoment|yet)?"
    r"|i(?:earn|have|get|make|haveno|'?vegot|dontearn|donthave)(?:nothing|noincome|nomoney|any|anything|income)?(?:now|atall|atthemoment)?"
)


def _hear_value(slot: Slot, text: str, today: date) -> Heard | Unclear:
    if slot.type in ("money", "number") and slot.at_least == 0 and _NONE_AT_ALL.fullmatch(fold(text)):
        return Heard("0", False, text)
    match slot.type:
        case "money":
            if (amount := read_amount(text, unit="money")) is None:
                return Unclear("several" if len(find_amounts(text)) > 1 else "nothing")
            small = not amount.unit and 0 < amount.value < LEAST_SUM
            return Unclear("too_small") if small else Heard(plain(amount.value), amount.about, text)
        case "number":
            if slot.unit == ORDINAL:
                which = _WHICH.search(text)
                one = read_amount(which.group(1)) if which else None
                return Heard(plain(one.value), False, text) if one else Unclear("nothing")
            if counts_a_day(text):
                return Unclear("a_day")
            if rough := _ONE_OR_TWO.search(text):  # 七八次: the lower one, about
                return Heard(str(_NUMERAL[rough.group(1)]), True, text)
            amount = read_amount(text)
            counted = amount is not None and amount.unit not in NOT_COUNTS - INSTALMENTS.get(slot.unit, set())
            return Heard(plain(amount.value), amount.about, text) if amount and counted else Unclear("nothing")
        case "percent":
            rate = read_rate(text)
            return Heard(plain(rate.value), rate.about, text) if rate else Unclear("nothing")
        case "date":
            day = read_until(text, today) if slot.not_before else read_day(text, today)
            if day is None and slot.not_after:
                day = overdue_since(text, today) or overdue_since(f"逾期{text}", today)
            return Heard(plain(day.days.first), day.days.about, text) if day else Unclear("nothing")
        case "period_of_days":
            days = read_days(text, today)
            return Heard(plain(days), days.about, text) if days else Unclear("nothing")
        case "period":
            bare = f"{text.strip().removesuffix('期')}{slot.unit}" if slot.unit else ""  # “24”, where months are asked
            period = read_period(text) or read_period(bare)
            return Heard([period.months, period.days], period.about, text) if period else Unclear("nothing")
        case "phone":
            phone = read_phone(text)
            return Heard(phone.number, False, text) if phone else Unclear("nothing")
        case _:
            return _hear_text(slot, text)


_SAYING = re.compile(
    r"^(?:(?:他们?|对方|短信上?)?(?:说|自称|写)(?:的)?是?|(?:我)?(?:欠|借)的?是|应该是|好像是|可能是|就是|就(?=那|这)|[那这][个家]|借的|欠的|是|叫)+"
    r"|(?:来的|的|吧|啥的|什么的|来着|呢|嘛)+$"
)


def _hear_text(slot: Slot, text: str) -> Heard | Unclear:
    """Take a name out of the words around it (说是捷信的); longer words are taken as they are, chatter is refused."""
    if not text or (any(re.search(pattern, text) for pattern in slot.refuses) and not named_in(slot, text)):
        return Unclear("nothing")
    if not slot.hears and not slot.finds:
        return Heard(text, False, text)
    named = named_in(slot, bare := _SAYING.sub("", text) or text)
    return Heard(named if named and len(bare) > len(named) + 6 else bare, False, text)


def within(slot: Slot, heard: Heard | Unclear, today: date) -> Heard | Unclear:
    """Refuse only what cannot be: below or above the slot's bounds, or on the wrong side of today."""
    if isinstance(heard, Unclear):
        return heard
    value = typed(slot, heard.value)
    if slot.type == "text":
        return Unclear("too_long") if slot.at_most is not None and len(value) > slot.at_most else heard
    if slot.at_least is not None and value < slot.at_least:
        return Unclear("too_small")
    if slot.at_most is not None and value > slot.at_most:
        return Unclear("too_large")
    last = value.last if isinstance(value, Days) else value
    if slot.not_after and isinstance(last, date) and last > today:
        return Unclear("future")
    if slot.not_before and isinstance(last, date) and last < today:
        return Unclear("past")
    return heard


_PICK = re.compile(r"(?:选|第|我选|选择|答案|就)?\s*([1-9１-９一二三四五六七八九①-⑨])\s*(?:个|项|号|条|吧|[.。、)）])*")


def picked_number(text: str) -> int | None:
    """Give the number of a choice when the text is nothing but that: 2, ２, 第二个, 选2."""
    match = _PICK.fullmatch(text.strip()[:12])
    if not match:
        return None
    sign = match.group(1)
    return _NUMERAL.get(sign) or int(sign)


_FILLER = re.compile(r"[\s，。！!？?、,.~～…“”\"'：:；;]+|[了吧呢啊呀哦嘛的啦]+$")


def fold(text: str) -> str:
    """Strip what does not change a short answer: spaces, closing particles, punctuation, letter case."""
    return _FILLER.sub("", text.strip().lower())


@lru_cache(maxsize=8192)  # for words of the content; what people say is not kept
def fold_label(word: str) -> str:
    """Fold a word of the content as an answer is folded, in simplified characters like every answer."""
    return fold(simplify(word))


_simple = lru_cache(maxsize=8192)(simplify)


def _hear_choice(options: Mapping[str, Option], text: str, meanings: Meanings) -> Heard | Unclear:
    said = fold(text)
    for name, option in options.items():
        if said == name or said in map(fold_label, (option.label, *option.hears, *option.answers)):
            return Heard(name, False, text)
    found = {name for _, _, name in mentions(options, text, asked=True)}
    first = next((name for name in options if name in found), None)  # the graver option stands first in the flow
    if first is None and extent(text) <= PLAIN_ANSWER:
        plainly = {meaning for meaning, pattern in meanings.items() if pattern.search(said)}
        first = next((name for name, option in options.items() if option.means in plainly), None)
    return Heard(first, False, text) if first else Unclear("nothing")


def named_beside(slot: Slot, text: str, taken: str) -> str:
    """Name the first option that an answer speaks of beside the one taken: “老婆和领导”; empty when there is none."""
    found = {name for _, _, name in mentions(slot.choices, text)}
    return next((name for name in slot.choices if name in found and name != taken), "")


_NOT = re.compile(
    r"(?:没[有得]?|不是?|未|别(?!人|让)|并非|无|冇|莫[得有]?|木有)"
    r"(?:有|再|曾|过|跟|和|给|替|帮|找|联系|通知|去|叫|让|是|想|要|说|做|当|签|提|被|打|拿|我|俺|他|她|谁|人)*$"
    r"|\b(?:not|no|never|without|nobody|(?:is|was|are|were|do|does|did|has|have|had)n['’]?t) (?:[a-z']+ ){0,2}$",
    re.IGNORECASE,
)
_DENYING = re.compile(r"[没不未别无]|(?:no|not|never|nobody|without|cannot|[a-z]+n['’]t)\b", re.IGNORECASE)
BEFORE = 24  # characters before a word where its denial may stand


NEAR_BY = "~"  # in a phrase: up to eight characters lie between, none of them begins another thought
_BETWEEN = "(?:[背瞒]着[我俺]|[^，。；！？,;!?\\n我俺打催给找说知晓看]){0,8}?"
_NOT_FROM = "(?<![找跟向问从])(?<![找跟向问从][^说])(?<![找跟向问从][^说][^说])"  # whom one borrows from owes nothing


@cache  # for words of the content
def spoken(word: str) -> re.Pattern[str]:
    """Give the pattern of a phrase of the content: `儿子~欠` hears 儿子在外面欠, not 儿子知道我欠 or 问儿子借.

    A Latin word is heard as a whole, with the endings that English gives it.
    """
    parts = [re.escape(part).replace("'", "'?") for part in word.split(NEAR_BY)]
    before = _NOT_FROM if len(parts) > 1 else "(?<![A-Za-z])" if is_latin(word[:1]) else ""
    after = "(?:s|es|d|ed|ing)?(?![A-Za-z])" if is_latin(word[-1:]) else ""
    return re.compile(before + _BETWEEN.join(parts) + after, re.IGNORECASE)


def is_latin(sign: str) -> bool:
    """Tell whether a sign is a Latin letter."""
    return sign.isascii() and sign.isalpha()


def stands_in(word: str, text: str) -> bool:
    """Tell whether a word of the content stands in a text."""
    return spoken(word).search(text) is not None if is_latin(word[:1]) else word in text


@cache  # for words of the content
def piece(phrase: str) -> str:
    """Give the longest piece of a phrase in small letters; looking for it first makes thousands of phrases cheap."""
    return max(re.split(f"[…{NEAR_BY}]", phrase.lower()), key=len)


def mentions(options: Mapping[str, Option], text: str, *, asked: bool = False) -> Iterator[tuple[int, int, str]]:
    """Find where an option's words stand, longer words first, passing over what is negated or inside a longer word.

    Words that are only an answer are heard when it is `asked` for, not in passing.
    """
    all_words = (
        (_simple(word), name)
        for name, option in options.items()
        for word in (option.label, *option.hears, *(option.answers if asked else ()))
    )
    lower = text.lower()
    words = sorted((pair for pair in all_words if piece(pair[0]) in lower), key=lambda pair: -len(pair[0]))
    taken: list[tuple[int, int]] = []
    for word, name in words:
        for match in spoken(word).finditer(text):
            start, end = match.span()
            if any(a < end and start < b for a, b in taken):
                continue
            taken.append((start, end))
            if not _NOT.search(text[max(0, start - BEFORE) : start]) or _DENYING.match(word):
                yield start, -end, name


def named_in(slot: Slot, text: str) -> str:
    """Give the value of a text that a sentence names: one of the slot's words, or what a pattern of it finds."""
    word = max((w for w in slot.hears if stands_in(w, text)), key=len, default="")
    match = next((m for pattern in slot.finds if (m := re.search(pattern, text))), None)
    return word or (match.group(1) if match else "")
