"""The rules by which a text message is read: one idea each, with examples that prove it.

A rule looks at the message after its disguises are undone. It may speak for or against a kind of message,
and it may be a finding by itself. Whatever can be counted by a program is checked here; the sentence that
is told to the person stands in the rule as `because`.
"""

import re
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from advisor.content.flow import Reviewed, Route
from advisor.content.source import Entry

Kind = Literal["collection", "scam", "intermediary", "loan_ad", "other"]
Grade = Literal["plain", "improper", "unlawful", "danger"]
FindingId = Literal[
    "threat_violence",
    "threat_exposure",
    "third_party",
    "insult",
    "impersonation",
    "false_legal_threat",
    "private_payment",
    "suspicious_link",
    "home_visit",
    "family_pressure",
    "credential_request",
    "sexual_threat",
    "night_time",
    "over_frequency",
]
Sender = Literal["service", "bank", "hotline", "private", "landline", "foreign"]
Decided = Literal["words", "likeness", "kind", "night", "count", "receiver"]
Sort = Literal["ordinary", "improper", "unlawful", "empty", "fraud"]

KINDS: tuple[Kind, ...] = ("collection", "scam", "intermediary", "loan_ad", "other")
GRADES: tuple[Grade, ...] = ("plain", "improper", "unlawful", "danger")
SORTS: tuple[Sort, ...] = ("ordinary", "empty", "improper", "fraud", "unlawful")  # the gravest last
LONGEST_BECAUSE = 30
EVERYWHERE = frozenset("您你我他她的是有不了在人一个到来去上行款贷还元")  # characters of most messages
MOST_WORDS = 200  # words of which a match must hold one; a longer list says too little
SENDER_PRESSES, AMONG_PRESSING = COMPANY = ("sender_presses", "among_pressing")  # told by what came along, as "yes"
FRAUD_SIGNS = ("credential_request", "private_payment", "suspicious_link")


class Signal(Entry):
    """One rule. `unless` cancels within the sentence of the hit, `unless_anywhere` within the message."""

    idea: str
    decided_by: Decided = "words"  # kind: once it is settled; night, count, receiver: by when, how often, to whom
    patterns: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()  # one of these must stand somewhere in the message
    unless: tuple[str, ...] = ()
    unless_anywhere: tuple[str, ...] = ()
    senders: tuple[Sender, ...] = ()  # counts only from such a sender; without patterns, by the sender alone
    told: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)  # counts only when the person has told this
    receivers: tuple[str, ...] = ()  # for decided_by receiver: words of which one stands in who received it
    hits: tuple[str, ...] = ()
    misses: tuple[str, ...] = ()
    finding: FindingId | None = None
    kinds: Mapping[Kind, float] = Field(default_factory=dict)
    only_in: tuple[Kind, ...] = ()  # the finding holds only in such a message; empty: everywhere but `other`
    only_graded: tuple[Grade, ...] = ()  # for decided_by kind: only when the message is graded so
    grade: Grade = "plain"
    sort: Sort | None = None  # what its sentence counts as, when the finding and the grade do not say it
    laws: tuple[str, ...] = ()
    routes: tuple[Route, ...] = ()
    because: str = ""
    more_than: int = 0  # for decided_by count: messages within one day
    not_to_be_confused_with: str = ""

    @field_validator("because")
    @classmethod
    def _short(cls, value: str) -> str:
        if len(value) >= LONGEST_BECAUSE:
            raise ValueError(f"这句话有 {len(value)} 个字 → 说给人听的理由要短于 {LONGEST_BECAUSE} 个字")
        return value

    @model_validator(mode="after")
    def _has_meaning(self) -> "Signal":
        if self.finding and not self.because:
            raise ValueError("有 finding 却没有 because → 补上说给人听的理由")
        if self.decided_by == "words" and not (self.patterns or self.senders or self.told):
            raise ValueError("没有 patterns，也没有 senders 或 told → 写上至少一个")
        if self.decided_by == "receiver" and not self.receivers:
            raise ValueError("没有 receivers → 写上谁收到才算，例如 妈、同事")
        if self.decided_by == "words" and self.patterns and not (self.hits and self.misses):
            raise ValueError("缺少 hits 或 misses → 各写至少一条例子")
        return self

    @property
    def of_words(self) -> bool:
        """Tell whether the rule is met by words of the message, which can be quoted."""
        return self.decided_by in ("words", "likeness")

    @property
    def told_as(self) -> Sort:
        """What a sentence counts as that holds this rule."""
        if self.sort:
            return self.sort
        if self.finding == "false_legal_threat":
            return "empty"
        if self.finding in FRAUD_SIGNS or self.kinds.get("scam", 0.0) > self.kinds.get("collection", 0.0):
            return "fraud"
        by_grade: Mapping[Grade, Sort] = {"plain": "ordinary", "improper": "improper"}
        return by_grade.get(self.grade, "unlawful")


class SignalFile(Entry):
    """One file of rules; `words` are lists of words that its patterns use as <name>."""

    reviewed: Reviewed
    words: Mapping[str, str] = Field(default_factory=dict)
    signals: Mapping[str, Signal]

    @model_validator(mode="after")
    def _spelt_out(self) -> "SignalFile":
        if not self.words:
            return self
        spelt = {
            key: signal.model_copy(
                update={
                    part: tuple(self._spell(pattern) for pattern in getattr(signal, part))
                    for part in ("patterns", "needs", "unless", "unless_anywhere")
                }
            )
            for key, signal in self.signals.items()
        }
        object.__setattr__(self, "signals", spelt)  # still being built: frozen only from here on
        return self

    def _spell(self, pattern: str) -> str:
        def words(match: re.Match[str]) -> str:
            if match.group(1) not in self.words:
                raise ValueError(f"“<{match.group(1)}>”不在这个文件的 words 里 → 补上，或改正名字")
            return f"(?:{self.words[match.group(1)]})"

        return re.sub(r"(?<![?P])<([a-z_]+)>", words, pattern)


class Example(Entry):
    """One message, or a piece of one, and what it is: its kind (a piece has none) and its findings."""

    text: str
    kind: Kind | None = None
    findings: tuple[FindingId, ...] = ()


class Examples(Entry):
    """Messages that others are known by, by likeness."""

    title: str
    reviewed: Reviewed
    messages: list[Example]


def lint_pattern(pattern: str) -> str | None:
    """Say what is wrong with a pattern, or None: it must compile and take time in line with the text."""
    try:
        re.compile(pattern)
        tree = _parser().parse(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        return f"不是合格的正则表达式：{error}"
    return _endless(tree, inside=False)


@cache
def _parser() -> Any:
    return import_module("re._parser")  # the standard library's own reading of a pattern; nothing else sees repeats


def _endless(tree: Any, inside: bool) -> str | None:
    wide = 0
    for operation, argument in tree:
        name = str(operation)
        if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            low, high, body = argument
            many = int(high) > 100
            if inside and int(high) > 1 and int(high) != int(low):
                return "重复里面又有重复（例如 (a+)+），遇到恶意短信会停不下来"
            if many and name != "POSSESSIVE_REPEAT":
                wide += 1
            if wrong := _endless(body, inside or int(high) > 1):
                return wrong
        elif name in ("SUBPATTERN", "ASSERT", "ASSERT_NOT", "ATOMIC_GROUP"):
            if wrong := _endless(argument if name == "ATOMIC_GROUP" else argument[-1], inside):
                return wrong
        elif name == "BRANCH":
            for branch in argument[1]:
                if wrong := _endless(branch, inside):
                    return wrong
        elif name == "GROUPREF":
            return "这里不用反向引用（\\1）"
    return "一个表达式里有两处不设上限的重复，请写成 {0,20} 这样的" if wide > 1 else None


def required_words(pattern: str) -> frozenset[str]:
    """Give words of which each match must hold one (so the pattern need not be tried without); empty: unknown."""
    return _best(_parser().parse(pattern))


def _best(tree: Any) -> frozenset[str]:
    candidates: list[frozenset[str]] = []
    run: frozenset[str] = frozenset({""})
    for operation, argument in tree:
        name = str(operation)
        exact = _exact(name, argument)
        if exact and len(run) * len(exact) <= MOST_WORDS:
            run = frozenset(a + b for a in run for b in exact)
            continue
        candidates.append(run)
        run = exact or frozenset({""})
        if exact:
            continue
        if name == "SUBPATTERN":
            candidates.append(_best(argument[-1]))
        elif name == "BRANCH":
            parts = [_best(branch) for branch in argument[1]]
            if all(parts):
                candidates.append(frozenset().union(*parts))
        elif name in ("MAX_REPEAT", "MIN_REPEAT") and int(argument[0]) > 0:
            candidates.append(_best(argument[2]))
    candidates.append(run)
    good = [one for one in candidates if one and all(one)]
    return min(good, key=_how_common, default=frozenset())


def _how_common(words: frozenset[str]) -> float:
    """Estimate in what part of all messages one of the words stands; only the order of the figures matters."""
    by_length = {1: 3.0, 2: 0.3}
    return sum(50.0 if word in EVERYWHERE else by_length.get(len(word), 0.1) for word in words)


def _exact(name: str, argument: Any) -> frozenset[str]:
    """Give all strings that this part can be, when they are few."""
    if name == "LITERAL":
        return frozenset({chr(argument)})
    if name == "IN" and all(str(kind) == "LITERAL" for kind, _ in argument) and len(argument) <= 12:
        return frozenset(chr(value) for _, value in argument)
    if name == "SUBPATTERN":
        return _exact_sequence(argument[-1])
    if name == "BRANCH":
        parts = [_exact_sequence(branch) for branch in argument[1]]
        return frozenset().union(*parts) if all(parts) and sum(map(len, parts)) <= MOST_WORDS else frozenset()
    return frozenset()


def _exact_sequence(tree: Any) -> frozenset[str]:
    strings = frozenset({""})
    for operation, argument in tree:
        exact = _exact(str(operation), argument)
        if not exact or len(strings) * len(exact) > MOST_WORDS:
            return frozenset()
        strings = frozenset(a + b for a in strings for b in exact)
    return strings
