"""What comes in from a person and what goes back, free of any channel.

The desk offers an `Answer` to every channel and keeps each reply until it is delivered; a channel offers a `Wake`,
which is called when something waits for a person that they did not just ask for. `Files` makes the files that go
with a bubble, when it is delivered.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from advisor.exhibit import Exhibit

Person = str
SIMPLIFIED, TRADITIONAL, ENGLISH = "zh-CN", "zh-TW", "en"  # what people are answered in, as browsers name it


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a forwarded message was written in a messenger; `at` is never the time when an SMS came.

    `who` is user, hidden_user, chat or channel.
    """

    who: str
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Sms:
    """One text message as the person received it; `to` says who received it, when it was somebody else.

    `picture` counts from 1 the file of its message that it was read from, 0 when it was none; `whole_day` tells that
    of `received_at` only the day is known.
    """

    text: str
    sender: str | None = None
    received_at: datetime | None = None
    to: str | None = None
    origin: Origin | None = None
    picture: int = 0
    whole_day: bool = False


@dataclass(frozen=True, slots=True)
class Attachment:
    """A picture or another file that a channel holds: `reference` is the channel's own name for it.

    `kind` is photo or document as the channel says, and picture, recording, paper or export once it was looked at.
    `body` holds its bytes once the channel has them; `refused` names why nothing can be done with it, `held` tells how
    many messages an export held, and `left` how many of those that matter were too many for one time.
    """

    kind: str
    reference: str
    name: str = ""
    size: int = 0
    origin: Origin | None = None
    body: bytes | None = field(default=None, repr=False)
    media_type: str = ""
    refused: str = ""
    held: int = 0
    left: int = 0


@dataclass(frozen=True, slots=True)
class Message:
    """One thing a person did: typed `text`, tapped `choice`, forwarded `sms` or sent an `image` (a path).

    `files` are held by the channel; `unread` names something that is no text (sticker, voice, edited, …);
    `id` is the channel's own number for it: the same number again gets the stored reply. `more_follows` when it
    is one of several sent in one go, which are answered together. `masked` names the kinds of secrets (a card
    number, a password, …) that were in the words and have been covered. `refused` names why it is not to be heard,
    unless somebody says that they are in danger. `greeted` names the language, as browsers do, in which somebody of
    whom nothing is known yet was offered the choice that they took.
    """

    person: Person
    text: str = ""
    choice: str | None = None
    sms: tuple[Sms, ...] = ()
    image: str | None = None
    id: str | None = None
    files: tuple[Attachment, ...] = ()
    unread: str = ""
    more_follows: bool = False
    masked: tuple[str, ...] = ()
    refused: str = ""
    greeted: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to tap: an opaque id of at most 64 bytes and the words on it; `last` if it stands in the last row."""

    id: str
    label: str
    last: bool = False


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message to the person; `letter` names the letter when the text is a draft to copy.

    `picture` is a table to be drawn and sent beside the text, in the form that `advisor.charts` reads; `package` names
    what goes with the text: the evidence file as `zip`, its days and hours as `chart`, all that is kept as `data`.
    """

    text: str
    letter: str | None = None
    choices: tuple[Choice, ...] = ()
    picture: str = ""
    package: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """A file that goes with a bubble: its name and what is in it."""

    name: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """All that goes back for one message: where the talk stands, what was advised, what is said.

    `id` is that of the message answered; `tapped` is the label of the choice that was taken by a tap. `kept` are the
    exhibits that this turn adds to the evidence file, `struck` the numbers of those it takes out, and `heard_by` is the
    listener that recognised the message, for the desk alone: they are no part of what is sent.
    """

    state: str
    routes: tuple[str, ...]
    bubbles: tuple[Bubble, ...]
    id: str = ""
    tapped: str = ""
    kept: tuple[Exhibit, ...] = ()
    struck: tuple[int, ...] = ()
    heard_by: str = field(default="", compare=False)

    def to_data(self) -> dict[str, Any]:
        """Give plain data that JSON can hold."""
        bubbles = [
            {
                "text": b.text,
                "letter": b.letter,
                "choices": [[c.id, c.label, c.last] for c in b.choices],
                "picture": b.picture,
                "package": b.package,
            }
            for b in self.bubbles
        ]
        return {"state": self.state, "routes": self.routes, "bubbles": bubbles, "tapped": self.tapped}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Reply":
        """Read back what `to_data` gave."""
        bubbles = tuple(
            Bubble(
                b["text"],
                b["letter"],
                tuple(Choice(*c) for c in b["choices"]),
                b.get("picture", ""),
                b.get("package", ""),
            )
            for b in data["bubbles"]
        )
        return cls(data["state"], tuple(data["routes"]), bubbles, tapped=data.get("tapped", ""))


Files = Callable[[Person, Bubble], Sequence[File]]
Answer = Callable[[Message], Awaitable[Reply]]
Wake = Callable[[Person], None]


@dataclass(frozen=True, slots=True)
class Line:
    """One thing in a talk as it is kept: what the person did, or a reply; `number` grows along the talk."""

    number: int
    at: datetime
    said: Message | Reply


class Talk(Protocol):
    """The talks of a channel that has no other place for them: kept as long as the person's case."""

    async def append(self, person: Person, said: Message | Reply) -> None:
        """Keep a thing said, its secrets covered; the same again (by its id) changes nothing. Raises StoreError."""

    def read(self, person: Person, after: int = 0) -> Sequence[Line]:
        """Give the talk of a person from behind the line `after`, oldest first."""

    def reply(self, person: Person, reply_id: str) -> Reply | None:
        """Give a reply to somebody in any channel, while the store still has it."""

    async def forget(self, person: Person) -> None:
        """Delete everything about a person, not only the talk."""


class Desk(Protocol):
    """What a channel needs of the desk: answers, and the replies that wait to be delivered, in their order."""

    async def answer(self, message: Message) -> Reply:
        """Answer one message; it returns when session and reply are on the disk. Raises StoreError."""

    def waiting(self, channel: str) -> Sequence[Person]:
        """Name the people of a channel for whom a reply waits that no other process sends."""

    async def take_up(self, name: str) -> bool:
        """Take the replies to a person, or another thing that one process does, to oneself; False: another has them."""

    async def let_go(self, name: str, *, to_others: bool = False) -> None:
        """Give back what was taken; `to_others` leaves what is not done yet to any process."""

    def undelivered(self, person: Person) -> Sequence[Reply]:
        """Give the replies to a person that were never marked as delivered, oldest first."""

    async def mark(self, person: Person, reply: Reply) -> None:
        """Mark a reply as delivered."""

    async def keep(self, person: Person, reply: Reply) -> Reply:
        """Keep a reply that a channel made of another one; gives what is kept under its id, this or an earlier one."""

    def language(self, person: Person) -> str:
        """Name the language and the characters that a person is answered in, as browsers do: zh-CN, zh-TW, en.

        Nothing when nothing is known of them.
        """

    async def silence(self, person: Person, silent: bool) -> None:
        """Remember that a person cannot be written to, or can again."""
