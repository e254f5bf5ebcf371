"""Several messages sent in one go, kept until no more follow and then answered as one."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from advisor.message import Attachment, Message, Origin, Sms


def together(messages: Sequence[Message]) -> Message:
    """Give the one message that stands for several of one person; it is named after the first."""
    first = messages[0]
    return Message(
        first.person,
        text="\n".join(one.text for one in messages if one.text),
        sms=tuple(sms for one in messages for sms in one.sms),
        files=tuple(file for one in messages for file in one.files),
        id=f"from {first.id}",
    )


def pack(message: Message) -> dict[str, Any]:
    """Give what is kept of a message, as plain data."""
    return {
        "id": message.id,
        "text": message.text,
        "sms": [[s.text, s.sender, _time(s.received_at), s.to, _origin(s.origin)] for s in message.sms],
        "files": [[f.kind, f.reference, f.name, f.size, _origin(f.origin)] for f in message.files],
    }


def unpack(person: str, data: Mapping[str, Any]) -> Message:
    """Read back what `pack` gave."""
    return Message(
        person,
        data["text"],
        sms=tuple(
            Sms(text, sender, datetime.fromisoformat(at) if at else None, to, _read_origin(origin))
            for text, sender, at, to, origin in data["sms"]
        ),
        files=tuple(
            Attachment(kind, reference, name, size, _read_origin(origin))
            for kind, reference, name, size, origin in data["files"]
        ),
        id=data["id"],
    )


def _time(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _origin(origin: Origin | None) -> list[str] | None:
    return [origin.who, origin.name, origin.at.isoformat()] if origin else None


def _read_origin(data: Sequence[str] | None) -> Origin | None:
    return Origin(data[0], data[1], datetime.fromisoformat(data[2])) if data else None
