"""Reads a record of the platform: who did what, as a message for the desk."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from advisor.channels.wechat.face import Face
from advisor.message import Attachment, Message, Person

CHANNEL = "wechat"
UNREAD = {"voice": "voice", "video": "video", "shortvideo": "video", "location": "location", "link": "link"}
SCENE = "qrscene_"  # before the scene of the code by which somebody began to follow
STANDS_FOR_UNKNOWN = "【收到不支持的消息类型"  # the text that the platform puts in place of what it cannot pass on
_OPENID = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class Heard:
    """What a record means: a `message` to answer, or somebody `gone`; `by_event` when nothing was written."""

    person: Person
    message: Message | None = None
    gone: bool = False
    by_event: bool = False


def openid_of(person: Person) -> str:
    """Give the platform's own name of a person."""
    return person.partition(":")[2]


def hear(fields: Mapping[str, str], face: Face) -> Heard | None:
    """Give what a record means to the advisor; None when it is no concern of ours."""
    openid, kind = fields.get("FromUserName", ""), fields.get("MsgType", "")
    if not _OPENID.fullmatch(openid) or not kind:
        return None
    person = f"{CHANNEL}:{openid}"
    if kind == "event":
        return _event(person, openid, fields, face)
    if not fields.get("MsgId"):
        return None
    return Heard(person, _message(person, kind, fields))


def _event(person: Person, openid: str, fields: Mapping[str, str], face: Face) -> Heard | None:
    key = fields.get("EventKey", "")
    match fields.get("Event", "").lower():
        case "unsubscribe":
            return Heard(person, gone=True)
        case "subscribe":
            text = face.links.get(key.removeprefix(SCENE), face.start)
        case "scan":
            text = face.links.get(key, face.start)
        case "click":
            text = face.says.get(key, key)
        case _:  # a link of the menu was opened, a place reported, a message delivered
            return None
    return Heard(person, Message(person, text, id=f"{openid} {fields.get('CreateTime', '')}"), by_event=True)


def _message(person: Person, kind: str, fields: Mapping[str, str]) -> Message:
    number, text = fields["MsgId"], fields.get("Content", "")
    if kind == "text" and not text.startswith(STANDS_FOR_UNKNOWN):
        return Message(person, text, id=number)
    if kind == "voice" and (recognised := fields.get("Recognition", "").strip()):
        return Message(person, recognised, id=number)
    if kind == "image" and (reference := fields.get("MediaId") or fields.get("PicUrl")):
        return Message(person, files=(Attachment("photo", reference),), id=number)
    return Message(person, unread=UNREAD.get(kind, "other"), id=number)
