"""Has pictures read by the program beside this one, when that is installed: the extra `ocr`."""

import asyncio
import json
import logging
import os
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

from PIL import Image

from advisor.evidence.lines import Line, Picture

LARGEST = 20_000_000  # bytes
MOST_PIXELS = 50_000_000
FORMATS = ("PNG", "JPEG", "WEBP")
PATIENCE = 30.0  # seconds for one picture; one core reads a long screenshot in about five
LONGEST_ANSWER = 4 << 20  # bytes
PROGRAM = (sys.executable, "-m", "advisor.evidence.ocr")
ROOT = Path(__file__).parents[2]
_KEPT = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "LD_LIBRARY_PATH", "VIRTUAL_ENV")
_NEEDED = ("rapidocr", "onnxruntime")

log = logging.getLogger("advisor.pictures")


class NoPictureError(ValueError):
    """Not to be read as a picture; says why: too_large, too_many_pixels or no_picture."""


def available() -> bool:
    """Tell whether pictures can be read here."""
    return all(find_spec(name) for name in _NEEDED)


def guard(body: bytes) -> None:
    """Look at no more than the head of a picture; raises NoPictureError."""
    if len(body) > LARGEST:
        raise NoPictureError("too_large")
    try:
        with Image.open(BytesIO(body), formats=FORMATS) as opened:
            pixels = opened.width * opened.height
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise NoPictureError("too_many_pixels") from None
    except (OSError, SyntaxError, ValueError):
        raise NoPictureError("no_picture") from None
    if pixels > MOST_PIXELS:
        raise NoPictureError("too_many_pixels")


class Reader:
    """Reads one picture at a time, in a process that starts with the first and ends by itself when idle."""

    def __init__(self, program: Sequence[str] | None = None, patience: float = PATIENCE) -> None:
        self._program = program or (PROGRAM if available() else ())
        self._patience = patience
        self._process: asyncio.subprocess.Process | None = None
        self._turn = asyncio.Lock()

    async def read(self, body: bytes) -> Picture | None:
        """Give the lines in a picture; None when none can be read here; raises NoPictureError.

        A process that hangs or dies is replaced once: it may have been the picture before, or idleness, not this one.
        """
        guard(body)
        if not self._program:
            return None
        async with self._turn:
            for _ in range(2):
                try:
                    return _picture(await asyncio.wait_for(self._ask(body), self._patience))
                except NoPictureError:
                    raise
                except (OSError, EOFError, ValueError, KeyError, TypeError, TimeoutError) as error:
                    await self._end()
                    log.warning("no answer from the reader of pictures: %s", type(error).__name__)
                except BaseException:
                    # its answer would be taken for that of the next picture, which may be another person's
                    await self._end()
                    raise
        return None

    async def close(self) -> None:
        """End the process."""
        async with self._turn:
            await self._end()

    @property
    def pid(self) -> int | None:
        """The process that reads, while there is one."""
        running = self._process and self._process.returncode is None
        return self._process.pid if self._process and running else None

    async def _ask(self, body: bytes) -> bytes:
        if self._process is None or self._process.returncode is not None:
            self._process = await asyncio.create_subprocess_exec(
                *self._program,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                limit=LONGEST_ANSWER,
                cwd=ROOT,
                # no token or key of the bot: what reads pictures of strangers does not need them
                env={name: os.environ[name] for name in _KEPT if name in os.environ} | {"OMP_NUM_THREADS": "1"},
            )
        asked, answers = self._process.stdin, self._process.stdout
        if asked is None or answers is None:
            raise OSError("no pipe")
        asked.write(len(body).to_bytes(4, "big") + body)
        await asked.drain()
        answer = await answers.readline()
        if not answer.endswith(b"\n"):
            raise EOFError
        return answer

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if process.returncode is None:
            process.kill()
        await process.wait()
        # asyncio leaves the pipe to the collector, which complains
        if process.stdin:
            process.stdin.close()


def read_now(body: bytes) -> Picture | None:
    """Read one picture where no loop runs; otherwise as `Reader.read`."""

    async def once() -> Picture | None:
        reader = Reader()
        try:
            return await reader.read(body)
        finally:
            await reader.close()

    return asyncio.run(once())


def _picture(answer: bytes) -> Picture:
    told = json.loads(answer)
    if "refused" in told:
        raise NoPictureError("no_picture")
    return Picture(told["width"], told["height"], tuple(Line(*line) for line in told["lines"]))
