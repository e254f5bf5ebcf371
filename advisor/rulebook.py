"""All rules by which messages are read: only those that can hold are tried, for a word they need is there."""

import re
from collections.abc import Iterator, Mapping, Set
from itertools import groupby
from operator import itemgetter

from advisor.content.signals import Signal, required_words
from advisor.likeness import LONGEST_RUN
from advisor.message import Sms
from advisor.normal import Normal
from advisor.smsrule import Hit, Rule
from advisor.smssender import class_of

_WHOLLY_HAN = re.compile("[\u3400-\u9fff]+")


class Rulebook:
    """The rules that words decide, with a register of the words that each pattern cannot do without."""

    def __init__(self, signals: Mapping[str, Signal]) -> None:
        """Compile the rules of `signals`."""
        rules = [Rule(key, signal) for key, signal in signals.items() if signal.decided_by == "words"]
        self._wordless = [rule for rule in rules if not rule.patterns]
        self._patterns = [(rule, pattern) for rule in rules for pattern in rule.patterns]
        self._by_run: dict[str, list[tuple[int, str]]] = {}  # how a word begins -> places in _patterns, whole word
        self._by_word: list[tuple[int, str]] = []  # words that cutting into runs may have changed
        self._always: set[int] = set()
        for at, (_, pattern) in enumerate(self._patterns):
            self._register(at, required_words(pattern.pattern))
        self._runs = frozenset(self._by_run)

    def _register(self, at: int, words: Set[str]) -> None:
        if not words:
            self._always.add(at)
        for word in words:
            if _WHOLLY_HAN.fullmatch(word):
                self._by_run.setdefault(word[:LONGEST_RUN], []).append((at, word))
            else:
                self._by_word.append((at, word))

    def hits(self, sms: Sms, normal: Normal, said: Set[str], known: Mapping[str, object]) -> Iterator[Hit]:
        """Give every place where a rule holds; `said` are the runs of the message, `known` is what was told."""
        sender = class_of(sms.sender)
        possible = (self._patterns[at] for at in sorted(self._possible(normal.text, said)))
        for rule, patterns in groupby(possible, key=itemgetter(0)):
            if _fits(rule.signal, sender, known):
                for span in rule.places(normal.text, map(itemgetter(1), patterns)):
                    yield Hit(rule.key, rule.signal, *normal.original_span(*span))
        for rule in self._wordless:
            if _fits(rule.signal, sender, known):
                yield Hit(rule.key, rule.signal, 0, 0)

    def _possible(self, text: str, said: Set[str]) -> set[int]:
        """Name the patterns that can match at all."""
        found = set(self._always)
        found.update([at for at, word in self._by_word if word in text])
        for run in self._runs.intersection(said):
            for at, word in self._by_run[run]:
                if len(word) <= LONGEST_RUN or word in text:
                    found.add(at)
        return found


def _fits(signal: Signal, sender: str | None, known: Mapping[str, object]) -> bool:
    """Tell whether a rule that asks for a sort of sender, or for something told, may hold."""
    if signal.senders and sender not in signal.senders:
        return False
    return not signal.told or all(str(known.get(slot)) in values for slot, values in signal.told.items())
