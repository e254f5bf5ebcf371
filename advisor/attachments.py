"""Makes the files that go with a reply: a letter as a document, a plan as a picture, under names that tell nothing."""

import logging
from collections.abc import Callable, Iterator

from advisor.message import Bubble, File

log = logging.getLogger("advisor.attachments")


def files_of(bubble: Bubble, title: Callable[[str], str]) -> list[File]:
    """Make the file of a bubble, if it has one: its letter as a document, the picture in it, else its picture.

    `title` gives the title of a letter. What cannot be made is left out: the words are said, and they are all of it.
    """
    try:
        return list(_made(bubble, title))
    except Exception as error:
        log.error("file not made error=%s", type(error).__name__)
        return []


def _made(bubble: Bubble, title: Callable[[str], str]) -> Iterator[File]:
    picture = None
    if bubble.picture:
        from advisor.charts import png

        picture = png(bubble.picture)
    if bubble.letter:
        from advisor.documents import docx

        yield File("draft.docx", docx(title(bubble.letter), bubble.text, picture=picture))
    elif picture:
        yield File("plan.png", picture)
