"""Follows the content while people talk: what is new is checked, then taken over; mistakes leave the old one serving.

The proofs take a while, so they are run in a process of their own and no turn waits for them.
"""

import asyncio
import json
import logging
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from advisor.content import ContentError
from advisor.turn import Advisor

EVERY = 2.0  # seconds between two looks at the files
FOLDERS = ("flows", "templates", "knowledge")
PROGRAM = Path(__file__).parents[2]
TOLD = 5  # mistakes that are logged one by one
Stamp = frozenset[tuple[str, int, int]]
log = logging.getLogger("advisor.content")


def stamp(root: Path) -> Stamp:
    """Give what changes whenever a file of the content is saved, added or removed."""
    files = (path for folder in FOLDERS for path in (root / folder).rglob("*") if path.is_file())
    told = ((str(path), path.stat()) for path in files)
    return frozenset((name, stat.st_mtime_ns, stat.st_size) for name, stat in told)


async def proved_apart(root: Path, today: date) -> list[str]:
    """Give the mistakes of the content under `root`."""
    command = (sys.executable, "-m", "advisor.commands.proving", str(root), today.isoformat())
    process = await asyncio.create_subprocess_exec(*command, cwd=PROGRAM, stdout=asyncio.subprocess.PIPE)
    try:
        output, _ = await process.communicate()
    finally:
        if process.returncode is None:  # this process ends first
            process.kill()
            await process.wait()
    try:
        return [str(mistake) for mistake in json.loads(output)]
    except ValueError:
        return [f"not proved, exit={process.returncode}"]


@dataclass
class Follower:
    """Follows the content under `root`.

    `prove` gives the mistakes of it, `load` reads it, `take_over` makes it the one that serves, and `tell` hears how
    many mistakes new content had.
    """

    root: Path
    prove: Callable[[], Awaitable[list[str]]]
    load: Callable[[], Advisor]
    take_over: Callable[[Advisor], None]
    tell: Callable[[int], None]
    every: float = EVERY

    async def follow(self) -> None:
        """Look again and again until cancelled; content is looked at when it has been left alone for a moment."""
        seen = before = await asyncio.to_thread(stamp, self.root)
        while True:
            await asyncio.sleep(self.every)
            try:
                now = await asyncio.to_thread(stamp, self.root)
                if now != seen and now == before:
                    await self._look_at()
                    seen = now
            except OSError as error:  # a file went while it was looked at: the next look will tell
                log.warning("content unreadable error=%s", type(error).__name__)
            else:
                before = now

    async def _look_at(self) -> None:
        problems = await self.prove()
        if not problems:
            try:
                advisor = await asyncio.to_thread(self._loaded)
            except ContentError as error:
                problems = [str(problem) for problem in error.problems]
        if problems:
            log.error("content refused mistakes=%d", len(problems))
            for problem in problems[:TOLD]:
                log.error("mistake %s", problem.replace("\n", " "))
        else:
            self.take_over(advisor)
            log.info("content taken over")
        self.tell(len(problems))

    def _loaded(self) -> Advisor:
        advisor = self.load()
        advisor.warm()
        return advisor
