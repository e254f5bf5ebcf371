"""Writes what is said in traditional characters, for those who write so; names of laws and quotes stay as they are."""

import re
from dataclasses import replace

from advisor.message import Bubble, Reply
from advisor.normal import converter, simplify

_AS_IT_IS = re.compile(r"(《[^》]*》|“[^”]*”)")


def is_traditional(text: str) -> bool:
    """Tell whether a text holds characters that only traditional writing has."""
    return simplify(text) != text


def is_simplified(text: str) -> bool:
    """Tell whether a text holds characters that only simplified writing has."""
    return traditional(text) != text


def traditional(text: str) -> str:
    """Give a text in traditional characters, without touching what stands in “” or 《》."""
    parts = _AS_IT_IS.split(text)
    written = (part if number % 2 else converter("s2tw").convert(part) for number, part in enumerate(parts))
    return "".join(written).replace("複議", "復議")


def in_traditional(reply: Reply) -> Reply:
    """Give a reply in traditional characters: its words, and the labels of its choices."""
    bubbles = tuple(
        Bubble(
            traditional(bubble.text),
            bubble.letter,
            tuple(replace(choice, label=traditional(choice.label)) for choice in bubble.choices),
            traditional(bubble.picture),
        )
        for bubble in reply.bubbles
    )
    return replace(reply, bubbles=bubbles, tapped=traditional(reply.tapped))
