"""Loads the content from its folders, each part when it is first needed."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from advisor.content.alarms import Alarm, Alarms, ByVoice, Voice
from advisor.content.edition import Edition
from advisor.content.exports import Exports
from advisor.content.flow import Everywhere, Flow, SharedSlots, Slot, State, Word
from advisor.content.forms import Letter, form_name, letter_form
from advisor.content.guards import Guard, Guards
from advisor.content.knowledge import (
    Channel,
    Channels,
    House,
    HouseWords,
    LawFile,
    LetterFront,
    OtherFields,
    Question,
    Questions,
    Tree,
    TreeRow,
)
from advisor.content.rates import Rates
from advisor.content.secrets import Secret, Secrets
from advisor.content.signals import Example, Examples, Signal, SignalFile
from advisor.content.source import ContentError, Document, Model, Problem, front_matter, read_file, read_yaml
from advisor.content.translation import Translation

BASE = "zh"
NOT_FLOWS = {"everywhere.yaml", "slots.yaml", "alarms.yaml"}


@dataclass
class Content:
    """All content under one folder. A part with a mistake in its files raises ContentError when asked for."""

    root: Path
    documents: dict[str, Document] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)

    @cached_property
    def shared(self) -> Mapping[str, Slot]:
        """The slots that flows and letters share."""
        return self.read_one("flows/slots.yaml", SharedSlots).slots

    @cached_property
    def own_flows(self) -> Mapping[str, Flow]:
        """The flows that were written, by name, without the forms of letters."""
        files = [p for p in sorted((self.root / "flows").glob("*.yaml")) if p.name not in NOT_FLOWS]
        return {Path(file).stem: flow for file, flow in self.read(files, Flow)}

    @cached_property
    def flows(self) -> Mapping[str, Flow]:
        """All flows by name, the form of each letter among them."""
        flows = dict(self.own_flows)
        for letter in self.letters.values():
            flows[form_name(letter.name)] = letter_form(letter.name, letter.front, self.shared, self.guards)
        return flows

    @cached_property
    def translations(self) -> Mapping[str, Translation]:
        """The words in each further language."""
        folders = sorted(path.name for path in (self.root / "flows").iterdir() if path.is_dir())
        return {language: Translation(self, language) for language in folders}

    @cached_property
    def editions(self) -> Mapping[str, Edition]:
        """All that is said, by language; the base language comes first."""
        further = {language: Edition(self, words) for language, words in self.translations.items()}
        return {BASE: Edition(self), **further}

    @cached_property
    def everywhere(self) -> Mapping[str, Word]:
        """The words that work in every state."""
        return {str(name): word for name, word in self._everywhere.words.items()}

    @property
    def meanings(self) -> Mapping[str, str]:
        """The pattern of a plain yes, no and the like."""
        return {str(name): pattern for name, pattern in self._everywhere.meanings.items()}

    @cached_property
    def _everywhere(self) -> Everywhere:
        return self.read_one("flows/everywhere.yaml", Everywhere)

    @cached_property
    def alarms(self) -> Mapping[str, Alarm]:
        """The own words that override everything, the gravest first."""
        return self._alarms.alarms

    @property
    def by_voice(self) -> ByVoice | None:
        """How alarms are known by voice, if they are."""
        return self._alarms.by_voice

    @cached_property
    def _alarms(self) -> Alarms:
        return self.read_one("flows/alarms.yaml", Alarms)

    @cached_property
    def voices(self) -> Mapping[str, Voice]:
        """What people of one kind say, by the name of the voice."""
        files = self.read(sorted((self.root / "knowledge/voices").glob("*.yaml")), Voice)
        return {Path(file).stem: voice for file, voice in files}

    @cached_property
    def messages(self) -> list[Example]:
        """The messages that others are known by."""
        files = self.read(sorted((self.root / "knowledge/messages").glob("*.yaml")), Examples)
        return [message for _, examples in files for message in examples.messages]

    def learned(self, name: str) -> Mapping[str, Any] | None:
        """Give what `make learn` found out about the examples of `name`, if it has been run."""
        path = self.root / "knowledge/learned" / f"{name}.json"
        return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None

    @cached_property
    def law_files(self) -> Mapping[str, LawFile]:
        """The files of law by file name."""
        return dict(self.read(sorted((self.root / "knowledge/law").glob("*.yaml")), LawFile))

    @cached_property
    def signals(self) -> Mapping[str, Signal]:
        """The signals that a message is read by, by id."""
        files = self.read(sorted((self.root / "knowledge/signals").glob("*.yaml")), SignalFile)
        return self._merged(((file, part.signals) for file, part in files), "signals")

    @cached_property
    def questions(self) -> Mapping[str, Question]:
        """The questions that are known, by id."""
        files = self.read(sorted((self.root / "knowledge/questions").glob("*.yaml")), Questions)
        return self._merged(((file, part.questions) for file, part in files), "questions")

    @cached_property
    def other_fields(self) -> list[str]:
        """What people also ask and what is answered elsewhere."""
        return self.read_one("knowledge/other_fields.yaml", OtherFields).says

    @cached_property
    def channels(self) -> Mapping[str, Channel]:
        """The public numbers, by slug."""
        return self.read_one("knowledge/channels.yaml", Channels).channels

    @cached_property
    def rates(self) -> Rates:
        """The LPR by month, and what interest is measured by."""
        return self.read_one("knowledge/rates.yaml", Rates)

    @cached_property
    def guards(self) -> Mapping[str, Guard]:
        """What is looked at before a letter is handed over, by name."""
        return self.read_one("knowledge/guards.yaml", Guards).guards

    @cached_property
    def secrets(self) -> Mapping[str, Secret]:
        """What is covered before anything is kept, by name."""
        return self.read_one("knowledge/secrets.yaml", Secrets).secrets

    @cached_property
    def exports(self) -> Exports:
        """The words by which exported messages are told apart."""
        return self.read_one("knowledge/exports.yaml", Exports)

    @cached_property
    def tree(self) -> Mapping[str, TreeRow]:
        """The tree at a glance."""
        return self.read_one("knowledge/routes.yaml", Tree).rows

    @cached_property
    def house_words(self) -> Mapping[str, House]:
        """The words of the house."""
        return self.read_one("templates/words.yaml", HouseWords).rules

    @cached_property
    def letters(self) -> Mapping[str, Letter]:
        """The letters by name."""
        bodies: dict[str, int] = {}
        documents = []
        for path in sorted((self.root / "templates" / BASE / "letters").glob("*.j2")):
            head, body_line = front_matter(path.read_text(encoding="utf-8"))
            documents.append(read_yaml(head, path.relative_to(self.root).as_posix(), first_line=2))
            bodies[documents[-1].file] = body_line
        heads = [(Path(file).stem, file, front) for file, front in self.read_documents(documents, LetterFront)]
        return {name: Letter(name, front, f"letters/{name}", bodies[file], file) for name, file, front in heads}

    @cached_property
    def all_slots(self) -> Mapping[str, Slot]:
        """Every slot of every flow by name."""
        return {**self.shared, **{name: slot for flow in self.own_flows.values() for name, slot in flow.slots.items()}}

    def state(self, name: str) -> State:
        """Give the state called `flow.state`; an unknown name raises KeyError."""
        return self.editions[BASE].states[name]

    def place(self, flow_name: str, to: str) -> str:
        """Give the full name of the state that `to`, written in `flow_name`, leads to."""
        if "." in to:
            return to
        if to in self.flows[flow_name].states:
            return f"{flow_name}.{to}"
        return f"{to}.{self.flows[to].start}" if to in self.flows else f"{flow_name}.{to}"

    @cached_property
    def renamed(self) -> Mapping[str, str]:
        """Older full names of states and the names they have now."""
        now: dict[str, str] = {}
        for name, flow in self.flows.items():
            for state_name, state in flow.states.items():
                for flow_name in [name, *flow.formerly]:
                    for old in [state_name, *state.formerly]:
                        now.setdefault(old if "." in old else f"{flow_name}.{old}", f"{name}.{state_name}")
        return now

    @cached_property
    def renamed_slots(self) -> Mapping[str, str]:
        """Older names of slots and the names they have now."""
        return {old: name for name, slot in self.all_slots.items() for old in slot.formerly}

    @cached_property
    def renamed_options(self) -> Mapping[tuple[str, str], str]:
        """Older ids of options, with their slot, and the ids they have now."""
        return {
            (slot_name, old): name
            for slot_name, slot in self.all_slots.items()
            for name, option in slot.choices.items()
            for old in option.formerly
        }

    def problem(self, file: str, loc: tuple[str | int, ...], what: str, hint: str = "") -> Problem:
        """Word a mistake in `file` at the place of `loc`."""
        document = self.documents.get(file) or Document(file, None, None)
        return document.problem(loc, what, hint)

    def _keep(self, document: Document) -> Document:
        self.documents[document.file] = document
        return document

    def read_one(self, file: str, model: type[Model]) -> Model:
        """Read one file as `model`; ContentError when it is missing or has mistakes."""
        path = self.root / file
        if not path.exists():
            raise ContentError([Problem(file, 1, 1, "没有这个文件", "建立它，或从版本库里取回")])
        return self.read([path], model)[0][1]

    def read(self, paths: Iterable[Path], model: type[Model]) -> list[tuple[str, Model]]:
        """Read files as `model`, each with its name; ContentError when any has mistakes."""
        return self.read_documents((read_file(path, self.root) for path in paths), model)

    def read_documents(self, documents: Iterable[Document], model: type[Model]) -> list[tuple[str, Model]]:
        """Take documents as `model`, each with the name of its file; ContentError when any has mistakes."""
        read, problems = [], []
        for document in documents:
            self.documents[document.file] = document
            entry = None if document.problems else document.read(model)
            problems += document.problems
            if entry is not None:
                read.append((document.file, entry))
        if problems:
            raise ContentError(problems)
        return read

    def _merged(self, parts: Iterable[tuple[str, Mapping[str, BaseModel]]], key: str) -> dict[str, Any]:
        merged: dict[str, Any] = {}
        for file, entries in parts:
            for name, entry in entries.items():
                if name in merged:
                    where = self.owners[f"{key}.{name}"]
                    raise ContentError([self.problem(file, (key, name), f"“{name}”在 {where} 里已有", "换一个名字")])
                merged[name] = entry
                self.owners[f"{key}.{name}"] = file
        return merged


def load(root: Path) -> Content:
    """Give the content under `root`; parts are read when first asked for."""
    return Content(root)
