"""Percentages as people say them: 12%, 百分之八, 15个点, 三成."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from advisor.numerals import Numeral, flatten, read_numeral

_STARTS = re.compile("[0-9一二三四五六七八九两十半]")
_BEFORE = re.compile(r"百分之\s?$")
_AFTER = re.compile(r"\s?(?:%|个(?:百分)?点|百分点)")
_TENTHS = re.compile(r"成(?![功为都本交了年人员长绩])")
_ALONE = re.compile(r"\s?(?:左右|的?样子|吧|点)?[\s。，,.!！]*$")


@dataclass(frozen=True, slots=True)
class Rate:
    """One percentage: 8 means eight in a hundred."""

    value: Decimal
    start: int
    end: int
    about: bool


def find_rates(text: str) -> list[Rate]:
    """Find every percentage of a sentence, in order."""
    return list(_scan(flatten(text)))


def read_rate(text: str) -> Rate | None:
    """Read the text as the answer to “how many percent”; a bare number will do, two different ones will not."""
    flat = flatten(text.strip())
    found = list(_scan(flat))
    if not found and (start := _STARTS.search(flat)):
        number = read_numeral(flat, start.start())
        if number and number.value is not None and _ALONE.match(flat, number.end):
            found = [Rate(number.value, number.start, number.end, number.about)]
    return found[0] if len({rate.value for rate in found}) == 1 else None


def _scan(flat: str) -> Iterator[Rate]:
    at = 0
    while start := _STARTS.search(flat, at):
        number = read_numeral(flat, start.start())
        at = max(start.end(), number.end if number else 0)
        rate = _weigh(flat, number) if number else None
        if rate:
            at = rate.end
            yield rate


def _weigh(flat: str, number: Numeral) -> Rate | None:
    if number.value is None:
        return None
    if before := _BEFORE.search(flat, 0, number.start):
        return Rate(number.value, before.start(), number.end, number.about)
    if after := _AFTER.match(flat, number.end):
        return Rate(number.value, number.start, after.end(), number.about)
    if (after := _TENTHS.match(flat, number.end)) and number.value <= 10:
        return Rate(number.value * 10, number.start, after.end(), number.about)
    return None
