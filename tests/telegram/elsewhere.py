"""A Telegram that nobody here wrote, the npm package telegram-test-api, behind a shim that adds what it lacks.

It gives each update once and only to a bot that polls, reads no tags and keeps no files; so it tells what a person
sees, and nothing of kills, webhooks or documents.
"""

import json
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from html.parser import HTMLParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import quote

import httpx

from tests.bench.rig import NODE_PACKAGES, end
from tests.botapi.state import TOKEN
from tests.running import free_port, wait_until_it_listens
from tests.telegram.screen import Screen

START = (
    """new (require("telegram-test-api"))({host: "127.0.0.1", port: +process.argv[1], storeTimeout: 3600}).start()"""
)
FORM = {"content-type": "application/x-www-form-urlencoded"}
NO_BUTTONS = b"&reply_markup=" + quote('{"inline_keyboard": []}').encode()
LACKING: dict[str, Any] = {  # methods that it does not have, and what the bot is told
    **dict.fromkeys(("setMyCommands", "setMyDescription", "setMyShortDescription", "setChatMenuButton"), True),
    "sendChatAction": True,
    "sendDocument": {"message_id": 0, "date": 0, "chat": {"id": 0, "type": "private"}},
}


class Elsewhere:
    """The package at `origin`; the bot calls `url`, where the shim stands."""

    token = TOKEN

    def __init__(self, origin: str) -> None:
        self.origin, self.url = origin, ""
        self.plainly: Counter[str] = Counter()  # calls of methods that it lacks

    def answer(self, method: str, form: bytes) -> tuple[int, Any]:
        """Have the package carry out a call; give the status and what the bot is told."""
        if method in LACKING:
            self.plainly[method] += 1
            return 200, {"ok": True, "result": LACKING[method]}
        if method.startswith("editMessage") and b"reply_markup=" not in form:
            form += NO_BUTTONS  # an edit that names none takes them away; there they would stay
        for _ in range(20):  # it never waits for an update
            response = httpx.post(f"{self.origin}/bot{self.token}/{method}", content=form, headers=FORM)
            told = response.json()
            if told.get("result") != []:
                break
            time.sleep(0.05)
        if method == "getMe":
            told["result"]["is_bot"] = True
        elif method == "sendMessage":
            told["result"]["date"] //= 1000  # it counts milliseconds
            told["result"].pop("link_preview_options", None)  # it gives back the bot's own JSON, unread
        elif response.is_success and told["result"] is None:
            told["result"] = True
        return response.status_code, told

    def person(self, number: int) -> "Somebody":
        """Give somebody who talks to the bot there."""
        return Somebody(self, number)


class Somebody:
    """A person there: says and taps, and sees what the package keeps."""

    def __init__(self, server: Elsewhere, number: int) -> None:
        self._server, self.id = server, number
        self._user = {"id": number, "is_bot": False, "first_name": "阿梅"}
        self._chat = {"id": number, "type": "private", "first_name": "阿梅"}

    def say(self, text: str) -> None:
        """Write something."""
        self._send("sendMessage", **self._common(), text=text)

    def command(self, text: str) -> None:
        """Give a command, such as "/start sms"."""
        marked = {"type": "bot_command", "offset": 0, "length": len(text.partition(" ")[0])}
        self._send("sendCommand", **self._common(), text=text, entities=[marked])

    def tap(self, label: str) -> None:
        """Tap the newest button with this label."""
        for message in reversed(self.screen):
            for text, data in (button for row in message["buttons"] for button in row):
                if text == label:
                    rows = [[{"text": text, "callback_data": data} for text, data in row] for row in message["buttons"]]
                    asked = {"message_id": message["message_id"], "text": message["text"], **self._common()}
                    asked["reply_markup"] = {"inline_keyboard": rows}
                    return self._send("sendCallback", **self._common(), message=asked, data=data)
        raise AssertionError(f"no button {label!r} on the screen: {self.screen}")

    @property
    def screen(self) -> Screen:
        """Every message of the chat as it looks now."""
        history = self._post("getUpdatesHistory", {"token": self._server.token})
        messages = sorted((one for one in history if "message" in one), key=lambda one: int(one["messageId"]))
        return [shown(one) for one in messages if self.id in (int(one["message"].get("chat_id", 0)), whose(one))]

    def wait(self, condition: Callable[[Screen], object], seconds: float = 10) -> Screen:
        """Wait until the screen is as it should be."""
        until = time.monotonic() + seconds
        while not condition(screen := self.screen):
            assert time.monotonic() < until, f"not within {seconds} s; the screen of {self.id}: {screen}"
            time.sleep(0.05)
        return screen

    def _common(self) -> dict[str, Any]:
        return {"from": self._user, "chat": self._chat, "date": int(time.time())}

    def _send(self, kind: str, **body: Any) -> None:
        self._post(kind, {"botToken": self._server.token, **body})

    def _post(self, path: str, body: dict[str, Any]) -> Any:
        return httpx.post(f"{self._server.origin}/{path}", json=body).raise_for_status().json()["result"]


def whose(kept: dict[str, Any]) -> int:
    """Give the number of the person who wrote a message; 0 where the bot did."""
    return int(kept["message"].get("from", {}).get("id", 0))


def shown(kept: dict[str, Any]) -> dict[str, Any]:
    """Describe a message as a person sees it."""
    message = kept["message"]
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return {
        "message_id": kept["messageId"],
        "from_bot": not whose(kept),
        "text": words(message["text"]) if message.get("parse_mode") == "HTML" else message["text"],
        "buttons": [[(button["text"], button.get("callback_data")) for button in row] for row in rows],
    }


def words(html: str) -> str:
    """Give what Python's own reader of HTML finds between the tags."""
    found: list[str] = []
    reader = HTMLParser()
    reader.handle_data = found.append  # type: ignore[method-assign, assignment]
    reader.feed(html)
    reader.close()
    return "".join(found).strip()


@contextmanager
def elsewhere() -> Iterator[Elsewhere]:
    """Run it, with the shim before it."""
    port = free_port()
    node = subprocess.Popen(["node", "-e", START, str(port)], cwd=NODE_PACKAGES)
    server = Elsewhere(f"http://127.0.0.1:{port}")

    class Shim(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            form = self.rfile.read(int(self.headers["content-length"]))
            status, told = server.answer(self.path.rpartition("/")[2], form)
            body = json.dumps(told).encode()
            with suppress(OSError):  # the bot has ended
                self.send_response(status)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    try:
        with ThreadingHTTPServer(("127.0.0.1", 0), Shim) as shim:
            server.url = f"http://127.0.0.1:{shim.server_address[1]}"
            thread = threading.Thread(target=shim.serve_forever, args=(0.02,))
            thread.start()
            try:
                wait_until_it_listens(port)
                yield server
            finally:
                shim.shutdown()
                thread.join()
    finally:
        end(node)
