"""Makes the files that go with a reply: a letter as a document, a plan as a picture, under names that tell nothing."""

import logging
from collections.abc import Callable, Iterator

from advisor.message import Bubble, File

log = logging.getLogger("advisor.attachments")


def files_of(bubble: Bubble, title: Callable[[str], str]) -> list[File]:
    """Make the files of a bubble; `title` gives the title of a letter. One that cannot be made is left out."""
    return [made for make in (_picture, _document) for made in _made(make, bubble, title)]


def _made(make: "_Make", bubble: Bubble, title: Callable[[str], str]) -> Iterator[File]:
    try:
        yield from make(bubble, title)
    except Exception as error:  # the words went before it, and are all of it
        log.error("file not made error=%s", type(error).__name__)


def _picture(bubble: Bubble, _: Callable[[str], str]) -> Iterator[File]:
    if bubble.picture:
        from advisor.charts import png

        yield File("plan.png", png(bubble.picture))


def _document(bubble: Bubble, title: Callable[[str], str]) -> Iterator[File]:
    if bubble.letter:
        from advisor.charts import png
        from advisor.documents import docx

        picture = png(bubble.picture) if bubble.picture else None
        yield File("draft.docx", docx(title(bubble.letter), bubble.text, picture=picture))


_Make = Callable[[Bubble, Callable[[str], str]], Iterator[File]]
