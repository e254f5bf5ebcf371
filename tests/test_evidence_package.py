"""The archive of an evidence file: it opens, it can be verified, and it tells the same in every form."""

import csv
import hashlib
import json
from dataclasses import replace
from datetime import date
from functools import cache
from io import BytesIO, StringIO
from pathlib import PurePosixPath
from typing import Any, get_args
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.charts import Point, days_png
from advisor.content.signals import GRADES, FindingId
from advisor.evidence.chart import NAMES, chart
from advisor.evidence.package import package
from advisor.evidence.table import as_it_was, harmless, table
from advisor.evidence.timeline import Timeline
from advisor.exhibit import Exhibit, Kind, KnownBy, Original
from tests.conversation import advisor
from tests.exhibits import CASE, SCREENSHOT, THREAT, at, exhibit
from tests.test_charts import size
from tests.test_documents import bare, read_docx, read_pdf

TODAY = date(2026, 1, 6)
DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))
FILES = {hashlib.sha256(SCREENSHOT).hexdigest(): SCREENSHOT}


def packed(exhibits: list[Exhibit], language: str = "zh", files: Any = FILES.__getitem__) -> dict[str, bytes]:
    with ZipFile(BytesIO(package(exhibits, files, advisor().words, TODAY, language))) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


@cache
def case(language: str = "zh") -> dict[str, bytes]:
    return packed(CASE, language)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_sums_hold_for_every_file(language: str) -> None:
    found = case(language)
    lines = [line.split("  ", 1) for line in found["SHA256SUMS"].decode().splitlines()]
    sums = {name: sha256 for sha256, name in lines}
    assert sums == {name: hashlib.sha256(body).hexdigest() for name, body in found.items() if name != "SHA256SUMS"}


def test_everything_that_was_promised_is_there() -> None:
    names = {
        *(f"{name}.{ending}" for name in ("证据清单", "情况说明", "时间线") for ending in ("docx", "pdf")),
        "时间线.csv", "时间线.png", "如何核对.txt", "manifest.json", "SHA256SUMS", "原件/003_picture.jpg",
        "短信原文/001_2025-12-30_21-05.txt", "短信原文/002_2026-01-02_23-15.txt", "短信原文/006_sms.txt",
        "短信原文/007_2025-12-31_09-30.txt", "短信原文/009_2026-01-03_01-00.txt",
    }  # fmt: skip
    assert case().keys() == names
    assert {"Evidence list.pdf", "Statement of facts.docx", "Timeline.csv", "证据清单.pdf"} <= case("en").keys()


def test_the_same_exhibits_give_the_same_bytes() -> None:
    words = advisor().words
    first, again = (package(order, FILES.__getitem__, words, TODAY) for order in (CASE, CASE[::-1]))
    assert first == again
    with ZipFile(BytesIO(first)) as archive:
        assert archive.getinfo("原件/003_picture.jpg").date_time == (2026, 1, 5, 9, 3, 0)


def test_texts_and_originals_are_exactly_what_came() -> None:
    assert case()["短信原文/001_2025-12-30_21-05.txt"] == THREAT.encode()
    assert case()["原件/003_picture.jpg"] == SCREENSHOT


@pytest.mark.parametrize("name", ["证据清单", "情况说明", "时间线"])
def test_word_and_print_say_the_same(name: str) -> None:
    written = bare(read_docx(case()[f"{name}.docx"]))
    assert written == bare(read_pdf(case()[f"{name}.pdf"])) and "打断你的腿" in written


def test_the_english_papers_quote_the_same_words() -> None:
    for name in ("Evidence list", "Statement of facts", "Timeline"):
        assert "打断你的腿" in read_docx(case("en")[f"{name}.docx"]) and "打断你的腿" in read_pdf(
            case("en")[f"{name}.pdf"]
        )


def test_the_manifest_tells_all_that_is_kept_of_every_exhibit() -> None:
    told = json.loads(case()["manifest.json"])["exhibits"]
    assert [one["number"] for one in told] == list(range(1, 10))
    assert [one["sha256"] for one in told] == [one.sha256 for one in CASE]
    assert (told[3]["replaced_by"], told[1]["proofs"], told[2]["files"]) == (8, [3], ["原件/003_picture.jpg"])
    assert all(name in case() for one in told for name in one["files"])


@pytest.mark.parametrize("body", [None, b"another file"])
def test_an_original_that_is_lost_or_changed_is_left_out_and_told(body: bytes | None) -> None:
    found = packed(CASE, files={next(iter(FILES)): body}.__getitem__ if body else {}.__getitem__)
    assert not [name for name in found if name.startswith("原件/")]
    assert "没有找到" in read_docx(found["证据清单.docx"]) and "第3号" in found["如何核对.txt"].decode("utf-8-sig")
    assert not json.loads(found["manifest.json"])["exhibits"][2]["original_found"]


BAD_NAMES = ["../../x.exe", "C:\\x\\a.LNK", "a.jpg\n", "/etc/passwd", "x.html", "=cmd.csv", "语音.m4a", ".", ""]


BAD_TYPES = ["", "text/html", "audio/x-m4a", "application/x-msdownload"]


def test_no_name_from_outside_goes_into_the_archive() -> None:
    told = [Original.of(name, media_type, SCREENSHOT) for name in BAD_NAMES for media_type in BAD_TYPES]
    found = packed([exhibit(number, "file", original=one) for number, one in enumerate(told, 1)])
    kept = [PurePosixPath(name) for name in found if name.startswith("原件/")]
    assert [path.stem for path in kept] == [f"{number:03}_file" for number in range(1, len(told) + 1)]
    assert {path.suffix for path in kept} == {".bin", ".m4a", ".csv"}


def test_an_empty_file_can_be_packed() -> None:
    found = packed([])
    assert "证据清单.pdf" in found and "时间线.png" not in found


def rows(body: bytes) -> list[list[str]]:
    assert body.startswith(b"\xef\xbb\xbf")  # by this a spreadsheet knows UTF-8
    return list(csv.reader(StringIO(body.decode("utf-8-sig"), newline="")))


def test_the_table_holds_what_came() -> None:
    head, *lines = rows(case()["时间线.csv"])
    by_number = {line[0]: dict(zip(head, map(as_it_was, line), strict=True)) for line in lines}
    assert by_number.keys() == {"1", "2", "3", "5", "6", "7", "8", "9"}
    assert by_number["1"]["内容"] == THREAT and by_number["1"]["号码"] == "10690001234567890"
    assert by_number["6"]["内容"] == "=1+1 请尽快还款" and by_number["6"]["日期"] == ""


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=30), st.sampled_from([*"=+-@\t\r＝＋'1"]))
def test_no_cell_can_run_and_each_comes_back(text: str, begin: str) -> None:
    for cell in (text, begin + text, begin * 13 + text):
        kept = [replace(CASE[0], text=cell, sender=cell)]
        (_, line) = rows(table(Timeline.of(kept, TODAY), advisor().words, "zh"))
        assert not any(one.startswith(("=", "+", "-", "@", "\t", "\r")) for one in line)
        assert as_it_was(line[4]) == as_it_was(line[7]) == cell


@given(st.text(max_size=20))
def test_what_is_made_harmless_can_be_undone(cell: str) -> None:
    assert as_it_was(harmless(cell)) == cell


def test_the_chart_shows_findings_and_is_always_the_same() -> None:
    words = advisor().words
    timeline = Timeline.of(CASE, TODAY)
    drawn = chart(timeline, words, "zh")
    assert drawn is not None and size(drawn)[0] == 1080
    assert drawn == chart(timeline, words, "zh") != chart(timeline, words, "en")
    assert drawn != chart(Timeline.of([replace(CASE[0], reading={}), *CASE[1:]], TODAY), words, "zh")
    assert chart(Timeline.of([exhibit(1)], TODAY), words, "zh") is None


@settings(max_examples=5, deadline=None)
@given(
    st.lists(st.tuples(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 23), st.integers(0, 3)), min_size=1)
)
def test_any_days_can_be_drawn(found: list[tuple[date, int, int]]) -> None:
    points = [Point(day, hour or None, group) for day, hour, group in found]
    assert size(days_png("图", "钟点", "不清楚", points, GRADES))[0] == 1080


@pytest.mark.parametrize("language", ["zh", "en"])
def test_everything_has_a_name_in_every_language(language: str) -> None:
    said = advisor().words.module(NAMES, language)
    told = {
        "kind": get_args(Kind), "known": get_args(KnownBy), "grade": GRADES, "finding": get_args(FindingId)
    }  # fmt: skip
    for macro, names in told.items():
        words = [str(getattr(said, macro)(name)) for name in names]
        assert len(set(words)) == len(words) and not any("_" in one for one in words)
        assert language != "zh" or not any(one.isascii() for one in words)
    assert len(str(said.columns()).split("|")) == 13
    assert len(str(said.chart()).split("|")) == 3 and len(str(said.folders()).split("|")) == 2


def test_a_hostile_text_stays_text() -> None:
    hostile = "{{ 7*7 }} {% raw %} #set page() $x$ <w:t> &amp; \u202e\x00 一、标题 ]]>"
    found = packed([exhibit(1, "sms", at(2026, 1, 2, 9), hostile, sender="{{ x }}")])
    for written in (read_docx(found["时间线.docx"]), read_pdf(found["时间线.pdf"])):
        assert bare("{{ 7*7 }} {% raw %} #set page()") in bare(written)
    assert found["短信原文/001_2026-01-02_09-00.txt"].decode() == hostile
