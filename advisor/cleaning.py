"""Takes out of what comes in what nobody can have meant to write."""

import re
from dataclasses import replace

from advisor.message import Message

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_SURROGATE = re.compile("[\ud800-\udfff]")


def clean(message: Message) -> Message:
    """Take control characters and broken characters out of a message; all else stays as it was written."""

    def tidy(text: str) -> str:
        return _SURROGATE.sub("\ufffd", _CONTROL.sub("", text.replace("\r\n", "\n")))

    sms = tuple(replace(s, text=tidy(s.text)) for s in message.sms)
    return replace(message, text=tidy(message.text), sms=sms)
