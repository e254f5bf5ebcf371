"""Reads a table of messages (CSV), as many phones and programs write one: columns are known by their headings.

`csv.Sniffer` guesses wrongly where texts hold commas and quotes; the delimiter is that which makes known headings.
"""

import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from advisor.content.exports import Columns, Exports
from advisor.evidence.imported import Imported, Summary
from advisor.evidence.times import read_time

HEAD_LINES = 10  # among which the headings stand: some programs write a title first
DELIMITERS = ",;\t|"
_NOISE = re.compile(r"[\s\ufeff_\-.:：\"]|[(（].*")


@dataclass(frozen=True, slots=True)
class Header:
    """The headings: how many lines they end after, what divides columns, and the columns of each role."""

    lines: int
    delimiter: str
    roles: dict[str, list[int]]
    width: int


def plain(heading: str) -> str:
    """Give a heading as it is compared: without spaces, signs and what stands in brackets, in small letters."""
    return _NOISE.sub("", heading).casefold()


def roles_of(columns: Columns) -> dict[str, str]:
    """Give the role that each known heading has."""
    return {plain(word): role for role in Columns.model_fields for word in getattr(columns, role)}


def find_header(lines: list[str], columns: Columns) -> Header | None:
    """Find the line with a heading for the text and at least one more; None when it is no table."""
    known = roles_of(columns)
    for number, line in enumerate(lines, 1):
        for delimiter in DELIMITERS:
            cells = next(csv.reader([line], delimiter=delimiter), [])
            roles: dict[str, list[int]] = {}
            for place, cell in enumerate(cells):
                if role := known.get(plain(cell)):
                    roles.setdefault(role, []).append(place)
            if "text" in roles and len(roles) > 1:
                return Header(number, delimiter, roles, len(cells))
    return None


def read_table(
    lines: Iterable[str], header: Header, now: datetime, words: Exports, summary: Summary
) -> Iterator[Imported]:
    """Give the messages of the rows below the headings; a line that cannot be read is counted as damaged."""
    ways = {plain(word): way for way in ("received", "sent", "unsent") for word in getattr(words.ways, way)}
    for row in _rows(lines, header.delimiter):
        if row is None:
            summary.skipped["damaged"] += 1
        elif any(cell.strip() for cell in row):
            yield from _message(row, header, now, ways, summary)


def _rows(lines: Iterable[str], delimiter: str) -> Iterator[list[str] | None]:
    """Give each row, and None for a line that is none.

    A quotation mark that is never closed takes all lines below it into its row: they are read anew without the first.
    """
    coming, again, taken = iter(lines), deque[str](), list[str]()

    def feed() -> Iterator[str]:
        while line := again.popleft() if again else next(coming, ""):
            taken.append(line)
            yield line

    rows = csv.reader(feed(), delimiter=delimiter, strict=True)
    while True:
        taken.clear()
        try:
            yield next(rows)
        except StopIteration:
            return
        except csv.Error:
            again.extendleft(reversed(taken[1:]))
            rows = csv.reader(feed(), delimiter=delimiter, strict=True)
            yield None


def _message(
    row: list[str], header: Header, now: datetime, ways: dict[str, str], summary: Summary
) -> Iterator[Imported]:
    if len(row) < header.width and len(row) <= header.roles["text"][0]:
        summary.skipped["damaged"] += 1
        return

    def cells(role: str) -> list[str]:
        return [row[place].strip() for place in header.roles.get(role, ()) if place < len(row) and row[place].strip()]

    def first(*roles: str) -> str:
        return next((cell for role in roles for cell in cells(role)), "")

    way = next((ways[plain(cell)] for cell in cells("way") if plain(cell) in ways), "received")
    if way == "unsent":
        summary.skipped["not_sent"] += 1
        return
    text = row[header.roles["text"][0]]
    if not summary.takes(text):
        return
    at, whole_day = _time(cells("when"), now)
    if way == "sent":
        yield Imported(text, "", first("recipient", "other", "name"), at, True, whole_day)
    else:
        yield Imported(text, first("sender", "other", "name"), first("recipient"), at, False, whole_day)


def _time(cells: list[str], now: datetime) -> tuple[datetime | None, bool]:
    """Read the first cell that tells day and hour, else all of them as one: they may have columns of their own."""
    for told in [*cells, " ".join(cells)] if len(cells) > 1 else cells:
        at, whole_day = read_time(told, now)
        if at and not whole_day:
            return at, False
    return next((read for cell in cells if (read := read_time(cell, now))[0]), (None, False))
