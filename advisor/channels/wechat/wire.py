"""The XML of the platform: a flat record each way. Only what is signed may be read."""

import re
from collections.abc import Mapping
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

LARGEST = 64 * 1024  # bytes
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class UnreadableError(Exception):
    """The body is no record of the platform."""


def parse(body: bytes) -> dict[str, str]:
    """Give the fields of a record; of one that is there twice the first. What lies deeper in it is left out."""
    if b"<!DOCTYPE" in body or len(body) > LARGEST:
        raise UnreadableError("no record of the platform has that")
    try:
        root = fromstring(body.decode(), forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise UnreadableError("no XML") from error
    fields: dict[str, str] = {}
    for child in root:
        fields.setdefault(child.tag, child.text or "")
    return fields


def build(fields: Mapping[str, str | int]) -> str:
    """Write a record; numbers stand bare, as the platform writes them."""
    inside = (
        f"<{name}>{value if isinstance(value, int) else _cdata(value)}</{name}>" for name, value in fields.items()
    )
    return f"<xml>{''.join(inside)}</xml>"


def _cdata(text: str) -> str:
    """Wrap a text, whatever is in it; what no XML can hold is left out."""
    return f"<![CDATA[{_NO_XML.sub('', text).replace(']]>', ']]]]><![CDATA[>')}]]>"
