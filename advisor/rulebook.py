"""All rules by which messages are read: only those that can hold are tried, for a word they need is there."""

import re
from collections.abc import Mapping, Set
from itertools import groupby
from operator import itemgetter

from advisor.content.signals import Signal, required_words
from advisor.likeness import LONGEST_WRITTEN_RUN
from advisor.message import Sms
from advisor.normal import Normal
from advisor.smsrule import Hit, Rule
from advisor.smssender import class_of

_HAN = re.compile("[\u3400-\u9fff]+")


class Rulebook:
    """The rules that words decide, with a register of the words that each pattern cannot do without."""

    def __init__(self, signals: Mapping[str, Signal]) -> None:
        """Compile the rules of `signals`."""
        rules = [Rule(key, signal) for key, signal in signals.items() if signal.decided_by == "words"]
        self._wordless = [rule for rule in rules if not rule.patterns]
        self._patterns = [(rule, pattern) for rule in rules for pattern in rule.patterns]
        self._by_run: dict[
            str, list[tuple[int, str]]
        ] = {}  # how a word's Han begins -> places in _patterns, whole word
        self._by_sign: dict[str, list[tuple[int, str]]] = {}  # the same for words without Han, by their first sign
        self._always: set[int] = set()
        for at, (_, pattern) in enumerate(self._patterns):
            self._register(at, required_words(pattern.pattern))
        self._runs = frozenset(self._by_run)

    def _register(self, at: int, words: Set[str]) -> None:
        if not words:
            self._always.add(at)
        for word in words:
            han = max(_HAN.findall(word), key=len, default="")
            if han:
                self._by_run.setdefault(han[:LONGEST_WRITTEN_RUN], []).append((at, word))
            else:  # cutting into runs may have changed it
                self._by_sign.setdefault(word[0], []).append((at, word))

    def hits(
        self, sms: Sms, normal: Normal, said: Set[str], known: Mapping[str, object]
    ) -> tuple[list[Hit], frozenset[str | None]]:
        """Give every place where a rule holds, and the findings that some rule excuses.

        `said` are the runs of the message, `known` is what was told.
        """
        hits: list[Hit] = []
        excused: set[str | None] = set()
        sender = class_of(sms.sender)
        possible = (self._patterns[at] for at in sorted(self._possible(normal.text, said)))
        for rule, patterns in groupby(possible, key=itemgetter(0)):
            if _fits(rule.signal, sender, known):
                spans = rule.places(normal.text, map(itemgetter(1), patterns))
                if spans is None:
                    excused.add(rule.signal.finding)
                else:
                    hits += [Hit(rule.key, rule.signal, *normal.original_span(*span)) for span in spans]
        hits += [Hit(rule.key, rule.signal, 0, 0) for rule in self._wordless if _fits(rule.signal, sender, known)]
        return hits, frozenset(excused)

    def _possible(self, text: str, said: Set[str]) -> set[int]:
        """Name the patterns that can match at all."""
        found = set(self._always)
        for sign in self._by_sign.keys() & set(text):
            found.update([at for at, word in self._by_sign[sign] if word in text])
        for run in self._runs.intersection(said):
            for at, word in self._by_run[run]:
                if word == run or word in text:
                    found.add(at)
        return found


def _fits(signal: Signal, sender: str | None, known: Mapping[str, object]) -> bool:
    """Tell whether a rule that asks for a sort of sender, or for something told, may hold."""
    if signal.senders and sender not in signal.senders:
        return False
    return not signal.told or all(str(known.get(slot)) in values for slot, values in signal.told.items())
