"""What a loan costs: its annual rate, in percent, from what was received and what is paid back.

The rate is the actuarial one: the internal rate of return of one period, times the periods of a year
(Regulation Z, 12 CFR 1026, Appendix J, paragraph (b)(1): nominal annual rate = unit-period rate × unit-periods in
a year). That is a formula, not a law that holds here. What was held back was never received: the sum that arrived is
the principal (民法典 670).
"""

from decimal import Decimal

from pyxirr import irr

Yuan = int | Decimal
DAYS_A_YEAR, MONTHS_A_YEAR = 365, 12
MOST_PAYMENTS = 600


def annual_rate(received: Yuan, each: Yuan, payments: int = 1, every: tuple[int, int] = (1, 0)) -> Decimal | None:
    """Give the nominal annual rate of a loan in percent, rounded to two places.

    `received` is what really arrived, less what was paid for the loan at once; `each` of the `payments` is yuan, the
    first due one period after the loan, the others one period apart; `every` is that period in months and days.
    None when no more is paid back than was received: there is no positive rate then.
    """
    years = Decimal(every[0]) / MONTHS_A_YEAR + Decimal(every[1]) / DAYS_A_YEAR
    if received <= 0 or years <= 0 or not 1 <= payments <= MOST_PAYMENTS or each * payments <= received:
        return None
    period = irr([-float(received), *[float(each)] * int(payments)])
    return None if period is None else round(Decimal(period) * 100 / years, 2)
