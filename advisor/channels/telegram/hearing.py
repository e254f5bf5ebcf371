"""Reads an update of Telegram: who did what, as a message for the desk."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from telegram import (
    CallbackQuery,
    ChatMember,
    MessageEntity,
    MessageOriginChannel,
    MessageOriginChat,
    MessageOriginHiddenUser,
    MessageOriginUser,
    PhotoSize,
    Update,
    User,
)
from telegram import Message as TelegramMessage
from telegram.constants import ChatType, MessageLimit
from telegram.ext import filters

from advisor.channels.telegram.face import Face
from advisor.message import Attachment, Message, Origin, Sms

CHANNEL = "telegram"
A_FULL_MESSAGE = MessageLimit.MAX_TEXT_LENGTH - 100  # a longer paste arrives in several messages of this length
UPDATES = ["message", "edited_message", "callback_query", "my_chat_member"]
UNREAD = (
    "sticker", "voice", "audio", "video", "video_note", "animation", "contact", "location", "venue", "poll", "dice",
)  # fmt: skip
ALIKE = {"video_note": "video", "venue": "location", "dice": "sticker"}
TYPED = {"message_id", "date", "chat", "from", "text", "entities"}  # all that a message with nothing but words has


@dataclass(frozen=True, slots=True)
class Heard:
    """What an update means: a `message` to answer, a `tap` to acknowledge, a `group` to be told, somebody `gone`."""

    person: str
    message: Message | None = None
    tap: CallbackQuery | None = None
    group: int | None = None
    gone: bool | None = None


class Received(NamedTuple):
    """An update: its number, and what it means; None when it is no concern of ours."""

    number: int
    heard: Heard | None = None


def complete(raw: Any) -> Any:
    """Fill in what python-telegram-bot cannot do without and some Bot API servers leave out."""
    if isinstance(raw, dict):
        for kind in ("message", "edited_message", "callback_query", "my_chat_member"):
            if isinstance(body := raw.get(kind), dict):
                body.setdefault("chat_instance" if kind == "callback_query" else "date", 0)
                if isinstance(user := body.get("from"), dict):
                    user.setdefault("first_name", "")
                    user.setdefault("is_bot", False)
    return raw


def person_of(user_id: int) -> str:
    """Name a person among those of all channels."""
    return f"{CHANNEL}:{user_id}"


def chat_of(person: str) -> int:
    """Give the number of the private chat with a person."""
    return int(person.partition(":")[2])


def hear_typed(raw: Any, face: Face) -> Heard | None:
    """Give what `hear` gives for words typed in a private chat; None for all else.

    Most updates are no more than that, and reading one of them into python-telegram-bot's objects takes longer than
    all the rest of receiving it.
    """
    match raw:
        case {
            "update_id": int(number),
            "message": {
                "chat": {"type": ChatType.PRIVATE},
                "from": {"id": int(user_id), "is_bot": False},
                "text": str(text),
            } as said,
        } if text and said.keys() <= TYPED:
            person = person_of(user_id)
            return Heard(person, Message(person, _meant(text, face), id=str(number), more_follows=_is_full(text)))
    return None


def hear(update: Update, me: User, face: Face) -> Heard | None:
    """Give what an update means to the advisor; None when it is no concern of ours."""
    user = update.effective_user
    if user is None or user.is_bot:
        return None
    person, update_id = person_of(user.id), str(update.update_id)
    if tap := update.callback_query:
        return Heard(person, Message(person, choice=tap.data or "-", id=update_id), tap)
    if changed := update.my_chat_member:
        if changed.chat.type != ChatType.PRIVATE:
            return None
        return Heard(person, gone=changed.new_chat_member.status in (ChatMember.BANNED, ChatMember.LEFT))
    said = update.message or update.edited_message
    if said is None:
        return None
    if said.chat.type != ChatType.PRIVATE:
        return Heard(person, group=said.chat.id) if update.message and _addresses(said, me) else None
    if update.edited_message:
        if not (said.text or said.caption):
            return None  # a live location moves, a picture was exchanged
        return Heard(person, Message(person, unread="edited", id=update_id))
    message = _message(person, update, said, face)
    return Heard(person, message) if message else None


def _message(person: str, update: Update, said: TelegramMessage, face: Face) -> Message | None:
    update_id = str(update.update_id)
    text, files = said.text or said.caption or "", _files(said)
    recordings = _recordings(said)
    several = bool(said.media_group_id or files)
    if said.forward_origin and text:
        sms = (Sms(text, origin=_origin(said)),)
        return Message(person, sms=sms, files=files or recordings, id=update_id, more_follows=True)
    if (text or files) and not (said.media_group_id and not files):
        more = several or _is_full(text)
        return Message(person, _meant(text, face), files=files or recordings, id=update_id, more_follows=more)
    unread = next((ALIKE.get(kind, kind) for kind in UNREAD if getattr(said, kind)), "")
    if said.media_group_id:
        return Message(person, text, unread=unread or "other", files=recordings, id=update_id, more_follows=True)
    if not unread and filters.StatusUpdate.ALL.check_update(update):
        return None
    return Message(person, unread=unread or "other", files=recordings, id=update_id)


def _is_full(text: str) -> bool:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2 >= A_FULL_MESSAGE


def _meant(text: str, face: Face) -> str:
    """Give the word that a command or a link stands for, else the text as it is."""
    if not text.startswith("/"):
        return text
    first, _, payload = text.partition(" ")
    name = first[1:].partition("@")[0].lower()
    if name == "start" and payload.strip() in face.links:
        return face.links[payload.strip()]
    return face.says.get(name, text)


def _files(said: TelegramMessage) -> tuple[Attachment, ...]:
    origin = _origin(said) if said.forward_origin else None
    if said.photo:
        largest = _largest(said.photo)
        return (Attachment("photo", largest.file_id, "", largest.file_size or 0, origin),)
    if said.document and not said.animation:
        one = said.document
        return (Attachment("document", one.file_id, one.file_name or "", one.file_size or 0, origin),)
    return ()


def _recordings(said: TelegramMessage) -> tuple[Attachment, ...]:
    """Give what was said or filmed: nobody listens to it here, but it may prove something."""
    one = said.voice or said.audio or said.video or said.video_note
    if one is None or said.animation:
        return ()
    name = getattr(one, "file_name", None) or ""
    return (
        Attachment("recording", one.file_id, name, one.file_size or 0, _origin(said) if said.forward_origin else None),
    )


def _largest(sizes: Sequence[PhotoSize]) -> PhotoSize:
    return max(sizes, key=lambda size: size.width * size.height)


def _origin(said: TelegramMessage) -> Origin:
    match said.forward_origin:
        case MessageOriginUser() as one:
            return Origin("user", one.sender_user.full_name, one.date)
        case MessageOriginHiddenUser() as one:
            return Origin("hidden_user", one.sender_user_name, one.date)
        case MessageOriginChat() as one:
            return Origin("chat", one.sender_chat.title or "", one.date)
        case MessageOriginChannel() as one:
            return Origin("channel", one.chat.title or "", one.date)
        case one:
            return Origin("unknown", "", one.date if one else said.date)


def _addresses(said: TelegramMessage, me: User) -> bool:
    """Tell whether a message in a group is meant for us: our name in it, or a reply to what we wrote."""
    if said.reply_to_message and said.reply_to_message.from_user and said.reply_to_message.from_user.id == me.id:
        return True
    kinds: list[str | None] = [MessageEntity.MENTION, MessageEntity.BOT_COMMAND]
    named = [*said.parse_entities(kinds).values(), *said.parse_caption_entities(kinds).values()]
    return any(one.lower().endswith(f"@{(me.username or '').lower()}") for one in named)
