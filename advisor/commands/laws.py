"""`bot.py law`: looks up a provision, by its slug or in plain words, in the version of a day."""

from collections.abc import Iterator
from datetime import date

from advisor.checks.citing import citing
from advisor.checks.subject import Subject
from advisor.content.load import BASE
from advisor.turn import Advisor

NEAREST = 3  # provisions that are shown for plain words


def found(advisor: Advisor, words: str, days: tuple[date, date], today: date) -> Iterator[str]:
    """Give the nearest provisions, the nearest first; for a slug also where it is cited; all slugs without words."""
    register = advisor.words.register
    if words in register or not words:
        slugs = [words] if words else register.slugs()
    else:
        slugs = advisor.hearing(BASE).lookup.find(words, *days)[:NEAREST]
    for slug in slugs:
        yield f"{slug}  {register.provision(slug).about}"
        if words:
            yield f"  {advisor.words.cite(slug, days, today)}\n"
        if words == slug:
            yield "\n  ".join(("用在：", *citing(Subject(advisor.content, today), slug)))
