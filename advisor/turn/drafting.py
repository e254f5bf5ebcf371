"""Drafts letters: in the base language, which those who get them read, with their meaning for whoever sends them."""

from advisor.content.forms import Letter
from advisor.content.load import BASE
from advisor.turn.talk import Talk


def draft(talk: Talk, letter: str, short: bool = False) -> str:
    """Give the text of a letter, or of its short form, as it is handed over."""
    slots = talk.advisor.hearing(BASE).slots(talk.flow_name)
    return talk.advisor.words.letter(letter, BASE, talk.today, slots, talk.facts, short)


def meaning(talk: Talk, letter: Letter, short: bool = False) -> str:
    """Say what a letter says in the language of the person; nothing where that is the letter's own."""
    language = talk.session.language
    if language == BASE:
        return ""
    words = talk.advisor.words.letter(letter.name, language, talk.today, talk.slots, talk.facts, short)
    return talk.say("shell/meaning", letter=letter.front, meaning=words)
