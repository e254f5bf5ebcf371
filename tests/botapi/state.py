"""What Telegram knows: people, chats, messages, files, updates that wait, and the faults that a test asks for."""

import threading
import time
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from tests.botapi.rules import Refused, Upload, bad

TOKEN = "123456:TEST"
BOT = {"id": 123456, "is_bot": True, "first_name": "助手", "username": "advisor_test_bot"}
QUIET = {"chat_member", "message_reaction", "message_reaction_count"}  # given only to bots that ask for them
Body = dict[str, Any]


@dataclass
class Message:
    """A message as the Bot API tells it, and what only the screen shows."""

    body: Body
    html: str | None = None
    file: Upload | None = None
    keyboard: list[list[str]] = field(default_factory=list)  # of replies, not inline

    @property
    def from_bot(self) -> bool:
        return bool(self.body["from"]["id"] == BOT["id"])

    @property
    def inline(self) -> list[list[Body]]:
        """Give the rows of buttons under it."""
        rows: list[list[Body]] = self.body.get("reply_markup", {}).get("inline_keyboard", [])
        return rows

    def shown(self) -> Body:
        """Describe it as a person sees it."""
        kinds = ("document", "photo", "sticker", "voice", "video", "contact", "location", "poll", "text")
        kind = next((kind for kind in kinds if kind in self.body), "service")
        return {
            "message_id": self.body["message_id"],
            "from_bot": self.from_bot,
            "kind": kind,
            "text": self.body.get("text", self.body.get("caption", "")),
            "html": self.html,
            "buttons": [[(button["text"], button.get("callback_data")) for button in row] for row in self.inline],
            "document": self.file.name if self.file and kind == "document" else None,
            "bytes": self.file.data if self.file else None,
            "edited": "edit_date" in self.body,
        }


@dataclass
class Chat:
    """A conversation of the bot with one person or a group."""

    about: Body
    started: bool = False
    blocked: bool = False  # in a group: the bot was thrown out
    left: bool = False
    deactivated: bool = False
    messages: dict[int, Message] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    sent: deque[float] = field(default_factory=deque)

    @property
    def private(self) -> bool:
        return bool(self.about["type"] == "private")


@dataclass
class Query:
    """A tap that waits for its answer."""

    person: int
    asked: float = field(default_factory=time.monotonic)


@dataclass
class Fault:
    """Something that goes wrong in one method, so many times."""

    method: str
    times: int
    seconds: float = 0
    status: int = 0
    retry_after: int | None = None
    description: str | None = None
    after_doing: bool = False

    def error(self) -> Refused:
        """Give what the bot is told."""
        wait = self.retry_after or (1 if self.status == 429 else None)
        told = {
            400: "Bad Request: a fault of the test", 401: "Unauthorized", 403: "Forbidden: a fault of the test",
            409: "Conflict: a fault of the test", 429: f"Too Many Requests: retry after {wait}",
            500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout",
        }  # fmt: skip
        description = self.description or told.get(self.status, "Error")
        return Refused(self.status, description, **({"retry_after": wait} if wait else {}))


class Telegram:
    """Everything that is known; `changed` is its one lock, and is notified of every change."""

    def __init__(self, privacy_mode: bool = True) -> None:
        self.token, self.privacy_mode = TOKEN, privacy_mode
        self.changed = threading.Condition()
        self.closing = False
        self.calls: list[tuple[str, Body]] = []
        self.answers: Counter[int] = Counter()  # of the webhook; 0 where nobody answered
        self.updates: dict[int, Body] = {}  # all there ever were
        self.pending: list[Body] = []
        self.again: list[Body] = []
        self.webhook: Body | None = None
        self.allowed: list[str] = []
        self.poll = 0  # number of the newest getUpdates; an older one that still waits is ended
        self.ended_by = "other getUpdates request; make sure that only one bot instance is running"
        self.people: dict[int, Body] = {}
        self.chats: dict[int, Chat] = {}
        self.queries: dict[str, Query] = {}
        self.query_seconds = 30.0
        self.popups: dict[int, list[str]] = {}
        self.files: dict[str, tuple[str, Upload]] = {}  # by file_id: its path and itself
        self.kept: dict[str, Any] = {}  # menus, descriptions and names of the bot
        self.per_second: int | None = None
        self._faults: list[Fault] = []
        self._numbers, self._message_numbers, self._update_numbers = count(1), count(1), count(700_000_001)

    # what a test may ask for

    def fail(
        self,
        method: str,
        status: int = 500,
        times: int = 1,
        retry_after: int | None = None,
        after_doing: bool = False,
        description: str | None = None,
    ) -> None:
        """Answer the next calls of `method` with an error, before or after carrying them out."""
        with self.changed:
            self._faults.append(Fault(method, times, 0, status, retry_after, description, after_doing))

    def hang(self, method: str, seconds: float, times: int = 1) -> None:
        """Let the next calls of `method` wait before anything is done."""
        with self.changed:
            self._faults.append(Fault(method, times, seconds))

    def heal(self) -> None:
        """Forget every fault that was asked for."""
        with self.changed:
            self._faults.clear()

    def flood(self, per_chat_per_second: int | None) -> None:
        """Refuse more messages than this to one chat within a second; None refuses none."""
        with self.changed:
            self.per_second = per_chat_per_second

    def redeliver(self, update_id: int) -> None:
        """Give an update once more that the bot has had already."""
        with self.changed:
            self.again.append(self.updates[update_id])
            self.changed.notify_all()

    def shuffle(self) -> None:
        """Turn the order of the waiting updates round."""
        with self.changed:
            self.pending.reverse()

    def expire_queries(self) -> None:
        """Let every tap be too old to be answered."""
        with self.changed:
            self.queries.clear()

    def called(self, method: str) -> list[Body]:
        """Give what the bot told in each call of `method`."""
        with self.changed:
            return [params for name, params in self.calls if name == method]

    @property
    def last_update_id(self) -> int:
        """The newest update there was; 0 before the first."""
        with self.changed:
            return max(self.updates, default=0)

    # what the methods and the persons need; the lock is held

    def fault(self, method: str) -> Fault | None:
        """Take the next fault of `method`, if there is one."""
        fault = next((fault for fault in self._faults if fault.method == method), None)
        if fault:
            fault.times -= 1
            if fault.times <= 0:
                self._faults.remove(fault)
        return fault

    def chat(self, params: Body) -> Chat:
        """Find the chat that a call is for, if the bot may write to it."""
        if params.get("chat_id") in (None, ""):
            raise bad("chat_id is empty")
        chat = self.chats.get(params["chat_id"])
        if not chat:
            raise bad("chat not found")
        if chat.deactivated:
            raise Refused(403, "Forbidden: user is deactivated")
        if chat.private and (chat.blocked or not chat.started):
            raise Refused(403, "Forbidden: bot was blocked by the user")
        if chat.blocked:
            raise Refused(403, f"Forbidden: bot was kicked from the {chat.about['type']} chat")
        if chat.left:
            raise Refused(403, f"Forbidden: bot is not a member of the {chat.about['type']} chat")
        return chat

    def post(self, chat: Chat, sender: Body, **content: Any) -> Message:
        """Put a message into a chat."""
        # a supergroup counts its own messages; the bot's other chats share one count
        numbers = chat.numbers if chat.about["type"] == "supergroup" else self._message_numbers
        body = {"message_id": next(numbers), "from": sender, "chat": chat.about, "date": int(time.time()), **content}
        message = chat.messages[body["message_id"]] = Message(body)
        self.changed.notify_all()
        return message

    def keep(self, file: Upload, folder: str) -> Body:
        """Keep a file and give what every message tells of it."""
        number = next(self._numbers)
        ending = "." + file.name.rpartition(".")[2] if file.name.isascii() and "." in file.name else ""
        file_id = f"BQACAgUAAxkBAAI{number:08d}"
        self.files[file_id] = (f"{folder}/file_{number}{ending}", file)
        return {"file_id": file_id, "file_unique_id": f"AgAD{number:08d}", "file_size": len(file.data)}

    def give(self, kind: str, body: Body) -> int:
        """Make an update of it, if the bot wants such; give its number."""
        number = next(self._update_numbers)
        if kind in self.allowed if self.allowed else kind not in QUIET:
            update = self.updates[number] = {"update_id": number, kind: body}
            self.pending.append(update)
            self.changed.notify_all()
        return number
