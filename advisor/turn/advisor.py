"""The advisor as it is loaded once: content, machine, words, reader, and the words that work everywhere."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from advisor.answers import Unclear, fold, hear
from advisor.content import Content
from advisor.content.load import BASE
from advisor.content.source import nearest
from advisor.flow import Walk
from advisor.message import Sms
from advisor.questions import Questions
from advisor.reading import Reader, Reading
from advisor.render import Words
from advisor.session import Fact, Facts

HOME = "home"
SMS = "sms"


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

    @cached_property
    def reader(self) -> Reader:
        """The reader of SMS."""
        return Reader(self.content.signals)

    @cached_property
    def questions(self) -> Questions:
        """The questions that are known."""
        return Questions(self.content.questions)

    @cached_property
    def everywhere(self) -> dict[str, str]:
        """What is typed to reach each word of everywhere, folded."""
        return {fold(heard): name for name, word in self.content.everywhere.items()
                for heard in (word.label, *word.hears)}

    @cached_property
    def topics(self) -> list[tuple[str, str]]:
        """The phrases that lead to each flow, the longest first."""
        phrases = [(phrase, name) for name, flow in self.content.flows.items() for phrase in flow.enter]
        return sorted(phrases, key=lambda pair: -len(pair[0]))

    @cached_property
    def _alarm_patterns(self) -> dict[str, tuple[re.Pattern[str], re.Pattern[str] | None]]:
        return {name: (re.compile("|".join(f"(?:{p})" for p in alarm.patterns)),
                       re.compile("|".join(f"(?:{p})" for p in alarm.unless)) if alarm.unless else None)
                for name, alarm in self.content.alarms.items()}

    def alarm(self, own_words: str) -> str:
        """Name the alarm that somebody's own words ring, the gravest first; empty when none does."""
        bare = re.sub(r"\s+", "", own_words)
        for name, (pattern, unless) in self._alarm_patterns.items():
            if pattern.search(unless.sub("·", bare) if unless else bare):
                return name
        return ""

    @property
    def home(self) -> str:
        """Name the state where every talk begins."""
        return f"{HOME}.{self.content.flows[HOME].start}"

    def warm(self) -> None:
        """Read now what would otherwise be read at the first need."""
        _ = self.content.law_files, self.content.channels, self.reader, self.questions, self.content.alarms

    def tell(self, sms: Sms, now: datetime) -> str:
        """Read one SMS outside of any talk and word the reading."""
        reading = summary(self.reader.read(sms, {}, now), sms, now, {"count": 1})
        return self.words.say("sms/reading", BASE, now.date(), reading=reading, received=date.fromisoformat(reading["on"]))

    def draft(self, letter: str, said: Mapping[str, str], today: date) -> str:
        """Draft a letter from facts given as people say them; ValueError names a fact that is not understood."""
        return self.words.letter(letter, BASE, today, self.content.all_slots, self.facts(said, today))

    def facts(self, said: Mapping[str, str], today: date) -> Facts:
        """Hear facts given by the names of their slots; ValueError names one that is not understood."""
        slots, facts = self.content.all_slots, {}
        for name, text in said.items():
            if name not in slots:
                raise ValueError(f"没有“{name}”这一项；{nearest(name, slots)}")
            heard = hear(slots[name], text, today)
            if isinstance(heard, Unclear):
                raise ValueError(f"“{text}”不像“{slots[name].label}”")
            facts[name] = Fact(heard.value, "told", heard.about, heard.said)
        return facts


def summary(reading: Reading, sms: Sms, now: datetime, counts: Mapping[str, int]) -> dict[str, Any]:
    """Give what flows and templates see of a reading, as plain data that is kept with the case."""
    return {
        "kind": reading.kind, "sure": reading.sure, "grade": reading.grade, "ask": reading.ask,
        "findings": [{"id": f.id, "quote": f.quote, "because": f.because} for f in reading.findings],
        "found": sorted({f.id for f in reading.findings}), "laws": list(reading.laws),
        "why": [quote for _, _, quote in reading.evidence][:3],
        "counts": dict(counts), "on": (sms.received_at or now).date().isoformat(),
    }
