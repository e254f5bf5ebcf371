"""Reads the text in pictures, as a program of its own: `python -m advisor.evidence.ocr`.

On its standard input: the length of a picture in four bytes (big-endian), then the picture, again and again. On its
standard output, for each, one line of JSON: `width`, `height` and `lines`, each of them a text, how sure it is (0–1),
and left, top, right and bottom in pixels; or `refused`. It is a process of its own because a picture may come from
anybody: what a picture can break or fill is this process. It ends with its input, or when nothing is asked for long.
"""

import contextlib
import json
import os
import sys
import threading
from collections.abc import Iterator
from io import BytesIO
from typing import Any, BinaryIO

IDLE = 300.0  # seconds without a picture
MEMORY = 3 << 30  # bytes of addresses; three times what the models and the largest picture take
FORMATS = ("PNG", "JPEG", "WEBP")
MOST_PIXELS = 50_000_000
LONGEST = 30  # times as long as it is wide, or as wide as it is high
WIDEST = 1080  # pixels; wider pictures are scaled down
SIDE = 960  # pixels of the longer side at which lines are looked for
SLICE = 2.2  # a picture is looked at in slices this many times as high as it is wide: long screenshots are common
SURE = 0.5  # the least score of a line


def limit() -> None:
    """Hold this process to its memory, and to writing no file, where the system knows such limits."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        for what, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, 0)):
            resource.setrlimit(what, (most, most))


def engine() -> Any:
    """Load the models, which lie in the package: nothing is fetched."""
    from rapidocr import RapidOCR

    onnx = "EngineConfig.onnxruntime."
    return RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.use_cls": False,  # screenshots stand upright
            "Global.text_score": SURE,
            f"{onnx}intra_op_num_threads": 1,
            f"{onnx}inter_op_num_threads": 1,
            "Det.limit_type": "max",
            "Det.limit_side_len": SIDE,
            "Rec.rec_batch_num": 1,  # line by line: a third less memory, and no slower with one thread
        }
    )


def read(body: bytes, look: Any) -> dict[str, Any]:
    """Give what is written in a picture; what is no picture, or a huge one, is refused by an exception."""
    from PIL import Image, ImageOps

    with Image.open(BytesIO(body), formats=FORMATS) as opened:
        short, long = sorted(opened.size)
        if short * long > MOST_PIXELS or long > LONGEST * short:
            raise ValueError("no screenshot")
        opened.draft("RGB", (WIDEST, WIDEST))
        picture = ImageOps.exif_transpose(opened).convert("RGB")
    width, height = picture.size
    by = max(1.0, width / WIDEST)
    if by > 1:
        picture = picture.resize((WIDEST, max(1, round(height / by))), Image.Resampling.LANCZOS)
    found = [
        [text, score, *(round(by * x, 1) for x in (left, top + at, right, bottom + at))]
        for at, part in slices(picture)
        for text, score, left, top, right, bottom in lines(part, look)
    ]
    return {"width": width, "height": height, "lines": found}


def slices(picture: Any) -> Iterator[tuple[int, Any]]:
    """Cut a long picture where nothing is written; give each part with its place from above."""
    import numpy

    pixels = numpy.asarray(picture)[:, :, ::-1]  # the models were taught blue first
    height, width = pixels.shape[:2]
    most = max(1, int(SLICE * width))
    at = 0
    while height - at > most:
        low = at + most * 2 // 3
        busy = pixels[low : at + most].std(axis=(1, 2))
        cut = low + int(busy.argmin()) + 1
        yield at, numpy.ascontiguousarray(pixels[at:cut])
        at = cut
    yield at, numpy.ascontiguousarray(pixels[at:])


def lines(pixels: Any, look: Any) -> Iterator[tuple[str, float, float, float, float, float]]:
    """Give each line that is seen: its text, its score, and its left, top, right and bottom."""
    seen = look(pixels)
    if seen.boxes is None or seen.txts is None:
        return
    for box, text, score in zip(seen.boxes.tolist(), seen.txts, seen.scores, strict=True):
        across, down = [x for x, _ in box], [y for _, y in box]
        # of a line that leans, the middle of each edge
        top, bottom = sum(sorted(down)[:2]) / 2, sum(sorted(down)[2:]) / 2
        yield text, round(float(score), 3), min(across), top, max(across), bottom


def serve(asked: BinaryIO, answers: BinaryIO) -> None:
    """Answer one picture after the other until the input ends."""
    look = None
    while True:
        idle = threading.Timer(IDLE, os._exit, (0,))
        idle.daemon = True
        idle.start()
        head = asked.read(4)
        body = asked.read(int.from_bytes(head, "big"))
        idle.cancel()
        if len(head) < 4:
            return
        try:
            look = look or engine()
            answer = read(body, look)
        except MemoryError:
            raise
        except Exception as error:  # of a broken picture, whatever a decoder raises
            answer = {"refused": type(error).__name__}
        answers.write(json.dumps(answer, ensure_ascii=False).encode() + b"\n")
        answers.flush()


def main() -> None:
    """Keep the standard output for answers alone, take on the limits, and serve."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    limit()
    serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()
