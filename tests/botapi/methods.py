"""What a bot may do in chats, under the names of the Bot API; each method gives its result or raises `Refused`."""

import time
from typing import Any

from tests.botapi import rules
from tests.botapi.rules import Refused, Upload, bad
from tests.botapi.state import BOT, Body, Chat, Message, Telegram

_IMAGES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF")
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)
_GIFTS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")


class Methods:
    """The methods that take no time; the lock is held while one runs."""

    def __init__(self, telegram: Telegram) -> None:
        self._known = telegram

    def sendMessage(self, params: Body) -> Body:
        text, entities = rules.formatted(
            params.get("text"), params.get("parse_mode"), params.get("entities"), rules.LONGEST_TEXT
        )
        if not text:
            raise bad("message text is empty")
        return self._send(params, {"text": text, **({"entities": entities} if entities else {})}).body

    def sendDocument(self, params: Body) -> Body:
        return self._send(params, *self._media("document", params.get("document"), params)).body

    def sendPhoto(self, params: Body) -> Body:
        return self._send(params, *self._media("photo", params.get("photo"), params)).body

    def sendMediaGroup(self, params: Body) -> list[Body]:
        items = params.get("media") or []
        if not 2 <= len(items) <= 10:
            raise bad("there must be 2-10 items in the media group" if items else "there are no messages to send")
        group = {"media_group_id": str(time.time_ns())}
        ready = [self._media(item["type"], self._attached(item["media"], params), item) for item in items]
        return [self._send(params, {**content, **group}, file, html).body for content, file, html in ready]

    def sendChatAction(self, params: Body) -> bool:
        self._known.chat(params)
        if params.get("action") not in rules.ACTIONS:
            raise bad("wrong parameter action in request")
        return True

    def editMessageText(self, params: Body) -> Body:
        message = self._own(params)
        text, entities = rules.formatted(
            params.get("text"), params.get("parse_mode"), params.get("entities"), rules.LONGEST_TEXT
        )
        if not text:
            raise bad("message text is empty")
        if "text" not in message.body:
            raise bad("there is no text in the message to edit")
        changed = {"text": text, **({"entities": entities} if entities else {}), **self._markup(params, True)}
        return self._change(message, changed, ("text", "entities", "reply_markup"), _html_of(params, "text"))

    def editMessageReplyMarkup(self, params: Body) -> Body:
        message = self._own(params)
        return self._change(message, self._markup(params, True), ("reply_markup",), message.html)

    def deleteMessage(self, params: Body) -> bool:
        chat = self._known.chat(params)
        message = chat.messages.get(params["message_id"])
        if not message:
            raise bad("message to delete not found")
        if not chat.private and not message.from_bot:
            raise bad("message can't be deleted")
        del chat.messages[message.body["message_id"]]
        return True

    def answerCallbackQuery(self, params: Body) -> bool:
        query = self._known.queries.pop(str(params.get("callback_query_id")), None)
        # Telegram forgives a second answer within seconds; a bot that gives one is wrong about its own state
        if not query or time.monotonic() - query.asked > self._known.query_seconds:
            raise bad("query is too old and response timeout expired or query ID is invalid")
        text = str(params.get("text") or "")
        if rules.units(text) > rules.LONGEST_POPUP:
            raise bad("MESSAGE_TOO_LONG")
        if text:
            self._known.popups.setdefault(query.person, []).append(text)
        return True

    def getFile(self, params: Body) -> Body:
        path, file = self._known.files.get(str(params.get("file_id")), ("", None))
        if not file:
            raise bad("invalid file_id")
        if len(file.data) > rules.BIGGEST_DOWNLOAD:
            raise bad("file is too big")
        number = path.partition("_")[2].partition(".")[0]
        unique = {"file_unique_id": f"AgAD{int(number):08d}", "file_size": len(file.data)}
        return {"file_id": params["file_id"], **unique, "file_path": path}

    # chats

    def getChat(self, params: Body) -> Body:
        about = self._known.chat(params).about
        gifts = {"accepted_gift_types": dict.fromkeys(_GIFTS, about["type"] == "private")}
        return {**about, "accent_color_id": 0, "max_reaction_count": 11, **gifts}

    def leaveChat(self, params: Body) -> bool:
        chat = self._known.chat(params)
        if chat.private:
            raise bad("chat member status can't be changed in private chats")
        chat.left = True
        return True

    # what they have in common

    def _send(self, params: Body, content: Body, file: Upload | None = None, html: str | None = None) -> Message:
        chat = self._known.chat(params)
        content = {**content, **self._reply(chat, params), **self._markup(params)}
        self._slow_down(chat)
        message = self._known.post(chat, BOT, **content)
        message.file, message.html = file, html or _html_of(params, "text")
        rows = (params.get("reply_markup") or {}).get("keyboard", [])
        message.keyboard = [[key if isinstance(key, str) else key["text"] for key in row] for row in rows]
        return message

    def _slow_down(self, chat: Chat) -> None:
        now = time.monotonic()
        while chat.sent and now - chat.sent[0] >= 1:
            chat.sent.popleft()
        if self._known.per_second is not None and len(chat.sent) >= self._known.per_second:
            raise Refused(429, "Too Many Requests: retry after 1", retry_after=1)
        chat.sent.append(now)

    def _reply(self, chat: Chat, params: Body) -> Body:
        to = params.get("reply_parameters") or {"message_id": params.get("reply_to_message_id")}
        if not to.get("message_id"):
            return {}
        if replied := chat.messages.get(int(to["message_id"])):
            return {"reply_to_message": {k: v for k, v in replied.body.items() if k != "reply_to_message"}}
        if to.get("allow_sending_without_reply") or params.get("allow_sending_without_reply"):
            return {}
        raise bad("message to be replied not found")

    def _markup(self, params: Body, inline_only: bool = False) -> Body:
        markup = params.get("reply_markup")
        if markup in (None, ""):
            return {}
        rules.check_markup(markup, inline_only)
        return {"reply_markup": markup} if markup.get("inline_keyboard") else {}

    def _own(self, params: Body) -> Message:
        chat = self._known.chat(params)
        if not params.get("message_id"):
            raise bad("message identifier is not specified")
        message = chat.messages.get(params["message_id"])
        if not message:
            raise bad("message to edit not found")
        if not message.from_bot:
            raise bad("message can't be edited")
        return message

    def _change(self, message: Message, new: Body, parts: tuple[str, ...], html: str | None) -> Body:
        if all(message.body.get(part) == new.get(part) for part in parts):
            raise bad(_NOT_MODIFIED)
        kept = {name: value for name, value in message.body.items() if name not in parts}
        message.body, message.html = {**kept, **new, "edit_date": int(time.time())}, html
        return message.body

    def _media(self, kind: str, given: Any, params: Body) -> tuple[Body, Upload, str | None]:
        if given in (None, ""):
            raise bad(f"there is no {kind} in the request")
        if isinstance(given, str) and given not in self._known.files:
            raise bad("wrong file identifier/HTTP URL specified")
        file = self._known.files[given][1] if isinstance(given, str) else given
        if not file.data:
            raise bad("file must be non-empty")
        if len(file.data) > (rules.BIGGEST_DOCUMENT if kind == "document" else rules.BIGGEST_PHOTO):
            raise Refused(413, "Request Entity Too Large")
        if kind == "photo" and not file.data.startswith(_IMAGES):
            raise bad("IMAGE_PROCESS_FAILED")
        told = self._known.keep(file, f"{kind}s")
        media: Any = {**told, "file_name": file.name, "mime_type": file.type}
        if kind == "photo":
            media = [{**told, "width": 90, "height": 90}]
        caption, entities = rules.formatted(
            params.get("caption"), params.get("parse_mode"), params.get("caption_entities"), rules.LONGEST_CAPTION
        )
        words = {"caption": caption, "caption_entities": entities}
        return {kind: media, **{k: v for k, v in words.items() if v}}, file, _html_of(params, "caption")

    def _attached(self, named: str, params: Body) -> Any:
        return params.get(named.removeprefix("attach://")) if named.startswith("attach://") else named


def _html_of(params: Body, name: str) -> str | None:
    return params.get(name) if str(params.get("parse_mode")).lower() == "html" else None
