"""What interest is measured by: the LPR of each month, and what holds for each kind of lender from which day on."""

import re
from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import model_validator

from advisor.content.flow import Reviewed
from advisor.content.knowledge import LenderKind, Sure
from advisor.content.source import Entry

Way = Literal["ceiling", "reduction", "reference", "regulator", "segments"]
_MONTH = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")


class Lpr(Entry):
    """The one-year LPR published in a month, in percent a year."""

    percent: Decimal
    sure: Sure


class Measure(Entry):
    """What holds for loans agreed from a day on: in which way, and by which provisions, the weightiest first."""

    since: date | None = None
    way: Way
    law: list[str]


class Rates(Entry):
    """The LPR by month, and the measures by kind of lender, each from the earliest to the latest."""

    reviewed: Reviewed
    review_by: date
    lpr: dict[str, Lpr]
    measures: dict[LenderKind, list[Measure]]

    @model_validator(mode="after")
    def _in_order(self) -> "Rates":
        if wrong := [month for month in self.lpr if not _MONTH.fullmatch(month)]:
            raise ValueError(f"“{wrong[0]}”不是月份 → 写成 2026-09 这样")
        days = [[measure.since or date.min for measure in measures] for measures in self.measures.values()]
        if list(self.lpr) != sorted(self.lpr) or any(line != sorted(set(line)) for line in days):
            raise ValueError("月份和 since 要从早到晚，不重复；没有 since 的放在最前 → 调整次序")
        if any(not measure.law for measures in self.measures.values() for measure in measures):
            raise ValueError("law 不能是空的 → 写上依据哪一条法")
        return self
