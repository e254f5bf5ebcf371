"""Packs an evidence file into one archive for the police, a supervisor or a lawyer, which anybody can check.

The papers are in Chinese, for whoever gets them, and beside it in the language of the person. The same exhibits give
the same bytes. Nothing in the archive has a name that came from outside.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time
from io import BytesIO
from mimetypes import MimeTypes
from pathlib import PurePosixPath
from typing import Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from advisor.clock import SHANGHAI
from advisor.content.load import BASE
from advisor.documents import docx, pdf
from advisor.evidence.chart import NAMES, chart
from advisor.evidence.table import table
from advisor.evidence.timeline import Timeline
from advisor.exhibit import Exhibit, Original
from advisor.reading import local
from advisor.render import Words

Files = Callable[[str], bytes]
SUMS, MANIFEST = "SHA256SUMS", "manifest.json"
# endings that a file may keep when its media type says nothing; none of them runs anything
ENDINGS = {
    *("3gp", "aac", "amr", "flac", "m4a", "mkv", "mov", "mp3", "mp4", "ogg", "opus", "wav", "webm"),
    *("gif", "heic", "jpeg", "jpg", "png", "tif", "webp"),
    *("csv", "doc", "docx", "eml", "json", "pdf", "txt", "xls", "xlsx", "xml", "zip"),
}


def package(exhibits: Sequence[Exhibit], files: Files, words: Words, today: date, language: str = BASE) -> bytes:
    """Give the archive of `exhibits` (all that are kept, replaced ones too) as it is on the day `today`.

    `files` gives the bytes of an original by its SHA-256 in hex, or raises LookupError or OSError. An original that is
    not there, or is not what it was, is left out; the list and the manifest say so.
    """
    body = BytesIO()
    write_package(body, exhibits, files, words, today, language)
    return body.getvalue()


def write_package(
    out: BinaryIO, exhibits: Sequence[Exhibit], files: Files, words: Words, today: date, language: str = BASE
) -> None:
    """Write the archive to `out`, one original after another, so that a large case need not lie in memory."""
    kept = sorted(exhibits, key=lambda one: one.number)
    timeline = Timeline.of(kept, today)
    made_at = max((local(one.added_at) for one in kept), default=datetime.combine(today, time(), SHANGHAI))
    with ZipFile(out, "w") as opened:
        archive = _Archive(opened, made_at)
        texts, originals = str(words.module(NAMES, language).folders()).split("|")
        names, lost = _exhibits(archive, kept, files, texts, originals)
        for spoken in dict.fromkeys((BASE, language)):
            _papers(archive, timeline, words, spoken, lost)
        archive.add(MANIFEST, _manifest(kept, timeline, names, lost))
        archive.add(SUMS, "".join(f"{sha256}  {name}\n" for name, sha256 in archive.sums.items()).encode())


class _Archive:
    """A zip file that remembers the SHA-256 of all that is put in, by name."""

    def __init__(self, opened: ZipFile, made_at: datetime) -> None:
        self.sums: dict[str, str] = {}
        self.made_at = made_at
        self._opened = opened

    def add(self, name: str, body: bytes, at: datetime | None = None, packed: bool = False) -> None:
        info = ZipInfo(name, local(at or self.made_at).timetuple()[:6])
        info.create_system = 3  # as on every machine
        info.external_attr = 0o644 << 16
        self._opened.writestr(info, body, ZIP_STORED if packed else ZIP_DEFLATED)
        self.sums[name] = hashlib.sha256(body).hexdigest()


def _exhibits(
    archive: _Archive, kept: Sequence[Exhibit], files: Files, texts: str, originals: str
) -> tuple[dict[int, list[str]], list[int]]:
    """Put in the exact texts and the originals; give their names by number, and the numbers of originals not found."""
    names: dict[int, list[str]] = {one.number: [] for one in kept}
    lost = []
    for one in kept:
        if one.kind == "sms" and one.text:
            name = f"{texts}/{one.number:03}_{_stamp(one)}.txt"
            archive.add(name, one.text.encode(), one.added_at)
            names[one.number].append(name)
        if one.original:
            body = _found(files, one.original)
            if body is None:
                lost.append(one.number)
                continue
            name = f"{originals}/{one.number:03}_{one.kind}.{_ending(one.original)}"
            archive.add(name, body, one.added_at, packed=True)
            names[one.number].append(name)
    return names, lost


def _stamp(exhibit: Exhibit) -> str:
    if exhibit.at is None or exhibit.known_by == "forward":
        return exhibit.kind
    return f"{local(exhibit.at):{'%Y-%m-%d' if exhibit.whole_day else '%Y-%m-%d_%H-%M'}}"


def _found(files: Files, original: Original) -> bytes | None:
    try:
        body = files(original.sha256)
    except (LookupError, OSError):
        return None
    return body if hashlib.sha256(body).hexdigest() == original.sha256 else None


def _ending(original: Original) -> str:
    by_type = MimeTypes().guess_extension(original.media_type) or ""
    by_name = PurePosixPath(original.name).suffix
    return next((one for one in (by_type[1:], by_name[1:].lower()) if one in ENDINGS), "bin")


def _papers(archive: _Archive, timeline: Timeline, words: Words, language: str, lost: Sequence[int]) -> None:
    """Put in the papers of one language, each called by its first line."""
    today, at = timeline.today, archive.made_at
    drawn = chart(timeline, words, language)
    told = words.say("evidence_file/timeline", language, today, timeline=timeline)
    papers: list[tuple[str, bytes | None]] = [
        (words.say("evidence_file/list", language, today, timeline=timeline, lost=lost), None),
        (words.say("evidence_file/statement", language, today, timeline=timeline), None),
        (told, drawn),
    ]
    for text, picture in papers:
        title = _title(text)
        archive.add(f"{title}.docx", docx(title, text, language, picture, at))
        archive.add(f"{title}.pdf", pdf(title, text, language, picture, at))
    archive.add(f"{_title(told)}.csv", table(timeline, words, language))
    if drawn:
        archive.add(f"{_title(told)}.png", drawn)
    verify = words.say("evidence_file/verify", language, today, timeline=timeline, lost=lost)
    archive.add(f"{_title(verify)}.txt", f"{verify}\n".replace("\n", "\r\n").encode("utf-8-sig"))


def _title(text: str) -> str:
    return text.partition("\n")[0].strip()


def _manifest(kept: Sequence[Exhibit], timeline: Timeline, names: dict[int, list[str]], lost: Sequence[int]) -> bytes:
    proofs = {one.number: list(one.proofs) for one in timeline.entries}

    def entries() -> Iterator[dict[str, Any]]:
        for one in kept:
            yield {
                "number": one.number,
                **one.to_data(),
                "original": None if one.original is None else {k: getattr(one.original, k) for k in Original.__slots__},
                "sha256": one.sha256,
                "seen": one.seen,
                "replaced_by": timeline.replaced.get(one.number, 0),
                "proofs": proofs.get(one.number, []),
                "files": names[one.number],
                "original_found": one.original is None or one.number not in lost,
            }

    told = {"version": 1, "made_on": timeline.today.isoformat(), "exhibits": list(entries())}
    return (json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
