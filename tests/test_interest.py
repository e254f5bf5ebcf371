"""The annual rate of a loan, against published examples and against a second way to find it."""

from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.interest import MOST_PAYMENTS, annual_rate

MONTH = (1, 0)


def by_halving(received: int, each: int, payments: int) -> Decimal:
    """Find the rate of one period by halving, with exact sums: what is owed after the last payment must be nothing."""

    def owed(rate: Decimal) -> Decimal:
        left = Decimal(received)
        for _ in range(payments):
            left = left * (1 + rate) - each
        return left

    with localcontext() as exact:
        exact.prec = 60
        low, high = Decimal(0), Decimal(each * payments) / received  # one payment early enough earns no more
        for _ in range(80):
            middle = (low + high) / 2
            low, high = (low, middle) if owed(middle) > 0 else (middle, high)
        return (low + high) / 2


@pytest.mark.parametrize(
    ("received", "each", "payments", "every", "percent"),
    [
        (5000, 230, 24, MONTH, "9.69"),         # Regulation Z, Appendix J, (c)(1)(i)
        (1000, 1080, 1, (0, 255), "11.45"),     # the same, (c)(5)(i): a single payment after 255 days
        (12000, 1120, 12, MONTH, "21.46"),      # 12% “a year” on the first sum, paid back in twelve parts
        (1400, 2000, 1, (0, 7), "2234.69"),     # 2000 on paper, 600 held back, seven days: 600/1400 × 365/7
        (2000, 2600, 1, (0, 14), "782.14"),
        (10000, 11200, 1, (12, 0), "12.00"),
        (10000, 10100, 1, MONTH, "12.00"),
    ],
)  # fmt: skip
def test_worked_examples(received: int, each: int, payments: int, every: tuple[int, int], percent: str) -> None:
    assert annual_rate(received, each, payments, every) == Decimal(percent)


@given(
    received=st.integers(100, 1_000_000),
    each=st.integers(1, 100_000),
    payments=st.integers(1, 360),
    every=st.sampled_from([MONTH, (0, 7), (0, 14), (0, 30), (3, 0), (1, 15)]),
)
def test_a_second_way_finds_the_same_rate(received: int, each: int, payments: int, every: tuple[int, int]) -> None:
    rate = annual_rate(received, each, payments, every)
    if each * payments <= received:
        assert rate is None
    else:
        years = Decimal(every[0]) / 12 + Decimal(every[1]) / 365
        other = by_halving(received, each, payments) * 100 / years
        assert rate is not None
        assert abs(rate - other) <= Decimal("0.01") + abs(other) / 10**9


@given(received=st.integers(1000, 100_000), held_back=st.integers(100, 900), payments=st.integers(1, 60))
def test_what_is_held_back_makes_a_loan_dearer(received: int, held_back: int, payments: int) -> None:
    each = received * 2 // payments + 1
    whole, less = annual_rate(received, each, payments), annual_rate(received - held_back, each, payments)
    assert whole is not None and less is not None
    assert less > whole


@pytest.mark.parametrize(
    ("received", "each", "payments", "every"),
    [
        (10000, 900, 11, MONTH), (10000, 10000, 1, MONTH), (0, 100, 12, MONTH), (-500, 100, 12, MONTH),
        (10000, 900, 0, MONTH), (10000, 900, MOST_PAYMENTS + 1, MONTH), (10000, 11000, 1, (0, 0)),
    ],
)  # fmt: skip
def test_what_is_no_loan_has_no_rate(received: int, each: int, payments: int, every: tuple[int, int]) -> None:
    assert annual_rate(received, each, payments, every) is None
