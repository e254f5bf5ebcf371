"""What holds for any text that can come in: broken, hostile, endless or many."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.content.signals import GRADES
from advisor.forwarded import split_forward
from advisor.message import Sms
from advisor.reading import LONGEST
from advisor.smsdigest import MOST, read_many
from advisor.smssentences import sentences
from tests.test_terminal import NOW as NOW_SAID
from tests.test_terminal import bot, talk

from .evaluate_reading import NOW, the_reader
from .pieces import PIECES

READER = the_reader()
READER.read(Sms("您好"), {}, NOW)  # what is loaded at the first message would count against the first example
THREAT = "再不还钱就把你欠款的事发给通讯录所有人"


def holds(text: str) -> None:
    reading = READER.read(Sms(text), {}, NOW)
    for one in reading.findings:
        assert one.quote == text[one.start : one.end] != ""
        assert one.because
    assert reading.grade in GRADES
    told = sentences(text[:LONGEST], reading)
    letters = "".join(text[:LONGEST].split())
    assert all("".join(one.quote.split()) in letters for one in told)


@given(st.lists(PIECES, max_size=14).map("".join))
def test_quotes_are_slices_of_the_original(text: str) -> None:
    holds(text)


@given(st.text(max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    holds(text)
    split_forward(text)


HOSTILE = [
    "还",
    "你",
    "a.",
    "欠钱",
    "您的贷款逾期",
    "http://",
    "1",
    "【",
    "“",
    "\n",
    "爆通讯",
    "a" * 60 + " ",
    "\ud800",
]


@pytest.mark.parametrize("unit", HOSTILE)
def test_only_the_beginning_of_an_endless_message_is_read(unit: str) -> None:
    text = unit * (1_000_000 // len(unit))
    holds(text)
    split_forward(text)
    assert READER.read(Sms(text), {}, NOW) == READER.read(Sms(text[:LONGEST]), {}, NOW)


def test_what_stands_first_in_an_endless_message_is_found() -> None:
    reading = READER.read(Sms(THREAT + "。哈" * 500_000), {}, NOW)
    assert "threat_exposure" in {one.id for one in reading.findings}


def test_of_ten_thousand_messages_the_first_are_read_and_the_rest_counted() -> None:
    many = [Sms(f"第{number}次催你，{THREAT}") for number in range(10_000)]
    digest = read_many(READER, many, {}, NOW)
    assert (digest.count, digest.unread, len(digest.readings)) == (10_000, 10_000 - MOST, MOST)


def test_more_than_can_be_read_is_said_and_the_talk_goes_on(tmp_path: Path) -> None:
    many = {"sms": [{"text": f"第{number}次，{THREAT}"} for number in range(10_000)]}
    endless = {"sms": {"text": THREAT + "哈" * 1_000_000}}
    pasted = {"text": f"【速贷】{THREAT}。\n\n" * 10_000}
    first, second, third, after = talk(tmp_path / "a.db", many, endless, pasted, {"text": "想协商"})
    assert f"收到10000条，先看了前{MOST}条" in first["messages"][1]["text"]
    assert "短信太长，只看了前两万字" in second["messages"][0]["text"]
    assert [len(one["messages"]) for one in (third, after)] != [0, 0]
    assert (third["state"], after["state"].partition(".")[0]) == (second["state"], "negotiate")


def test_a_file_that_is_no_text_is_read_as_far_as_it_goes() -> None:
    garbage = bytes(range(256)) * 4_000
    for given_bytes in (garbage, b"\xff\xfe" + THREAT.encode("utf-16-le"), b"", b"\n\n\n"):
        ran = bot("analyze", given=given_bytes)
        assert (ran.returncode, ran.stderr) == (0, "")


@pytest.mark.parametrize(
    "line", ['{"text": 5}', "[1]", '"a"', "{", '{"sender": "1"}', '{"text": "a", "received_at": "x"}']
)
def test_a_bad_line_is_told_and_the_next_is_read(line: str) -> None:
    good = json.dumps({"id": 7, "text": THREAT + "\ud800"})
    ran = bot("analyze", "--json", "--now", NOW_SAID, given=f"{line}\n{good}\n".encode())
    bad, read = map(json.loads, ran.stdout.splitlines())
    assert bad["error"]["code"] == "bad_line"
    assert (read["id"], read["kind"]) == (7, "collection")
    assert ran.returncode == 1
