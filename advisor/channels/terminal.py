"""The terminal: a talk with numbered choices for people, and one JSON object a line for programs."""

import hashlib
import json
import os
import select
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from advisor.message import Attachment, File, Files, Message, Reply, Sms

AnswerNow = Callable[[Message], Reply]
LARGEST = 20_000_000  # bytes of a picture; of a larger one no more is read
PASTE_PAUSE = 0.05  # seconds within which further lines belong to the same paste
DIM, BOLD, CYAN, YELLOW, END = "\033[2m", "\033[1m", "\033[36m", "\033[33m", "\033[0m"


@dataclass
class Terminal:
    """A talk on standard input and output.

    `answer` answers a message, `delivered` is told of each reply that was shown, `reloaded` gives a line to
    show when the content has changed, `refused` is the kind of error that is told in one sentence. The `files` of
    a reply are put into `folder`; without one none are made.
    """

    answer: AnswerNow
    person: str
    delivered: Callable[[str, Reply], None]
    reloaded: Callable[[], str] = lambda: ""
    refused: type[Exception] = OSError
    files: Files = lambda person, bubble: ()
    folder: Path | None = None
    out: TextIO = field(default_factory=lambda: sys.stdout)
    colour: bool = field(default_factory=lambda: sys.stdout.isatty() and "NO_COLOR" not in os.environ)
    heard: list[tuple[Message, Reply]] = field(default_factory=list)

    def talk(self, first: Message, waiting: list[Reply]) -> None:
        """Hold a talk with a person until the input ends; `waiting` are replies that were never shown."""
        for reply in waiting:
            self._show(reply)
        self._turn(first)
        for text in self._typed():
            if note := self.reloaded():
                print(note, file=sys.stderr)
            self._turn(Message(self.person, text))

    def _turn(self, message: Message) -> None:
        try:
            reply = self.answer(message)
        except self.refused as error:
            print(error, file=sys.stderr)
            return
        self.heard.append((message, reply))
        self._show(reply)

    def _typed(self) -> Iterator[str]:
        if sys.stdin.isatty():
            import readline  # noqa: F401  (line editing and history, by being loaded)
        while True:
            try:
                text = input(self._paint("\n你> ", BOLD))
            except (EOFError, KeyboardInterrupt):
                print(file=self.out)
                return
            while sys.stdin.isatty() and select.select([sys.stdin], [], [], PASTE_PAUSE)[0]:
                more = sys.stdin.readline()
                if not more:
                    break
                text += "\n" + more.rstrip("\n")
            yield text

    def _show(self, reply: Reply) -> None:
        for bubble in reply.bubbles:
            print(file=self.out)
            text = self._paint(bubble.text, CYAN) if bubble.letter else bubble.text
            print(f"{self._rule()}\n{text}\n{self._rule()}" if bubble.letter else text, file=self.out)
            if bubble.choices:
                rows = [f"  {number}  {choice.label}" for number, choice in enumerate(bubble.choices, 1)]
                print(self._paint("\n".join(rows), YELLOW), file=self.out)
        for _, path in self._save(reply, self.person):
            print(self._paint(str(path), DIM), file=self.out)
        self.out.flush()
        self.delivered(self.person, reply)

    def _save(self, reply: Reply, person: str) -> list[tuple[File, Path]]:
        """Put the files of a reply into a folder of its own; the same reply again gets the same places."""
        if self.folder is None:
            return []
        files = [file for bubble in reply.bubbles for file in self.files(person, bubble)]
        own = self.folder / hashlib.sha256(f"{person}\n{reply.id}".encode()).hexdigest()[:12]
        saved = []
        for number, file in enumerate(files):
            place = own / str(number) / file.name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(file.body)
            saved.append((file, place))
        return saved

    def _rule(self) -> str:
        return self._paint("─" * 40, DIM)

    def _paint(self, text: str, colour: str) -> str:
        return f"{colour}{text}{END}" if self.colour else text

    def serve_json(self, lines: Iterator[str]) -> None:
        """Answer one JSON object a line with exactly one object, whatever the line holds."""
        for line in lines:
            if line.strip():
                print(json.dumps(self._answer_line(line), ensure_ascii=False), file=self.out, flush=True)

    def _answer_line(self, line: str) -> dict[str, Any]:
        try:
            data = json.loads(line)
            message = read_message(data, self.person)
        except (ValueError, RecursionError) as error:
            code = "bad_json" if isinstance(error, json.JSONDecodeError | RecursionError) else "bad_message"
            return {"error": {"code": code, "message": str(error)}}
        given = {"id": data["id"]} if "id" in data else {}
        try:
            reply = self.answer(message)
        except self.refused as error:
            return {**given, "error": {"code": "not_saved", "message": str(error)}}
        self.heard.append((message, reply))
        self.delivered(message.person, reply)
        return {**given, **as_json(reply, self._save(reply, message.person))}


def as_json(reply: Reply, files: Sequence[tuple[File, Path]] = ()) -> dict[str, Any]:
    """Give a reply in the form that other programs are written against, with the files that were saved for it."""
    messages: list[dict[str, Any]] = []
    for bubble in reply.bubbles:
        one: dict[str, Any] = {"text": bubble.text}
        if bubble.letter:
            one["letter"] = bubble.letter
        if bubble.choices:
            one["choices"] = [{"id": choice.id, "label": choice.label} for choice in bubble.choices]
        messages.append(one)
    saved = [{"name": file.name, "path": str(path)} for file, path in files]
    return {"state": reply.state, "routes": list(reply.routes), "messages": messages, "files": saved}


_KINDS = ("text", "choice", "image", "sms")


def read_message(data: Any, person: str) -> Message:
    """Read a message from a JSON object; ValueError says in one sentence what is wrong with it."""
    if not isinstance(data, dict):
        raise ValueError("a line holds one JSON object")
    kinds = [kind for kind in _KINDS if kind in data]
    if len(kinds) != 1:
        raise ValueError("give exactly one of: text, choice, image, sms")
    unknown = sorted(set(data) - {*_KINDS, "id", "person"})
    if unknown:
        raise ValueError(f"unknown key: {unknown[0]}")
    for key in ("text", "choice", "image", "person"):
        if not isinstance(data.get(key, ""), str):
            raise ValueError(f"{key} is a string")
    if not isinstance(data.get("id", ""), str | int):
        raise ValueError("id is a string or a number")
    for key in ("id", "person"):
        if not _is_storable(str(data.get(key, ""))):
            raise ValueError(f"{key} holds a character that nothing can keep")
    items = data.get("sms", [])
    items = items if isinstance(items, list) else [items]
    if "sms" in data and not items:
        raise ValueError("sms is one message or a list of them")
    id_ = str(data["id"]) if "id" in data else None
    sms = tuple(read_sms(item) for item in items)
    whose, text, choice = data.get("person") or person, data.get("text", ""), data.get("choice")
    return Message(whose, text, choice, sms, data.get("image"), id_, _picture(data.get("image")))


def _is_storable(name: str) -> bool:
    """Tell whether a database takes a name: no zero in it and no half of a surrogate pair."""
    return "\0" not in name and name.encode("utf-8", "ignore").decode() == name


def _picture(path: str | None) -> tuple[Attachment, ...]:
    """Give the picture at a path; none when it cannot be read, for then it is told by its path alone."""
    place = Path(path or "")
    if not place.is_file():  # a device or a pipe might never end
        return ()
    try:
        with place.open("rb") as file:
            body = file.read(LARGEST + 1)
    except OSError:
        return ()
    if len(body) > LARGEST:
        return (Attachment("photo", "", place.name, len(body), refused="too_large"),)
    return (Attachment("photo", "", place.name, len(body), None, body),) if body else ()


def read_sms(data: Any) -> Sms:
    """Read an SMS from a JSON object or a bare text; ValueError says what is wrong with it."""
    if isinstance(data, str):
        return Sms(data)
    if not isinstance(data, dict) or not isinstance(data.get("text"), str):
        raise ValueError("an sms has a text")
    if unknown := sorted(set(data) - {"text", "sender", "received_at", "to", "id"}):
        raise ValueError(f"unknown key in sms: {unknown[0]}")
    for key in ("sender", "to", "received_at"):
        if not isinstance(data.get(key) or "", str):
            raise ValueError(f"{key} is a string")
    received = data.get("received_at")
    try:
        at = datetime.fromisoformat(received) if received else None
    except ValueError as error:
        raise ValueError(f"received_at is not a time: {received}") from error
    return Sms(data["text"], data.get("sender"), at, data.get("to"))


def transcript(title: str, now: str, heard: list[tuple[Message, Reply]], at: Sequence[str] = ()) -> str:
    """Write a talk as a test conversation: what was said or tapped, and where it led; `at` is where it began."""
    lines = [f"title: {quoted(title)}", f"now: {now}"]
    if at:
        lines.append(f"start: {at[0]}")
    if at[1:]:
        lines += [
            "facts:",
            *(f"  {name}: {quoted(value)}" for name, _, value in (fact.partition("=") for fact in at[1:])),
        ]
    lines.append("talk:")
    for message, reply in heard:
        if message.choice:
            lines.append(f"  - choose: {quoted(message.choice.partition('.')[2])}")
        for sms in message.sms:
            lines.append(f"  - sms: {{text: {quoted(sms.text)}}}")
        if message.text:
            lines.append(f"  - user: {quoted(message.text)}")
        lines += [f"  - letter: {bubble.letter}" for bubble in reply.bubbles if bubble.letter]
        lines += [f"  - state: {reply.state}"] if reply.state else []
    return "\n".join(lines) + "\n"


def quoted(text: str) -> str:
    """Write a text so that YAML reads it back as it is."""
    return json.dumps(text, ensure_ascii=False)
