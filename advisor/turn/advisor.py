"""The advisor as it is loaded once: content, machine, words, reader, and the words that work everywhere."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import Any

from advisor.alarms import Bells, bells
from advisor.answers import hear_fact
from advisor.content import Content
from advisor.content.load import BASE
from advisor.content.source import nearest
from advisor.flow import Walk
from advisor.masking import Mask
from advisor.message import Sms
from advisor.reading import LONGEST, Reader, local, rank, reader
from advisor.readings import Digest, Reading
from advisor.render import Words
from advisor.session import Facts
from advisor.smsdigest import read_many
from advisor.smssentences import sentences
from advisor.turn.hearing import Hearing

HOME = "home"
SMS = "sms.read"  # where a message that was read leads
MOST_TIMES = 200  # of messages that pressed for a debt, kept with the case
MOST_QUOTED = 24  # characters of a message among several
SMS_SLOT = "sms_text"  # the question that asks for a message: what is typed there is one
TOLD_SLOT = "happened_words"  # the question that asks what was said or done: what is typed there is no message


@dataclass
class Advisor:
    """All that a turn needs and no person owns.

    `human` is how the operator is reached, if at all; `keep_days` is how long a case is kept by consent.
    """

    content: Content
    words: Words
    walk: Walk
    human: str = ""
    keep_days: int = 210

    @classmethod
    def of(cls, content: Content, human: str = "", keep_days: int = 210) -> "Advisor":
        """Load the advisor from `content`; mistakes in the flows raise ContentError."""
        words = Words(content)
        return cls(content, words, Walk(content, words.expressions), human, keep_days)

    def _hearing(self, language: str) -> Hearing:
        known = language if language in self.content.editions else BASE
        return Hearing(self.content, known, self.words.register_in(known))

    @cached_property
    def hearing(self) -> Callable[[str], Hearing]:
        """Give what is listened for in a language, the base language's for one that is not known any more."""
        return lru_cache(maxsize=None)(self._hearing)

    @cached_property
    def dependents(self) -> dict[str, list[str]]:
        """The slots that are forgotten when a slot changes."""
        found: dict[str, list[str]] = {}
        for name, slot in self.content.all_slots.items():
            for other in slot.depends_on:
                found.setdefault(other, []).append(name)
        return found

    @cached_property
    def reader(self) -> Reader:
        """The reader of SMS."""
        return reader(self.content)

    @cached_property
    def mask(self) -> Mask:
        """What covers secrets."""
        return Mask(self.content.secrets)

    @cached_property
    def _numbers(self) -> re.Pattern[str]:
        """The public numbers, where nothing counts with them: 打了110 is a call, 110次 a count."""
        numbers = sorted((one.number for one in self.content.channels.values() if one.number.isdigit()), key=len)
        return re.compile(rf"(?<!\d)(?:{'|'.join(reversed(numbers)) or '(?!)'})(?!\d|[次个条元块天月年多几通遍])")

    def without_numbers(self, text: str) -> str:
        """Give `text` without the public numbers in it."""
        return self._numbers.sub("＿", text)

    @cached_property
    def bells(self) -> Bells:
        """The alarms that own words can ring."""
        return bells(self.content)

    @property
    def home(self) -> str:
        """Name the state where every talk begins."""
        return f"{HOME}.{self.content.flows[HOME].start}"

    def warm(self) -> None:
        """Read now what would otherwise be read at the first need."""
        _ = (
            self.mask,
            self.content.law_files,
            self.content.channels,
            self.reader,
            self.hearing(BASE).questions,
            self.bells.rung_by(""),
        )

    def tell(self, messages: Sequence[Sms], now: datetime) -> str:
        """Read SMS, one or several together, outside of any talk and word the reading."""
        reading = summary(read_many(self.reader, messages, {}, now), messages, now)
        today, received = now.date(), date.fromisoformat(reading["on"])
        whole = self.words.say("sms/reading", BASE, today, reading=reading, received=received)
        by_sentence = self.words.say("sms/sentences", BASE, today, reading=reading, received=received)
        return "\n\n".join(filter(None, (whole, by_sentence)))

    def draft(self, letter: str, said: Mapping[str, str], today: date) -> str:
        """Draft a letter from facts given as people say them; ValueError names a fact that is not understood."""
        return self.words.letter(letter, BASE, today, self.content.all_slots, self.facts(said, today))

    def facts(self, said: Mapping[str, str], today: date) -> Facts:
        """Hear facts given by the names of their slots; ValueError names one that is not understood."""
        slots, facts = self.content.all_slots, Facts()
        for name, text in said.items():
            if name not in slots:
                raise ValueError(f"没有“{name}”这一项；{nearest(name, slots)}")
            facts[name] = hear_fact(slots[name], text, today)
        return facts


_IN_LINK = re.compile(r"(?<=[A-Za-z0-9])\.(?=[A-Za-z])|(?<=[A-Za-z])\.(?=[A-Za-z0-9])|(?<=[a-z])://")


def untappable(quote: str) -> str:
    """Write a quote so that no platform makes a link of it."""
    return _IN_LINK.sub("·", quote)


def summary(digest: Digest, messages: Sequence[Sms], now: datetime) -> dict[str, Any]:
    """Give what flows and templates see of messages that were read, as plain data that is kept with the case.

    Of several it is the gravest reading with all that was found, and how they lie over time; sentence by sentence
    only a single message is told.
    """
    reading = digest.merged
    last = max((sms.received_at for sms in messages if sms.received_at), key=local, default=now)
    one_by_one = sentences(messages[0].text[:LONGEST], reading) if digest.count == 1 else []
    worst_first = sorted(digest.serious, key=lambda at: -rank(digest.readings[at].grade))
    return {
        "retold": False,
        "kind": reading.kind,
        "sure": reading.sure,
        "grade": reading.grade,
        "ask": reading.ask,
        "findings": [
            {"id": f.id, "quote": untappable(f.quote), "because": f.because, "by": f.by, "signal": f.signal}
            for f in reading.findings
        ],
        "found": sorted({f.id for f in reading.findings}),
        "laws": list(reading.laws),
        "why": [untappable(quote) for _, _, quote in reading.evidence][:3],
        "sentences": [
            {"quote": untappable(one.quote), "told_as": one.told_as, "because": list(one.because)} for one in one_by_one
        ],
        "counts": {
            "count": digest.count,
            "unread": digest.unread,
            "repeats": digest.repeats,
            "strangers": digest.strangers,
            "serious": len(digest.serious),
            "pressing": digest.pressing,
            "nights": digest.nights,
            "most_in_a_day": digest.most_in_a_day,
            "senders": digest.senders,
            "days": (digest.last.date() - digest.first.date()).days + 1 if digest.first and digest.last else 0,
            "cut": any(len(sms.text) > LONGEST for sms in messages),
        },
        "serious": [
            {"number": at + 1, "quote": untappable(_worst_words(digest.readings[at], messages[at].text))}
            for at in worst_first
        ],
        "pressed_at": [when.isoformat() for when in digest.pressed_at[-MOST_TIMES:]],
        "on": last.date().isoformat(),
    }


def _worst_words(reading: Reading, text: str) -> str:
    """Give the words found gravest in a message, else its beginning."""
    return next((one.quote for one in reading.findings), text)[:MOST_QUOTED]
