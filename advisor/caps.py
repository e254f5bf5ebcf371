"""Says what the interest of a loan is measured by: for whom, agreed on which day, how sure, by which law.

The figures stand in `knowledge/law`, the LPR of each month in `knowledge/rates.yaml`. No figure is a line beyond which
nothing is owed: what each one means is worded by its provision.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from advisor.content.knowledge import LenderKind
from advisor.content.rates import Rates
from advisor.law import Cited, Register

YEARLY, TIMES = "annual_rate_percent", "lpr_times"  # the figures of a provision that a measure may rest on


@dataclass(frozen=True, slots=True)
class Cap:
    """What a loan is measured by.

    `percent` is the yearly figure, None where there is none or it is not verified; `lpr` the one-year LPR it is
    made of, in percent; `sure` the grade of the weaker source; `way` how the figure works (ceiling, reduction,
    reference, regulator, segments); `law` the provisions, the weightiest first.
    """

    percent: Decimal | None
    lpr: Decimal | None
    sure: str
    way: str
    law: tuple[str, ...]


class Caps:
    """The measures of interest, by kind of lender and day."""

    def __init__(self, rates: Rates, register: Register) -> None:
        """Take the rates as they were read, and the register that their figures stand in."""
        self._rates, self._register = rates, register

    def on(self, lender_kind: LenderKind, agreed: date, today: date) -> Cap | None:
        """Give what a loan agreed on a day is measured by; None when nothing is known for that lender and day."""
        measures = self._rates.measures.get(lender_kind, [])
        held = [measure for measure in measures if measure.since is None or measure.since <= agreed]
        if not held:
            return None
        way, law = held[-1].way, tuple(held[-1].law)
        citation = self._register.cite(law[0], agreed, agreed, today)
        if citation is None or way == "segments":
            return Cap(None, None, citation.newest.sure if citation else "unchecked", way, law)
        if way == "ceiling":
            lpr, sure = self.lpr(agreed)
            times = Decimal(citation.newest.figures[TIMES])
            return Cap(None if lpr is None else lpr * times, lpr, sure, way, law)
        return Cap(_yearly(citation.newest), None, citation.newest.sure, way, law)

    def lpr(self, agreed: date) -> tuple[Decimal | None, str]:
        """Give the one-year LPR of the month of a day, in percent, and how sure it is; None when not verified.

        A month between two that are verified and alike is inferred to be like them.
        """
        month, known = f"{agreed:%Y-%m}", self._rates.lpr
        before = max((one for one in known if one <= month), default=None)
        after = min((one for one in known if one >= month), default=None)
        if before is None or after is None or "unchecked" in (known[before].sure, known[after].sure):
            return None, "unchecked"
        if before == after:
            return known[month].percent, known[month].sure
        alike = known[before].percent == known[after].percent
        return (known[before].percent, "inferred") if alike else (None, "unchecked")


def _yearly(cited: Cited) -> Decimal | None:
    return None if cited.sure == "unchecked" else Decimal(cited.figures[YEARLY])
