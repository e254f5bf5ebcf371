"""Hears a phrase of a situation in a text, unless it is denied."""

import re

from advisor.answers import NEAR_BY, spoken

_DENIED = re.compile(
    r"(?:没[有得]?|不是|未|别(?!人)|冇|莫[得有]?|木有)(?:给|跟|和|替|帮|去|找|有|人|谁|过|他|她|做){0,3}$"
)
BEFORE = 6  # characters before a phrase where a denial may stand


def says(text: str, phrase: str) -> bool:
    """Tell whether a text holds each part of a phrase (`半夜…打`); one that is denied (没签字) does not count."""
    first, *rest = phrase.split("…")
    if not all(part in text for part in rest):
        return False
    if NEAR_BY not in first and first not in text:
        return False
    return any(not _DENIED.search(text[max(0, m.start() - BEFORE) : m.start()]) for m in spoken(first).finditer(text))
