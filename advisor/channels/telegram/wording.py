"""Puts a reply into the form of Telegram: escaped text in parts that fit, buttons, drafts to copy and to keep."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape, unescape

from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.constants import InlineKeyboardButtonLimit, MessageLimit

from advisor.message import Bubble, Choice, Reply

LONGEST = MessageLimit.MAX_TEXT_LENGTH  # UTF-16 units
SHORT_LABEL = 6  # characters up to which two buttons stand side by side
WIDEST_ROW = 3  # buttons
_ENDS = tuple(map(re.compile, (r"\n{2,}", r"\n", r"[。！？；]")))  # of paragraphs, lines and sentences


@dataclass(frozen=True, slots=True)
class Part:
    """One thing to send: `html` with the buttons under it, or the file that goes `with_` a bubble."""

    html: str = ""
    buttons: InlineKeyboardMarkup | None = None
    with_: Bubble | None = None


def parts(reply: Reply) -> list[Part]:
    """Give what is to be sent for a reply, in order; the buttons stand under the last text."""
    found: list[Part] = []
    for bubble in reply.bubbles:
        texts = [escape(text, quote=False) for text in split(bubble.text)] or ["…"] * bool(bubble.choices)
        if bubble.letter:
            texts = [f"<pre>{text}</pre>" for text in texts]
        buttons = keyboard(bubble.choices) if bubble.choices else None
        last = len(texts) - 1
        found += [Part(text, buttons if number == last else None) for number, text in enumerate(texts)]
        if bubble.letter or bubble.picture or bubble.package:
            found.insert(len(found) - bool(buttons), Part(with_=bubble))
    return found


def split(text: str, longest: int = LONGEST) -> Iterator[str]:
    """Cut a text into parts that fit, at the ends of paragraphs, else of sentences, else anywhere."""
    while units(text) > longest:
        fits = _fitting(text, longest)
        ends = (match.end() for end in _ENDS for match in reversed(list(end.finditer(text, 0, fits))))
        cut = next((end for end in ends if end > fits // 2), fits)
        if piece := text[:cut].strip("\n"):
            yield piece
        text = text[cut:].lstrip("\n")
    if text.strip():
        yield text


def units(text: str) -> int:
    """Count a text as Telegram does, in UTF-16."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _fitting(text: str, longest: int) -> int:
    """Give how many characters of a text fit."""
    count = 0
    for at, char in enumerate(text):
        count += 2 if ord(char) > 0xFFFF else 1
        if count > longest:
            return at
    return len(text)


def plain(part: Part) -> Part:
    """Give a part without its form, for when Telegram refuses that; its buttons stay."""
    text = unescape(re.sub(r"</?pre>", "", part.html))
    return Part(next(split(text), "…"), part.buttons)


def keyboard(choices: Sequence[Choice]) -> InlineKeyboardMarkup:
    """Lay out choices: short ones side by side, the row that never changes at the end."""
    rows: list[list[Choice]] = []
    for choice in choices:
        if choice.last:
            continue
        short = len(choice.label) <= SHORT_LABEL
        if rows and short and len(rows[-1]) == 1 and len(rows[-1][0].label) <= SHORT_LABEL:
            rows[-1].append(choice)
        else:
            rows.append([choice])
    last = [choice for choice in choices if choice.last]
    rows += [last[at : at + WIDEST_ROW] for at in range(0, len(last), WIDEST_ROW)]
    return InlineKeyboardMarkup([[_button(choice) for choice in row] for row in rows if row])


def _button(choice: Choice) -> InlineKeyboardButton:
    if len(choice.id.encode()) > InlineKeyboardButtonLimit.MAX_CALLBACK_DATA:
        raise ValueError(f"choice id is longer than a button can carry: {choice.id.partition('.')[0]}")
    return InlineKeyboardButton(choice.label, callback_data=choice.id)
