"""Makes a letter a file: a Word document, or a PDF to print.

The layout is a template of its own (`templates/<language>/letter.docx`, `letter.typ`) that can be edited; here a
letter's text is only divided into what it consists of. The text is the same that is copied in a chat.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from advisor.cleaning import tidy
from advisor.expressions import for_documents
from advisor.normal import simplify
from advisor.settings import setting

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
_HEADING = re.compile(r"[一二三四五六七八九十]{1,3}、\S{1,30}|Part \d{1,2}: [^.:]{1,60}")
_ITEM = re.compile(r"\d{1,2}[.．、]\s*\S|\d{3,5}[.、]\s+\S")
_BOX = "□"
WIDTH = 5_400_000  # of a picture, in EMU: 15 cm
_SIGN = re.compile(
    r"\S{0,12}(?:签名|姓名|日期|签字|盖章|联系电话|证件号码|我的号码|被联系的号码|报案人|申请人|异议人|投诉人|记录人|记账人)\S{0,6}[:：].{0,40}"
    r"|.{0,4}[0-9＿]{4,8}年[0-9＿]{1,4}月[0-9＿]{1,4}日"
    r"|(?:Signature|Date)\b[^:]{0,40}: ?.{0,40}|\d{1,2} [A-Z][a-z]{2,8} \d{4}"
)


CAME_ALONG = ("NotoSerifCJKsc-Regular.otf", "NotoSansCJKsc-Regular.otf")  # free; other fonts beside them are not


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of a letter.

    `kind` is heading, item, under (a line that belongs to the item above), box (one thing to tick), sign, plain
    (a line that stands by itself) or text.
    """

    kind: str
    text: str


def parts(title: str, text: str) -> list[Part]:
    """Divide the text of a letter; the title at its head is left out, since the layout has its own place for it."""
    lines = [line.rstrip() for line in tidy(text).splitlines()]
    if lines and simplify(lines[0]) == simplify(title):
        lines = lines[1:]
    last = max((at for at, line in enumerate(lines) if line and not _is_sign(line)), default=-1)
    return list(_parts(lines, last))


def _is_sign(line: str) -> bool:
    return _SIGN.fullmatch(simplify(line)) is not None  # a letter may stand in traditional characters


def _parts(lines: Sequence[str], last: int) -> Iterator[Part]:
    begun = False  # only the first line, with a colon at its end, names whom the letter is for
    for at, written in enumerate(lines):
        line = written.strip()
        if not line:
            continue
        if at > last:
            yield Part("sign", line)
        elif _HEADING.fullmatch(line):
            yield Part("heading", line)
        elif line.startswith(_BOX):
            yield from (Part("box", f"{_BOX}{box.rstrip()}") for box in line.split(_BOX)[1:])
        elif _ITEM.match(line):
            yield Part("item", line)
        elif written.startswith("　"):
            yield Part("under", line)
        elif _is_sign(line.partition("　")[0]) or (line.endswith(("：", ":")) and not begun):
            yield Part("plain", line)
        else:
            yield Part("text", line)
        begun = True


def docx(
    title: str, text: str, language: str = "zh", picture: bytes | None = None, made_at: datetime | None = None
) -> bytes:
    """Give the letter as a Word document, a PNG after it; it needs no font here, the reader's Word has them.

    With `made_at` the same letter is always the same bytes.
    """
    from docxtpl import DocxTemplate, InlineImage

    template = DocxTemplate(TEMPLATES / language / "letter.docx")
    drawn = InlineImage(template, BytesIO(picture), width=WIDTH) if picture else ""
    values = {"title": title, "parts": [asdict(part) for part in parts(title, text)], "picture": drawn}
    template.render(values, jinja_env=for_documents())
    body = BytesIO()
    template.save(body)
    return _dated(body, made_at) if made_at else body.getvalue()


def _dated(document: BytesIO, made_at: datetime) -> bytes:
    """Write a Word document anew, each part of it with the same time."""
    body = BytesIO()
    with ZipFile(document) as read, ZipFile(body, "w", ZIP_DEFLATED) as written:
        for part in read.namelist():
            written.writestr(ZipInfo(part, made_at.timetuple()[:6]), read.read(part), ZIP_DEFLATED)
    return body.getvalue()


def pdf(
    title: str, text: str, language: str = "zh", picture: bytes | None = None, made_at: datetime | None = None
) -> bytes:
    """Give the letter as a PDF with its fonts in it, a PNG after it.

    The font of the setting DOCUMENT_FONT (the name of a family, or the path of a file) goes first, then those of
    the system, then those that came along. FileNotFoundError when there is no such font.
    With `made_at` the same letter is always the same bytes.
    """
    import typst

    with TemporaryDirectory() as folder:
        layout, drawn = Path(folder, "letter.typ"), Path(folder, "picture.png")
        layout.write_bytes((TEMPLATES / language / "letter.typ").read_bytes())  # beside the picture, which it reads
        if picture:
            drawn.write_bytes(picture)
        letter = {
            "title": title,
            "parts": [asdict(part) for part in parts(title, text)],
            "picture": drawn.name if picture else "",
            "font": _chosen_font(Path(folder), setting("DOCUMENT_FONT")),
        }
        made = typst.compile(
            layout,
            sys_inputs={"letter": json.dumps(letter, ensure_ascii=False)},
            font_paths=[Path(folder)],
            timestamp=made_at.astimezone(UTC) if made_at else None,
        )
    assert isinstance(made, bytes)
    return made


def _chosen_font(folder: Path, chosen: str) -> str:
    """Lay the fonts for a document into `folder`, and name the family that was chosen, if any."""
    import typst

    family, file = chosen, Path(chosen).expanduser()
    if chosen and file.is_file():
        (folder / file.name).symlink_to(file.resolve())
        families = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder]).families()
        family = families[0] if families else ""
    for path in came_along():
        if not (folder / path.name).exists():
            (folder / path.name).symlink_to(path)
    if chosen and family not in typst.Fonts(font_paths=[folder]).families():
        raise FileNotFoundError(chosen)
    return family


def came_along() -> list[Path]:
    """Name the fonts that came along, without loading the package that carries them."""
    found = find_spec("mplfonts")
    folders = found.submodule_search_locations if found else None
    paths = (Path(folder) / "fonts" / name for folder in folders or () for name in CAME_ALONG)
    return [path for path in paths if path.is_file()]
