"""Makes the files that go with a reply: a letter as a document, a plan as a picture, the evidence file as a package.

Their names tell nothing to whoever looks over a shoulder.
"""

import logging
from collections.abc import Callable, Iterator

from advisor.message import Bubble, File

PACKAGES = {"zip": "files.zip", "chart": "chart.png", "data": "copy.zip"}
log = logging.getLogger("advisor.attachments")


def files_of(bubble: Bubble, title: Callable[[str], str], package: Callable[[str], bytes]) -> list[File]:
    """Make the file of a bubble, if it has one: its letter as a document, the picture in it, else its picture.

    `title` gives the title of a letter, `package` makes what is named of the person (zip, chart, data). What cannot be
    made is left out: the words are said, and they are all of it.
    """
    try:
        return list(_made(bubble, title, package))
    except Exception as error:
        log.error("file not made error=%s", type(error).__name__)
        return []


def _made(bubble: Bubble, title: Callable[[str], str], package: Callable[[str], bytes]) -> Iterator[File]:
    if bubble.package and (body := package(bubble.package)):
        yield File(PACKAGES[bubble.package], body)
    picture = None
    if bubble.picture:
        from advisor.charts import png

        picture = png(bubble.picture)
    if bubble.letter:
        from advisor.documents import docx

        yield File("draft.docx", docx(title(bubble.letter), bubble.text, picture=picture))
    elif picture:
        yield File("plan.png", picture)
