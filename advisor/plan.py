"""What a person can pay: what is left of the income, how it is shared among lenders, and when a debt is paid off.

All amounts are yuan. Nothing here adds interest: what a lender will charge is not known until it answers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from advisor.dates import later

Yuan = int | Decimal
A_LIFETIME = 1200  # months; what takes longer has no last day


@dataclass(frozen=True, slots=True)
class Schedule:
    """Equal monthly payments of one debt, the last one being what is left.

    `payments` counts the months, `last` is the last payment, `total` the sum of all; `starts` and `ends` are
    the days of the first and the last payment, None when they cannot be known.
    """

    payments: int
    monthly: Yuan
    last: Yuan
    total: Yuan
    starts: date | None
    ends: date | None


def affordable(income: Yuan, essentials: Yuan, *others: Yuan) -> Yuan:
    """Give what is left each month of the income after essentials and what is due elsewhere; never below 0."""
    return max(Decimal(0), income - essentials - sum(others))


def equal(pot: Yuan, amounts: Sequence[Yuan]) -> list[int]:
    """Share a monthly pot so that every lender gets the same, in whole yuan, no debt more than it amounts to."""
    return _share(pot, amounts, [1] * len(amounts))


def pro_rata(pot: Yuan, amounts: Sequence[Yuan]) -> list[int]:
    """Share a monthly pot in proportion to the debts, in whole yuan, no debt more than it amounts to."""
    return _share(pot, amounts, amounts)


def _share(pot: Yuan, amounts: Sequence[Yuan], weights: Sequence[Yuan]) -> list[int]:
    """Share by weight: what a small debt does not need goes to the others, single yuan to the largest remainder.

    The largest remainder (Hare–Niemeyer) method: each part is rounded down, and the yuan left over go one by one
    to the parts that lost most; of equal ones to the one named first.
    """
    most = [max(0, int(amount)) for amount in amounts]
    left = min(max(0, int(pot)), sum(most))
    parts = [0] * len(most)
    open_ = [i for i, weight in enumerate(weights) if weight > 0]
    while full := [i for i in open_ if left * weights[i] >= most[i] * sum(weights[j] for j in open_)]:
        for i in full:
            parts[i] = most[i]
        left -= sum(most[i] for i in full)
        open_ = [i for i in open_ if i not in full]
    whole = sum(weights[i] for i in open_)
    for i in open_:
        parts[i] = int(left * weights[i] // whole)
    over = left - sum(parts[i] for i in open_)
    for i in sorted(open_, key=lambda i: parts[i] * whole - left * weights[i])[:over]:
        parts[i] += 1
    return parts


def schedule(amount: Yuan, monthly: Yuan, starts: date | None = None) -> Schedule | None:
    """Give the schedule that pays `amount` off by `monthly`, from the day `starts` on; None when it never does.

    Every payment falls on the day of the month of the first; in a month without it, on the month's last day.
    """
    if amount <= 0 or monthly <= 0:
        return None
    full, rest = divmod(amount, monthly)
    payments = int(full) + (1 if rest else 0)
    ends = later(starts, months=payments - 1) if starts and payments <= A_LIFETIME else None
    return Schedule(payments, min(monthly, amount), rest or min(monthly, amount), amount, starts, ends)


@dataclass(frozen=True, slots=True)
class Month:
    """What is paid in one month: `on` is a day in it, `payments` what each lender gets."""

    on: date
    payments: tuple[Yuan, ...]


def months(starts: date, amounts: Sequence[Yuan], monthly: Sequence[Yuan], most: int = 24) -> list[Month]:
    """Give what each lender gets month by month until all is paid, for `most` months; no lender more than its due."""
    left, found = list(amounts), list[Month]()
    while len(found) < most:
        payments = tuple(min(part, due) for part, due in zip(monthly, left, strict=True))
        if not any(payment > 0 for payment in payments):
            break
        left = [due - payment for due, payment in zip(left, payments, strict=True)]
        found.append(Month(later(starts, months=len(found)), payments))
    return found
