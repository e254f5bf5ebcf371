"""The words of the content in a further language: the same ids as in the base language, only what is said and heard."""

from datetime import date

from pydantic import Field

from advisor.content.flow import EverywhereName, Meaning, Reviewed
from advisor.content.source import Entry


class OptionWords(Entry):
    """An option's words in another language."""

    label: str
    hears: list[str] = []
    answers: list[str] = []


class SlotWords(Entry):
    """A slot's words in another language."""

    label: str
    ask: str = ""
    example: str = ""
    unit: str = ""
    hears: list[str] = []
    choices: dict[str, OptionWords] = {}


class StateWords(Entry):
    """A state's words in another language."""

    ask: str = ""
    label: str = ""


class FlowWords(Entry):
    """A flow in another language."""

    title: str
    reviewed: Reviewed
    enter: list[str] = []
    says: list[str] = []
    slots: dict[str, SlotWords] = {}
    states: dict[str, StateWords] = {}


class SharedWords(Entry):
    """The shared slots in another language."""

    reviewed: Reviewed
    slots: dict[str, SlotWords]


class EverywhereWord(Entry):
    """A word of everywhere in another language."""

    label: str
    about: str = Field(default="", max_length=256)
    hears: list[str] = []


class EverywhereWords(Entry):
    """The words of everywhere in another language, and the patterns of a plain yes, no and the like."""

    reviewed: Reviewed
    words: dict[EverywhereName, EverywhereWord]
    meanings: dict[Meaning, str] = {}


class LetterWords(Entry):
    """The head of a letter in another language."""

    title: str
    to: str
    purpose: str
    reviewed: Reviewed
    enter: list[str] = []
    wont: str


class ProvisionWords(Entry):
    """A provision in another language: what it is about, what each version says, by its first day."""

    about: str
    asks: list[str] = []
    says: dict[date, str]


class LawWords(Entry):
    """A file of law in another language; its title stands beside the one it has at home."""

    title: str
    reviewed: Reviewed
    provisions: dict[str, ProvisionWords]


class ChannelWords(Entry):
    """A public number in another language."""

    name: str
    for_: str = Field(alias="for")
    not_for: str = ""
    hours: str = ""
    have_at_hand: list[str] = []


class ChannelsWords(Entry):
    """All public numbers in another language."""

    reviewed: Reviewed
    channels: dict[str, ChannelWords]


class QuestionWords(Entry):
    """A question in another language: its label, and the ways it is asked."""

    label: str
    asks: list[str] = []
    says: list[str] = []


class QuestionsWords(Entry):
    """One file of questions in another language."""

    reviewed: Reviewed
    questions: dict[str, QuestionWords]


class SignalWords(Entry):
    """Why a signal of messages counts, in another language."""

    because: str


class SignalsWords(Entry):
    """The reasons of all signals in another language."""

    reviewed: Reviewed
    signals: dict[str, SignalWords]


class SecretWords(Entry):
    """A kind of secret in another language."""

    label: str


class SecretsWords(Entry):
    """All kinds of secrets in another language."""

    reviewed: Reviewed
    secrets: dict[str, SecretWords]
