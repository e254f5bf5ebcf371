"""What the page shows besides the talk, and the files that stand beside it."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from advisor.message import Files, Reply

BESIDE = {"page.css": "text/css; charset=utf-8", "page.js": "text/javascript; charset=utf-8"}


@dataclass(frozen=True, slots=True)
class Face:
    """What is shown.

    `render` makes a page of a template's name and its values; `words` gives what the page says itself, by name, in a
    language (zh-CN, zh-TW, en), `welcome` what somebody new finds in it; `files` makes the files that go with a bubble.
    `address` is the public address of the page when it stands behind a proxy of the operator's, which tells in
    X-Forwarded-For who calls.
    """

    render: Callable[[str, Mapping[str, Any]], str]
    words: Callable[[str], Any]
    welcome: Callable[[str], Reply]
    files: Files
    address: str = ""


def beside() -> dict[str, tuple[bytes, str]]:
    """Give style and script by a name that changes with what is in them, so that browsers may keep them for good."""
    found = {}
    for name, kind in BESIDE.items():
        body = (Path(__file__).parent / name).read_bytes()
        stem, _, ending = name.partition(".")
        found[f"{stem}.{hashlib.sha256(body).hexdigest()[:10]}.{ending}"] = (body, kind)
    return found
