"""What an export of messages gives: each message as far as it could be read, and how many could not."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

LONGEST = 20_000  # characters of one message; a longer one is none

# no text, longer than LONGEST, a draft or one that failed to be sent, cannot be read, the file ends in the middle
Skipped = Literal["no_text", "too_long", "not_sent", "damaged", "broken_off"]


@dataclass(frozen=True, slots=True)
class Imported:
    """One message: the text as it stands in the file, and what else was told of it.

    `sent` is one that the person sent, to `recipient`; `sender` is then empty. `at` is aware, in Shanghai; `whole_day`
    tells that only the day is known.
    """

    text: str
    sender: str = ""
    recipient: str = ""
    at: datetime | None = None
    sent: bool = False
    whole_day: bool = False


@dataclass(slots=True)
class Summary:
    """How far the reading of a file has come: messages read, and what was passed over, by why."""

    read: int = 0
    skipped: Counter[Skipped] = field(default_factory=Counter)

    def takes(self, text: str) -> bool:
        """Count a message; tell whether its text can be taken."""
        if not text.strip():
            self.skipped["no_text"] += 1
        elif len(text) > LONGEST:
            self.skipped["too_long"] += 1
        else:
            self.read += 1
            return True
        return False
