"""What comes in besides words: files and forwards are noted with the case, and what cannot be read is told so."""

from typing import Any

from advisor.answers import fold
from advisor.content.load import BASE
from advisor.languages import is_chinese, is_english
from advisor.message import ENGLISH, Attachment, Sms
from advisor.traditional import is_simplified, is_traditional
from advisor.turn.talk import Talk

MOST_RECEIVED = 500  # notes that are kept with one case


def note_received(talk: Talk) -> None:
    """Keep with the case what was forwarded or sent as a file, from where, and how the channel calls it."""
    things: list[Sms | Attachment] = [*(sms for sms in talk.message.sms if sms.origin), *talk.message.files]
    if things:
        talk.case.received = [*talk.case.received, *(_note(talk, one) for one in things)][-MOST_RECEIVED:]


def _note(talk: Talk, one: Sms | Attachment) -> dict[str, Any]:
    note: dict[str, Any] = {"at": talk.now.isoformat(timespec="seconds"), "message": talk.message.id}
    if isinstance(one, Attachment):
        note |= {"kind": one.kind, "reference": one.reference, "name": one.name, "size": one.size}
    else:
        note["kind"] = "sms"
    if one.origin:
        note["origin"] = [one.origin.who, one.origin.name, one.origin.at.isoformat(timespec="seconds")]
    return note


def note_masked(talk: Talk) -> None:
    """Say which secrets were covered and what to do about them; an emergency comes first."""
    if talk.message.masked and not talk.flow.urgent:
        labels = [talk.edition.secrets[kind] for kind in talk.message.masked]
        talk.add(talk.say("shell/masked", labels=labels, kinds=talk.message.masked, in_sms=bool(talk.message.sms)))


def note_writing(talk: Talk) -> None:
    """Remember the language and the characters somebody writes in; what they paste or tap tells nothing of it."""
    text, session = talk.message.text, talk.session
    if not text or talk.message.choice:
        return
    if ENGLISH in talk.advisor.content.editions and (is_english(talk.own_words) or _is_a_word_of(talk, ENGLISH)):
        session.language = ENGLISH
    elif session.language != BASE and is_chinese(talk.own_words):
        session.language = BASE
    if talk.pasted:
        return
    if is_traditional(text):
        session.traditional = True
    elif session.traditional and is_simplified(text):
        session.traditional = False


def _is_a_word_of(talk: Talk, language: str) -> bool:
    """Tell whether the whole of what is said is a word of this language and none of the base language."""
    said = fold(talk.own_words)
    here, there = talk.advisor.hearing(BASE), talk.advisor.hearing(language)
    return said.isascii() and said in there.whole and said not in here.everywhere


def unread(talk: Talk) -> bool:
    """Something that is no text: say what cannot be done with it and what can, and ask the open question again."""
    if not talk.message.unread:
        return False
    talk.add(talk.say("shell/unread", thing=talk.message.unread, kept=bool(talk.kept) and not talk.flow.urgent))
    talk.add(told_of_refused(talk))
    return not (talk.message.text or talk.message.sms)


def told_of_refused(talk: Talk) -> str:
    """Say which files could not be taken in, and why; empty when all could."""
    troubles = [file.refused for file in talk.message.files if file.refused]
    return talk.say("shell/refused", troubles=troubles) if troubles else ""


def told_of_files(talk: Talk) -> str:
    """Say what can be said of files in which nothing was found to be told."""
    files, kept = talk.message.files, bool(talk.kept) and not talk.flow.urgent
    taken, lines = [file for file in files if not file.refused], [told_of_refused(talk)]
    if taken or not files:
        held = sum(file.held for file in taken)
        lines.append(talk.say("shell/picture", count=max(len(taken), 1), held=held, kept=kept))
    return "\n".join(filter(None, lines))
