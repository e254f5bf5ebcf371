"""Reads a form of the page: what somebody did, as a message for the desk and as it is shown to them."""

import hashlib
import re
import secrets
from collections.abc import Iterable
from dataclasses import replace

from starlette.datastructures import FormData, UploadFile

from advisor.channels.web.asking import wished
from advisor.message import Attachment, Message, Person, Reply, Sms

_ID = re.compile(r"[A-Za-z0-9_-]{8,40}")
_BETWEEN = re.compile(r"\n[ \t]*\n")
PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM")


async def hear(form: FormData, person: Person) -> Message | None:
    """Give what a form says; None when it says nothing. Several SMS are divided by empty lines."""
    files = tuple([await _file(one) for one in form.getlist("files") if isinstance(one, UploadFile) and one.size])
    sms = tuple(Sms(text.strip()) for text in _BETWEEN.split(_field(form, "sms")) if text.strip())
    text, choice = _field(form, "text").strip(), _field(form, "choice")
    if not (files or sms or text or choice):
        return None
    given = _field(form, "id")
    message_id = given if _ID.fullmatch(given) else fresh_id()
    if choice:
        greeted = _field(form, "greeted")
        return Message(person, choice=choice, id=message_id, greeted=wished(greeted) if greeted else "")
    return Message(person, text, sms=sms, files=files, id=message_id)


def fresh_id() -> str:
    """Make a number for a message that has not been sent yet."""
    return secrets.token_urlsafe(9)


def as_shown(message: Message, replies: Iterable[Reply]) -> Message | None:
    """Give a message as its person sees it: a tapped choice by its label; None when that was never offered."""
    if not message.choice:
        return message
    labels = {choice.id: choice.label for reply in replies for bubble in reply.bubbles for choice in bubble.choices}
    label = labels.get(message.choice)
    return replace(message, text=label, choice=None, greeted="") if label else None


def _field(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value.replace("\r\n", "\n") if isinstance(value, str) else ""


async def _file(one: UploadFile) -> Attachment:
    body = await one.read()
    webp = body[:4] == b"RIFF" and body[8:12] == b"WEBP"
    heic = body[4:8] == b"ftyp" and body[8:12] in (b"heic", b"heix", b"mif1", b"msf1")
    kind = "photo" if body.startswith(PICTURES) or webp or heic else "document"
    name = (one.filename or "").replace("\\", "/").rpartition("/")[2][:120]
    return Attachment(kind, hashlib.sha256(body).hexdigest(), name, len(body), body=body)
