"""Reads the XML that the Android app SMS Backup & Restore writes, of any size, holding one message at a time.

The attributes are those that its maker documents (SyncTech, “Fields in XML backup files”). A file that declares a
document type or an entity is turned away whole: no phone writes one, and they are how XML attacks its reader.
"""

import re
from collections.abc import Iterator
from string import ascii_letters, digits
from typing import BinaryIO
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from advisor.evidence.filetypes import RefusedError
from advisor.evidence.imported import LONGEST, Imported, Summary
from advisor.evidence.times import since_1970

RECEIVED, SENT = "1", "2"  # type and msg_box; the others are drafts and what waits or failed
FROM, TO = "137", {"151", "130"}  # type of an addr of an MMS; 130 is a copy
MOST_PARTS = 1_000  # elements within one message, however deep
MOST_BEFORE_A_MESSAGE = 4_000_000  # bytes within which a message ends, pictures shortened
LONGEST_RUN = LONGEST + 1  # letters that are kept of a picture in base64; a text of so many is passed over anyway

_ABSENT = {"", "null", "insert-address-token", "(Unknown)"}
_LETTERS = (ascii_letters + digits + "+/").encode()  # of base64
_NUMBER = rb"(?:x[0-9a-fA-F]{1,6}|[0-9]{1,7});"
_REFERENCES = re.compile(rb"&#%b(?:&#%b)*" % (_NUMBER, _NUMBER))
_UNFINISHED = re.compile(rb"(?:&#(?:55[0-9]{3}|56[0-3][0-9]{2}|x[dD][89abAB][0-9a-fA-F]{2});)?(?:&[#\w]{0,9})?\Z")


def read_backup(file: BinaryIO, summary: Summary) -> Iterator[Imported]:
    """Give the messages in order; RefusedError when it is no such file, or a hostile one.

    A file that breaks off gives what it holds, and `broken_off` is counted.
    """
    source, depth, parts = _Source(file), 0, 0
    root: Element | None = None
    try:
        for event, element in iterparse(source, ("start", "end"), forbid_dtd=True):
            if event == "start":
                depth += 1
                root = element if root is None else root
                parts += 1
                if parts > MOST_PARTS:
                    raise RefusedError("damaged")
                if root.tag != "smses":
                    raise RefusedError("wrong_type")
                continue
            depth -= 1
            if depth == 1 and root is not None:
                if message := _message(element, summary):
                    yield message
                root.clear()
                source.since = parts = 0
    except (DefusedXmlException, ValueError) as error:  # a ValueError is an encoding that no phone writes
        raise RefusedError("damaged") from error
    except ParseError as error:
        if not summary.read:
            raise RefusedError("damaged") from error
        summary.skipped["broken_off"] += 1


def _message(element: Element, summary: Summary) -> Imported | None:
    match element.tag:
        case "sms":
            text, way = _told(element, "body"), element.get("type")
            sender = recipient = _told(element, "address") or _told(element, "contact_name")
        case "mms":
            parts = (_told(part, "text") for part in element.iter("part") if part.get("ct") == "text/plain")
            text, way = "\n".join(filter(None, parts)), element.get("msg_box")
            others = ", ".join(_told(element, "address").split("~")) or _told(element, "contact_name")
            sender = ", ".join(_addresses(element, {FROM})) or others
            recipient = others if way == SENT else ", ".join(_addresses(element, TO))
        case _:
            return None
    if way not in (RECEIVED, SENT):
        summary.skipped["not_sent"] += 1
        return None
    if not summary.takes(text):
        return None
    date = element.get("date", "")
    at = since_1970(int(date)) if date.isascii() and date.isdigit() and len(date) < 20 else None
    if way == SENT:
        return Imported(text, "", recipient, at, sent=True)
    return Imported(text, sender, recipient if element.tag == "mms" else "", at)


def _told(element: Element, name: str) -> str:
    value = element.get(name, "")
    return "" if value in _ABSENT else value


def _addresses(element: Element, types: set[str]) -> Iterator[str]:
    return (told for addr in element.iter("addr") if addr.get("type") in types and (told := _told(addr, "address")))


class _Source:
    """The bytes of a file as the parser should see them: pictures shortened, broken references to characters mended.

    `since` counts the bytes since the last message; more than `MOST_BEFORE_A_MESSAGE` are refused, for the parser holds
    all of them.
    """

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.since = 0
        self.run = 0  # letters at the end of what was read, as a picture in base64 goes on
        self.held = b""

    def read(self, size: int) -> bytes:
        """Give some of the next bytes, none at the end."""
        while chunk := self.file.read(size):
            chunk = self.held + chunk
            cut = _UNFINISHED.search(chunk, max(0, len(chunk) - 24))
            end = cut.start() if cut else len(chunk)
            self.held = chunk[end:]
            if found := self._shortened(_REFERENCES.sub(_mended, chunk[:end])):
                self.since += len(found)
                if self.since > MOST_BEFORE_A_MESSAGE:
                    raise RefusedError("damaged")
                return found
        rest, self.held = self.held, b""
        return rest

    def _shortened(self, chunk: bytes) -> bytes:
        """Leave out what goes on a run of letters beyond `LONGEST_RUN`; within a block none is so long."""
        lead = len(chunk) - len(chunk.lstrip(_LETTERS))
        kept = min(lead, max(0, LONGEST_RUN - self.run))
        self.run = self.run + lead if lead == len(chunk) else len(chunk) - len(chunk.rstrip(_LETTERS))
        return chunk[:kept] + chunk[lead:]


def _mended(references: re.Match[bytes]) -> bytes:
    """Write a character that was put down as two halves (&#55357;&#56841;) as one, and one that XML has not as a sign.

    Android wrote emoji so for years, and no parser of XML takes them.
    """
    numbers = [int(b"0" + one if one[:1] == b"x" else one, 16 if one[:1] == b"x" else 10) for one in _each(references)]
    if all(map(_is_of_xml, numbers)):
        return references[0]
    units = "".join(chr(number) if number <= 0x10FFFF else "\ufffd" for number in numbers)
    whole = units.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return b"".join(b"&#%d;" % (ord(sign) if _is_of_xml(ord(sign)) else 0xFFFD) for sign in whole)


def _each(references: re.Match[bytes]) -> list[bytes]:
    return references[0].removeprefix(b"&#").removesuffix(b";").split(b";&#")


def _is_of_xml(number: int) -> bool:
    whole = 0x20 <= number < 0xD800 or 0xE000 <= number < 0xFFFE or 0x10000 <= number <= 0x10FFFF
    return whole or number in (0x9, 0xA, 0xD)
