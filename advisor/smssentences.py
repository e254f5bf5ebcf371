"""A message sentence by sentence: what each counts as, and why."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from advisor.content.signals import SORTS
from advisor.readings import Reading

LONG = 30  # characters from which a sentence is divided at its commas
SHORT = 8  # characters below which a part is left with its neighbour
MOST_REASONS = 2  # of one sentence
MOST = 60  # sentences that are given; what follows them is one more
_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;\n]*")
_PART = re.compile(r"(?:[^，,]|(?<=[0-9]),(?=[0-9]))+[，,]*")
_RANKS: Mapping[str, int] = {sort: number for number, sort in enumerate(SORTS)}


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as it stands in the message; `because` lists nothing where nothing is to be said of it."""

    quote: str
    told_as: str
    because: tuple[str, ...]


def sentences(text: str, reading: Reading) -> list[Sentence]:
    """Divide a message that was read; each sentence counts as the gravest thing that begins in it."""
    found: list[Sentence] = []
    for start, end in _places(text):
        marks = [mark for mark in reading.marks if start <= mark.start < end]
        gravest = max((mark.told_as for mark in marks), key=_RANKS.__getitem__, default=SORTS[0])
        because = dict.fromkeys(mark.because for mark in marks if gravest == SORTS[0] or mark.told_as != SORTS[0])
        one = Sentence(text[start:end].strip(), gravest, tuple(because)[:MOST_REASONS])
        if because and found and (one.told_as, one.because) == (found[-1].told_as, found[-1].because):
            found[-1] = replace(one, quote=found[-1].quote + one.quote)
        elif one.quote:
            found.append(one)
    return found


def _places(text: str) -> Sequence[tuple[int, int]]:
    places = [place for whole in _SENTENCE.finditer(text) for place in _parts(text, *whole.span())]
    return [*places[:MOST], (places[MOST][0], len(text))] if len(places) > MOST else places


def _parts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Divide a long sentence at its commas, into parts that are not too short."""
    if end - start > LONG:
        for part in _PART.finditer(text, start, end):
            if part.end() - start >= SHORT and end - part.end() >= SHORT:
                yield start, part.end()
                start = part.end()
    yield start, end
