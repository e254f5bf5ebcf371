"""Gives the timeline as a table that a spreadsheet opens: UTF-8 with its mark, and no cell that could run."""

import csv
from io import StringIO
from typing import Any

from advisor.evidence.chart import NAMES
from advisor.evidence.timeline import Entry, Timeline
from advisor.render import Words

# what a spreadsheet takes for the beginning of a formula, in full width too
RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
LONGEST_NUMBER = 11  # digits that a spreadsheet shows as they are; it rounds longer numbers


def table(timeline: Timeline, words: Words, language: str) -> bytes:
    """Give a line for each exhibit in force in order of time, after a line with the names of the columns."""
    said = words.module(NAMES, language)
    body = StringIO()
    writer = csv.writer(body)
    writer.writerow(str(said.columns()).split("|"))
    for entry in timeline.entries:
        writer.writerow([harmless(cell) for cell in _cells(entry, said)])
    return body.getvalue().encode("utf-8-sig", "replace")


def _cells(entry: Entry, said: Any) -> list[str]:
    exhibit = entry.exhibit
    return [
        str(entry.number),
        entry.day.isoformat() if entry.day else "",
        f"{entry.at:%H:%M}" if entry.at else "",
        str(said.known(exhibit.known_by)),
        exhibit.sender,
        exhibit.recipient,
        str(said.kind(exhibit.kind)),
        exhibit.text,
        "; ".join(str(said.finding(one)) for one in entry.findings),
        str(said.grade(entry.grade)),
        " ".join(map(str, entry.proofs)),
        str(exhibit.seen),
        exhibit.sha256,
    ]


def harmless(cell: str) -> str:
    """Put a quotation mark before what a spreadsheet would run or round; `as_it_was` takes it away again."""
    return f"'{cell}" if _marked(cell) else cell


def as_it_was(cell: str) -> str:
    """Give the text of a cell that `harmless` gave."""
    return cell[1:] if cell.startswith("'") and _marked(cell[1:]) else cell


def _marked(cell: str) -> bool:
    bare = cell.lstrip("'")
    return bare.startswith(RUNS) or (bare.isdecimal() and len(bare) > LONGEST_NUMBER)
