"""Pictures are read by a program beside: what is no picture is refused, and what hangs or dies is replaced."""

import asyncio
import struct
import sys
import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from advisor.evidence.pictures import LARGEST, NoPictureError, Reader, available, guard
from advisor.evidence.screens import messages
from tests.screens.draw import TAKEN, draw, finished
from tests.screens.shots import SHOTS

installed = pytest.mark.skipif(not available(), reason="the extra `ocr` is not installed")
BY_NAME = {shot.name: shot for shot in SHOTS}
ANSWER = '{"width": 9, "height": 9, "lines": [["PID", 1.0, 1, 2, 3, 4]]}'
TAKE = (
    "import os, sys, time\nhead = sys.stdin.buffer.read(4)\nbody = sys.stdin.buffer.read(int.from_bytes(head, 'big'))\n"
)


def file(name: str) -> bytes:
    return finished(BY_NAME[name], draw(BY_NAME[name]))


def png_head(width: int, height: int) -> bytes:
    """A PNG that promises so many pixels and holds none."""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = b"IDAT" + zlib.compress(b"")
    chunks = (struct.pack(">I", len(c) - 4) + c + struct.pack(">I", zlib.crc32(c)) for c in (head, data, b"IEND"))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def renamed_zip() -> bytes:
    body = BytesIO()
    with zipfile.ZipFile(body, "w") as packed:
        packed.writestr("photo.png", b"no picture")
    return body.getvalue()


def other_type() -> bytes:
    return b"GIF89a" + struct.pack("<HHBBB", 9, 9, 0, 0, 0) + b";"


@pytest.mark.parametrize(
    ("make", "why"),
    (
        (lambda: b"", "no_picture"),
        (lambda: "一条短信".encode(), "no_picture"),
        (lambda: png_head(20_000, 10_000), "too_many_pixels"),
        (lambda: png_head(10_000, 9_000), "too_many_pixels"),
        (lambda: png_head(8_000, 7_000), "too_many_pixels"),
        (renamed_zip, "no_picture"),
        (other_type, "no_picture"),
        (lambda: bytes(LARGEST + 1), "too_large"),
    ),
)  # fmt: skip
def test_what_is_no_picture_is_refused(make: Callable[[], bytes], why: str) -> None:
    with pytest.raises(NoPictureError, match=why):
        guard(make())


def test_a_screenshot_passes() -> None:
    guard(file("light"))
    guard(file("q35"))


def test_where_nothing_reads_there_is_no_picture() -> None:
    assert asyncio.run(Reader(program=()).read(file("cropped"))) is None or available()


def read_by(script: str, times: int, tmp_path: Path, patience: float = 30.0) -> list[str | None]:
    """Have a program read a picture so often; give the text of the first line of each answer."""
    (tmp_path / "reader.py").write_text(TAKE + script)
    body = png_head(9, 9)

    async def all_times() -> list[str | None]:
        reader = Reader((sys.executable, str(tmp_path / "reader.py"), str(tmp_path)), patience)
        try:
            seen = [await reader.read(body) for _ in range(times)]
        finally:
            await reader.close()
        return [one.lines[0].text if one else None for one in seen]

    return asyncio.run(all_times())


def test_a_program_that_ended_is_started_anew(tmp_path: Path) -> None:
    first, second = read_by(f"print('''{ANSWER}'''.replace('PID', str(os.getpid())), flush=True)", 2, tmp_path)
    assert first and second and first != second


def test_a_program_that_dies_every_time_gives_nothing(tmp_path: Path) -> None:
    dies = "open(sys.argv[1] + '/tries', 'a').write('x')\nos._exit(1)"
    assert read_by(dies, 1, tmp_path) == [None]
    assert (tmp_path / "tries").read_text() == "xx", "once anew, not more"


def test_a_program_that_hangs_is_ended(tmp_path: Path) -> None:
    hangs = "open(sys.argv[1] + '/pids', 'a').write(f'{os.getpid()}\\n')\ntime.sleep(600)"
    assert read_by(hangs, 1, tmp_path, patience=2.0) == [None]
    for pid in (tmp_path / "pids").read_text().split():
        assert not Path(f"/proc/{pid}").exists()


def test_a_program_that_talks_nonsense_gives_nothing(tmp_path: Path) -> None:
    assert read_by("print('[1, 2]', flush=True)", 1, tmp_path) == [None]
    assert read_by("print('{', flush=True)", 1, tmp_path) == [None]


def test_no_answer_of_one_picture_is_given_for_another(tmp_path: Path) -> None:
    (tmp_path / "reader.py").write_text(
        TAKE + "open(sys.argv[1] + '/asked', 'a').close()\n" + f"time.sleep(3)\nprint('''{ANSWER}''', flush=True)"
    )

    async def given_up() -> int | None:
        reader = Reader((sys.executable, str(tmp_path / "reader.py"), str(tmp_path)))
        reading = asyncio.create_task(reader.read(png_head(9, 9)))
        while not (tmp_path / "asked").exists():
            await asyncio.sleep(0.01)
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        return reader.pid

    assert asyncio.run(given_up()) is None


@installed
def test_screenshots_are_read_with_one_process_that_survives_bad_pictures() -> None:
    whole = file("light")

    async def all_of_them() -> None:
        reader = Reader()
        try:
            await _read(reader, "light")
            first = reader.pid
            for broken in (whole[: len(whole) // 2], png_head(40, 5000), png_head(900, 900)):
                with pytest.raises(NoPictureError):
                    await reader.read(broken)
            await _read(reader, "half")
            await _read(reader, "rotated")
            await _read(reader, "ios talk")
            assert reader.pid == first
        finally:
            await reader.close()

    asyncio.run(all_of_them())


async def _read(reader: Reader, name: str) -> None:
    drawn = draw(BY_NAME[name])
    picture = await reader.read(finished(BY_NAME[name], drawn))
    assert picture
    found = messages(picture, TAKEN)
    assert [(one.sender, one.at, one.sent) for one in found] == [(one.sender, one.at, one.sent) for one in drawn.truth]
