"""Tells which files of the content are to be reviewed by which day."""

from collections.abc import Iterator
from datetime import date, timedelta

from advisor.content import Content

NOTICE = timedelta(days=30)


def due(content: Content) -> Iterator[tuple[str, date]]:
    """Give each file that has a day by which it is to be reviewed, of those that were read."""
    for file, document in content.documents.items():
        if isinstance(document.data, dict) and "review_by" in document.data:
            yield file, date.fromisoformat(document.data["review_by"])
