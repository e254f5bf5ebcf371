"""Tells what a file is by its bytes, never by its name, and turns away what cannot be taken in.

Only what is wanted is known here, so all else is of the wrong type. Nothing is unpacked and no pixel is decoded: what a
picture would need is read from its head.
"""

import re
import struct
import warnings
import zipfile
from codecs import BOM_UTF16_BE, BOM_UTF16_LE, getincrementaldecoder
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO, Literal

from PIL import Image

MOST_BYTES = 20_000_000
MOST_EXPORT_BYTES = 256_000_000  # an export is read as a stream; with the pictures of its MMS it grows large
MOST_PIXELS = 50_000_000
MOST_UNPACKED_BYTES = 200_000_000  # of a document, which is a ZIP within
HEAD_BYTES = 8192  # what `kind_of` needs to see

Image.MAX_IMAGE_PIXELS = MOST_PIXELS
warnings.simplefilter("error", Image.DecompressionBombWarning)  # Pillow only warns up to twice the limit

Why = Literal["too_large", "wrong_type", "damaged", "too_many_pixels", "archive"]
Kind = Literal["picture", "recording", "paper", "export"]


class RefusedError(Exception):
    """A file is not taken: `why` is a code, `most` what would have been, in bytes or pixels, where that is the matter.

    The words for the person are those of a template.
    """

    def __init__(self, why: Why, most: int | None = None) -> None:
        super().__init__(why)
        self.why: Why = why
        self.most = most


@dataclass(frozen=True, slots=True)
class FileType:
    """What a file is: its media type, and what it counts as in the evidence file."""

    media_type: str
    kind: Kind


_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_HEADS: tuple[tuple[bytes, str, Kind], ...] = (
    (rb"\x89PNG\r\n\x1a\n", "image/png", "picture"),
    (rb"\xff\xd8\xff", "image/jpeg", "picture"),
    (rb"GIF8[79]a", "image/gif", "picture"),
    (rb"RIFF.{4}WEBP", "image/webp", "picture"),
    (rb".{4}ftyp(?:hei[cxms]|hev[cx]|mif1|msf1)", "image/heic", "picture"),
    (rb".{4}ftyp3g", "video/3gpp", "recording"),
    (rb".{4}ftypM4[AB] ", "audio/mp4", "recording"),
    (rb".{4}ftyp(?:iso[2-9m]|mp4[12]|avc1|M4V |MSNV|dash|qt  )", "video/mp4", "recording"),
    (rb"#!AMR", "audio/amr", "recording"),
    (rb"OggS", "audio/ogg", "recording"),
    (rb"RIFF.{4}WAVE", "audio/wav", "recording"),
    (rb"\xff[\xf0\xf1\xf8\xf9]", "audio/aac", "recording"),  # ADTS; its layer bits are 0, those of MP3 are not
    (rb"ID3[\x02-\x04]|\xff[\xe2\xe3\xf2\xf3\xfa\xfb][\x10-\xef]", "audio/mpeg", "recording"),
    (rb"(?:\xef\xbb\xbf)?\s{0,16}%PDF-", "application/pdf", "paper"),
    (rb"PK\x03\x04.{26}(?:\[Content_Types\]\.xml|word/|_rels/|docProps/)", _DOCX, "paper"),
    (rb"(?:\xef\xbb\xbf)?\s{0,64}<(?:\?xml|smses)\b", "application/xml", "export"),
)
_BY_HEAD = [(re.compile(head, re.DOTALL), FileType(media_type, kind)) for head, media_type, kind in _HEADS]
_ARCHIVE = re.compile(
    rb"PK(?:\x03\x04|\x05\x06|\x07\x08)|Rar!\x1a\x07|7z\xbc\xaf'\x1c|\x1f\x8b|BZh|\xfd7zXZ\0|\x28\xb5/\xfd"
)
_NOT_TEXT = re.compile(rb"[\0-\x08\x0e-\x1a\x1c-\x1f\x7f]|\A\s*(?:<|\{\\rtf)")
_HEIF_SIZE = re.compile(rb"ispe\0{4}(.{4})(.{4})", re.DOTALL)


def kind_of(head: bytes, name: str = "") -> FileType | None:
    """Tell what a file is by its first `HEAD_BYTES` bytes; None when it is nothing that is wanted.

    `name` only decides what bytes cannot tell: whether a text is called a table. How it is read does not hang on it.
    """
    for pattern, found in _BY_HEAD:
        if pattern.match(head):
            return found
    if head.strip() and _is_text(head):
        return FileType("text/csv" if name.lower().endswith((".csv", ".tsv")) else "text/plain", "export")
    return None


def admit(file: BinaryIO, name: str = "") -> FileType:
    """Tell what a file is and look it over; RefusedError when it cannot be taken. The file can be read anew after it.

    `file` is seekable. Exports are only looked at from outside: what is in them shows when they are read.
    """
    size = file.seek(0, 2)
    file.seek(0)
    head = file.read(HEAD_BYTES)
    file.seek(0)
    found = kind_of(head, name)
    if found is None:
        raise RefusedError("archive" if _ARCHIVE.match(head) else "wrong_type")
    most = MOST_EXPORT_BYTES if found.kind == "export" else MOST_BYTES
    if size > most:
        raise RefusedError("too_large", most)
    if found.kind != "export":
        _look_over(file.read(), found)
        file.seek(0)
    return found


def _is_text(head: bytes) -> bool:
    if head.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return True
    return not _NOT_TEXT.search(head.removeprefix(b"\xef\xbb\xbf")) and any(
        decodes(head, encoding) for encoding in ("utf-8", "gb18030")
    )


def decodes(head: bytes, encoding: str) -> bool:
    """Tell whether the beginning of a text is in an encoding; its last character may be cut."""
    try:
        getincrementaldecoder(encoding)().decode(head)
    except UnicodeDecodeError:
        return False
    return True


def _look_over(body: bytes, found: FileType) -> None:
    match found.media_type:
        case "image/heic":
            _check_boxes(body)
            _check_pixels(max((_pixels(*size) for size in _HEIF_SIZE.findall(body)), default=0))
        case _ if found.kind == "picture":
            _check_picture(body)
        case "audio/mp4" | "video/mp4" | "video/3gpp":
            _check_boxes(body)
        case "application/pdf":
            _check(b"%%EOF" in body[-4096:])
        case media_type if media_type == _DOCX:
            _check_document(body)


def _check(whole: bool) -> None:
    if not whole:
        raise RefusedError("damaged")


def _check_pixels(pixels: int) -> None:
    if pixels > MOST_PIXELS:
        raise RefusedError("too_many_pixels", MOST_PIXELS)


def _pixels(width: bytes, height: bytes) -> int:
    return int.from_bytes(width) * int.from_bytes(height)


def _check_picture(body: bytes) -> None:
    """See that a picture is no bomb and has an end; Pillow reads its head only, and the checksums of a PNG."""
    try:
        with Image.open(BytesIO(body), formats=("PNG", "JPEG", "GIF", "WEBP")) as picture:
            _check_pixels(picture.width * picture.height)
            if picture.format == "JPEG":  # the one before the image data would be that of a thumbnail
                _check(b"\xff\xd9" in body[picture.fp.tell() if picture.fp else 0 :])
            elif picture.format == "GIF":
                _check(body.rstrip(b"\0").endswith(b";"))
            elif picture.format == "WEBP":
                _check(int.from_bytes(body[4:8], "little") <= len(body) - 8)
            picture.verify()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise RefusedError("too_many_pixels", MOST_PIXELS) from error
    except (OSError, SyntaxError, ValueError, EOFError, struct.error) as error:  # as Pillow tells of broken files
        raise RefusedError("damaged") from error


def _check_boxes(body: bytes) -> None:
    """See that the boxes of an MP4, 3GP or HEIC file end where the file does."""
    _check(all(end <= len(body) for end in _boxes(body)))


def _boxes(body: bytes) -> Iterator[int]:
    """Give where each outer box ends."""
    at = 0
    while at + 8 <= len(body):
        size = int.from_bytes(body[at : at + 4])
        if size == 1:
            size = int.from_bytes(body[at + 8 : at + 16])
        elif size == 0:  # as long as the file
            size = len(body) - at
        _check(size >= 8)
        at += size
        yield at


def _check_document(body: bytes) -> None:
    """See by the table of contents alone that a ZIP is a document, and small enough when unpacked."""
    try:
        entries = zipfile.ZipFile(BytesIO(body)).infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, struct.error) as error:
        raise RefusedError("damaged") from error
    unpacked = sum(entry.file_size for entry in entries)
    if not any(entry.filename == "word/document.xml" for entry in entries) or unpacked > MOST_UNPACKED_BYTES:
        raise RefusedError("archive")
