"""All that is said and heard, in one language: the content itself, or the content with the words of a translation."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from advisor.content.flow import Flow, Slot, State, Word
from advisor.content.forms import Letter, form_name, letter_form
from advisor.content.knowledge import Channel, LawFile, Provision, Question
from advisor.content.source import Entry
from advisor.content.translation import Translation
from advisor.content.words import FlowWords, LawWords, SlotWords

if TYPE_CHECKING:
    from advisor.content.load import Content

HEARD = (
    "hears",
    "answers",
    "enter",
    "asks",
)  # in a further language those in the script of the base language are heard, too


class SlotInWords(Slot):
    """A slot in a further language: values are heard by the unit of the base language, and told by their own."""

    told_unit: str = ""

    @property
    def spoken_unit(self) -> str:
        """Give the unit as it is told."""
        return self.told_unit or self.unit


class LawInWords(LawFile):
    """A file of law in a further language: its title stays, and `called` says it in that language."""

    called: str


@dataclass
class Edition:
    """All that is said in one language. What a translation lacks stays in the base language."""

    content: "Content"
    words: Translation | None = None

    @cached_property
    def flows(self) -> Mapping[str, Flow]:
        """All flows by name, the form of each letter among them."""
        if not self.words:
            return self.content.flows
        flows = {name: _flow(flow, self.words.flows.get(name)) for name, flow in self.content.own_flows.items()}
        for name, letter in self.letters.items():
            flows[form_name(name)] = letter_form(name, letter.front, self.shared, self.content.guards)
        return flows

    @cached_property
    def states(self) -> Mapping[str, State]:
        """Every state by its full name."""
        return {f"{name}.{key}": state for name, flow in self.flows.items() for key, state in flow.states.items()}

    @cached_property
    def shared(self) -> Mapping[str, Slot]:
        """The slots that flows and letters share."""
        words = self.words.shared if self.words else {}
        return {name: _slot(slot, words.get(name)) for name, slot in self.content.shared.items()}

    @cached_property
    def all_slots(self) -> Mapping[str, Slot]:
        """Every slot by name."""
        own = (flow.slots for name, flow in self.flows.items() if name in self.content.own_flows)
        return {**self.shared, **{name: slot for slots in own for name, slot in slots.items()}}

    @cached_property
    def everywhere(self) -> Mapping[str, Word]:
        """The words that work in every state."""
        words = self.words.everywhere.words if self.words else {}
        said = {str(name): word for name, word in words.items()}
        return {name: _overlaid(word, said.get(name)) for name, word in self.content.everywhere.items()}

    @cached_property
    def meanings(self) -> Mapping[str, str]:
        """The pattern of a plain yes, no and the like."""
        found = self.words.everywhere.meanings if self.words else {}
        return {str(name): pattern for name, pattern in found.items()} or self.content.meanings

    @cached_property
    def letters(self) -> Mapping[str, Letter]:
        """The letters by name."""
        words = self.words.letters if self.words else {}
        return {
            name: replace(letter, front=_overlaid(letter.front, words.get(name)))
            for name, letter in self.content.letters.items()
        }

    @cached_property
    def law_files(self) -> Mapping[str, LawFile]:
        """The files of law by file name."""
        words = self.words.law_files if self.words else {}
        return {file: _law(law, words.get(file)) for file, law in self.content.law_files.items()}

    @cached_property
    def channels(self) -> Mapping[str, Channel]:
        """The public numbers, by slug."""
        words = self.words.channels if self.words else {}
        return {name: _overlaid(channel, words.get(name)) for name, channel in self.content.channels.items()}

    @cached_property
    def questions(self) -> Mapping[str, Question]:
        """The questions that are known, by id, with what is said of them in this language alone."""
        words = self.words.questions if self.words else {}
        return {name: _overlaid(question, words.get(name)) for name, question in self.content.questions.items()}

    @cached_property
    def because(self) -> Mapping[str, str]:
        """What is said instead of each reason that a signal gives."""
        words = self.words.signals if self.words else {}
        return {signal.because: words[name].because for name, signal in self.content.signals.items() if name in words}

    @cached_property
    def secrets(self) -> Mapping[str, str]:
        """The label of each kind of secret."""
        words = self.words.secrets if self.words else {}
        return {name: (words.get(name) or secret).label for name, secret in self.content.secrets.items()}

    @property
    def other_fields(self) -> list[str]:
        """What people also ask and what is answered elsewhere."""
        return self.words.other_fields if self.words else self.content.other_fields


def _overlaid(entry: Any, words: Entry | None, **more: Any) -> Any:
    """Give an entry with its sentences taken from `words`; words that are heard are added to its own."""
    if words is None:
        return entry.model_copy(update=more) if more else entry
    said = {key: getattr(words, key) for key in words.model_fields_set if key in type(entry).model_fields}
    for key in set(HEARD) & said.keys():
        said[key] = [*said[key], *(word for word in getattr(entry, key) if not word.isascii())]
    return entry.model_copy(update=said | more)


def _slot(slot: Slot, words: SlotWords | None) -> Slot:
    if words is None:
        return slot
    choices = {name: _overlaid(option, words.choices.get(name)) for name, option in slot.choices.items()}
    spoken: Slot = _overlaid(slot, words, choices=choices, unit=slot.unit)
    return SlotInWords.model_construct(**dict(spoken), told_unit=words.unit)


def _flow(flow: Flow, words: FlowWords | None) -> Flow:
    if words is None:
        return flow
    slots = {name: _slot(slot, words.slots.get(name)) for name, slot in flow.slots.items()}
    states = {name: _overlaid(state, words.states.get(name)) for name, state in flow.states.items()}
    spoken: Flow = _overlaid(flow, words, slots=slots, states=states)
    return spoken


def _law(law: LawFile, words: LawWords | None) -> LawFile:
    if words is None:
        return law
    provisions = {name: _provision(one, words, name) for name, one in law.provisions.items()}
    return LawInWords.model_construct(**dict(law) | {"provisions": provisions, "called": words.title})


def _provision(provision: Provision, words: LawWords, slug: str) -> Provision:
    said = words.provisions.get(slug)
    if said is None:
        return provision
    versions = {
        day: version.model_copy(update={"says": said.says[day]}) if day in said.says else version
        for day, version in provision.versions.items()
    }
    spoken: Provision = _overlaid(provision, said, versions=versions)
    return spoken
