"""Percentages as people say them."""

from decimal import Decimal

import pytest

from advisor.rates import find_rates, read_rate


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("12%", "12"), ("１２％", "12"), ("百分之八", "8"), ("百分之十二", "12"), ("8个点", "8"), ("十五个点", "15"),
        ("1.5个百分点", "1.5"), ("收三成", "30"), ("欠款的百分之五左右", "5"), ("收我8个点，就是8%", "8"), ("20", "20"),
        ("十个点吧", "10"),
    ],
)  # fmt: skip
def test_a_percentage_is_read(said: str, value: str) -> None:
    rate = read_rate(said)
    assert rate and rate.value == Decimal(value)


@pytest.mark.parametrize("said", ["3800块", "五千", "8到10个点和3成", "说办成再收", "三点钟", "两个人", "没说"])
def test_what_is_no_percentage_is_not_read(said: str) -> None:
    rate = read_rate(said)
    assert rate is None or rate.value == 5000  # a bare number is left to the bounds of the slot


def test_percentages_are_found_beside_amounts() -> None:
    assert [r.value for r in find_rates("欠8万，收百分之十，先交2000定金，成功了再收2个点")] == [10, 2]
    assert not find_rates("三成功了两个成年人")
