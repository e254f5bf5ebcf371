"""The words of the content in one further language, as they were read from their files."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from advisor.content.knowledge import OtherFields
from advisor.content.source import Model, front_matter, read_yaml
from advisor.content.words import (
    ChannelsWords,
    ChannelWords,
    EverywhereWords,
    FlowWords,
    LawWords,
    LetterWords,
    QuestionsWords,
    QuestionWords,
    SecretsWords,
    SecretWords,
    SharedWords,
    SignalsWords,
    SignalWords,
    SlotWords,
)

if TYPE_CHECKING:
    from advisor.content.load import Content

NOT_OF_ONE_FLOW = {"slots.yaml", "everywhere.yaml"}


@dataclass
class Translation:
    """Reads the words of one language; a part with a mistake in its files raises ContentError when asked for."""

    content: "Content"
    language: str

    @cached_property
    def flows(self) -> Mapping[str, FlowWords]:
        """The words of flows, by flow."""
        folder = self.content.root / "flows" / self.language
        files = [path for path in sorted(folder.glob("*.yaml")) if path.name not in NOT_OF_ONE_FLOW]
        return {Path(file).stem: words for file, words in self.content.read(files, FlowWords)}

    @cached_property
    def shared(self) -> Mapping[str, SlotWords]:
        """The words of the shared slots."""
        return self.content.read_one(f"flows/{self.language}/slots.yaml", SharedWords).slots

    @cached_property
    def everywhere(self) -> EverywhereWords:
        """The words of everywhere."""
        return self.content.read_one(f"flows/{self.language}/everywhere.yaml", EverywhereWords)

    @cached_property
    def letters(self) -> Mapping[str, LetterWords]:
        """The heads of letters, by letter."""
        heads = [
            (path, *front_matter(path.read_text(encoding="utf-8")))
            for path in sorted((self.content.root / "templates" / self.language / "letters").glob("*.j2"))
        ]
        documents = [
            read_yaml(head, path.relative_to(self.content.root).as_posix(), first_line=2) for path, head, _ in heads
        ]
        read = self.content.read_documents(documents, LetterWords)
        return {Path(file).stem: words for file, words in read}

    @cached_property
    def law_files(self) -> Mapping[str, LawWords]:
        """The words of the law, by the file of the base language."""
        return {f"knowledge/law/{Path(file).name}": words for file, words in self._knowledge("law", LawWords)}

    @cached_property
    def questions(self) -> Mapping[str, QuestionWords]:
        """The words of questions, by id."""
        files = self._knowledge("questions", QuestionsWords)
        return {name: words for _, file in files for name, words in file.questions.items()}

    @cached_property
    def channels(self) -> Mapping[str, ChannelWords]:
        """The words of public numbers, by slug."""
        return self.content.read_one(f"knowledge/{self.language}/channels.yaml", ChannelsWords).channels

    @cached_property
    def signals(self) -> Mapping[str, SignalWords]:
        """The reasons of signals, by id."""
        return self.content.read_one(f"knowledge/{self.language}/signals.yaml", SignalsWords).signals

    @cached_property
    def secrets(self) -> Mapping[str, SecretWords]:
        """The words of secrets, by name."""
        return self.content.read_one(f"knowledge/{self.language}/secrets.yaml", SecretsWords).secrets

    @cached_property
    def other_fields(self) -> list[str]:
        """What people also ask in this language and what is answered elsewhere."""
        return self.content.read_one(f"knowledge/{self.language}/other_fields.yaml", OtherFields).says

    def _knowledge(self, folder: str, model: type[Model]) -> list[tuple[str, Model]]:
        files = sorted((self.content.root / "knowledge" / self.language / folder).glob("*.yaml"))
        return self.content.read(files, model)
