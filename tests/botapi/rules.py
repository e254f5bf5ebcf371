"""What Telegram accepts: limits, tags and buttons, each refused in Telegram's own words."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

LONGEST_TEXT, LONGEST_CAPTION, LONGEST_POPUP, MOST_BUTTONS, MOST_COMMANDS = 4096, 1024, 200, 100, 100
BIGGEST_DOCUMENT, BIGGEST_PHOTO, BIGGEST_DOWNLOAD = 50 << 20, 10 << 20, 20 << 20
ACTIONS = {
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document",
    "choose_sticker", "find_location", "record_video_note", "upload_video_note",
}  # fmt: skip
_SCOPES = {
    "default", "all_private_chats", "all_group_chats", "all_chat_administrators", "chat", "chat_administrators",
    "chat_member",
}  # fmt: skip
_TAGS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "code": "code", "pre": "pre",
    "a": "text_link", "span": "spoiler", "tg-spoiler": "spoiler", "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}  # fmt: skip
_ATTRIBUTE = r"""\s+([a-zA-Z-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+)))?"""
_TAG = re.compile(rf"""<(/?)([a-zA-Z0-9-]*)((?:{_ATTRIBUTE})*)\s*>""")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:(lt|gt|amp|quot)|#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6}));")
_FOUND = re.compile(
    r"(?P<url>https?://[^\s<>，。；、]+)|(?<![\w/])(?P<bot_command>/[a-zA-Z0-9_]{1,64}(?:@[a-zA-Z0-9_]{3,32})?)(?![\w/])"
    r"|(?<![\w/])(?P<mention>@[a-zA-Z][a-zA-Z0-9_]{3,31})(?!\w)"
)

Entities = list[dict[str, Any]]


class Refused(Exception):
    """A call that is not carried out, with what the bot is told."""

    def __init__(self, status: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.status, self.description, self.parameters = status, description, parameters


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came or went."""

    name: str
    data: bytes
    type: str = "application/octet-stream"


def bad(description: str) -> Refused:
    """Make the refusal of a call that is wrong in itself."""
    return Refused(400, f"Bad Request: {description}")


def units(text: str) -> int:
    """Count as Telegram does, in UTF-16."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def found(text: str) -> Entities:
    """Find what Telegram marks by itself: commands, mentions and addresses."""
    return [
        {"type": match.lastgroup, "offset": units(text[: match.start()]), "length": units(match.group())}
        for match in _FOUND.finditer(text)
    ]


def formatted(text: Any, mode: Any, given: Sequence[dict[str, Any]] | None, longest: int) -> tuple[str, Entities]:
    """Give the text as a person sees it, and what is marked in it."""
    text = "" if text is None else str(text)
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise bad("strings must be encoded in UTF-8")
    if mode and str(mode).lower() != "html":  # the emulator reads no Markdown; better refused than let through
        raise bad("unsupported parse_mode")
    text, entities = _html(text) if mode else (text, [dict(entity) for entity in given or ()])
    if any(entity["offset"] < 0 or entity["offset"] + entity["length"] > units(text) for entity in entities):
        raise bad("entity beyond the end of the text")
    text, entities = _trimmed(text, entities)
    if units(text) > longest:
        raise bad("message is too long" if longest == LONGEST_TEXT else "message caption is too long")
    entities += [new for new in found(text) if not any(_overlap(new, old) for old in entities)]
    return text, sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))


def _overlap(one: dict[str, Any], other: dict[str, Any]) -> bool:
    ends = min(entity["offset"] + entity["length"] for entity in (one, other))
    return bool(max(one["offset"], other["offset"]) < ends)


def _trimmed(text: str, entities: Entities) -> tuple[str, Entities]:
    start, text = units(text) - units(text.lstrip()), text.strip()
    kept = []
    for entity in entities:
        first = max(entity["offset"] - start, 0)
        last = min(entity["offset"] + entity["length"] - start, units(text))
        if last > first:
            kept.append({**entity, "offset": first, "length": last - first})
    return text, kept


def _html(text: str) -> tuple[str, Entities]:
    plain, at = "", 0
    entities: Entities = []
    still_open: list[tuple[str, dict[str, Any]]] = []
    while at < len(text):
        where = f"at byte offset {len(text[:at].encode())}"
        if text[at] == "<":
            tag = _TAG.match(text, at)
            if not tag:
                raise _unparsed(f'Unsupported start tag "{text[at + 1 : at + 12].split(" ")[0]}" {where}')
            name, at = tag[2].lower(), tag.end()
            if not tag[1]:
                still_open.append((name, {"offset": units(plain), **_entity(name, tag[3], where, still_open)}))
                continue
            if not still_open:
                raise _unparsed(f"Unexpected end tag {where}")
            opened, entity = still_open.pop()
            if name and opened != name:
                raise _unparsed(f'Unmatched end tag {where}, expected "</{opened}>", found "</{name}>"')
            entity["length"] = units(plain) - entity["offset"]
            if entity["type"] == "text_link" and not entity["url"]:
                entity["url"] = plain.encode("utf-16-le")[entity["offset"] * 2 :].decode("utf-16-le")
            if entity["length"] and entity["type"] != "nothing":
                entities.append(entity)
        elif text[at] == "&":
            # Telegram lets a lone & pass; whoever forgets to escape & forgets < as well, so tests refuse it
            reference = _REFERENCE.match(text, at)
            if not reference:
                raise _unparsed(f'Unsupported entity "{text[at : at + 8]}" {where}')
            number = int(reference[2]) if reference[2] else int(reference[3] or "0", 16)
            plain, at = plain + (_NAMED[reference[1]] if reference[1] else chr(number)), reference.end()
        else:
            end = min(n for n in (text.find("<", at), text.find("&", at), len(text)) if n >= 0)
            plain, at = plain + text[at:end], end
    if still_open:
        raise _unparsed(f'Can\'t find end tag corresponding to start tag "{still_open[-1][0]}"')
    return plain, entities


def _entity(name: str, written: str, where: str, inside: list[tuple[str, dict[str, Any]]]) -> dict[str, Any]:
    if name not in _TAGS:
        raise _unparsed(f'Unsupported start tag "{name}" {where}')
    attributes = {
        match[1].lower(): match[2] or match[3] or match[4] or "" for match in re.finditer(_ATTRIBUTE, written)
    }
    if name == "span" and attributes.get("class") != "tg-spoiler":
        raise _unparsed(f'Tag "span" must have class "tg-spoiler" {where}')
    if name == "a":
        return {"type": "text_link", "url": _REFERENCE.sub(_named, attributes.get("href", ""))}
    if name == "tg-emoji":
        return {"type": "custom_emoji", "custom_emoji_id": attributes.get("emoji-id", "")}
    if name == "blockquote" and "expandable" in attributes:
        return {"type": "expandable_blockquote"}
    if name == "code" and inside and inside[-1][0] == "pre":  # <pre><code class="language-x"> is one entity
        if (language := attributes.get("class", "")).startswith("language-"):
            inside[-1][1]["language"] = language.removeprefix("language-")
        return {"type": "nothing"}
    return {"type": _TAGS[name]}


def _named(match: re.Match[str]) -> str:
    return _NAMED.get(match[1] or "", match[0])


def _unparsed(why: str) -> Refused:
    return bad(f"can't parse entities: {why}")


def check_markup(markup: Any, inline_only: bool = False) -> None:
    """Refuse a keyboard that Telegram would not show."""
    if not isinstance(markup, dict):
        raise bad("object expected as reply markup")
    if inline_only and "inline_keyboard" not in markup:
        raise bad("inline keyboard expected")
    kind = "inline_keyboard" if "inline_keyboard" in markup else "keyboard"
    if kind == "keyboard" and (markup.get("remove_keyboard") or markup.get("force_reply")):
        return
    rows = markup.get(kind)
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad(f'field "{kind}" must be an Array of Arrays')
    buttons = [{"text": button} if isinstance(button, str) else button for row in rows for button in row]
    if sum(map(len, rows)) > MOST_BUTTONS:
        raise bad("reply markup is too long")
    for button in buttons:
        if not isinstance(button, dict) or not isinstance(button.get("text"), str):
            raise bad(f"can't parse {kind.replace('_', ' ')} button: Can't find field \"text\"")
        if not button["text"].strip():
            raise bad(f"{kind.replace('_', ' ').capitalize()} button text must be non-empty")
        if kind == "inline_keyboard":
            _check_inline(button)


def _check_inline(button: dict[str, Any]) -> None:
    if len(button.keys() - {"text", "style", "icon_custom_emoji_id"}) != 1:
        raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if "callback_data" in button and not 1 <= len(str(button["callback_data"]).encode()) <= 64:
        raise bad("BUTTON_DATA_INVALID")
    if "url" in button and not re.match(r"(https?|tg|ton)://\S+$", button["url"]):
        raise bad(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")


def check_commands(commands: Any) -> None:
    """Refuse a menu that Telegram would not keep."""
    if not isinstance(commands, list) or not all(isinstance(command, dict) for command in commands):
        raise bad("expected an Array of BotCommand")
    if len(commands) > MOST_COMMANDS:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", str(command.get("command"))):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= units(str(command.get("description") or "").strip()) <= 256:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")


def place(params: dict[str, Any]) -> str:
    """Give the scope and language that a menu is kept under, as one word."""
    scope, language = params.get("scope") or {"type": "default"}, params.get("language_code") or ""
    if not isinstance(scope, dict) or scope.get("type") not in _SCOPES:
        raise bad("can't parse BotCommandScope: Unsupported type specified")
    if not re.fullmatch(r"([a-z]{2})?", language):
        raise bad("invalid language code specified")
    return f"{json.dumps(scope, sort_keys=True)} {language}"
