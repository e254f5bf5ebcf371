"""What is remembered of one person between two messages: facts with their source, the open case, where we are."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from advisor.message import SIMPLIFIED, TRADITIONAL

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing known: its plain value, where it comes from, the words it was said in.

    `source` is told, sms, export or messenger; `about` marks a value given as approximate.
    """

    value: Any
    source: str = "told"
    about: bool = False
    said: str = ""

    def to_data(self) -> list[Any]:
        """Give plain data that JSON can hold."""
        return [self.value, self.source, self.about, self.said]


Facts = dict[str, Fact]


@dataclass(slots=True)
class Case:
    """One matter: its facts, the debts within it, the way walked so far and what was advised.

    `detour` holds the slots that had been answered after one that is being put right; `received` lists what was
    forwarded or sent as a file: when, from where, and the channel's own name for it.
    """

    opened_at: str = ""
    facts: Facts = field(default_factory=dict)
    debts: list[Facts] = field(default_factory=lambda: [{}])
    debt: int = 0
    history: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    routed: list[str] = field(default_factory=list)
    reading: dict[str, Any] = field(default_factory=dict)
    detour: list[str] = field(default_factory=list)
    received: list[dict[str, Any]] = field(default_factory=list)

    def copy(self) -> "Case":
        """Give a case that may be changed without touching this one."""
        return Case(
            self.opened_at,
            dict(self.facts),
            [dict(d) for d in self.debts],
            self.debt,
            list(self.history),
            list(self.ended),
            list(self.routed),
            self.reading,
            list(self.detour),
            list(self.received),
        )

    def to_data(self) -> dict[str, Any]:
        """Give plain data that JSON can hold."""
        return {
            "opened_at": self.opened_at,
            "facts": _facts_out(self.facts),
            "debts": [_facts_out(d) for d in self.debts],
            "debt": self.debt,
            "history": self.history,
            "ended": self.ended,
            "routed": self.routed,
            "reading": self.reading,
            "detour": self.detour,
            "received": self.received,
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Case":
        """Read back what `to_data` gave."""
        return cls(
            data["opened_at"],
            _facts_in(data["facts"]),
            [_facts_in(d) for d in data["debts"]],
            data["debt"],
            data["history"],
            data["ended"],
            data["routed"],
            data["reading"],
            data["detour"],
            data.get("received", []),
        )


@dataclass(slots=True)
class Session:
    """Everything that is kept of one person.

    `state` is where the talk stands (`flow.state`); `offered` are the choices under the last reply, by id;
    `turn` counts replies, so that a button of an earlier one can be told; `unclear` counts misunderstandings
    in a row; `page` is the page of a long menu; `consent` is "", "yes" or "no"; `reminders` are the times for which
    a reminder was asked, those that were sent taken out. `traditional` tells that the person writes in traditional
    characters. `filed` counts the exhibits in the evidence file, `not_kept` what could not go there for want of
    consent, until the file was offered.
    """

    state: str = ""
    language: str = "zh"
    consent: str = ""
    noticed: bool = False
    turn: int = 0
    unclear: int = 0
    page: int = 0
    last_at: str = ""
    offered: dict[str, str] = field(default_factory=dict)
    person: Facts = field(default_factory=dict)
    case: Case = field(default_factory=Case)
    old_cases: list[Case] = field(default_factory=list)
    reminders: list[str] = field(default_factory=list)
    traditional: bool = False
    filed: int = 0
    not_kept: int = 0

    def copy(self) -> "Session":
        """Give a session that may be changed without touching this one."""
        return replace(
            self,
            offered=dict(self.offered),
            person=dict(self.person),
            case=self.case.copy(),
            old_cases=list(self.old_cases),
            reminders=list(self.reminders),
        )

    def written_in(self) -> str:
        """Name the language and the characters that the person is answered in, as browsers do: zh-CN, zh-TW, en."""
        chinese = TRADITIONAL if self.traditional else SIMPLIFIED
        return chinese if self.language == "zh" else self.language

    def last_word(self) -> datetime | None:
        """Tell when the person last wrote, if ever."""
        return datetime.fromisoformat(self.last_at) if self.last_at else None

    def to_data(self) -> dict[str, Any]:
        """Give plain data that JSON can hold."""
        return {
            "format": FORMAT,
            "state": self.state,
            "language": self.language,
            "consent": self.consent,
            "noticed": self.noticed,
            "turn": self.turn,
            "unclear": self.unclear,
            "page": self.page,
            "last_at": self.last_at,
            "offered": self.offered,
            "person": _facts_out(self.person),
            "case": self.case.to_data(),
            "old_cases": [c.to_data() for c in self.old_cases],
            "reminders": self.reminders,
            "traditional": self.traditional,
            "filed": self.filed,
            "not_kept": self.not_kept,
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Session":
        """Read back what `to_data` gave; a format that is not known raises ValueError."""
        if data["format"] != FORMAT:
            raise ValueError(f"session format {data['format']} is not known")
        return cls(
            data["state"],
            data["language"],
            data["consent"],
            data["noticed"],
            data["turn"],
            data["unclear"],
            data["page"],
            data["last_at"],
            data["offered"],
            _facts_in(data["person"]),
            Case.from_data(data["case"]),
            [Case.from_data(c) for c in data["old_cases"]],
            data.get("reminders", []),
            data.get("traditional", False),
            data.get("filed", 0),
            data.get("not_kept", 0),
        )


def _facts_out(facts: Facts) -> dict[str, list[Any]]:
    return {name: fact.to_data() for name, fact in facts.items()}


def _facts_in(data: Mapping[str, Any]) -> Facts:
    return {name: Fact(*values) for name, values in data.items()}
