"""Letters as files: the same words as in the chat, in Word and in PDF, whatever the words are."""

import json
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.documents import Part, parts
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


@pytest.mark.parametrize("name", LETTERS)
def test_every_letter_can_be_printed_with_its_fonts_inside(name: str) -> None:
    body = as_pdf(*drafted(name))
    assert body.startswith(b"%PDF-") and b"/FontFile3" in body


def test_what_a_person_said_is_only_text(tmp_path: Path) -> None:
    title, text = drafted("police_statement", words=HOSTILE)
    assert bare(HOSTILE) in bare(read_docx(as_docx(title, text)))
    assert as_pdf(title, text).startswith(b"%PDF-")


@settings(deadline=None, max_examples=30)
@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=400))
def test_any_words_can_be_put_into_a_file(text: str) -> None:
    assert bare(text) in bare(read_docx(as_docx("题目", text))) or not bare(text)
    assert as_pdf("题目", text).startswith(b"%PDF-")


def test_nothing_of_us_is_written_into_a_file() -> None:
    with ZipFile(BytesIO(as_docx("题目", "内容"))) as files:
        core = files.read("docProps/core.xml").decode()
    assert "python-docx" not in core
    assert "<dc:creator></dc:creator>" in core.replace("<dc:creator/>", "<dc:creator></dc:creator>")


def test_a_letter_is_divided_into_what_it_consists_of() -> None:
    text = "题目\n\n青苗金融：\n我在贵处借过钱。\n一、经过\n1. 书面答复。\n□ 截图\n姓名：＿＿＿＿\n2026年11月25日"
    assert parts("题目", text) == [
        Part("plain", "青苗金融："), Part("text", "我在贵处借过钱。"), Part("heading", "一、经过"),
        Part("item", "1. 书面答复。"), Part("item", "□ 截图"), Part("sign", "姓名：＿＿＿＿"),
        Part("sign", "2026年11月25日"),
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
