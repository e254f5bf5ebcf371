"""Everything that reads what others wrote, as a function of bytes: it may refuse, in its own way, and nothing else."""

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import cache
from io import BytesIO, StringIO

from advisor.amounts import find_amounts, read_amount
from advisor.channels.terminal import Terminal
from advisor.channels.wechat.face import Face
from advisor.channels.wechat.hearing import hear
from advisor.channels.wechat.wire import UnreadableError, build, parse
from advisor.cleaning import tidy
from advisor.clock import SHANGHAI
from advisor.content.source import front_matter, read_yaml
from advisor.dates import find_days, find_periods, read_day, read_days, read_period, read_until
from advisor.desk import Desk
from advisor.english import in_figures
from advisor.evidence.filetypes import RefusedError, admit
from advisor.evidence.imports import Summary, read
from advisor.evidence.lines import Line, Picture
from advisor.evidence.screens import messages
from advisor.evidence.times import read_time
from advisor.forwarded import split_forward
from advisor.message import Sms
from advisor.phones import find_phones, find_secrets
from advisor.store import StoreError
from advisor.store_sqlite import SqliteStore
from tests.conversation import advisor

NOW = datetime(2026, 11, 23, 20, 30, tzinfo=SHANGHAI)
SIGNS = "1:9昨天上午短信还款+10【】。"  # what stands on screens
BROKEN = advisor().words.say("shell/broken", "zh", NOW.date())[:12]
Target = Callable[[bytes], None]


def _text(body: bytes) -> str:
    """Give text as the desk hands it on."""
    return tidy(body.decode("utf-8", "replace"))


def dates(body: bytes) -> None:
    """Days, stretches of days and lengths of time lie inside the text that they were read in."""
    text = _text(body)
    places = [(one.start, one.end) for one in find_days(text, NOW.date())]
    places += [(one.start, one.end) for one in find_periods(text)]
    assert all(0 <= start <= end <= len(text) for start, end in places)
    read_day(text, NOW.date())
    read_days(text, NOW.date())
    read_until(text, NOW.date())
    read_period(text)
    read_time(text, NOW)


def amounts(body: bytes) -> None:
    """Amounts lie inside the text, and so do numbers of telephones and of cards."""
    text = _text(body)
    places = [(one.start, one.end) for one in find_amounts(text)]
    places += [(one.start, one.end) for one in find_phones(text)]
    places += [(one.start, one.end) for one in find_secrets(text)]
    assert all(0 <= start <= end <= len(text) for start, end in places)
    read_amount(text)
    read_amount(text, unit="money")


def english(body: bytes) -> None:
    """English comes back with its figures."""
    assert isinstance(in_figures(_text(body)), str)


def pasted(body: bytes) -> None:
    """What was typed is taken apart into own words and messages, all of them out of it."""
    forward = split_forward(_text(body))
    assert all(isinstance(one, str) for one in forward.sms)


def masked(body: bytes) -> None:
    """Covering what was covered covers nothing more."""
    once = advisor().mask.cover(_text(body)).text
    assert advisor().mask.cover(once).text == once


def sms(body: bytes) -> None:
    """Any SMS has a kind, and what was found in it stands in it."""
    text = _text(body)
    for found in advisor().reader.read(Sms(text), {}, NOW).findings:
        assert 0 <= found.start <= found.end <= len(text)


def alarms(body: bytes) -> None:
    """Any words ring an alarm that there is, or none."""
    bells, text = advisor().bells, _text(body)
    assert bells.rung_by(text) in {"", *advisor().content.alarms}
    bells.troubled(text)


def exported(body: bytes) -> None:
    """A file is refused or read: a backup, a table, a chat, whatever it says it is."""
    for begin in (b"", b"<?xml version='1.0'?><smses>", "号码,时间,内容\n".encode()):
        for name in ("a.xml", "a.csv", "a.png"):
            with suppress(RefusedError):
                admit(BytesIO(begin + body), name)
        summary = Summary()
        with suppress(RefusedError):
            assert len(list(read(BytesIO(begin + body), "a", NOW, advisor().content.exports, summary))) == summary.read


def screens(body: bytes) -> None:
    """Lines that stand anywhere on a screen give messages or none."""
    lines = []
    for at in range(0, len(body) - 8, 9):
        left, top, wide, high, score, *text = body[at : at + 9]
        place = (left * 5.0, top * 10.0, left * 5.0 + wide + 1, top * 10.0 + high / 4 + 1)
        words = "".join(SIGNS[one % len(SIGNS)] for one in text) + _text(body[at : at + 9])
        lines.append(Line(words, score / 255, *place))
    messages(Picture(1200, 2600, tuple(lines)), NOW)


@cache
def _desk() -> Desk:
    return Desk(advisor(), SqliteStore(":memory:"), clock=lambda: NOW)


def terminal(body: bytes) -> None:
    """One line of JSON gets exactly one line of JSON, whatever it holds."""
    out = StringIO()
    seen = Terminal(_desk().answer_now, "fuzz", _desk().delivered, refused=StoreError, out=out)
    line = body.decode("utf-8", "replace").replace("\n", " ")
    seen.serve_json(iter([line]))
    assert not line.strip() or isinstance(json.loads(out.getvalue().removesuffix("\n")), dict)
    assert out.getvalue().count("\n") == bool(line.strip())
    assert BROKEN not in out.getvalue(), "something of ours broke"


def wechat(body: bytes) -> None:
    """A record of WeChat is refused or heard; what is written comes back as it was."""
    face = Face({}, {}, "你好", frozenset({"继续"}), str, str, str.__add__)
    for whole in (body, b"<xml><FromUserName>oA</FromUserName><MsgType>text</MsgType>" + body + b"</xml>"):
        with suppress(UnreadableError):
            hear(parse(whole), face)
    text = "".join(sign for sign in _text(body) if sign.isprintable())
    with suppress(UnreadableError):
        assert parse(build({"Content": text}).encode("utf-8", "ignore")).get("Content") is not None


def content(body: bytes) -> None:
    """A file of the content is read or its mistake named."""
    text = _text(body)
    front_matter(text)
    read_yaml(text, "x.yaml")


TARGETS: dict[str, Target] = {
    one.__name__: one
    for one in (dates, amounts, english, pasted, masked, sms, alarms, exported, screens, terminal, wechat, content)
}
