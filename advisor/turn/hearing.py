"""What is listened for in one language: slots, phrases of situations, words that work everywhere, known questions."""

import re
from collections.abc import Mapping
from functools import cached_property, lru_cache

from advisor.answers import NEAR_BY, fold, fold_label, piece
from advisor.content import Content
from advisor.content.edition import Edition
from advisor.content.flow import Flow, Slot
from advisor.content.learned import model_of_questions
from advisor.english import in_figures
from advisor.law import Register
from advisor.likeness import Likeness
from advisor.lookup import Lookup
from advisor.message import ENGLISH
from advisor.normal import simplify
from advisor.questions import Questions
from advisor.ranker import Ranker
from advisor.turn.phrases import refuses, says, without_asking

INSIDE = {"correct", "feeling", "write"}  # heard inside a sentence, not as the whole of it


class Hearing:
    """Listens in the language of `edition`; what is found first is kept."""

    def __init__(self, content: Content, language: str, register: Register) -> None:
        """Listen for what the edition of `language` holds; provisions are looked up in `register`."""
        self._content, self._language, self._register = content, language, register
        self.edition: Edition = content.editions[language]
        self.slots = lru_cache(maxsize=None)(self._slots)
        self.hearable = lru_cache(maxsize=None)(self._hearable)

    def _slots(self, flow: str) -> Mapping[str, Slot]:
        """Give every slot there is, those of a flow in its own words."""
        slots = {**self.edition.all_slots, **self.edition.flows[flow].slots}
        return {name: _in_figures(slot) for name, slot in slots.items()} if self._language == ENGLISH else slots

    def _hearable(self, flow: str) -> Mapping[str, Slot]:
        """Give the slots that may be heard beside the question of a flow."""
        states = self._content.flows[flow].states.values()
        asked = {state.fill for state in states if not state.again}
        every_time = {state.fill for state in states} - asked  # what has become of it: never told beforehand
        return {
            name: slot
            for name, slot in self.slots(flow).items()
            if (name in asked or name in self._content.shared)
            and name not in every_time
            and (slot.hears or slot.finds or slot.tells or any(option.hears for option in slot.choices.values()))
        }

    @cached_property
    def lookup(self) -> Lookup:
        """Finds provisions by their articles and by words."""
        return Lookup(self._register)

    @cached_property
    def questions(self) -> Questions:
        """The questions that are known."""
        model = self._content.learned(model_of_questions(self._language))
        return Questions(self.edition.questions, Ranker(model) if model else None)

    @cached_property
    def everywhere(self) -> dict[str, str]:
        """What is typed to reach each word of everywhere, folded."""
        return {
            fold_label(heard): name
            for name, word in self.edition.everywhere.items()
            for heard in (word.label, *word.hears)
            if fold_label(heard) and name not in INSIDE
        }

    def named(self, said: str, but: str = "") -> str:
        """Name the word of everywhere that somebody says, folded, and nothing besides; empty when it is none."""
        by_pattern = (
            name for name, patterns in self._patterns if name != but and any(p.fullmatch(said) for p in patterns)
        )
        return self.everywhere.get(said) or next(by_pattern, "")

    @cached_property
    def _patterns(self) -> list[tuple[str, list[re.Pattern[str]]]]:
        words = self.edition.everywhere.items()
        return [(name, [re.compile(p) for p in word.patterns]) for name, word in words if word.patterns]

    @cached_property
    def whole(self) -> frozenset[str]:
        """What means something of itself when it is all that is said: words of everywhere, and names of situations."""
        return frozenset(self.everywhere) | {fold_label(phrase) for _, phrase, _ in self.topics}

    @cached_property
    def meanings(self) -> Mapping[str, re.Pattern[str]]:
        """The patterns of a plain yes, no and the like."""
        return {name: re.compile(pattern) for name, pattern in self.edition.meanings.items()}

    @cached_property
    def unsure(self) -> tuple[str, ...]:
        """How an answer begins that is “don't know”, in small letters."""
        word = self.edition.everywhere["dont_know"]
        return tuple(said.lower() for said in (word.label, *word.hears))

    @cached_property
    def topics(self) -> list[tuple[str, str, str]]:
        """The phrases that lead to each flow, each behind its longest piece, in small letters, the longest first."""
        enter = ((simplify(phrase).lower(), name) for name, flow in self.edition.flows.items() for phrase in flow.enter)
        found = [(piece(phrase), phrase, name) for phrase, name in enter]
        return sorted(found, key=lambda one: -len(one[1].replace(NEAR_BY, "")))

    @cached_property
    def _names(self) -> re.Pattern[str]:
        """Names that hold a phrase of some flow and yet say nothing of it: 分期乐 is no wish for instalments."""
        slots = (slot for slot in self.edition.shared.values() if slot.type == "text")
        words = {simplify(word).lower() for slot in slots for word in slot.hears}
        names = {word for word in words if any(phrase in word and phrase != word for _, phrase, _ in self.topics)}
        return re.compile("|".join(map(re.escape, sorted(names, key=lambda name: (-len(name), name)))) or r"(?!)")

    def without_names(self, text: str) -> str:
        """Give `text` without the names that hold a phrase of some flow."""
        return self._names.sub("＿", text)

    def topic(self, text: str, here: str) -> str:
        """Name the flow that `text` speaks of, unless it is the one that is open `here`; empty when there is none."""
        lower = self.without_names(text.lower())
        for part, phrase, name in self.topics:
            if part in lower and name != here and says(lower, phrase) and not self._refused(lower, name):
                return name
        return ""

    def _refused(self, lower: str, flow: str) -> bool:
        return any(refuses(lower, phrase) for phrase in self.edition.flows[flow].unless)

    def wished(self, text: str, here: str) -> tuple[str, bool]:
        """Name the flow that `text` asks for by little more than its phrase, and tell whether by the phrase alone."""
        name, wish = self.topic(text, here), without_asking(text)
        asked = bool(name) and wish in map(fold, self.edition.flows[name].enter)
        return (name, wish == fold(text)) if asked else ("", False)

    @cached_property
    def situations(self) -> Likeness:
        """What people say of each situation, to find the nearest when no phrase does."""
        return _likeness({name: flow for name, flow in self.edition.flows.items() if name in self._content.own_flows})

    @cached_property
    def forms(self) -> Likeness:
        """What is said of each letter, to find the one that is meant where letters are to choose from."""
        return _likeness({name: flow for name, flow in self.edition.flows.items() if flow.inside})


def _in_figures(slot: Slot) -> Slot:
    """Give a slot that also hears its words as the readers of values are given them: tomorrow, 明天."""

    def both(words: list[str]) -> list[str]:
        return list(dict.fromkeys([*words, *(in_figures(word) for word in words if word.isascii())]))

    choices = {
        name: option.model_copy(update={"hears": both(option.hears), "answers": both(option.answers)})
        for name, option in slot.choices.items()
    }
    return slot.model_copy(update={"hears": both(slot.hears), "choices": choices})


def _likeness(flows: Mapping[str, Flow]) -> Likeness:
    said = {name: [*(p.replace("…", "") for p in flow.enter), *flow.says] for name, flow in flows.items()}
    return Likeness({name: sentences for name, sentences in said.items() if sentences})
