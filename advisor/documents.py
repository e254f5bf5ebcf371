"""Makes a letter a file: a Word document, or a PDF to print.

The layout is a template of its own (`templates/<language>/letter.docx`, `letter.typ`) that can be edited; here a
letter's text is only divided into what it consists of. The text is the same that is copied in a chat.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

from advisor.expressions import for_documents

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
_HEADING = re.compile(r"[一二三四五六七八九十]{1,3}、\S{1,30}")
_ITEM = re.compile(r"\d{1,2}[.．、]\s*\S|[·•□]\s*\S")
_SIGN = re.compile(
    r"\S{0,12}(?:签名|姓名|日期|签字|盖章|联系电话|报案人|申请人|异议人|投诉人)\S{0,6}[:：].{0,40}"
    r"|.{0,4}[0-9＿]{4,8}年[0-9＿]{1,4}月[0-9＿]{1,4}日"
)


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of a letter; `kind` is heading, item, sign, plain (a line that stands by itself) or text."""

    kind: str
    text: str


def parts(title: str, text: str) -> list[Part]:
    """Divide the text of a letter; the title at its head is left out, since the layout has its own place for it."""
    lines = [line.strip() for line in text.splitlines()]
    if lines and lines[0] == title:
        lines = lines[1:]
    last = max((at for at, line in enumerate(lines) if line and not _SIGN.fullmatch(line)), default=-1)
    return list(_parts(lines, last))


def _parts(lines: Sequence[str], last: int) -> Iterator[Part]:
    for at, line in enumerate(lines):
        if not line:
            continue
        if at > last:
            yield Part("sign", line)
        elif _HEADING.fullmatch(line):
            yield Part("heading", line)
        elif _ITEM.match(line):
            yield Part("item", line)
        elif line.endswith(("：", ":")) or _SIGN.fullmatch(line.partition("　")[0]):
            yield Part("plain", line)
        else:
            yield Part("text", line)


def docx(title: str, text: str, language: str = "zh") -> bytes:
    """Give the letter as a Word document; it needs no font here, the reader's Word has them."""
    from docxtpl import DocxTemplate

    template = DocxTemplate(TEMPLATES / language / "letter.docx")
    values = {"title": title, "parts": [asdict(part) for part in parts(title, text)]}
    template.render(values, jinja_env=for_documents())
    body = BytesIO()
    template.save(body)
    return body.getvalue()


def pdf(title: str, text: str, language: str = "zh") -> bytes:
    """Give the letter as a PDF with its fonts in it: those of the system first, else those that came along."""
    import typst

    letter = {"title": title, "parts": [asdict(part) for part in parts(title, text)]}
    source = TEMPLATES / language / "letter.typ"
    made = typst.compile(source, sys_inputs={"letter": json.dumps(letter, ensure_ascii=False)}, font_paths=fonts())
    assert isinstance(made, bytes)
    return made


def fonts() -> list[Path]:
    """Name the folder of the fonts that came along, without loading the package that carries them."""
    found = find_spec("mplfonts")
    folders = found.submodule_search_locations if found else None
    return [Path(folder) / "fonts" for folder in folders or ()]
