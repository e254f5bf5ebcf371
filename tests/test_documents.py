"""Letters as files: the same words as in the chat, in Word and in PDF, whatever the words are."""

import json
import re
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import docx
import pypdfium2
import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.charts import png
from advisor.cleaning import tidy
from advisor.documents import Part, came_along, parts
from advisor.documents import docx as as_docx
from advisor.documents import pdf as as_pdf
from tests.conversation import advisor
from tests.test_terminal import bot

LETTERS = sorted(advisor().content.letters)
HOSTILE = "<b>&amp; {{ 7*7 }} {% raw %} #set page() $x$ =1+1 @sum \\ ]]> “引号”"


def drafted(name: str, **facts: str) -> tuple[str, str]:
    """Give the title and the text of a letter."""
    from datetime import date

    return advisor().content.letters[name].front.title, advisor().draft(name, facts, date(2026, 11, 25))


def bare(text: str) -> str:
    return "".join(text.split())


def read_docx(body: bytes) -> str:
    return "\n".join(one.text for one in docx.Document(BytesIO(body)).paragraphs)


@pytest.mark.parametrize("name", LETTERS)
def test_every_letter_is_the_same_in_word(name: str) -> None:
    title, text = drafted(name)
    written = bare(read_docx(as_docx(title, text)))
    assert written.startswith(bare(title))
    assert bare(text).removeprefix(bare(title)) in written


def read_pdf(body: bytes) -> str:
    with pypdfium2.PdfDocument(body) as document:
        pages = [page.get_textpage().get_text_bounded() for page in document]
    return "".join(re.sub(r"第\s*\d+\s*页，共\s*\d+\s*页\s*$", "", page) for page in pages)


def fonts_in(body: bytes) -> set[str]:
    """Name the fonts of a PDF; each of them must be in it."""
    named = {name.decode() for name in re.findall(rb"/BaseFont\s*/[A-Z]{6}\+([\w-]+)", body)}
    assert named and body.count(b"/FontFile") == body.count(b"/Type/FontDescriptor")
    return named


@pytest.mark.parametrize("name", LETTERS)
def test_every_letter_is_the_same_in_print(name: str) -> None:
    title, text = drafted(name)
    assert bare(read_pdf(as_pdf(title, text))) == bare(title) + bare(text).removeprefix(bare(title))


NOTO = {"NotoSerifCJKsc-Regular", "NotoSansCJKsc-Regular"}


def of_the_system() -> set[str]:
    return {family for family in typst.Fonts(include_embedded_fonts=False).families() if "DejaVu" not in family}


@pytest.mark.skipif(bool(of_the_system()), reason="this machine has fonts of its own, which go first")
@pytest.mark.parametrize("name", LETTERS)
def test_a_machine_without_chinese_fonts_prints_with_those_that_came_along(name: str) -> None:
    found = fonts_in(as_pdf(*drafted(name)))
    assert found <= {f"{font}-Identity-H" for font in NOTO} | NOTO


def test_fonts_that_may_not_be_given_away_are_not_offered() -> None:
    assert {path.stem for path in came_along()} == NOTO
    assert {path.stem for path in came_along()[0].parent.iterdir()} > NOTO  # others lie beside them


def test_the_font_of_the_settings_goes_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    sans = came_along()[1]
    for chosen in ("Noto Sans CJK SC", str(sans)):
        monkeypatch.setenv("DOCUMENT_FONT", chosen)
        assert all("NotoSansCJKsc" in name for name in fonts_in(as_pdf("题目", "内容。")))
    monkeypatch.setenv("DOCUMENT_FONT", "no such font")
    with pytest.raises(FileNotFoundError):
        as_pdf("题目", "内容。")
    ran = bot("letter", "police_statement", "--format", "pdf")
    assert ran.returncode == 2 and ran.stderr.splitlines() == ["没有 DOCUMENT_FONT 里写的字体：no such font"]


def test_no_line_of_print_begins_with_a_sign_and_no_gap_is_broken() -> None:
    for name in LETTERS:
        title, text = drafted(name, **({"words": "字" * 60 + "，" + "字" * 90} if name == "police_statement" else {}))
        for line in read_pdf(as_pdf(title, text)).splitlines():
            assert not line or line[0] not in "，。；：、！？）》”", line
        assert re.findall("＿+", read_pdf(as_pdf(title, text))) == re.findall("＿+", text)


def test_a_signature_never_stands_on_a_page_of_its_own() -> None:
    for lines in range(24, 32):
        body = as_pdf("题目", "\n".join([*["写满一行。"] * lines, "以上属实。", "签名：＿＿＿＿", "2026年11月25日"]))
        with pypdfium2.PdfDocument(body) as document:
            pages = [bare(page.get_textpage().get_text_bounded()) for page in document]
        assert [words in pages[-1] for words in ("以上属实", "签名", "2026年11月25日")] == [True] * 3


def test_a_long_word_stays_on_the_page() -> None:
    body = as_pdf("题目", "a" * 300 + "。")
    with pypdfium2.PdfDocument(body) as document:
        page = document[0]
        texts = page.get_textpage()
        right = max(texts.get_charbox(at)[2] for at in range(texts.count_chars()))
        assert right < page.get_width()
    assert bare(read_pdf(body)) == "题目" + "a" * 300 + "。"


def test_what_a_person_said_is_only_text(tmp_path: Path) -> None:
    title, text = drafted("police_statement", words=HOSTILE)
    assert bare(HOSTILE) in bare(read_docx(as_docx(title, text)))
    assert as_pdf(title, text).startswith(b"%PDF-")


def test_what_looks_like_a_field_or_a_formula_becomes_none() -> None:
    """Neither Word nor whoever prints it is made to fetch, reckon or run anything."""
    words = '=HYPERLINK("http://a.cn","x") { INCLUDEPICTURE "http://a.cn" } #image("/etc/passwd") DDEAUTO c:\\\\x'
    title, text = drafted("police_statement", words=words)
    assert "HYPERLINK" in bare(read_docx(as_docx(title, text)))
    with ZipFile(BytesIO(as_docx(title, text))) as files:
        document = files.read("word/document.xml").decode()
        links = [name for name in files.namelist() if b'TargetMode="External"' in files.read(name)]
    assert not any(field in document for field in ("instrText", "fldSimple", "w:hyperlink", "w:altChunk"))
    assert not links
    assert bare('#image("/etc/passwd")') in bare(read_pdf(as_pdf(title, text))).replace("“", '"').replace("”", '"')


@settings(deadline=None, max_examples=30)
@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=400))
def test_any_words_can_be_put_into_a_file(text: str) -> None:
    assert bare(tidy(text)) in bare(read_docx(as_docx("题目", text))) or not bare(text)
    assert as_pdf("题目", text).startswith(b"%PDF-")


def test_nothing_of_us_is_written_into_a_file() -> None:
    with ZipFile(BytesIO(as_docx("题目", "内容"))) as files:
        core = files.read("docProps/core.xml").decode()
    assert "python-docx" not in core
    assert "<dc:creator></dc:creator>" in core.replace("<dc:creator/>", "<dc:creator></dc:creator>")


def test_a_letter_is_divided_into_what_it_consists_of() -> None:
    text = (
        "题目\n\n青苗金融：\n我在贵处借过钱。\n请贵处：\n一、经过\n1. 书面答复。\n　 号码：12\n□ 截图　□ 录音\n"
        "姓名：＿＿＿＿\n2026年11月25日"
    )
    assert parts("题目", text) == [
        Part("plain", "青苗金融："), Part("text", "我在贵处借过钱。"), Part("text", "请贵处："),
        Part("heading", "一、经过"), Part("item", "1. 书面答复。"), Part("under", "号码：12"), Part("box", "□ 截图"),
        Part("box", "□ 录音"), Part("sign", "姓名：＿＿＿＿"), Part("sign", "2026年11月25日"),
    ]  # fmt: skip


@pytest.mark.parametrize(("kind", "begins"), [("docx", b"PK"), ("pdf", b"%PDF-"), ("txt", "报案情况说明".encode())])
def test_the_command_line_makes_every_form(tmp_path: Path, kind: str, begins: bytes) -> None:
    path = tmp_path / f"letter.{kind}"
    ran = bot("letter", "police_statement", "times=5次", "--format", kind, "--out", str(path))
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
    assert path.read_bytes().startswith(begins)


def test_a_file_that_cannot_be_written_is_said_in_one_sentence(tmp_path: Path) -> None:
    ran = bot("letter", "police_statement", "--out", str(tmp_path / "none" / "a.txt"))
    assert ran.returncode == 2 and len(ran.stderr.splitlines()) == 1
    assert json.dumps(ran.stdout) == '""'


def test_a_plan_comes_with_its_picture_in_both_forms() -> None:
    plan = png("每月\n月份|到手|吃住|剩下\n1月|4500|3000|1500")
    assert len(docx.Document(BytesIO(as_docx("题目", "内容", picture=plan))).inline_shapes) == 1
    assert len(docx.Document(BytesIO(as_docx("题目", "内容"))).inline_shapes) == 0
    assert len(as_pdf("题目", "内容", picture=plan)) > len(as_pdf("题目", "内容")) + 5000
