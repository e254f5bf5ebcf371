"""Takes out of what comes in what nobody can have meant to write."""

import re
from dataclasses import replace

from advisor.message import Message

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_SURROGATE = re.compile("[\ud800-\udfff]")


def tidy(text: str) -> str:
    """Take out control characters and what turns the direction of writing; broken characters become a sign."""
    return _SURROGATE.sub("\ufffd", _CONTROL.sub("", text.replace("\r\n", "\n")))


def clean(message: Message) -> Message:
    """Tidy all text of a message; all else stays as it was written."""
    sms = tuple(
        replace(s, text=tidy(s.text), sender=s.sender and tidy(s.sender), to=s.to and tidy(s.to)) for s in message.sms
    )
    return replace(message, text=tidy(message.text), sms=sms)
