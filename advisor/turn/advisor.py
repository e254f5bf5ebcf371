"""The advisor as it is loaded once: content, machine, words, reader, and the words that work everywhere."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import Any

from advisor.alarms import Bells, bells
from advisor.answers import NEAR_BY, fold_label, hear_fact, piece
from advisor.content import Content
from advisor.content.flow import Flow, Slot
from advisor.content.learned import QUESTIONS
from advisor.content.load import BASE
from advisor.content.source import nearest
from advisor.flow import Walk
from advisor.likeness import Likeness
from advisor.lookup import Lookup
from advisor.masking import Mask
from advisor.message import Sms
from advisor.normal import simplify
from advisor.questions import Questions
from advisor.ranker import Ranker
from advisor.reading import LONGEST, Reader, local, rank, reader
from advisor.readings import Digest, Reading
from advisor.render import Words
from advisor.session import Facts
from advisor.smsdigest import read_many
from advisor.smssentences import sentences

HOME = "home"
SMS = "sms.read"  # where a message that was read leads
INSIDE = {"correct", "feeling"}  # heard inside a sentence, not as the whole of it
MOST_TIMES = 200  # of messages that pressed for a debt, kept with the case
MOST_QUOTED = 24  # characters of a message among several
SMS_SLOT = "sms_text"  # the question that asks for a message: what is typed there is one


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

    def _slots(self, flow: str, language: str) -> Mapping[str, Slot]:
        return {**self.content.all_slots, **self.content.spoken[language][flow].slots}

    @cached_property
    def slots(self) -> Callable[[str, str], Mapping[str, Slot]]:
        """Give every slot there is, those of a flow in its own words, for a flow's name and a language."""
        return lru_cache(maxsize=None)(self._slots)

    def _hearable(self, flow: str, language: str) -> Mapping[str, Slot]:
        if self.content.flows[flow].urgent:
            return {}  # nothing said in an emergency is taken for a fact of a debt
        states = self.content.flows[flow].states.values()
        asked = {state.fill for state in states if not state.again}
        every_time = {state.fill for state in states} - asked  # what has become of it: never told beforehand
        return {
            name: slot
            for name, slot in self.slots(flow, language).items()
            if (name in asked or name in self.content.shared)
            and name not in every_time
            and (slot.hears or slot.finds or any(option.hears for option in slot.choices.values()))
        }

    @cached_property
    def hearable(self) -> Callable[[str, str], Mapping[str, Slot]]:
        """Give the slots that may be heard beside the question of a flow, for its name and a language."""
        return lru_cache(maxsize=None)(self._hearable)

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
    def lookup(self) -> Lookup:
        """Finds provisions by their articles and by words."""
        return Lookup(self.words.register)

    @cached_property
    def questions(self) -> Questions:
        """The questions that are known."""
        model = self.content.learned(QUESTIONS)
        return Questions(self.content.questions, Ranker(model) if model else None)

    @cached_property
    def everywhere(self) -> dict[str, str]:
        """What is typed to reach each word of everywhere, folded."""
        return {
            fold_label(heard): name
            for name, word in self.content.everywhere.items()
            for heard in (word.label, *word.hears)
            if fold_label(heard) and name not in INSIDE
        }

    @cached_property
    def meanings(self) -> Mapping[str, re.Pattern[str]]:
        """The patterns of a plain yes, no and the like."""
        return {name: re.compile(pattern) for name, pattern in self.content.meanings.items()}

    @cached_property
    def unsure(self) -> tuple[str, ...]:
        """How an answer begins that is “don't know”."""
        word = self.content.everywhere["dont_know"]
        return (word.label, *word.hears)

    @cached_property
    def topics(self) -> list[tuple[str, str, str]]:
        """The phrases that lead to each flow, each behind its longest piece, in small letters, the longest first."""
        enter = ((simplify(phrase).lower(), name) for name, flow in self.content.flows.items() for phrase in flow.enter)
        found = [(piece(phrase), phrase, name) for phrase, name in enter]
        return sorted(found, key=lambda one: -len(one[1].replace(NEAR_BY, "")))

    @cached_property
    def _names(self) -> re.Pattern[str]:
        """Names that hold a phrase of some flow and yet say nothing of it: 分期乐 is no wish for instalments."""
        slots = (slot for slot in self.content.shared.values() if slot.type == "text")
        words = {simplify(word).lower() for slot in slots for word in slot.hears}
        names = {word for word in words if any(phrase in word and phrase != word for _, phrase, _ in self.topics)}
        return re.compile("|".join(map(re.escape, sorted(names, key=lambda name: (-len(name), name)))) or r"(?!)")

    def without_names(self, text: str) -> str:
        """Give `text` without the names that hold a phrase of some flow."""
        return self._names.sub("＿", text)

    @cached_property
    def _numbers(self) -> re.Pattern[str]:
        """The public numbers, where nothing counts with them: 打了110 is a call, 110次 a count."""
        numbers = sorted((one.number for one in self.content.channels.values() if one.number.isdigit()), key=len)
        return re.compile(rf"(?<!\d)(?:{'|'.join(reversed(numbers)) or '(?!)'})(?!\d|[次个条元块天月年多几通遍])")

    def without_numbers(self, text: str) -> str:
        """Give `text` without the public numbers in it."""
        return self._numbers.sub("＿", text)

    @cached_property
    def situations(self) -> Likeness:
        """What people say of each situation, to find the nearest when no phrase does."""
        return _likeness(self.content.own_flows)

    @cached_property
    def forms(self) -> Likeness:
        """What is said of each letter, to find the one that is meant where letters are to choose from."""
        return _likeness({name: flow for name, flow in self.content.flows.items() if flow.inside})

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
            self.questions,
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


def _likeness(flows: Mapping[str, Flow]) -> Likeness:
    said = {name: [*(p.replace("…", "") for p in flow.enter), *flow.says] for name, flow in flows.items()}
    return Likeness({name: sentences for name, sentences in said.items() if sentences})


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
        "kind": reading.kind,
        "sure": reading.sure,
        "grade": reading.grade,
        "ask": reading.ask,
        "findings": [
            {"id": f.id, "quote": untappable(f.quote), "because": f.because, "by": f.by} for f in reading.findings
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
