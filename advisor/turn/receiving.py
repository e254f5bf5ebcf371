"""What comes in besides words: files and forwards are noted with the case, and what cannot be read is told so."""

from typing import Any

from advisor.message import Attachment, Sms
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
        labels = [talk.advisor.content.secrets[kind].label for kind in talk.message.masked]
        talk.add(talk.say("shell/masked", labels=labels, kinds=talk.message.masked, in_sms=bool(talk.message.sms)))


def note_writing(talk: Talk) -> None:
    """Remember whether the person writes in traditional characters; what they paste or tap says nothing of it."""
    text = talk.message.text
    if not text or talk.message.choice or talk.pasted:
        return
    if is_traditional(text):
        talk.session.traditional = True
    elif talk.session.traditional and is_simplified(text):
        talk.session.traditional = False


def unread(talk: Talk) -> bool:
    """Something that is no text: say what cannot be done with it and what can, and ask the open question again."""
    if not talk.message.unread:
        return False
    talk.add(talk.say("shell/unread", thing=talk.message.unread))
    return not (talk.message.text or talk.message.sms or talk.message.files)
