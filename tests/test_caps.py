"""What interest is measured by: each kind of lender on each side of a change, and nothing that is not verified."""

from datetime import date
from decimal import Decimal

import pytest

from advisor.caps import Cap, Caps
from advisor.content import load
from advisor.content.knowledge import LenderKind
from advisor.content.rates import Rates
from advisor.law import Register
from tests.conversation import ROOT

CONTENT = load(ROOT)
REGISTER = Register(CONTENT.law_files)
CAPS = Caps(CONTENT.rates, REGISTER)
TODAY = date(2026, 11, 23)


def on(kind: LenderKind, agreed: date) -> Cap | None:
    return CAPS.on(kind, agreed, TODAY)


@pytest.mark.parametrize(
    ("agreed", "percent", "sure"),
    [
        (date(2022, 8, 30), "14.6", "one"),
        (date(2025, 4, 2), "12.4", "several"),
        (date(2025, 5, 20), "12", "several"),
        (date(2026, 9, 20), "12", "one"),
        (date(2025, 12, 1), "12", "inferred"),  # 2025-05 and 2026-04 are verified and alike
    ],
)
def test_a_private_loan_is_measured_by_the_lpr_of_its_month(agreed: date, percent: str, sure: str) -> None:
    for kind in ("private", "unlicensed"):
        cap = on(kind, agreed)
        assert cap and (cap.percent, cap.sure, cap.way) == (Decimal(percent), sure, "ceiling")
        assert cap.law[0] == "private_rate_cap"


@pytest.mark.parametrize(
    "agreed",
    [
        date(2020, 8, 20),
        date(2021, 12, 25),
        date(2022, 10, 1),
        date(2024, 10, 30),
        date(2026, 10, 8),
        date(2026, 11, 23),
    ],
)
def test_a_month_that_nobody_verified_has_no_figure(agreed: date) -> None:
    cap = on("private", agreed)
    assert cap and (cap.percent, cap.lpr, cap.sure, cap.way) == (None, None, "unchecked", "ceiling")


def test_before_2020_08_20_a_private_loan_has_no_single_figure() -> None:
    cap = on("private", date(2020, 8, 19))
    assert cap and (cap.percent, cap.way, cap.law) == (None, "segments", ("private_rate_transition",))


@pytest.mark.parametrize("kind", ["bank", "consumer_finance", "small_loan", "platform", "unknown"])
@pytest.mark.parametrize("agreed", [date(2016, 1, 1), date(2021, 6, 1), date(2025, 5, 20), date(2026, 9, 20)])
def test_four_times_the_lpr_measures_no_bank_nor_small_loan_company(kind: LenderKind, agreed: date) -> None:
    cap = on(kind, agreed)
    assert cap is None or (cap.way != "ceiling" and cap.lpr is None and cap.percent == 24)


def test_how_sure_a_figure_is_comes_from_its_provision() -> None:
    graded = {kind: cap.sure for kind in ("bank", "small_loan") if (cap := on(kind, date(2026, 1, 5)))}
    assert graded == {"bank": "several", "small_loan": "inferred"}


def test_the_rule_of_the_supervisor_stands_beside_what_courts_look_at() -> None:
    early, late = on("small_loan", date(2024, 1, 1)), on("small_loan", date(2026, 1, 1))
    assert early and late
    assert ("small_loan_cost" in early.law, "small_loan_cost" in late.law) == (False, True)


@pytest.mark.parametrize("kind", ["unknown", "platform"])
def test_who_lends_is_asked_where_nothing_is_known(kind: LenderKind) -> None:
    assert on(kind, date(2024, 1, 1)) is None


def test_a_month_between_two_different_ones_is_not_guessed() -> None:
    given = {"reviewed": {"on": "2026-11-23", "by": "x"}, "review_by": "2026-12-31", "measures": {}}
    lpr = {"2025-01": {"percent": "3.1", "sure": "one"}, "2025-05": {"percent": "3.0", "sure": "one"}}
    rates = Rates.model_validate({**given, "lpr": lpr})
    caps = Caps(rates, REGISTER)
    assert caps.lpr(date(2025, 3, 1)) == (None, "unchecked")
    assert caps.lpr(date(2025, 5, 31)) == (Decimal("3.0"), "one")
    assert caps.lpr(date(2025, 6, 1)) == (None, "unchecked")
