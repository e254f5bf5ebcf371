"""Describes the content files to an editor, so that it completes keys and underlines mistakes while one types."""

from typing import Any

from advisor.content.flow import Alarms, Everywhere, Flow, FlowWords, SharedSlots
from advisor.content.knowledge import Channels, HouseWords, LawFile, LetterFront, Questions, Tree
from advisor.content.signals import SignalFile
from advisor.content.source import Entry
from advisor.content.transcript import Transcript

FILES: dict[str, type[Entry]] = {
    "flows/*.yaml": Flow,
    "flows/slots.yaml": SharedSlots,
    "flows/everywhere.yaml": Everywhere,
    "flows/alarms.yaml": Alarms,
    "flows/??/*.yaml": FlowWords,
    "knowledge/law/*.yaml": LawFile,
    "knowledge/signals/*.yaml": SignalFile,
    "knowledge/questions/*.yaml": Questions,
    "knowledge/channels.yaml": Channels,
    "knowledge/routes.yaml": Tree,
    "templates/words.yaml": HouseWords,
    "templates/zh/letters/*.j2": LetterFront,
    "tests/conversations/*.yaml": Transcript,
}


def schemas() -> dict[str, Any]:
    """Give one JSON Schema with a definition for each kind of file, and the files each one is for."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "files": {pattern: f"#/$defs/{model.__name__}" for pattern, model in FILES.items()},
        "$defs": {model.__name__: model.model_json_schema() for model in FILES.values()},
    }
