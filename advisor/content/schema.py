"""Describes the content files to an editor, so that it completes keys and underlines mistakes while one types."""

from typing import Any

from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from advisor.content.alarms import Alarms, Voice
from advisor.content.exports import Exports
from advisor.content.flow import Everywhere, Flow, SharedSlots
from advisor.content.guards import Guards
from advisor.content.knowledge import Channels, HouseWords, LawFile, LetterFront, OtherFields, Questions, Tree
from advisor.content.rates import Rates
from advisor.content.secrets import Secrets
from advisor.content.signals import Examples, SignalFile
from advisor.content.source import Entry
from advisor.content.transcript import Transcript
from advisor.content.words import (
    ChannelsWords,
    EverywhereWords,
    FlowWords,
    LawWords,
    LetterWords,
    QuestionsWords,
    SecretsWords,
    SharedWords,
    SignalsWords,
)

FILES: dict[str, type[Entry]] = {
    "flows/*.yaml": Flow,
    "flows/slots.yaml": SharedSlots,
    "flows/everywhere.yaml": Everywhere,
    "flows/alarms.yaml": Alarms,
    "flows/??/*.yaml": FlowWords,
    "flows/??/slots.yaml": SharedWords,
    "flows/??/everywhere.yaml": EverywhereWords,
    "knowledge/law/*.yaml": LawFile,
    "knowledge/signals/*.yaml": SignalFile,
    "knowledge/questions/*.yaml": Questions,
    "knowledge/messages/*.yaml": Examples,
    "knowledge/voices/*.yaml": Voice,
    "knowledge/other_fields.yaml": OtherFields,
    "knowledge/channels.yaml": Channels,
    "knowledge/rates.yaml": Rates,
    "knowledge/guards.yaml": Guards,
    "knowledge/secrets.yaml": Secrets,
    "knowledge/routes.yaml": Tree,
    "knowledge/exports.yaml": Exports,
    "knowledge/??/law/*.yaml": LawWords,
    "knowledge/??/questions/*.yaml": QuestionsWords,
    "knowledge/??/channels.yaml": ChannelsWords,
    "knowledge/??/signals.yaml": SignalsWords,
    "knowledge/??/secrets.yaml": SecretsWords,
    "knowledge/??/other_fields.yaml": OtherFields,
    "templates/??/letters/*.j2": LetterWords,
    "templates/words.yaml": HouseWords,
    "templates/zh/letters/*.j2": LetterFront,
    "tests/conversations/*.yaml": Transcript,
}


class _AsWritten(GenerateJsonSchema):
    """Every scalar of the content is read as the text that was written, so a number is a text, too."""

    def str_schema(self, schema: Any) -> dict[str, Any]:
        """Allow what an editor takes for a number or a yes."""
        return {**super().str_schema(schema), "type": ["string", "number", "boolean"]}


def schemas() -> dict[str, Any]:
    """Give one JSON Schema with a definition for each kind of file, and the files each one is for."""
    places, whole = models_json_schema([(model, "validation") for model in FILES.values()], schema_generator=_AsWritten)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "files": {pattern: places[model, "validation"]["$ref"] for pattern, model in FILES.items()},
        "$defs": whole["$defs"],
    }
