"""What can be paid, how it is shared, and when a debt is paid off: against examples and against plain counting."""

from calendar import monthrange
from datetime import date
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.blank import BLANK, Blank
from advisor.content import load
from advisor.plan import affordable, equal, months, pro_rata, schedule
from advisor.render import Words
from tests.conversation import ROOT

cents = st.decimals(0, 200_000, places=2)
debts = st.lists(st.integers(1, 50_000), min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("income", "essentials", "others", "left"),
    [(5000, 3500, [], 1500), (5000, 3500, [600, 400], 500), (3000, 3500, [], 0), (0, 0, [], 0), (3000, 2500, [800], 0)],
)
def test_what_is_left_is_affordable_and_never_below_nothing(
    income: int, essentials: int, others: list[int], left: int
) -> None:
    assert affordable(income, essentials, *others) == left


@pytest.mark.parametrize(
    ("pot", "amounts", "parts"),
    [
        (1000, [20000, 8000, 3000], [334, 333, 333]),
        (1000, [20000, 100, 3000], [450, 100, 450]),    # the small one is paid off, the rest goes to the others
        (1000, [300, 200], [300, 200]),                 # never more than is owed
        (0, [300, 200], [0, 0]),
        (2, [300, 200, 100], [1, 1, 0]),
    ],
)  # fmt: skip
def test_equal_shares(pot: int, amounts: list[int], parts: list[int]) -> None:
    assert equal(pot, amounts) == parts


@pytest.mark.parametrize(
    ("pot", "amounts", "parts"),
    [
        (1000, [20000, 8000, 3000], [645, 258, 97]),    # 645.16, 258.06, 96.77: the last has lost most
        (1000, [100, 300], [100, 300]),
        (100, [1, 1, 1], [1, 1, 1]),
        (10, [Decimal("0.5"), Decimal("10.5")], [0, 10]),
    ],
)  # fmt: skip
def test_shares_in_proportion(pot: int, amounts: list[int | Decimal], parts: list[int]) -> None:
    assert pro_rata(pot, amounts) == parts


@given(pot=cents, amounts=debts)
def test_shares_never_exceed_the_pot_nor_a_debt_and_leave_nothing_that_is_needed(
    pot: Decimal, amounts: list[int]
) -> None:
    for parts in (equal(pot, amounts), pro_rata(pot, amounts)):
        assert sum(parts) == min(int(pot), sum(amounts))
        assert all(0 <= part <= amount for part, amount in zip(parts, amounts, strict=True))


@given(pot=st.integers(0, 5000), amounts=debts)
def test_equal_shares_differ_by_one_yuan_at_most_unless_a_debt_is_paid_off(pot: int, amounts: list[int]) -> None:
    parts = equal(pot, amounts)
    still_owed = [part for part, amount in zip(parts, amounts, strict=True) if part < amount]
    assert all(part >= max(parts) - 1 for part in still_owed)


@given(pot=st.integers(0, 12), amounts=st.lists(st.integers(1, 12), min_size=1, max_size=3))
def test_no_other_way_to_share_is_nearer_to_the_proportion(pot: int, amounts: list[int]) -> None:
    whole, to_share = sum(amounts), min(pot, sum(amounts))

    def distance(parts: tuple[int, ...]) -> int:
        return sum(abs(part * whole - to_share * amount) for part, amount in zip(parts, amounts, strict=True))

    ways = product(*(range(amount + 1) for amount in amounts))
    nearest = min(distance(way) for way in ways if sum(way) == to_share)
    assert distance(tuple(pro_rata(pot, amounts))) == nearest


def test_a_schedule_ends_with_what_is_left() -> None:
    plan = schedule(10_000, 900, date(2026, 12, 15))
    assert plan
    assert (plan.payments, plan.last, plan.total, plan.ends) == (12, 100, 10_000, date(2027, 11, 15))


def test_a_schedule_without_a_first_day_has_no_last_day() -> None:
    plan = schedule(9000, 900)
    assert plan
    assert (plan.payments, plan.last, plan.ends) == (10, 900, None)


@pytest.mark.parametrize(
    ("months", "ends"),
    [(1, date(2027, 1, 31)), (2, date(2027, 2, 28)), (3, date(2027, 3, 31)), (14, date(2028, 2, 29))],
)
def test_a_day_that_a_month_lacks_is_its_last(months: int, ends: date) -> None:
    plan = schedule(months * 100, 100, date(2027, 1, 31))
    assert plan and plan.ends == ends


first_days = st.dates(date(2026, 1, 1), date(2030, 1, 1))


@given(amount=st.integers(1, 50_000), monthly=st.integers(100, 60_000), starts=first_days)
def test_a_schedule_is_what_paying_month_by_month_gives(amount: int, monthly: int, starts: date) -> None:
    plan, left, paid, day = schedule(amount, monthly, starts), amount, [], starts
    while left > 0:
        paid.append(min(monthly, left))
        left -= paid[-1]
        year, month = day.year + day.month // 12, day.month % 12 + 1
        last, day = day, date(year, month, min(starts.day, monthrange(year, month)[1]))
    assert plan
    assert (plan.payments, plan.last, plan.total, plan.ends) == (len(paid), paid[-1], sum(paid), last)


def test_what_takes_more_than_a_lifetime_has_no_last_day() -> None:
    plan = schedule(1_000_000, 1, date(2026, 12, 15))
    assert plan and (plan.payments, plan.ends) == (1_000_000, None)


@pytest.mark.parametrize(("amount", "monthly"), [(10_000, 0), (10_000, -5), (0, 100)])
def test_what_never_ends_is_no_schedule(amount: int, monthly: int) -> None:
    assert schedule(amount, monthly) is None


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("affordable", (5000, BLANK)), ("equal", (1000, [300, BLANK])), ("pro_rata", (BLANK, [300])),
        ("schedule", (1000, BLANK)), ("schedule", (1000, 0)), ("annual_rate", (BLANK, 100, 12)),
        ("annual_rate", (1000, 100, 1)), ("annual_rate", (1000, 1100, 1, BLANK)),
        ("cap", (BLANK, date(2025, 5, 20))), ("cap", ("private", BLANK)), ("cap", ("unknown", date(2025, 5, 20))),
    ],
)  # fmt: skip
def test_what_is_not_known_leaves_the_result_blank(name: str, given: tuple[object, ...]) -> None:
    assert isinstance(Words(load(ROOT)).helpers(date(2026, 11, 23))[name](*given), Blank)


def test_a_schedule_needs_no_first_day() -> None:
    plan = Words(load(ROOT)).helpers(date(2026, 11, 23))["schedule"](1000, 100, BLANK)
    assert (plan.payments, plan.ends) == (10, None)


@given(st.lists(st.tuples(st.integers(1, 5000), st.integers(1, 900)), min_size=1, max_size=5))
def test_month_by_month_every_lender_gets_what_it_is_owed(owed: list[tuple[int, int]]) -> None:
    amounts, monthly = [amount for amount, _ in owed], [part for _, part in owed]
    found = months(date(2026, 12, 31), amounts, monthly, most=10**4)
    assert [sum(month.payments[at] for month in found) for at in range(len(owed))] == amounts
    assert len(found) == max(-(-amount // part) for amount, part in owed)
    assert all(paid <= part for month in found for paid, part in zip(month.payments, monthly, strict=True))


def test_months_end_where_the_picture_does() -> None:
    assert [month.on for month in months(date(2026, 12, 31), [300], [100])] == [
        date(2026, 12, 31), date(2027, 1, 31), date(2027, 2, 28),
    ]  # fmt: skip
    assert len(months(date(2026, 12, 1), [10**6], [1])) == 24 and months(date(2026, 12, 1), [100], [0]) == []
