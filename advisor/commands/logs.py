"""How the log is written: ids and states, never a person's words; a line of text or of JSON for each record.

What broke is told by its kind and place only, and of other people's libraries only the unchanging part of a message,
for the rest of it may quote what a person said.
"""

import json
import logging
import re
import sys
import traceback
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from advisor.clock import SHANGHAI

FORMATS = ("text", "json")
TALKATIVE = ("httpx", "httpcore", "telegram", "aiolimiter", "PIL")  # they would write addresses with the token


_NAMED = re.compile(r"[a-z_]+=.*")


class Plain(logging.Formatter):
    """Writes a record as time, level, part and what happened."""

    def format(self, record: logging.LogRecord) -> str:
        """Give the line."""
        at = datetime.fromtimestamp(record.created, SHANGHAI).isoformat(timespec="milliseconds")
        return " ".join((at, record.levelname, record.name, said(record), *broken(record)))


class Json(logging.Formatter):
    """Writes a record as one JSON object; what is written as `name=value` gets a key of its own."""

    def format(self, record: logging.LogRecord) -> str:
        """Give the line."""
        words = [*said(record).split(" "), *broken(record)]
        named = dict(word.split("=", 1) for word in words if _NAMED.fullmatch(word))
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, SHANGHAI).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "part": record.name,
            "event": " ".join(word for word in words if not _NAMED.fullmatch(word)),
        }
        return json.dumps({**named, **line}, ensure_ascii=False)


def said(record: logging.LogRecord) -> str:
    """Give what happened, in one line."""
    whole = record.getMessage() if record.name.partition(".")[0] == "advisor" else str(record.msg)
    return whole.partition("\n")[0]


def broken(record: logging.LogRecord) -> list[str]:
    """Give the kind and the place of what broke, if anything did."""
    if not record.exc_info or record.exc_info[1] is None:
        return []
    error = record.exc_info[1]
    frames = traceback.extract_tb(error.__traceback__)
    place = [f"at={Path(frames[-1].filename).name}:{frames[-1].lineno}"] if frames else []
    return [f"error={type(error).__name__}", *place]


def configure(how: str, *more: logging.Handler, stream: TextIO = sys.stderr) -> None:
    """Write the log to `stream` as `how` says, text or json, and hand every record to `more`; ValueError: neither."""
    if how not in FORMATS:
        raise ValueError(f"LOG_FORMAT 要写 text 或 json，现在是 {how}")
    writer = logging.StreamHandler(stream)
    writer.setFormatter(Json() if how == "json" else Plain())
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    for handler in (writer, *more):
        root.addHandler(handler)
    for library in TALKATIVE:
        logging.getLogger(library).setLevel(logging.WARNING)
