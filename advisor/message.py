"""What comes in from a person and what goes back, free of any channel.

The whole architecture is two aliases: the desk offers an `Answer` to every channel, and a channel offers
a `Send` for what comes later.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

Person = str


@dataclass(frozen=True, slots=True)
class Sms:
    """One text message as the person received it; `to` says who received it, when it was somebody else."""

    text: str
    sender: str | None = None
    received_at: datetime | None = None
    to: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """One thing a person did: typed `text`, tapped `choice`, forwarded `sms` or sent an `image` (a path).

    `id` is the channel's own number for it: the same number again gets the stored reply.
    """

    person: Person
    text: str = ""
    choice: str | None = None
    sms: tuple[Sms, ...] = ()
    image: str | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to tap: an opaque id of at most 64 bytes and the words on it."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message to the person; `letter` names the letter when the text is a draft to copy."""

    text: str
    letter: str | None = None
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """All that goes back for one message: where the talk stands, what was advised, what is said.

    `id` is that of the message answered.
    """

    state: str
    routes: tuple[str, ...]
    bubbles: tuple[Bubble, ...]
    id: str = ""

    def to_data(self) -> dict[str, Any]:
        """Give plain data that JSON can hold."""
        bubbles = [
            {"text": b.text, "letter": b.letter, "choices": [[c.id, c.label] for c in b.choices]} for b in self.bubbles
        ]
        return {"state": self.state, "routes": self.routes, "bubbles": bubbles}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Reply":
        """Read back what `to_data` gave."""
        bubbles = tuple(
            Bubble(b["text"], b["letter"], tuple(Choice(*c) for c in b["choices"])) for b in data["bubbles"]
        )
        return cls(data["state"], tuple(data["routes"]), bubbles)


Answer = Callable[[Message], Awaitable[Reply]]
Send = Callable[[Person, Reply], Awaitable[None]]
