"""Amounts are heard as people write them, and what could mean two things is not heard at all."""

import contextlib
import importlib
import io
import warnings
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import cn2an
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from advisor.amounts import Amount, find_amounts, read_amount
from advisor.numerals import flatten

TABLE: dict[str, dict[str, Any]] = yaml.load(
    (Path(__file__).parent / "amounts.yaml").read_text("utf-8"), Loader=yaml.BaseLoader
)
SIGNS = (
    "零一二三四五六七八九十百千万亿两廿半几多来余wWkK0123456789.,，、-~到块元毛角分个月次天期年号日点第周%￥ 约大概\n"
)


def told(amount: Amount | None) -> str:
    if amount is None:
        return "-"
    unit = "元" if amount.unit == "money" else amount.unit
    return f"{'约' if amount.about else ''}{amount.value.normalize():f}{unit}"


@pytest.mark.parametrize(("said", "heard"), TABLE["answers"].items())
def test_an_answer_is_heard_as_meant(said: str, heard: str) -> None:
    assert told(read_amount(said)) == heard


@pytest.mark.parametrize(("said", "heard"), TABLE["sentences"].items())
def test_every_amount_of_a_sentence_is_found_in_order(said: str, heard: list[str]) -> None:
    assert [told(a) for a in find_amounts(said)] == heard


def test_a_unit_that_is_asked_for_decides_between_several_amounts() -> None:
    said = "3个平台一共5万，一天打20次"
    assert [told(read_amount(said, unit=u)) for u in ("money", "个", "次", "期")] == ["50000元", "3个", "20次", "-"]


def test_the_place_of_an_amount_is_that_of_the_original_text() -> None:
    found = find_amounts("我欠花呗￥３，０００．５０和两万三千块钱左右")
    assert [(a.start, a.end) for a in found] == [(4, 13), (14, 22)]


DIGITS = "零一二三四五六七八九"


def in_words(number: int) -> str:
    """Write a number below 10^8 as a school book does."""
    if number >= 10_000:
        high, low = divmod(number, 10_000)
        link = "零" if 0 < low < 1000 else ""
        return in_words(high) + "万" + (link + in_words(low) if low else "")
    written, gap = "", False
    for size, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // size % 10
        if digit:
            written += ("零" if gap and written else "") + DIGITS[digit] + unit
        gap = digit == 0
    return written or "零"


def in_short(number: int) -> str:
    """Leave out the last unit where people do: 三万五, 一百二."""
    written = in_words(number)
    last = written[-3:-2] + written[-1]
    return written[:-1] if last in ("万千", "千百", "百十") else written


def as_spoken(number: int) -> str:
    written = in_words(number).replace("二千", "两千").replace("二万", "两万").replace("十两", "十二")
    return written.removeprefix("一") if 10 <= number < 20 else written


def formally(number: int) -> str:
    return in_words(number).translate(str.maketrans("一二三四五六七八九十百千", "壹贰叁肆伍陆柒捌玖拾佰仟")) + "元"


def in_wide_figures(number: int) -> str:
    return str(number).translate(str.maketrans("0123456789", "０１２３４５６７８９")) + "元"


STYLES: dict[str, Callable[[int], str]] = {
    "words": in_words,
    "short": in_short,
    "spoken": as_spoken,
    "formal": formally,
    "figures": str,
    "grouped": lambda n: f"{n:,}元",
    "wide": in_wide_figures,
    "wan": lambda n: f"{Decimal(n) / 10_000:f}万",
    "cents": lambda n: f"￥{n}.00",
}
NUMBERS = st.integers(0, 10**4) | st.integers(0, 10**8 - 1) | st.integers(0, 9999).map(lambda n: n * 1000)


@pytest.mark.parametrize("style", STYLES)
@given(number=NUMBERS)
def test_every_whole_number_reads_back_in_every_style(style: str, number: int) -> None:
    amount = read_amount(STYLES[style](number))
    assert amount is not None and amount.value == number and not amount.about


@given(st.one_of(st.text(), st.text(SIGNS, max_size=40)))
def test_no_text_raises_and_amounts_lie_inside_without_overlap(text: str) -> None:
    found = find_amounts(text)
    edges = [edge for a in found for edge in (a.start, a.end)]
    assert edges == sorted(edges) and all(0 <= e <= len(text) for e in edges)
    assert all(a.start < a.end and a.value >= 0 for a in found)
    read_amount(text)


@given(st.text())
def test_flattening_keeps_every_character_in_its_place(text: str) -> None:
    assert len(flatten(text)) == len(text)


@pytest.mark.parametrize("hostile", ["1", "零", "万", "1,111", "1 ", "两三千", "(0", "1x", "\ud800", "\u202e3"])
def test_a_hostile_length_is_read_to_its_end(hostile: str) -> None:
    find_amounts(hostile * 20_000)


def plainly_written() -> list[str]:
    """The table's values in words or figures that a library should know, too."""
    return [s for s in TABLE["answers"] if s and set(s) <= set("零一二三四五六七八九十百千万亿两0123456789.")]


def test_cn2an_agrees_on_what_is_plainly_written() -> None:
    agreed = 0
    for said in plainly_written():
        ours = read_amount(said)
        try:
            theirs = cn2an.cn2an(said, "smart")
        except ValueError:
            continue
        if ours is not None:
            assert Decimal(str(theirs)) == ours.value, said
            agreed += 1
    assert agreed >= 15


@given(st.integers(1, 10**8 - 1))
def test_cn2an_agrees_on_every_number_in_words(number: int) -> None:
    amount = read_amount(in_words(number))
    assert amount is not None and amount.value == cn2an.cn2an(in_words(number), "smart")


def test_jionlp_agrees_on_full_sums() -> None:
    """It takes 三千五 for 3005, so only sums with all their units are put to it."""
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        jionlp = importlib.import_module("jionlp")
        for number in (7, 80, 305, 3500, 10_050, 23_500, 46_000, 120_000, 1_888_000, 50_000_000):
            for said in (in_words(number) + "元", f"{number}元", f"{number:,}元", formally(number)):
                amount = read_amount(said)
                theirs = Decimal(jionlp.parse_money(said)["num"])
                assert amount is not None and amount.value == theirs, said
