"""Draws clean pictures: months divided by where the money goes, and days and hours at which something came.

A table of months is text that a template gives: a title, a line with the names of its columns, and a line for each
month, divided by `|`. The first column names the month, the second is what comes in, each further one is a part.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from advisor.documents import came_along
from advisor.settings import setting

INK, SOFT, LINE = "#1f2933", "#616e7c", "#1f2933"
PARTS = (  # the colour of each part, and of the amount written on it
    ("#b6c5d5", INK), ("#2f6f9f", "white"), ("#e6b15e", INK), ("#b56576", "white"), ("#7c9a92", INK), ("#8d99ae", INK),
)  # fmt: skip
LEFT = ("#dfe7dc", INK)  # of the last part, what is left
WIDTH, HEIGHT, DOTS = 7.2, 7.6, 150  # inches, and dots an inch: 1080 wide, as phones show it
OF_SYSTEMS = ("Source Han Sans SC", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC")
MOST_COLUMNS = 8  # months named on the axis
MOST = 1e12  # yuan
MOST_WRITTEN = 6  # months on whose parts the amounts are written
GRAVE = (("#9aa5b1", "o"), ("#e69f00", "s"), ("#d64545", "^"), ("#7b1c1c", "D"))  # colour and shape, the gravest last
NO_HOUR = 25.5  # where on the axis of hours stands what has none


class NoTableError(ValueError):
    """The text is no table that can be drawn; the message says in which line."""


@dataclass(frozen=True, slots=True)
class Table:
    """What is drawn: `rows` hold a label, what comes in, and the parts, in yuan."""

    title: str
    names: tuple[str, ...]
    rows: tuple[tuple[str, tuple[float, ...]], ...]


@dataclass(frozen=True, slots=True)
class Point:
    """Something that came on a day, at an hour (8.5 is half past eight; None when not known), and its group from 0."""

    day: date
    hour: float | None
    group: int


def read_table(text: str) -> Table:
    """Read a table; NoTableError tells what is wrong with it."""
    title, head, *lines = [line.strip() for line in text.strip().splitlines() if line.strip()] or ["", ""]
    names = [name.strip() for name in head.split("|")]
    if len(names) < 3 or not lines:
        raise NoTableError("要有标题、至少三个列名的一行，和一月一行")
    rows = []
    for number, line in enumerate(lines, 3):
        label, *values = [part.strip() for part in line.split("|")]
        try:
            amounts = tuple(float(value) for value in values)
        except ValueError as error:
            raise NoTableError(f"第 {number} 行有的地方不是数") from error
        if len(amounts) != len(names) - 1 or not all(0 <= amount < MOST for amount in amounts):
            raise NoTableError(f"第 {number} 行和列名对不上，或有负数")
        rows.append((label, amounts))
    return Table(title, tuple(names[1:]), tuple(rows))


def png(text: str) -> bytes:
    """Give the picture of a table as PNG; raises NoTableError."""
    table = read_table(text)
    import matplotlib
    from matplotlib.figure import Figure

    with matplotlib.rc_context({"font.family": _family(), "text.parse_math": False}):
        figure = Figure(figsize=(WIDTH, HEIGHT), dpi=DOTS, facecolor="white")
        _draw(figure.subplots(), table)
        figure.tight_layout(pad=1.6)
        body = BytesIO()
        figure.savefig(body, format="png", metadata={"Software": ""})
    return body.getvalue()


def days_png(title: str, axis: str, no_hour: str, points: Sequence[Point], groups: Sequence[str]) -> bytes:
    """Give a picture of `points`, at least one, as PNG: days across, hours down, the night shaded.

    `axis` names the hours, `no_hour` the place of points without one, and `groups` the four groups of points, the
    gravest last. Each group has a colour and a shape, so that it can be told without seeing colours.
    """
    import matplotlib
    from matplotlib.figure import Figure

    with matplotlib.rc_context({"font.family": _family(), "text.parse_math": False}):
        figure = Figure(figsize=(WIDTH, WIDTH), dpi=DOTS, facecolor="white")
        _draw_days(figure.subplots(), axis, no_hour, points, groups)
        figure.suptitle(title, fontsize=19, color=INK)
        figure.tight_layout(pad=1.6)
        body = BytesIO()
        figure.savefig(body, format="png", metadata={"Software": ""})
    return body.getvalue()


def _draw_days(axes: Any, axis: str, no_hour: str, points: Sequence[Point], groups: Sequence[str]) -> None:
    first, last = min(one.day for one in points), max(one.day for one in points)
    for begin, end in ((0, 8), (22, 24)):
        axes.axhspan(begin, end, color="#eef1f5", linewidth=0, zorder=0)
    for group, (name, (colour, shape)) in enumerate(zip(groups, GRAVE, strict=True)):
        those = [one for one in points if one.group == group]
        if those:
            across = [(one.day - first).days for one in those]
            down = [NO_HOUR if one.hour is None else one.hour for one in those]
            axes.scatter(across, down, s=70, c=colour, marker=shape, label=name, edgecolors="white", linewidths=0.6)
    span = (last - first).days
    places = sorted({round(span * part / (MOST_COLUMNS - 1)) for part in range(MOST_COLUMNS)})
    days = [first + timedelta(days=place) for place in places]
    new_year = [at == 0 or day.year != days[at - 1].year for at, day in enumerate(days)]
    named = zip(days, new_year, strict=True)
    axes.set_xticks(places, [f"{day:%m-%d}\n{day.year}" if new else f"{day:%m-%d}" for day, new in named])
    axes.set_xlim(-0.5 - 0.02 * span, span + 0.5 + 0.02 * span)
    hours = {float(hour): f"{hour}:00" for hour in range(0, 25, 4)}
    lane = {NO_HOUR: no_hour} if any(one.hour is None for one in points) else {}
    axes.set_yticks(list(hours | lane), list((hours | lane).values()))
    axes.set_ylim(NO_HOUR + 1 if lane else 24.6, -0.6)
    axes.set_ylabel(axis, color=SOFT, fontsize=12)
    axes.tick_params(colors=SOFT, labelsize=12, length=0)
    axes.grid(axis="y", color="#e4e7eb", linewidth=1)
    axes.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color("#cbd2d9")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.11), ncols=2, frameon=False, fontsize=13, labelcolor=INK)


def _draw(axes: Any, table: Table) -> None:
    places = range(len(table.rows))
    below = [0.0] * len(table.rows)
    incomes = [row[0] for _, row in table.rows]
    for at, name in enumerate(table.names[1:], 1):
        amounts = [row[at] for _, row in table.rows]
        colour, ink = LEFT if at == len(table.names) - 1 else PARTS[(at - 1) % len(PARTS)]
        bars = axes.bar(places, amounts, 0.66, below, color=colour, label=name)
        if len(table.rows) <= MOST_WRITTEN:
            written = [f"{amount:,.0f}" if amount > 0.05 * max(incomes) else "" for amount in amounts]
            axes.bar_label(bars, written, label_type="center", color=ink, fontsize=11)
        below = [low + amount for low, amount in zip(below, amounts, strict=True)]
    edges = [-0.5, *(place + 0.5 for place in places)]
    axes.stairs(incomes, edges, baseline=None, color=LINE, linewidth=2.2, label=table.names[0])
    step = -(-len(table.rows) // MOST_COLUMNS)
    axes.set_xticks(list(places)[::step], [label for label, _ in table.rows][::step])
    axes.set_ylim(0, 1.12 * max(*incomes, *below, 1.0))
    axes.set_title(table.title, fontsize=19, color=INK, loc="left", pad=18)
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    axes.tick_params(colors=SOFT, labelsize=12, length=0)
    axes.grid(axis="y", color="#e4e7eb", linewidth=1)
    axes.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color("#cbd2d9")
    shown = min(3, len(table.names))
    legend = axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.07), ncols=shown, frameon=False, fontsize=13)
    for text in legend.get_texts():
        text.set_color(INK)


def _family() -> str:
    """Name the font to draw with: that of the setting DOCUMENT_FONT, else one of the system, else what came along."""
    from matplotlib.font_manager import fontManager

    chosen = setting("DOCUMENT_FONT")
    if (file := Path(chosen).expanduser()).is_file():
        chosen = _added(file)
    ours = [_added(path) for path in came_along() if "Sans" in path.name]
    known = {font.name for font in fontManager.ttflist}
    return next((name for name in (chosen, *OF_SYSTEMS, *ours) if name in known), "sans-serif")


def _added(file: Path) -> str:
    from matplotlib.font_manager import FontProperties, fontManager

    name = FontProperties(fname=file).get_name()
    if name not in {font.name for font in fontManager.ttflist}:
        fontManager.addfont(file)
    return name
