"""A Telegram for each test, of which aiogram reads afterwards all that it said."""

import importlib
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel, TypeAdapter

from tests.botapi.witness import Recorder

try:  # it wants an older pydantic than ours: `make soak` runs these tests in the environment of the benches
    aiogram: Any = importlib.import_module("aiogram")
except ModuleNotFoundError:
    aiogram = None


@pytest.fixture
def peer(monkeypatch: pytest.MonkeyPatch) -> Iterator[Recorder]:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")  # without it the library warns of itself when it is told to wait
    with Recorder() as peer:
        yield peer
    for method, result in peer.said if aiogram else ():  # whatever a test does, a bot must be able to read it
        understood = getattr(aiogram.methods, method[0].upper() + method[1:]).__returning__
        assert not list(unknown(TypeAdapter(understood).validate_python(result))), method
    for update in peer.updates.values() if aiogram else ():
        assert not list(unknown(aiogram.types.Update.model_validate(update))), update


def unknown(value: Any) -> Iterator[str]:
    """Name the fields that are not the Bot API's."""
    if isinstance(value, BaseModel):
        yield from value.model_extra or ()
        for _, inner in value:
            yield from unknown(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from unknown(inner)
