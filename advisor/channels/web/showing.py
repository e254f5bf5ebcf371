"""Turns the lines of a talk into what the templates of the page are given."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from advisor.message import Bubble, Line, Message, Reply

PAUSE = timedelta(hours=1)  # of a talk, after which the time is shown
SHOWN = 40  # lines of a talk that are shown at first


def shown(talk: Sequence[Line], after: int) -> list[dict[str, Any]]:
    """Give the lines of a talk behind the line `after` as templates take them; only the last reply can be tapped."""
    last = next((line.number for line in reversed(talk) if isinstance(line.said, Reply)), 0)
    found, before = [], None
    for line in talk:
        paused = before is None or line.at - before > PAUSE
        before = line.at
        if line.number > after:
            found.append({"number": line.number, "at": line.at if paused else None, **_line(line, line.number == last)})
    return found


def _line(line: Line, is_last: bool) -> dict[str, Any]:
    said = line.said
    if isinstance(said, Message):
        pictures = sum(file.kind == "photo" for file in said.files)
        texts = [*([said.text] if said.text else []), *(sms.text for sms in said.sms)]
        return {"mine": True, "texts": texts, "pictures": pictures, "documents": len(said.files) - pictures}
    bubbles = [bubble(one, f"/file/{line.number}/{at}") for at, one in enumerate(said.bubbles)]
    choices = [choice for one in said.bubbles for choice in one.choices] if is_last else []
    return {"mine": False, "bubbles": bubbles, "choices": choices}


def bubble(one: Bubble, file: str) -> dict[str, Any]:
    """Give a bubble as the templates take it; `file` is the path of the file that goes with it."""
    picture = None
    if one.picture and not one.letter:
        title, *rows = [row.strip() for row in one.picture.strip().splitlines() if row.strip()]
        picture = {"title": title, "rows": [[cell.strip() for cell in row.split("|")] for row in rows]}
    return {"text": one.text, "letter": one.letter, "file": file, "picture": picture, "package": one.package}
