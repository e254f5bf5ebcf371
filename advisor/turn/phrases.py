"""Hears a phrase of a situation in a text, unless it is denied."""

import re

from advisor.answers import NEAR_BY, fold, spoken, stands_in

_DENIED = re.compile(
    r"(?:没[有得]?|不是|未|别(?!人)|冇|莫[得有]?|木有)(?:给|跟|和|替|帮|去|找|有|人|谁|过|他|她|做){0,3}$"
    r"|\b(?:not|never|no) (?:[a-z]+ )?$|\b(?:is|was|are|were|do|does|did|has|have|had)n['’]?t (?:[a-z]+ )?$"
)
_ASKING = re.compile(
    r"^(?:我)?(?:就|现在|还是|先)?(?:要|想要?|想问|帮我|怎么|需要|请问)(?:一下)?|(?:怎么办|怎么弄|怎么做)$"
    r"|^(?:please|i(?:want|need|wouldlike)(?:to)?|howto|howdoi|tellmeabout)|please$"
)
BEFORE = 16  # characters before a phrase where a denial may stand


def says(text: str, phrase: str) -> bool:
    """Tell whether a text holds each part of a phrase (`半夜…打`); one that is denied (没签字) does not count."""
    first, *rest = phrase.split("…")
    if not all(stands_in(part, text) for part in rest):
        return False
    if NEAR_BY not in first and first not in text:
        return False
    return any(not _DENIED.search(text[max(0, m.start() - BEFORE) : m.start()]) for m in spoken(first).finditer(text))


def refuses(text: str, phrase: str) -> bool:
    """Tell whether a text holds a refusal (不要报警), and not only the question whether to (要不要报警)."""
    return any(text[max(0, m.start() - 1) : m.start()] != phrase[1:2] for m in spoken(phrase).finditer(text))


def without_asking(text: str) -> str:
    """Give what is asked for, folded, without the words that ask for it."""
    return _ASKING.sub("", fold(text))
