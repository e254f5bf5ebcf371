"""Puts a reply into the form of WeChat: text only, choices as a numbered list, cut to what one message may hold."""

import re
from collections.abc import Callable, Sequence

from advisor.message import Choice, Person, Reply

LONGEST = 2047  # bytes
Link = Callable[[Person, str], str | None]
_ENDS = tuple(map(re.compile, (r"\n{2,}", r"\n", r"[。！？；]”?|[.!?;] ")))  # of paragraphs, lines and sentences


def text_of(person: Person, reply: Reply, letter: Callable[[str], str], link: Link) -> str:
    """Give all of a reply as one text; where that is too long for one message, drafts that have a page become links.

    `link` gives the address of the page with the drafts of a reply, always the same one for the same reply; `letter`
    says that they are to be read there.
    """
    whole = _joined(reply, {})
    if size(whole) <= LONGEST or not any(bubble.letter for bubble in reply.bubbles):
        return whole
    address = link(person, reply.id)
    if not address:
        return whole
    first = next(number for number, bubble in enumerate(reply.bubbles) if bubble.letter)
    others = {number: "" for number, bubble in enumerate(reply.bubbles) if bubble.letter}
    return _joined(reply, {**others, first: letter(address)})


def _joined(reply: Reply, instead: dict[int, str]) -> str:
    pieces: list[str] = []
    for number, bubble in enumerate(reply.bubbles):
        pieces += [instead.get(number, bubble.text), listed(bubble.choices)]
    return "\n\n".join(filter(None, (piece.strip("\n") for piece in pieces)))


def listed(choices: Sequence[Choice]) -> str:
    """Write choices as a list, numbered in the order in which a typed number is understood.

    Where there is nothing but the row that never changes, a number may be the answer itself: there words are typed.
    """
    if all(choice.last for choice in choices):
        return " · ".join(choice.label for choice in choices)
    numbered = [(f"{number}. {choice.label}", choice.last) for number, choice in enumerate(choices, 1)]
    rows = [text for text, last in numbered if not last]
    row = " · ".join(text for text, last in numbered if last)
    return "\n".join([*rows, row] if row else rows)


def cut(text: str, more: str, *, waits: bool) -> tuple[str, str]:
    """Give what one message holds of a text, and the rest; `more` stands below if there is one or something `waits`."""
    below = f"\n\n{more}" if more else ""
    whole = text + below if waits else text
    if size(whole) <= LONGEST:
        return whole, ""
    first, rest = split(text, LONGEST - size(below))
    return first + below, rest


def split(text: str, longest: int) -> tuple[str, str]:
    """Cut a text after at most so many bytes of UTF-8: at the end of a paragraph, else of a sentence, else anywhere."""
    encoded = text.encode(errors="replace")
    if len(encoded) <= longest:
        return text, ""
    fits = len(encoded[:longest].decode(errors="ignore"))
    ends = (match.end() for end in _ENDS for match in reversed(list(end.finditer(text, 0, fits))))
    at = next((end for end in ends if end > fits // 2), fits)
    return text[:at].rstrip(), text[at:].lstrip()


def size(text: str) -> int:
    """Count a text as the platform does, in bytes of UTF-8."""
    return len(text.encode(errors="replace"))
