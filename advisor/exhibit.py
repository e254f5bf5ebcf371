"""One thing that may prove something: a message, a call, a visit, a picture, and all that is known of it.

Nothing of an exhibit is ever changed: what is put right is a new one that points at the old.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Kind = Literal["sms", "call", "visit", "picture", "recording", "paper", "promise", "note", "file"]
# how the time is known: it stands in the text, the person told it, a phone exported it, a picture shows it; a time that
# a messenger gives is that of the forward, not of the message
KnownBy = Literal["", "text", "told", "export", "picture", "forward"]


@dataclass(frozen=True, slots=True)
class Original:
    """A file as it came: its name, its media type, its size in bytes and the SHA-256 of its bytes, in hex."""

    name: str
    media_type: str
    size: int
    sha256: str

    @classmethod
    def of(cls, name: str, media_type: str, body: bytes) -> "Original":
        """Describe `body`."""
        return cls(name, media_type, len(body), hashlib.sha256(body).hexdigest())


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One entry of the evidence file.

    `text` is what was received, untouched, or what was told; `at` is when it happened (aware) and `known_by` how that
    is known; `whole_day` tells that only the day is known. `source` is where it came from: paste, forward, picture,
    export or told. `of` is the number of the exhibit that it was read from, `corrects` that of the one it replaces.
    `reading` holds kind, grade, findings (id, quote, because). `number` counts from 1 and is given when it is kept;
    `seen` tells how often the same came.
    """

    kind: Kind
    added_at: datetime
    text: str = ""
    sender: str = ""
    recipient: str = ""
    at: datetime | None = None
    known_by: KnownBy = ""
    whole_day: bool = False
    source: str = "paste"
    original: Original | None = None
    of: int = 0
    corrects: int = 0
    reading: Mapping[str, Any] = field(default_factory=dict)
    number: int = 0
    seen: int = 1

    @property
    def sha256(self) -> str:
        """Give the SHA-256 of what came, in hex: of the file's bytes, else of the text in UTF-8."""
        return self.original.sha256 if self.original else hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def same(self) -> str:
        """Give a name that two exhibits share when they are the same thing: a message, from one sender, at one time."""
        if self.original:
            return f"{self.kind} {self.original.sha256} {self.corrects or ''}".rstrip()
        when = self.at.isoformat(timespec="minutes") if self.at else ""
        told = "\x1f".join((" ".join(self.text.split()), self.sender, self.recipient, when, str(self.corrects)))
        return f"{self.kind} {hashlib.sha256(told.encode()).hexdigest()}"

    def to_data(self) -> dict[str, Any]:
        """Give plain data that JSON can hold; `number` and `seen` are kept beside it."""
        return {
            "kind": self.kind,
            "added_at": self.added_at.isoformat(timespec="seconds"),
            "text": self.text,
            "sender": self.sender,
            "recipient": self.recipient,
            "at": self.at.isoformat(timespec="seconds") if self.at else "",
            "known_by": self.known_by,
            "whole_day": self.whole_day,
            "source": self.source,
            "original": [getattr(self.original, key) for key in Original.__slots__] if self.original else None,
            "of": self.of,
            "corrects": self.corrects,
            "reading": dict(self.reading),
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any], number: int = 0, seen: int = 1) -> "Exhibit":
        """Read back what `to_data` gave."""
        known = dict(data)
        known["added_at"] = datetime.fromisoformat(known["added_at"])
        known["at"] = datetime.fromisoformat(known["at"]) if known["at"] else None
        known["original"] = Original(*known["original"]) if known["original"] else None
        return cls(**known, number=number, seen=seen)


def in_force(exhibits: "list[Exhibit]") -> "list[Exhibit]":
    """Leave out what was put right later."""
    replaced = {exhibit.corrects for exhibit in exhibits if exhibit.corrects}
    return [exhibit for exhibit in exhibits if exhibit.number not in replaced]
