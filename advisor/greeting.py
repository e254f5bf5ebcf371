"""Greets somebody of whom nothing is known yet in the language of their browser; nothing is kept until they answer."""

from datetime import datetime

from advisor.content.load import BASE
from advisor.message import TRADITIONAL, Message, Reply
from advisor.session import Session
from advisor.traditional import traditional
from advisor.turn import Advisor, turn


def greet(advisor: Advisor, language: str, now: datetime) -> tuple[Session, Reply]:
    """Ask the first question in a language as browsers name it; the session is one in which that alone was said."""
    edition = edition_of(advisor, language)
    start = advisor.content.editions[edition].everywhere["restart"].label
    first = Message("", in_characters_of(language, start))
    session, reply = turn(advisor, Session(language=edition, noticed=True), first, now)
    session = session or Session(language=edition)
    session.noticed = False  # that is said with the first answer
    return session, reply


def in_characters_of(language: str, text: str) -> str:
    """Write what is said in an edition with the characters of a language as browsers name it."""
    return traditional(text) if language == TRADITIONAL else text


def edition_of(advisor: Advisor, language: str) -> str:
    """Name the edition that holds what is said in a language as browsers name it."""
    own = language.partition("-")[0]
    return own if own in advisor.content.editions else BASE
