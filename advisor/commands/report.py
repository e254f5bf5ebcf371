"""`bot.py report`: what the lawyer learns from many talks: counts, and nothing of anybody.

Small numbers are not told, for one who knows a person might recognise them.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

FEW = 5  # below which a number is not told
MOST = 30  # rows of a table
KINDS = {
    "collection": "催收", "scam": "诈骗", "intermediary": "中介", "loan_ad": "贷款广告", "other": "其他",
}  # fmt: skip
Counts = Iterable[tuple[str, str, int]]  # week, name, value


def number(value: int) -> str:
    """Write a number as it may be told."""
    return str(value) if value >= FEW or value == 0 else f"少于{FEW}"


def share(part: int, whole: int) -> str:
    """Write a part of a whole as it may be told."""
    return f"{part / whole:.0%}" if whole >= FEW and part >= FEW else "—"


def report(counts: Counts, titles: Mapping[str, str]) -> str:
    """Word the report; `titles` names the flows."""
    weeks, whole, by_week = _sorted(counts)
    if not weeks:
        return "还没有记录。"
    flows, at = whole["situation"], titles.get
    parts = [
        f"{weeks[0]} 到 {weeks[-1]}，共 {number(sum(whole['arrived'].values()))} 轮。少于{FEW}的不写数。",
        _table("什么情形", ((f"{at(flow, flow)} {flow}", number(n)) for flow, n in flows.most_common(MOST))),
        _table("停在哪里（来过，没有再往下走）", _left(whole)),
        _table("哪里听不懂（次数，占在那里说的话）", _unclear(whole)),
        _table("短信种类，按周", _readings(weeks, by_week)),
    ]
    return "\n\n".join(filter(None, parts))


def _sorted(counts: Counts) -> tuple[list[str], dict[str, Counter[str]], dict[str, Counter[str]]]:
    """Give the weeks, the counts of all of them by kind, and the readings of each."""
    whole: dict[str, Counter[str]] = {
        kind: Counter() for kind in ("arrived", "went_on", "situation", "unclear", "reading")
    }
    by_week: dict[str, Counter[str]] = {}
    weeks = set()
    for week, name, value in counts:
        kind, _, what = name.partition("/")
        weeks.add(week)
        whole.setdefault(kind, Counter())[what] += value
        if kind == "reading":
            by_week.setdefault(week, Counter())[what] += value
    return sorted(weeks), whole, by_week


def _left(whole: Mapping[str, Counter[str]]) -> Iterator[tuple[str, str]]:
    left = whole["arrived"] - whole["went_on"]  # what is not above nought falls out
    for state, value in left.most_common(MOST):
        if value >= FEW:
            yield state, f"{number(value)}（{share(value, whole['arrived'][state])}）"


def _unclear(whole: Mapping[str, Counter[str]]) -> Iterator[tuple[str, str]]:
    for state, value in whole["unclear"].most_common(MOST):
        yield state, f"{number(value)}（{share(value, whole['went_on'][state])}）"


def _readings(weeks: Iterable[str], by_week: Mapping[str, Counter[str]]) -> Iterator[tuple[str, str]]:
    for week in weeks:
        if week in by_week:
            told = (f"{KINDS.get(kind, kind)} {number(value)}" for kind, value in by_week[week].most_common())
            yield week, "，".join(told)


def _table(title: str, rows: Iterable[tuple[str, str]]) -> str:
    lines = [f"  {name}  {value}" for name, value in rows]
    return "\n".join([title, *lines]) if lines else ""
