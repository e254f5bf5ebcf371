"""Several messages sent in one go, kept until no more follow and then answered as one."""

from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from advisor.message import Attachment, Message, Origin, Sms

FULL = 4096  # characters at which a messenger cuts a long paste


def together(messages: Sequence[Message]) -> Message:
    """Give the one message that stands for several of one person; it is named after the first."""
    first, text = messages[0], ""
    for one in messages:
        text += ("\n" if text and one.text and not is_full(text) else "") + one.text
    return Message(
        first.person,
        text=text,
        unread=next((one.unread for one in messages if one.unread), ""),
        sms=tuple(_sms(messages)),
        files=tuple(file for one in messages for file in one.files),
        id=f"from {first.id}",
        masked=tuple(dict.fromkeys(kind for one in messages for kind in one.masked)),
    )


def _sms(messages: Sequence[Message]) -> Iterator[Sms]:
    """Give the SMS of several messages; those read from a picture count the files of all."""
    before = 0
    for one in messages:
        yield from (replace(sms, picture=sms.picture and sms.picture + before) for sms in one.sms)
        before += len(one.files)


def is_full(text: str) -> bool:
    """Tell whether a text ends where a messenger cuts, so that what follows belongs to it without a break."""
    return len(text) % FULL > FULL - 200 or len(text) % FULL == 0


def ends_a_paste(waiting: Sequence[Message], message: Message) -> bool:
    """Tell whether typed words are the rest of a long paste that came in several messages."""
    last = waiting[-1]
    typed = message.text and not (message.choice or message.sms or message.files or message.unread)
    return bool(typed and last.text and not last.sms and not last.files and len(last.text) > FULL - 200)


def pack(message: Message) -> dict[str, Any]:
    """Give what is kept of a message, as plain data."""
    return {
        "id": message.id,
        "text": message.text,
        "unread": message.unread,
        "masked": message.masked,
        "sms": [
            [s.text, s.sender, _time(s.received_at), s.to, _origin(s.origin), s.picture, s.whole_day]
            for s in message.sms
        ],
        "files": [
            [
                f.kind,
                f.reference,
                f.name,
                f.size,
                _origin(f.origin),
                _packed(f.body),
                f.media_type,
                f.refused,
                f.held,
                f.left,
            ]
            for f in message.files
        ],
    }


def unpack(person: str, data: Mapping[str, Any]) -> Message:
    """Read back what `pack` gave."""
    return Message(
        person,
        data["text"],
        sms=tuple(
            Sms(text, sender, datetime.fromisoformat(at) if at else None, to, _read_origin(origin), *more)
            for text, sender, at, to, origin, *more in data["sms"]
        ),
        files=tuple(
            Attachment(kind, reference, name, size, _read_origin(origin), b64decode(body) or None, *more)
            for kind, reference, name, size, origin, body, *more in data["files"]
        ),
        id=data["id"],
        unread=data.get("unread", ""),
        masked=tuple(data.get("masked", ())),
    )


def _packed(body: bytes | None) -> str:
    return b64encode(body or b"").decode()


def _time(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _origin(origin: Origin | None) -> list[str] | None:
    return [origin.who, origin.name, origin.at.isoformat()] if origin else None


def _read_origin(data: Sequence[str] | None) -> Origin | None:
    return Origin(data[0], data[1], datetime.fromisoformat(data[2])) if data else None
