"""What messages of people are made of, as the Bot API writes it."""

import time
from typing import Any

from tests.botapi.rules import Upload, found
from tests.botapi.state import BOT, Body

_DOT = (
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
    "0000000a49444154789c63f80f0001010100b138f6140000000049454e44ae426082"
)
PICTURE = Upload("photo.png", bytes.fromhex(_DOT), "image/png")
VIDEO = Upload("video.mp4", b"\0\0\0\x18ftypisom\0\0\2\0isommp41", "video/mp4")
VOICE = Upload("voice.oga", b"OggS voice", "audio/ogg")
STICKER = Upload("sticker.webp", b"sticker", "image/webp")
CONTACT = {"contact": {"phone_number": "+8613800000000", "first_name": "老王"}}
LOCATION = {"location": {"latitude": 39.9, "longitude": 116.4}}
_ORIGINS: dict[str, Body] = {
    "user": {"sender_user": {"id": 5550001, "is_bot": False, "first_name": "老王"}},
    "hidden_user": {"sender_user_name": "老王"},
    "chat": {"sender_chat": {"id": -1005550002, "type": "supergroup", "title": "老乡群"}},
    "channel": {"chat": {"id": -1005550003, "type": "channel", "title": "消息"}, "message_id": 12},
}


def worded(text: str) -> Body:
    """Give a text with what is marked in it."""
    entities = found(text)
    return {"text": text, **({"entities": entities} if entities else {})}


def forwarded(origin: str) -> Body:
    """Tell where a message comes from."""
    return {"forward_origin": {"type": origin, "date": int(time.time()) - 3600, **_ORIGINS[origin]}}


def media(kind: str, file: Upload, told: Body) -> Any:
    """Describe a file as its kind is described."""
    if kind == "photo":
        return [{**told, "width": 90, "height": 90}]
    more: dict[str, Body] = {
        "document": {"file_name": file.name, "mime_type": file.type},
        "video": {"width": 90, "height": 90, "duration": 1, "mime_type": file.type},
        "voice": {"duration": 1, "mime_type": file.type},
        "sticker": {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False},
    }
    return {**told, **more[kind]}


def poll() -> Body:
    """Make a poll that nobody has answered."""
    flags = dict.fromkeys(("is_closed", "allows_multiple_answers", "allows_revoting", "members_only"), False)
    options = [{"persistent_id": text, "text": text, "voter_count": 0} for text in ("还", "不还")]
    poll = {"id": "5001", "question": "还不还？", "type": "regular", "total_voter_count": 0, "is_anonymous": True}
    return {"poll": {**poll, "options": options, **flags}}


def heard(content: Body) -> bool:
    """Tell whether a bot that minds its privacy gets this from a group: only what is meant for it."""
    if "new_chat_members" in content:
        return True
    if content.get("reply_to_message", {}).get("from", {}).get("id") == BOT["id"]:
        return True
    text, name = str(content.get("text") or content.get("caption") or ""), f"@{BOT['username']}"
    named = [text.encode("utf-16-le")[e["offset"] * 2 :][: e["length"] * 2].decode("utf-16-le") for e in found(text)]
    if text.startswith("/") and named and named[0][0] == "/":
        return "@" not in named[0] or named[0].endswith(name)
    return any(word.endswith(name) for word in named)


def drawn(screen: list[Body]) -> str:
    """Draw a screen for an error."""
    lines = []
    for message in screen:
        who = "bot" if message["from_bot"] else "person"
        lines.append(f"{who} #{message['message_id']}: {message['text'] or message['kind']}")
        lines += ["    " + " ".join(f"[{label}={data}]" for label, data in row) for row in message["buttons"]]
    return "\n".join(lines) or "(nothing)"
