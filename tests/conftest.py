"""Collects the test conversations: each YAML file under `conversations/` is a test with a sentence for a name."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conversation import CONVERSATIONS, Player, Wrong, read
from tests.databases import database, server, shared  # noqa: F401  # fixtures
from tests.figures import FIGURES


def pytest_collect_file(parent: pytest.Collector, file_path: Path) -> pytest.Collector | None:
    """Take each conversation as a test."""
    if file_path.suffix == ".yaml" and CONVERSATIONS in file_path.parents:
        return ConversationFile.from_parent(parent, path=file_path)
    return None


class ConversationFile(pytest.File):
    """One file, one conversation."""

    def collect(self) -> Iterator[pytest.Item]:
        """Give the conversation as an item called by its title."""
        transcript, document = read(self.path)
        yield Conversation.from_parent(self, name=transcript.title, player=Player(transcript, document))


class Conversation(pytest.Item):
    """One conversation, played against the engine."""

    def __init__(self, *, player: Player, **more: Any) -> None:
        super().__init__(**more)
        self.player = player

    def runtest(self) -> None:
        """Play it."""
        self.player.play()

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Tell file, line and the bot's words instead of a stack."""
        return str(excinfo.value) if isinstance(excinfo.value, Wrong) else super().repr_failure(excinfo)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Name the conversation in reports."""
        return self.path, 0, self.name


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print what the tests measured."""
    for figure in FIGURES:
        terminalreporter.write_line(figure)
