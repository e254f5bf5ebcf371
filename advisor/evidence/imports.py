"""The way in for files of messages: what a phone exported, or what was copied into a text.

Every reader streams, so that memory does not grow with the file; `Summary` tells at any time how far it has come.
"""

from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, getincrementaldecoder
from collections.abc import Iterator
from datetime import datetime
from io import TextIOWrapper
from itertools import chain, islice
from typing import BinaryIO

from advisor.content.exports import Exports
from advisor.evidence.backup import read_backup
from advisor.evidence.filetypes import HEAD_BYTES, RefusedError, decodes, kind_of
from advisor.evidence.imported import LONGEST, Imported, Summary
from advisor.evidence.pasted import read_pasted
from advisor.evidence.tables import HEAD_LINES, find_header, read_table

__all__ = ["Imported", "Summary", "read"]

LONGEST_LINE = 4 * LONGEST  # characters; a longer line is read in pieces


def read(
    file: BinaryIO, name: str, now: datetime, words: Exports, summary: Summary | None = None
) -> Iterator[Imported]:
    """Give the messages of an export in order; RefusedError when it is none. `file` is seekable and stays open.

    `now` is the day by which dates without a year are read. `summary` is counted up while reading.
    """
    summary = Summary() if summary is None else summary
    head = file.read(HEAD_BYTES)
    file.seek(0)
    found = kind_of(head, name)
    if found is None or found.kind != "export":
        raise RefusedError("wrong_type")
    if found.media_type == "application/xml":
        yield from read_backup(file, summary)
        return
    text = TextIOWrapper(file, _encoding(file, head), errors="replace", newline="")
    try:
        lines = iter(lambda: text.readline(LONGEST_LINE), "")
        first = list(islice(lines, HEAD_LINES))
        header = find_header(first, words.columns)
        whole = chain(first[header.lines :] if header else first, lines)
        yield from read_table(whole, header, now, words, summary) if header else read_pasted(whole, now, words, summary)
    finally:
        text.detach()


def _encoding(file: BinaryIO, head: bytes) -> str:
    """Tell the encoding of a text: that of its mark, else UTF-8 or GB 18030, the first that fits all of it.

    Where neither does, it is the one that fits the beginning, and what cannot be read shows as a sign.
    """
    if head.startswith(BOM_UTF8):
        return "utf-8-sig"
    if head.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return "utf-16"
    for encoding in ("utf-8", "gb18030"):
        if _fits(file, encoding):
            return encoding
    return "utf-8" if decodes(head, "utf-8") else "gb18030"


def _fits(file: BinaryIO, encoding: str) -> bool:
    decoder = getincrementaldecoder(encoding)()
    try:
        while chunk := file.read(1 << 16):
            decoder.decode(chunk)
    except UnicodeDecodeError:
        return False
    finally:
        file.seek(0)
    return True
