"""Files come in by what they are; every message of an export is read or counted, and no file can hurt the reader."""

import csv
import struct
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO, StringIO
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from advisor.clock import SHANGHAI
from advisor.content.exports import Columns
from advisor.evidence.filetypes import (
    MOST_BYTES,
    MOST_PIXELS,
    RefusedError,
    admit,
    kind_of,
)
from advisor.evidence.imported import LONGEST
from advisor.evidence.imports import Imported, Summary, read
from advisor.evidence.tables import plain
from advisor.evidence.times import read_time
from tests.conversation import advisor

NOW = datetime(2026, 11, 23, 20, 30, tzinfo=SHANGHAI)
AT = datetime(2026, 11, 3, 21, 5, 11, tzinfo=SHANGHAI)
WORDS = advisor().content.exports
BOMB = '<!DOCTYPE smses [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE smses [<!ENTITY a SYSTEM "file:///etc/hostname">]>'


def messages(body: bytes | str, name: str = "export") -> tuple[list[Imported], Summary]:
    summary = Summary()
    file = BytesIO(body.encode() if isinstance(body, str) else body)
    return list(read(file, name, NOW, WORDS, summary)), summary


def one(body: bytes | str) -> Imported:
    found, summary = messages(body)
    assert summary.read == 1 and not summary.skipped
    return found[0]


def sms(**told: str) -> str:
    told = {"address": "10690000", "date": str(int(AT.timestamp() * 1000)), "type": "1", "body": "还钱", **told}
    return "<sms " + " ".join(f"{name}={quoteattr(value)}" for name, value in told.items()) + " />"


def backup(*inside: str, before: str = "") -> str:
    return f"<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>{before}<smses count='1'>{''.join(inside)}</smses>"


def refusal(act: Callable[[], object]) -> RefusedError:
    with pytest.raises(RefusedError) as caught:
        act()
    return caught.value


@contextmanager
def peak() -> Iterator[list[int]]:
    """Measure the most bytes that Python held at once within the block."""
    found: list[int] = []
    tracemalloc.start()
    try:
        yield found
        found.append(tracemalloc.get_traced_memory()[1])
    finally:
        tracemalloc.stop()


def picture(format: str, **how: object) -> bytes:
    body = BytesIO()
    Image.new("RGB", (60, 40), "navy").save(body, format, **how)
    return body.getvalue()


def png_head(width: int, height: int) -> bytes:
    """Write the beginning of a PNG, sound as far as it goes."""
    chunk = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    head = struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))
    return b"\x89PNG\r\n\x1a\n" + head + struct.pack(">I", 9) + b"IDAT" + bytes(9)


def zipped(**files: bytes) -> bytes:
    body = BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, inside in files.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), inside)
    return body.getvalue()


def box(name: bytes, inside: bytes) -> bytes:
    return struct.pack(">I", 8 + len(inside)) + name + inside


def heic(width: int, height: int) -> bytes:
    size = box(b"ispe", bytes(4) + struct.pack(">II", width, height))
    return box(b"ftyp", b"heic" + bytes(4) + b"mif1heic") + box(b"meta", bytes(4) + size) + box(b"mdat", bytes(50))


# ---- what a file is -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "media_type", "kind"),
    [
        (picture("PNG"), "image/png", "picture"),
        (picture("JPEG"), "image/jpeg", "picture"),
        (picture("WEBP"), "image/webp", "picture"),
        (picture("GIF"), "image/gif", "picture"),
        (heic(4032, 3024), "image/heic", "picture"),
        (b"ID3\x03\0\0\0\0\0\0" + bytes(90), "audio/mpeg", "recording"),
        (b"\xff\xfb\x90\x64" + bytes(90), "audio/mpeg", "recording"),
        (b"\xff\xf1\x50\x80" + bytes(90), "audio/aac", "recording"),
        (box(b"ftyp", b"M4A \0\0\0\0") + box(b"mdat", bytes(9)), "audio/mp4", "recording"),
        (b"#!AMR\n" + bytes(90), "audio/amr", "recording"),
        (b"OggS\0\x02" + bytes(90), "audio/ogg", "recording"),
        (b"RIFF\x24\0\0\0WAVEfmt " + bytes(90), "audio/wav", "recording"),
        (box(b"ftyp", b"isom\0\0\2\0") + box(b"mdat", bytes(9)), "video/mp4", "recording"),
        (box(b"ftyp", b"3gp5\0\0\2\0") + box(b"mdat", bytes(9)), "video/3gpp", "recording"),
        (b"%PDF-1.7\n...\n%%EOF\n", "application/pdf", "paper"),
        (
            zipped(word__document_xml=b"<w/>"),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "paper",
        ),
        (backup(sms()).encode(), "application/xml", "export"),
        ("\ufeff内容,时间\n".encode(), "text/plain", "export"),
        ("您的贷款已逾期".encode("gb18030"), "text/plain", "export"),
        ("您的贷款已逾期".encode("utf-16"), "text/plain", "export"),
    ],
)
def test_a_file_is_known_by_its_bytes(body: bytes, media_type: str, kind: str) -> None:
    found = admit(BytesIO(body), "notes.exe")
    assert (found.media_type, found.kind) == (media_type, kind)


@pytest.mark.parametrize(
    "body",
    [b"", b"  \n ", b"MZ\x90\0" + bytes(60), b"<!doctype html><p>hi", b"{\\rtf1 hello}", bytes(range(256)) * 9],
)
def test_what_is_not_wanted_is_refused_whatever_its_name(body: bytes) -> None:
    assert kind_of(body, "picture.png") is None
    assert refusal(lambda: admit(BytesIO(body), "picture.png")).why == "wrong_type"
    assert refusal(lambda: messages(body, "messages.csv")).why == "wrong_type"


@pytest.mark.parametrize(
    "body", [zipped(a_txt=b"a"), b"Rar!\x1a\x07\x01\0", b"7z\xbc\xaf'\x1c", b"\x1f\x8b\x08\0", zipped()]
)
def test_an_archive_is_refused_as_one(body: bytes) -> None:
    assert refusal(lambda: admit(BytesIO(body), "letter.docx")).why == "archive"


def test_a_bomb_in_a_zip_is_refused_without_unpacking_it() -> None:
    bomb = zipped(word__document_xml=b"<w/>", word__media__a_bin=bytes(300_000_000))
    assert len(bomb) < 1_000_000
    with peak() as most:
        assert refusal(lambda: admit(BytesIO(bomb), "letter.docx")).why == "archive"
    assert most[0] < 10_000_000


def test_a_file_too_large_is_refused_and_the_most_is_told() -> None:
    refused = refusal(lambda: admit(BytesIO(picture("PNG") + bytes(MOST_BYTES))))
    assert (refused.why, refused.most) == ("too_large", MOST_BYTES)


@pytest.mark.parametrize("body", [png_head(20_000, 10_000), png_head(10_000, 5_001), heic(20_000, 10_000)])
def test_a_picture_of_too_many_pixels_is_refused_by_its_head(body: bytes) -> None:
    refused = refusal(lambda: admit(BytesIO(body)))
    assert (refused.why, refused.most) == ("too_many_pixels", MOST_PIXELS)


@pytest.mark.parametrize(
    "body",
    [
        *(picture(format) for format in ("PNG", "JPEG", "WEBP", "GIF")),
        heic(4032, 3024),
        box(b"ftyp", b"isom\0\0\2\0") + box(b"mdat", bytes(90)),
        b"%PDF-1.7\n" + bytes(90) + b"\n%%EOF\n",
        zipped(word__document_xml=b"<w/>"),
    ],
)
def test_a_file_that_breaks_off_is_damaged(body: bytes) -> None:
    assert refusal(lambda: admit(BytesIO(body[:-20]))).why == "damaged"


def test_the_end_of_a_thumbnail_is_not_taken_for_that_of_its_picture() -> None:
    exif = Image.Exif()
    exif[0x010E] = "\xff\xd9 inside"
    whole = picture("JPEG", exif=b"Exif\0\0" + picture("JPEG"))
    assert admit(BytesIO(whole)).kind == "picture"
    assert refusal(lambda: admit(BytesIO(whole[:-20]))).why == "damaged"


@given(st.sampled_from([picture("PNG"), picture("JPEG"), picture("WEBP"), picture("GIF"), heic(9, 9)]), st.data())
def test_a_file_changed_anywhere_is_taken_or_refused(body: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(body) - 1))
    changed = body[:at] + data.draw(st.binary(max_size=8)) + body[at + data.draw(st.integers(0, 8)) :]
    try:
        assert admit(BytesIO(changed)).kind
    except RefusedError as refused:
        assert refused.why


# ---- times --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "told",
    [
        "1793711111000", "1793711111", "2026-11-03 21:05:11", "2026/11/3 21:05:11", "2026年11月3日 21:05:11",
        "2026.11.03 21:05:11", "2026/11/3 下午9:05:11", "2026年11月3日 星期二 下午9:05:11", "Nov 3, 2026 9:05:11 PM",
        "2026-11-03T13:05:11Z", "2026-11-03T21:05:11+08:00", "20261103T210511",
    ],
)  # fmt: skip
def test_a_time_is_read_as_phones_write_it(told: str) -> None:
    assert read_time(told, NOW) == (AT, False)


@pytest.mark.parametrize("told", ["2026-11-03", "2026/11/3", "2026年11月3日", "11月3日", "Nov 3, 2026"])
def test_of_a_day_without_an_hour_only_the_day_is_known(told: str) -> None:
    assert read_time(told, NOW) == (AT.replace(hour=0, minute=0, second=0), True)


@pytest.mark.parametrize("told", ["", "null", "2026-13-45 10:00", "9" * 40, "0001-01-01T00:00:00+14:00", "几天前吧"])
def test_a_time_that_cannot_be_told_is_none(told: str) -> None:
    assert read_time(told, NOW) == (None, False)


# ---- the XML of SMS Backup & Restore --------------------------------------------------------------------------------


def test_a_message_of_a_backup_has_sender_and_time() -> None:
    assert one(backup(sms(body="还钱\n明天"))) == Imported("还钱\n明天", "10690000", "", AT)


def test_a_message_that_was_sent_goes_to_the_other_side() -> None:
    assert one(backup(sms(type="2"))) == Imported("还钱", "", "10690000", AT, sent=True)


def test_without_a_number_the_name_stands_for_it() -> None:
    assert one(backup(sms(address="null", contact_name="老王"))).sender == "老王"


def test_the_texts_of_an_mms_are_joined_and_its_pictures_left() -> None:
    parts = (
        '<part ct="application/smil" text="&lt;smil/&gt;"/><part ct="text/plain" text="一"/>'
        f'<part ct="image/jpeg" text="null" data="{"A" * 9_000_000}"/><part ct="text/plain" text="二"/>'
    )
    told = '<addr address="139001" type="137"/><addr address="138002" type="151"/><addr address="137003" type="130"/>'
    mms = '<mms date="1793711111000" msg_box="{}" address="{}"><parts>{}</parts><addrs>{}</addrs></mms>'
    assert one(backup(mms.format(1, "139001~137003", parts, told))) == Imported(
        "一\n二", "139001", "138002, 137003", AT
    )
    sent = one(backup(mms.format(2, "139001~137003", parts, told)))
    assert sent == Imported("一\n二", "", "139001, 137003", AT, sent=True)


def test_what_is_passed_over_is_counted_by_why() -> None:
    picture_only = '<mms date="1" msg_box="1"><parts><part ct="image/png" data="AAAA"/></parts></mms>'
    inside = (sms(), sms(body=""), sms(body="null"), sms(type="3"), sms(type="5"), sms(body="长" * (LONGEST + 1)))
    found, summary = messages(backup(*inside, picture_only))
    assert len(found) == summary.read == 1
    assert summary.skipped == {"no_text": 3, "not_sent": 2, "too_long": 1}


def test_a_time_that_no_clock_shows_does_not_lose_the_message() -> None:
    for date in ("", "null", "-5", "9" * 19, "9" * 4000, "１７９"):
        assert one(backup(sms(date=date))) == Imported("还钱", "10690000", "", None)


@pytest.mark.parametrize("padding", range(0, 60, 7))
def test_emoji_in_two_halves_are_mended_wherever_a_block_ends(padding: int) -> None:
    text = "&#55357;&#56841;&#xD83D;&#xDE09;好&#128521;&#10;&#1;&#55357;"
    whole = backup(sms(body="x" * (16_384 - 200 + padding)), *(sms().replace("还钱", text) for _ in range(400)))
    found, _ = messages(whole)
    assert {message.text for message in found[1:]} == {"😉😉好😉\n\ufffd\ufffd"}


def test_a_backup_that_breaks_off_gives_what_it_holds() -> None:
    found, summary = messages(backup(sms(), sms(), sms())[:-40])
    assert [message.text for message in found] == ["还钱", "还钱"]
    assert summary.skipped == {"broken_off": 1}


@pytest.mark.parametrize("before", [BOMB, OUTSIDE, "<!DOCTYPE smses>", '<!DOCTYPE smses SYSTEM "http://127.0.0.1/a">'])
def test_a_declared_document_type_or_entity_is_refused(before: str) -> None:
    assert refusal(lambda: messages(backup(sms(), before=before))).why == "damaged"


@pytest.mark.parametrize(
    ("begin", "unit"),
    [
        ("<smses><sms body='", "还钱 "),
        ("<smses><sms body='", ">"),
        ("<smses><!--", "<a/> "),
        ("<smses>", "<a>"),
        ("<smses>", "长 "),
        ("<smses><mms>", "<part ct='text/plain'/>"),
        ("<smses><sms ", "a "),
    ],
)
def test_an_element_that_does_not_end_is_refused_before_it_fills_the_memory(begin: str, unit: str) -> None:
    size = 40_000_000
    file = BytesIO((begin + unit * (size // len(unit))).encode())
    with peak() as most:
        assert refusal(lambda: list(read(file, "", NOW, WORDS))).why == "damaged"
    assert most[0] < size / 2


@pytest.mark.parametrize("root", ["calls", "html", "svg"])
def test_other_xml_is_of_the_wrong_type(root: str) -> None:
    assert (
        refusal(lambda: messages(f"<?xml version='1.0'?><{root}><sms body='a' type='1'/></{root}>")).why == "wrong_type"
    )


@pytest.mark.parametrize(
    "body",
    [b"<?xml version='1.0' encoding='gb18030'?><smses/>", b"<?xml version='1.0'?>", b"<smses><sms body='\xff'/>"],
)
def test_what_is_no_xml_at_all_is_damaged(body: bytes) -> None:
    assert refusal(lambda: messages(body)).why == "damaged"


# ---- tables -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_is_read_in_any_encoding_and_with_any_delimiter(encoding: str, delimiter: str) -> None:
    rows = ("短信备份", "序号,手机号码,时间,短信内容,类型", '1,10690000,2026/11/3 21:05:11,"还钱,""明天""\n前",接收')
    body = "\r\n".join(rows) if delimiter == "," else "\r\n".join(row.replace(",", delimiter) for row in rows)
    comma = "," if delimiter == "," else delimiter
    assert one(body.encode(encoding)) == Imported(f'还钱{comma}"明天"\n前', "10690000", "", AT)


@pytest.mark.parametrize(
    ("head", "row", "expected"),
    [
        ("发件人,收件人,日期,时刻,内容", "95588,我,2026-11-03,,还钱", None),
        ("address,date,type,body", "10690000,1793711111000,2,好的", Imported("好的", "", "10690000", AT, True)),
        ("From,To,Date,Time,Message", "139001,138002,2026-11-03,21:05:11,hi", Imported("hi", "139001", "138002", AT)),
        ("方向,对方号码,联系人,时间（北京）,正文", "发出,,老王,2026-11-03,好", Imported(
            "好", "", "老王", AT.replace(hour=0, minute=0, second=0), True, True)),
        ("Phone Number,Contact Name,Text,Received At", "139001,Wang,hi,bad", Imported("hi", "139001")),
    ],
)  # fmt: skip
def test_columns_are_known_by_their_headings(head: str, row: str, expected: Imported | None) -> None:
    midnight = AT.replace(hour=0, minute=0, second=0)
    assert one(f"{head}\n{row}\n") == (expected or Imported("还钱", "95588", "我", midnight, whole_day=True))


@pytest.mark.parametrize("lines", [2, 60_000])
def test_a_row_that_cannot_be_read_is_counted_and_the_rest_is_read(lines: int) -> None:
    rows = ["号码,内容", "1,一", "2", '3,"没完', *["没完"] * lines, "4,四", "5,", '6,"六"六', '7,他说"好"']
    found, summary = messages("\n".join(rows))
    assert [message.text for message in found] == ["一", "四", '他说"好"']
    assert summary.skipped == {"damaged": 3 + lines, "no_text": 1}


def test_drafts_in_a_table_are_counted_only() -> None:
    found, summary = messages("类型,号码,内容\n草稿,1,一\n已发送,2,二\n收件箱,3,三\n")
    assert [(message.text, message.sent) for message in found] == [("二", True), ("三", False)]
    assert summary.skipped == {"not_sent": 1}


def test_no_heading_means_two_columns_and_no_word_two_ways() -> None:
    headings = [plain(word) for role in Columns.model_fields for word in set(getattr(WORDS.columns, role))]
    ways = [plain(word) for way in ("received", "sent", "unsent") for word in getattr(WORDS.ways, way)]
    assert len(headings) == len(set(headings)) and len(ways) == len(set(ways))


# ---- texts --------------------------------------------------------------------------------------------------------

LAST = "【某某】您的借款已逾期\n请尽快处理"


@pytest.mark.parametrize(
    "front",
    [
        "2026-11-03 21:05:11 10690000123456\n",
        "10690000123456 2026/11/3 21:05:11\n",
        "[2026年11月3日 21:05:11] 10690000123456：",
        "10690000123456\n2026年11月3日 星期二 21:05:11\n\n",
        "发件人：10690000123456\n时间：2026-11-03 21:05:11\n内容：",
        "From: 10690000123456\nDate: 2026-11-03 21:05:11\n\n",
    ],
)
def test_what_stands_before_a_copied_message_tells_who_and_when(front: str) -> None:
    assert one(front + LAST) == Imported(LAST, "10690000123456", "", AT)


def test_copied_messages_are_parted_by_blank_lines_and_by_time_and_number() -> None:
    found, _ = messages(
        f"第一条\n\n\n第二条\n2026-11-03 21:05 13900001111 第三条\n2026-11-04 09:00 13900001111 {LAST}\n"
    )
    assert [message.text for message in found] == ["第一条", "第二条", "第三条", LAST]
    assert [message.at is None for message in found] == [True, True, False, False]


@pytest.mark.parametrize(
    "text",
    [
        "【某法院】时间：2026年11月3日10:00\n地点：第三法庭\n联系人：王\n2026年10月20日",
        "请还款\n2026年11月3日前\n11月3日10点我们上门",
        "13900001111 这个号码今天会联系您",
        "地址：某某路12号，明天上门",
        "2026年11月3日10:00前还清",
    ],
)
def test_days_and_numbers_within_a_message_stay_its_own(text: str) -> None:
    assert one(text).text == text


def test_a_text_in_gb18030_is_read_also_where_its_beginning_is_ascii() -> None:
    body = "x" * 20_000 + "\n\n您的贷款已逾期，请还款"
    assert messages(body.encode("gb18030"))[0][-1].text == "您的贷款已逾期，请还款"


def test_a_text_without_any_end_is_counted_as_too_long() -> None:
    found, summary = messages("长" * 200_000 + "\n\n还钱")
    assert [message.text for message in found] == ["还钱"] and summary.skipped == {"too_long": 1}


# ---- any messages -------------------------------------------------------------------------------------------------

SIGNS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff\x85")
TEXTS = st.text(SIGNS | st.sampled_from("\n\",;<>&'"), min_size=1, max_size=60).filter(
    lambda text: bool(text.strip()) and text not in ("null", "insert-address-token", "(Unknown)")
)
TIMES = st.datetimes(datetime(1995, 1, 1), datetime(2026, 11, 23)).map(
    lambda at: at.replace(microsecond=0, tzinfo=SHANGHAI)
)


def made(text: str, number: int, at: datetime, sent: bool) -> Imported:
    return Imported(text, *(("", str(number)) if sent else (str(number), "")), at, sent)


LISTS = st.lists(st.builds(made, TEXTS, st.integers(10_000, 10**14), TIMES, st.booleans()), min_size=1)


def as_xml(all_of_them: list[Imported]) -> bytes:
    def quoted(text: str) -> str:
        return text.replace("\n", "\ue000")

    return backup(
        *(
            sms(
                address=m.sender or m.recipient,
                date=str(int(m.at.timestamp() * 1000)) if m.at else "",
                type="2" if m.sent else "1",
                body=quoted(m.text),
            ).replace("\ue000", "&#10;")
            for m in all_of_them
        )
    ).encode()


def as_csv(all_of_them: list[Imported], encoding: str) -> bytes:
    written = StringIO(newline="")
    rows = csv.writer(written)
    rows.writerow(("号码", "时间", "类型", "内容"))
    for m in all_of_them:
        rows.writerow(
            (m.sender or m.recipient, m.at and f"{m.at:%Y/%m/%d %H:%M:%S}", "发送" if m.sent else "接收", m.text)
        )
    return written.getvalue().encode(encoding)


@given(LISTS)
def test_any_messages_written_as_xml_are_read_back_alike(written: list[Imported]) -> None:
    written = [m for m in written if "\ue000" not in m.text]
    assert messages(as_xml(written))[0] == written


@given(LISTS, st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]))
def test_any_messages_written_as_a_table_are_read_back_alike(written: list[Imported], encoding: str) -> None:
    assert messages(as_csv(written, encoding))[0] == written


@given(st.binary(max_size=400) | st.text(max_size=400).map(str.encode))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    try:
        assert messages(body)[1].read >= 0
    except RefusedError as refused:
        assert refused.why


# ---- memory -------------------------------------------------------------------------------------------------------


def many(count: int) -> Iterator[Imported]:
    return (Imported(f"第{i}条：您的借款已逾期，请尽快处理。" * 8, f"1069{i:08}", "", AT) for i in range(count))


@pytest.mark.parametrize("write", [as_xml, lambda them: as_csv(them, "utf-8"), lambda them: "\n\n".join(
    f"{m.at:%Y-%m-%d %H:%M:%S} {m.sender}\n{m.text}" for m in them).encode()])  # fmt: skip
def test_memory_does_not_grow_with_the_file(write: Callable[[list[Imported]], bytes]) -> None:
    file = BytesIO(write(list(many(20_000))))
    size = len(file.getbuffer())
    with peak() as most:
        assert sum(1 for _ in read(file, "", NOW, WORDS)) == 20_000
    assert most[0] < size / 8
