"""Reads what was forwarded or pasted, and keeps what it tells."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from advisor.answers import plain
from advisor.content.signals import SENDER_PRESSES
from advisor.forwarded import retold
from advisor.message import Sms
from advisor.session import Fact
from advisor.smsdigest import read_many
from advisor.smsfacts import SmsFact
from advisor.turn.advisor import SMS, SMS_SLOT, summary
from advisor.turn.filing import TO_ME, keep_messages
from advisor.turn.moves import enter, settle
from advisor.turn.receiving import told_of_refused
from advisor.turn.talk import Talk


def forwarded(talk: Talk) -> bool:
    """An SMS, forwarded or pasted, alone or behind one's own words."""
    messages = talk.message.sms or tuple(Sms(text) for text in talk.pasted)
    if not messages and _retold(talk):
        return True
    if not messages and talk.state.fill == SMS_SLOT and not talk.topic(talk.own_words):
        messages = (Sms(talk.own_words),) if talk.own_words else ()
    if not messages:
        return False
    if inside := [sms for sms in messages if sms.picture]:
        held, left = (sum(getattr(file, name) for file in talk.message.files) for name in ("held", "left"))
        texts = [sms.text for sms in inside]
        talk.add(talk.say("shell/looked", held=held, left=left, count=len(inside), texts=texts))
        talk.add(told_of_refused(talk))
    talk.case.reading = _read(talk, messages)
    _keep_found(talk, talk.case.reading["found"])
    talk.take(talk.own_values)
    if talk.waiting and talk.flow_name != SMS.partition(".")[0] and not talk.flow.urgent:
        talk.add(talk.say("sms/reading"))
        talk.add(talk.say("sms/sentences"))
        settle(talk)
    else:
        enter(talk, SMS)
    return True


def _retold(talk: Talk) -> bool:
    """An SMS that is told of, not sent: read as it was said to the person; it is no exhibit, and its facts are theirs.

    Only where an SMS is spoken of or waited for, and only when something is found in what it is said to say.
    """
    text = talk.own_words
    if not text or (talk.state.fill != SMS_SLOT and talk.topic(text) != SMS.partition(".")[0]):
        return False
    messages = [Sms(words.translate(TO_ME)) for words in (retold(text),) if words]
    tries = (read_many(talk.advisor.reader, messages, known, talk.now) for known in ({}, {SENDER_PRESSES: "yes"}))
    digest = next((one for one in tries if one.merged.findings), None)
    if digest is None:
        return False
    before = talk.case.reading.get("pressed_at", [])
    talk.case.reading = summary(digest, messages, talk.now) | {"retold": True, "pressed_at": before}
    talk.route(digest.merged.routes)
    talk.take(talk.own_values)
    enter(talk, SMS)
    return True


def _read(talk: Talk, messages: Sequence[Sms]) -> dict[str, Any]:
    """Read one message or several, keep the facts found in them, note what they call for."""
    known = {name: fact.value for name, fact in talk.facts.items()}
    before = map(datetime.fromisoformat, talk.case.reading.get("pressed_at", ()))
    digest = read_many(talk.advisor.reader, messages, known, talk.now, tuple(before))
    for name, fact in digest.merged.facts.items():
        _keep_read(talk, name, fact)
    keep_messages(talk, messages, digest.readings)
    talk.route(digest.merged.routes)
    return summary(digest, messages, talk.now)


def _keep_read(talk: Talk, name: str, fact: SmsFact) -> bool:
    """Keep a fact read in an SMS unless it is known or does not fit its slot."""
    slot = talk.all_slots.get(name)
    if slot is None or fact.value is None or talk.known(name):
        return False
    value = plain(fact.value)
    if slot.type == "choice" and value not in slot.choices:
        return False
    talk.shelf(name)[name] = Fact(value, "sms", fact.about, fact.quote[:200])
    return True


def _keep_found(talk: Talk, found: Collection[str]) -> None:
    """Answer the questions that the findings of an SMS answer."""
    for name, slot in talk.all_slots.items():
        for option, words in slot.choices.items():
            if not talk.known(name) and not set(words.found).isdisjoint(found):
                talk.shelf(name)[name] = Fact(option, "sms")
