"""`bot.py chat`: a talk in the terminal, for a person or, with JSON, for a program."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from advisor.channels.terminal import Terminal, transcript
from advisor.checks import check
from advisor.commands import CouldNotError, pairs
from advisor.commands.attaching import files
from advisor.commands.counting import hand_over
from advisor.commands.following import stamp
from advisor.commands.standing import stand
from advisor.desk import Desk
from advisor.message import Message
from advisor.store import StoreError
from advisor.tally import Tally
from advisor.turn import Advisor

TOLD = 5  # mistakes of new content that are shown


@dataclass(frozen=True)
class Chat:
    """What was asked for: who talks, where the talk begins (state, slot=value …), where files and the record go."""

    person: str
    at: Sequence[str] = ()
    folder: str = ""
    record: str = ""
    json: bool = False


def chat(wanted: Chat, desk: Desk, tally: Tally, root: Path, load: Callable[[], Advisor]) -> None:
    """Hold a talk until it ends; content under `root` that is saved meanwhile is read anew by `load`."""
    watch = Watch(desk, root, load)
    terminal = Terminal(desk.answer_now, wanted.person, desk.delivered, watch, StoreError, files(desk))
    if wanted.at:
        stand(desk, wanted.person, wanted.at[0], pairs(wanted.at[1:]))
    try:
        with _folder(wanted.folder, needed=wanted.json) as terminal.folder:
            if wanted.json:
                terminal.serve_json(_lines())
            else:
                terminal.talk(Message(wanted.person, "继续"), desk.undelivered(wanted.person))
    finally:
        hand_over(tally, desk.store)
        desk.close()
        if wanted.record:
            _write(wanted.record, transcript("录下的对话", f"{desk.clock():%Y-%m-%dT%H:%M}", terminal.heard, wanted.at))


class Watch:
    """Loads the content anew when a file of it was saved, and keeps the old one when the new has mistakes."""

    def __init__(self, desk: Desk, root: Path, load: Callable[[], Advisor]) -> None:
        """Watch the files under `root` for `desk`."""
        self._desk, self._root, self._load, self._seen = desk, root, load, stamp(root)

    def __call__(self) -> str:
        """Give a line to show, or nothing."""
        now = stamp(self._root)
        if now == self._seen:
            return ""
        self._seen = now
        problems = check(self._root, self._desk.clock().date()).problems
        if problems:
            return "内容有错，先用旧的：\n" + "\n".join(map(str, problems[:TOLD]))
        self._desk.take_over(self._load())
        return "内容已重新读入。"


@contextmanager
def _folder(name: str, *, needed: bool) -> Iterator[Path | None]:
    """Give the folder where files are put: the one named, else one that goes with the process, where it is needed."""
    if name:
        try:
            Path(name).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CouldNotError(f"文件夹 {name} 建不了：{error.strerror}") from error
        yield Path(name)
    elif needed:
        with TemporaryDirectory() as folder:
            yield Path(folder)
    else:
        yield None


def _write(name: str, text: str) -> None:
    try:
        Path(name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise CouldNotError(f"写不到 {name}：{error.strerror}") from error


def _lines() -> Iterator[str]:
    """Read standard input as UTF-8 whatever the locale; what is not UTF-8 becomes a replacement sign."""
    for line in sys.stdin.buffer:
        yield line.decode("utf-8", "replace")
