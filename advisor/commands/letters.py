"""`bot.py letter`: lists the letters, and drafts one outside a talk."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date

from advisor import documents
from advisor.charts import png
from advisor.commands import CouldNotError
from advisor.turn import Advisor
from advisor.turn.outside import picture


def listed(advisor: Advisor) -> Iterator[str]:
    """Give a line for each letter: its name first, who gets it, what it needs."""
    for letter in advisor.content.letters.values():
        front = letter.front
        yield f"{letter.name}  {front.title}（交给：{front.to}）  需要：{'、'.join(front.needs)}"


def drafted(advisor: Advisor, name: str, facts: Mapping[str, str], today: date, form: str) -> bytes:
    """Give the letter `name` as txt, docx or pdf; missing facts are marked blanks."""
    letters = advisor.content.letters
    if name not in letters:
        raise CouldNotError(f"没有“{name}”这份文书；有：{'、'.join(letters)}")
    text = advisor.draft(name, dict(facts), today)
    if form == "txt":
        return (text + "\n").encode()
    make: Callable[..., bytes] = documents.docx if form == "docx" else documents.pdf
    table = picture(advisor, name, dict(facts), today)
    try:
        return make(letters[name].front.title, text, picture=png(table) if table else None)
    except FileNotFoundError as error:
        raise CouldNotError(f"没有 DOCUMENT_FONT 里写的字体：{error}") from error
