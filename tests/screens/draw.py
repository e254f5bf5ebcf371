"""Draws the screen of a phone with messages on it, and gives the place of every line and what is true of it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from io import BytesIO
from typing import Literal

from PIL import Image, ImageDraw, ImageFont

from advisor.clock import SHANGHAI
from advisor.documents import came_along
from advisor.evidence.imported import Imported
from advisor.evidence.lines import Line, Picture

Style = Literal["ios", "android", "wechat", "samsung", "inbox", "cropped"]
Finish = Literal["", "rotated", "q35", "half"]
TAKEN = datetime(2026, 11, 25, 21, 37, tzinfo=SHANGHAI)  # a Wednesday
_NOT_FIRST = "，。！？；：、）】》”’…,.!?;:)%"


@dataclass(frozen=True, slots=True)
class Time:
    """A time line, and what it means: ISO, a day alone where only that is known, or nothing."""

    shown: str
    at: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """A bubble; in a list of conversations `sender` and `time` are those of the entry."""

    text: str
    sent: bool = False
    sender: str = ""
    time: Time | None = None


@dataclass(frozen=True, slots=True)
class Shot:
    """A screen to be drawn; `words` keeps words and links whole where they fit, else lines break anywhere."""

    name: str
    items: tuple[Time | Said, ...]
    contact: str = ""
    shown_contact: str = ""
    style: Style = "android"
    dark: bool = False
    size: int = 40
    words: bool = False
    english: bool = False
    finish: Finish = ""
    width: int = 1080
    height: int = 2340


@dataclass(slots=True)
class Drawn:
    image: Image.Image
    truth: list[Imported]
    lines: list[Line] = field(default_factory=list)

    def picture(self) -> Picture:
        return Picture(*self.image.size, tuple(self.lines))


@cache
def font(size: int) -> ImageFont.FreeTypeFont:
    path = next(path for path in came_along() if "Sans" in path.name)
    return ImageFont.truetype(str(path), size)


def wrap(text: str, size: int, width: float, *, words: bool) -> Iterator[str]:
    for paragraph in text.split("\n"):
        line = ""
        for piece in re.findall(r"[!-~]+|.", paragraph) if words else paragraph:
            parts = piece if font(size).getlength(piece) > width else [piece]
            for part in parts:
                if line and font(size).getlength((line + part).rstrip()) > width and part not in _NOT_FIRST:
                    yield line.rstrip() if words else line
                    line = ""
                line += part if line or part != " " else ""
        yield line


class Pen:
    """Writes on a screen and remembers where."""

    def __init__(self, shot: Shot) -> None:
        self.shot = shot
        ios_like = shot.style in ("ios", "cropped")
        self.ground = (0, 0, 0) if shot.dark else (237, 237, 237) if shot.style == "wechat" else (255, 255, 255)
        self.ink = (235, 235, 235) if shot.dark else (20, 20, 20)
        self.soft = (150, 150, 155)
        self.bubble = (44, 44, 46) if shot.dark else (255, 255, 255) if shot.style == "wechat" else (233, 233, 235)
        self.own = (149, 236, 105) if shot.style == "wechat" else (52, 199, 89) if ios_like else (66, 133, 244)
        self.drawn = Drawn(Image.new("RGB", (shot.width, shot.height), self.ground), [])
        self.draw = ImageDraw.Draw(self.drawn.image)

    def write(
        self, text: str, x: float, y: float, size: int, ink: tuple[int, int, int] | None = None, at: str = "l"
    ) -> None:
        """Write a line whose signs are `size` high from y on; at the left, middle (m) or right (r) of x."""
        long = font(size).getlength(text)
        left = x - {"l": 0.0, "m": long / 2, "r": long}[at]
        self.draw.text((left, y + 0.88 * size), text, font=font(size), fill=ink or self.ink, anchor="ls")
        if text.strip():
            self.drawn.lines.append(Line(text, 1.0, left, y - 0.1 * size, left + long, y + 1.1 * size))


def draw(shot: Shot) -> Drawn:
    """Draw a screen with all that stands on it."""
    pen = Pen(shot)
    y = _head(pen)
    if shot.style == "inbox":
        _inbox(pen, y)
    else:
        _talk(pen, y)
        _foot(pen)
    return pen.drawn


def png(image: Image.Image) -> bytes:
    body = BytesIO()
    image.save(body, "PNG", compress_level=1)
    return body.getvalue()


def finished(shot: Shot, drawn: Drawn) -> bytes:
    """Give the file that a person would send."""
    image = drawn.image
    if shot.finish == "rotated":
        image = image.rotate(1.2, Image.Resampling.BICUBIC, fillcolor=image.getpixel((2, 2)))
    if shot.finish == "half":
        image = image.resize((image.width // 2, image.height // 2), Image.Resampling.LANCZOS)
    if shot.finish != "q35":
        return png(image)
    body = BytesIO()
    image.save(body, "JPEG", quality=35)
    return body.getvalue()


def _head(pen: Pen) -> float:
    shot, width = pen.shot, pen.shot.width
    name = shot.shown_contact or shot.contact
    if shot.style == "cropped":
        return 40
    if shot.style in ("ios", "inbox"):
        pen.write("21:37", 90, 44, 42)
        pen.write("5G", width - 210, 46, 36)
        pen.write("86", width - 130, 46, 36)
    else:
        pen.write("21:37", 60, 34, 34)
        pen.write("中国移动" if shot.style == "samsung" else "4G", width - 330, 34, 34)
        pen.write("86%", width - 130, 34, 34)
    if shot.style == "inbox":
        pen.write("Messages" if shot.english else "信息", 60, 160, 70)
        return 300
    if shot.style == "ios":
        pen.write("<", 40, 150, 52, (0, 122, 255))
        pen.draw.ellipse((width / 2 - 60, 120, width / 2 + 60, 240), fill=(170, 175, 185))
        pen.write(name, width / 2, 258, 34, at="m")
        return 340
    if shot.style == "wechat":
        pen.write("<", 40, 128, 48)
        pen.write(name, width / 2, 130, 46, at="m")
        pen.write("...", width - 60, 120, 48, at="r")
        return 250
    pen.write("←", 40, 130, 48)
    pen.write(name, 140, 130, 46)
    return 250


def _foot(pen: Pen) -> None:
    shot = pen.shot
    words = {
        "ios": "iMessage" if shot.english else "短信/彩信",
        "samsung": "",
        "wechat": "按住 说话",
        "cropped": "",
        "inbox": "",
    }
    text = words.get(shot.style, "Text message" if shot.english else "短信")
    if text:
        y = shot.height - 150
        x = shot.width / 2 if shot.style == "wechat" else 150
        pen.draw.rounded_rectangle((110, y - 20, shot.width - 150, y + 64), 40, outline=pen.soft, width=2)
        pen.write(text, x, y, 40, pen.soft, at="m" if shot.style == "wechat" else "l")
        if shot.style == "android":
            pen.write("Send" if shot.english else "发送", shot.width - 30, y, 40, pen.soft, at="r")


def _talk(pen: Pen, y: float) -> None:
    shot, width, size = pen.shot, pen.shot.width, pen.shot.size
    inset = 150 if shot.style == "wechat" else 48
    pitch = size * (1.24 if shot.style == "ios" else 1.45)
    pad, apart = (0.5 * size, 12) if shot.style == "ios" else (0.6 * size, 40)
    current = Time("")
    for item in shot.items:
        if isinstance(item, Time):
            current = item
            y += 24
            if shot.style == "ios":
                pen.write("Text Message" if shot.english else "短信/彩信", width / 2, y, 30, pen.soft, at="m")
                y += 38
            pen.write(item.shown, width / 2, y, 30, pen.soft, at="m")
            y += 70
            continue
        lines = list(wrap(item.text, size, 0.7 * width - 2 * pad - (60 if inset > 100 else 0), words=shot.words))
        long = max(font(size).getlength(line) for line in lines) + 2 * pad
        left = width - inset - long if item.sent else inset
        high = pitch * (len(lines) - 1) + size + 2 * pad
        if shot.style == "wechat":
            x = width - 40 - 90 if item.sent else 40
            pen.draw.rectangle((x, y, x + 90, y + 90), fill=(120, 150, 190))
        fill = pen.own if item.sent else pen.bubble
        pen.draw.rounded_rectangle((left, y, left + long, y + high), 34, fill=fill)
        white = item.sent and shot.style != "wechat"
        dark_on_green = item.sent and shot.style == "wechat"
        ink = (255, 255, 255) if white else (20, 20, 20) if dark_on_green else pen.ink
        for n, line in enumerate(lines):
            pen.write(line, left + pad, y + pad + n * pitch, size, ink)
        own = item.time
        if own and shot.style == "samsung":
            pen.write(own.shown, left + long + 16, y + high - 44, 28, pen.soft)
        y += high + apart
        _true(pen, item, own or current)


def _inbox(pen: Pen, y: float) -> None:
    shot, width, size = pen.shot, pen.shot.width, pen.shot.size
    for item in shot.items:
        assert isinstance(item, Said) and item.time
        pen.draw.ellipse((40, y + 6, 140, y + 106), fill=(170, 175, 185))
        pen.write(item.sender, 170, y, size)
        pen.write(item.time.shown, width - 40, y + 4, 32, pen.soft, at="r")
        y += 1.5 * size
        for line in wrap(item.text, size - 4, width - 240, words=shot.words):
            pen.write(line, 170, y, size - 4, pen.soft)
            y += 1.35 * size
        y += 40
        _true(pen, item, item.time)


def _true(pen: Pen, item: Said, time: Time) -> None:
    at = datetime.fromisoformat(time.at).replace(tzinfo=SHANGHAI) if time.at else None
    whole_day = bool(time.at) and "T" not in time.at
    contact = item.sender or pen.shot.contact
    contact = contact.replace(" ", "") if re.fullmatch(r"[\d+ ]+", contact) else contact
    sides = {"recipient": contact} if item.sent else {"sender": contact}
    pen.drawn.truth.append(Imported(item.text, at=at, sent=item.sent, whole_day=whole_day, **sides))
