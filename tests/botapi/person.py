"""A person's side: what somebody says and taps, and what they see."""

import time
from collections.abc import Callable
from copy import deepcopy
from itertools import count
from typing import Any

from tests.botapi import contents
from tests.botapi.rules import LONGEST_TEXT, Upload
from tests.botapi.state import BOT, Body, Chat, Message, Query, Telegram

Screen = list[Body]
_QUERIES = count(4_000_000_001)


class Person:
    """Somebody who talks to the bot, alone or in a group; what they send gives the number of its message."""

    def __init__(self, telegram: Telegram, user: Body, chat: Chat | None = None) -> None:
        self._known, self.user, self.id = telegram, user, int(user["id"])
        about: Body = {name: user[name] for name in ("first_name", "last_name", "username") if name in user}
        self.alone = telegram.chats.setdefault(self.id, Chat({"id": self.id, "type": "private", **about}))
        self.chat = chat or self.alone

    # what they do

    def say(self, text: str, **extra: Any) -> int:
        """Write something; what is too long for one message becomes several, as in every client."""
        left = text.strip().encode("utf-16-le")
        if not left:
            raise ValueError("nobody can send nothing")
        number = 0
        while left:
            piece = left[: LONGEST_TEXT * 2].decode("utf-16-le", "ignore")
            left = left[len(piece.encode("utf-16-le")) :]
            number = self._write({**contents.worded(piece), **extra})
        return number

    def command(self, text: str) -> int:
        """Give a command, such as "/start sms"."""
        if not text.startswith("/"):
            raise ValueError("a command starts with /")
        return self.say(text)

    def reply(self, message_id: int, text: str) -> int:
        """Answer to one message."""
        with self._known.changed:
            replied = self.chat.messages[message_id].body
        return self.say(text, reply_to_message={k: v for k, v in replied.items() if k != "reply_to_message"})

    def forward(self, text: str, origin: str = "user", media_group_id: str | None = None) -> int:
        """Send on what a user, hidden_user, chat or channel wrote; in an album it is the caption of a picture."""
        told = contents.forwarded(origin)
        return self.photo(text, media_group_id, **told) if media_group_id else self.say(text, **told)

    def photo(
        self,
        caption: str | None = None,
        media_group_id: str | None = None,
        file: Upload = contents.PICTURE,
        **extra: Any,
    ) -> int:
        return self._media("photo", file, caption=caption, media_group_id=media_group_id, **extra)

    def document(self, name: str, data: bytes, caption: str | None = None, type: str = "text/plain") -> int:
        return self._media("document", Upload(name, data, type), caption=caption)

    def video(self, caption: str | None = None, media_group_id: str | None = None) -> int:
        return self._media("video", contents.VIDEO, caption=caption, media_group_id=media_group_id)

    def voice(self) -> int:
        return self._media("voice", contents.VOICE)

    def sticker(self) -> int:
        return self._media("sticker", contents.STICKER)

    def contact(self) -> int:
        return self._write(contents.CONTACT)

    def location(self) -> int:
        return self._write(contents.LOCATION)

    def poll(self) -> int:
        return self._write(contents.poll())

    def edit(self, message_id: int, text: str) -> int:
        """Change what they wrote; give the number of the update."""
        with self._known.changed:
            message = self.chat.messages[message_id]
            kept = {name: value for name, value in message.body.items() if name not in ("text", "entities")}
            message.body = {**kept, **contents.worded(text.strip()), "edit_date": int(time.time())}
            heard = self._heard(message.body)
            return self._known.give("edited_message", deepcopy(message.body)) if heard else 0

    def tap(self, label_or_data: str) -> str:
        """Tap the newest button of the bot that says or carries this; give the id of the query."""
        with self._known.changed:
            for message in reversed(self._messages()):
                if message.from_bot and any(label_or_data in row for row in message.keyboard):
                    return str(self.say(label_or_data))  # keys under the input line only write what they say
                for button in (button for row in message.inline for button in row if message.from_bot):
                    if "callback_data" in button and label_or_data in (button["text"], button["callback_data"]):
                        return self.tap_on(message.body["message_id"], button["callback_data"])
            raise AssertionError(f"no button {label_or_data!r} on the screen:\n{contents.drawn(self.screen)}")

    def tap_on(self, message_id: int, data: str) -> str:
        """Tap a button of one message, though it may have changed or gone since; give the id of the query."""
        with self._known.changed:
            message, number = self.chat.messages.get(message_id), str(next(_QUERIES))
            gone = {"chat": self.chat.about, "message_id": message_id, "date": 0}
            self._known.queries[number] = Query(self.id)
            query = {"id": number, "from": self.user, "chat_instance": str(self.chat.about["id"] * 7919), "data": data}
            self._known.give("callback_query", {**query, "message": deepcopy(message.body) if message else gone})
            return number

    def block(self) -> int:
        """Block the bot, or throw it out of the group; give the number of the update."""
        return self._member("member", "kicked")

    def unblock(self) -> int:
        """Let the bot write again; give the number of the update."""
        return self._member("kicked", "member")

    def deactivate(self) -> None:
        """Delete the account; the bot is not told."""
        with self._known.changed:
            self.alone.deactivated = True

    def in_group(self, chat_id: int, title: str = "群") -> "Person":
        """Give the same person as a member of a group; the first member brings the bot along."""
        with self._known.changed:
            kind = "supergroup" if str(chat_id).startswith("-100") else "group"
            group = self._known.chats.setdefault(chat_id, Chat({"id": chat_id, "type": kind, "title": title}))
            member = Person(self._known, self.user, group)
            if not group.started:
                member._member("left", "member")
                member._write({"new_chat_members": [BOT]})
            return member

    # what they see

    @property
    def screen(self) -> Screen:
        """Every message of the chat as it looks now."""
        with self._known.changed:
            return [message.shown() for message in self._messages()]

    @property
    def last(self) -> Body | None:
        """The newest message of the bot."""
        return next((message for message in reversed(self.screen) if message["from_bot"]), None)

    @property
    def popups(self) -> list[str]:
        """What the answers to taps said."""
        with self._known.changed:
            return list(self._known.popups.get(self.id, ()))

    @property
    def unanswered(self) -> int:
        """How many taps still wait for an answer."""
        with self._known.changed:
            return sum(query.person == self.id for query in self._known.queries.values())

    def wait(self, condition: Callable[[Screen], object], seconds: float = 10) -> Screen:
        """Wait until the screen is as it should be."""
        with self._known.changed:
            if not self._known.changed.wait_for(lambda: condition(self.screen), seconds):
                seen = contents.drawn(self.screen)
                raise AssertionError(f"not within {seconds} s; the screen of {self.id}:\n{seen}")
            return self.screen

    # how it gets to the bot

    def _messages(self) -> list[Message]:
        return [self.chat.messages[number] for number in sorted(self.chat.messages)]

    def _media(self, kind: str, file: Upload, **more: Any) -> int:
        with self._known.changed:
            media = contents.media(kind, file, self._known.keep(file, f"{kind}s"))
            return self._write({kind: media, **{name: value for name, value in more.items() if value}}, file)

    def _write(self, content: Body, file: Upload | None = None) -> int:
        with self._known.changed:
            if self.alone.deactivated or (self.chat.private and self.chat.blocked):
                raise ValueError("nobody writes without an account, or to a bot that they have blocked")
            self.chat.started = True
            message = self._known.post(self.chat, self.user, **content)
            message.file = file
            if self._heard(content):
                self._known.give("message", deepcopy(message.body))
            return int(message.body["message_id"])

    def _heard(self, content: Body) -> bool:
        here = not (self.chat.blocked or self.chat.left)
        return here and (self.chat.private or not self._known.privacy_mode or contents.heard(content))

    def _member(self, before: str, after: str) -> int:
        with self._known.changed:
            self.chat.blocked, self.chat.left, self.chat.started = after == "kicked", False, True
            ends: dict[str, Body] = {"kicked": {"until_date": 0}}
            old, new = ({"status": status, "user": BOT, **ends.get(status, {})} for status in (before, after))
            body = {"chat": self.chat.about, "from": self.user, "date": int(time.time())}
            return self._known.give("my_chat_member", {**body, "old_chat_member": old, "new_chat_member": new})
