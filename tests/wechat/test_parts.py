"""The parts of the WeChat channel by themselves: what is sealed, written, heard and cut."""

import importlib
import secrets
import time
from functools import partial
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.channels.wechat.crypto import ForgedError, Sealer, Signer
from advisor.channels.wechat.hearing import hear, openid_of
from advisor.channels.wechat.wire import LARGEST, UnreadableError, build, parse
from advisor.channels.wechat.wording import LONGEST, cut, listed, size, split, text_of
from advisor.message import Bubble, Choice, Reply
from tests.wechat.platform import AES_KEY, APPID, TOKEN, record, seal, sign, unseal
from tests.wechat.service import FACE, MORE

SEALER, SIGNER = Sealer(AES_KEY, APPID), Signer(TOKEN)
TEXTS = st.text(st.characters(codec="utf-8"), max_size=3000)
IN_XML = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff"))
AWKWARD = st.sampled_from(["]]>", "]]>]]>", "]]", "<![CDATA[", "&amp;", "<xml>", "]]]>", "😀"])

try:
    wechatpy: Any = importlib.import_module("wechatpy.crypto")
except ModuleNotFoundError:  # an old library, which nothing here needs
    wechatpy = None

# ---- sealed ----


@given(TEXTS)
def test_what_is_sealed_here_is_opened_there_and_back(text: str) -> None:
    assert unseal(SEALER.seal(text)) == text
    assert SEALER.open(seal(text)).decode() == text


@given(st.binary(max_size=200), st.integers(0, 400))
def test_whatever_is_damaged_is_refused_as_forged(noise: bytes, at: int) -> None:
    sealed = seal("<xml>你好</xml>")
    damaged = sealed[:at] + noise.decode("latin-1") + sealed[at:]
    for text in (noise.decode("latin-1"), sealed[: at % len(sealed)], damaged if damaged != sealed else ""):
        with pytest.raises(ForgedError):
            SEALER.open(text)


@pytest.mark.parametrize("key", ["A" * 42, "A" * 44, "A" * 42 + "!", "密" * 43, "A" * 42 + "="])
def test_a_key_that_is_none_is_told(key: str) -> None:
    with pytest.raises(ValueError, match="WECHAT_AES_KEY"):
        Sealer(key, APPID)


@given(TEXTS)
def test_signatures_are_those_of_the_platform(text: str) -> None:
    assert SIGNER.signed(sign("1", text), "1", text) and SIGNER.sign("1", text) == sign("1", text)
    assert not SIGNER.signed(sign("1", text), "2", text)


@pytest.mark.skipif(wechatpy is None, reason="wechatpy is not installed")
@pytest.mark.parametrize("text", ["你好", "😀" * 500, "", "x" * 31])
def test_a_library_that_nobody_here_wrote_seals_and_opens_alike(text: str) -> None:
    at, nonce = str(int(time.time())), secrets.token_hex(4)
    theirs = wechatpy.WeChatCrypto(TOKEN, AES_KEY, APPID)
    fields = parse(theirs.encrypt_message(build({"Content": text}), nonce, at).encode())
    assert SIGNER.signed(fields["MsgSignature"], at, nonce, fields["Encrypt"])
    assert parse(SEALER.open(fields["Encrypt"]))["Content"] == text
    sealed = SEALER.seal(text)
    whole = build({"ToUserName": "gh", "Encrypt": sealed})
    assert theirs.decrypt_message(whole, SIGNER.sign(at, nonce, sealed), at, nonce) == text


# ---- written ----


@given(st.lists(IN_XML | AWKWARD).map("".join))
def test_what_is_written_is_read_back_whatever_is_in_it(text: str) -> None:
    written = build({"Content": text, "CreateTime": 5})
    assert {child.tag: child.text or "" for child in fromstring(written)} == {"Content": text, "CreateTime": "5"}
    assert parse(written.encode()) == {"Content": text, "CreateTime": "5"}


@given(st.text())
def test_every_text_can_be_written(text: str) -> None:
    assert fromstring(build({"Content": text})) is not None


@given(st.binary() | st.text().map(lambda text: f"<xml><a>{text}</a></xml>".encode(errors="replace")))
def test_whatever_comes_is_read_or_refused(body: bytes) -> None:
    try:
        fields = parse(body)
    except UnreadableError:
        return
    assert all(isinstance(text, str) for text in fields.values())


def test_a_field_that_is_there_twice_counts_once_and_what_lies_deeper_not_at_all() -> None:
    assert parse(b"<xml><a>1</a><a>2</a><b><a>3</a></b></xml>") == {"a": "1", "b": ""}
    with pytest.raises(UnreadableError):
        parse(b"<xml>" + b" " * LARGEST + b"</xml>")


# ---- heard ----

COMMON = {"FromUserName": "oA", "ToUserName": "gh", "CreateTime": "1790000000"}


def heard(**fields: str) -> Any:
    return hear({**COMMON, **fields}, FACE)


def test_a_message_is_known_by_its_number_and_an_event_by_person_and_time() -> None:
    said, event = heard(MsgType="text", Content="你好", MsgId="7"), heard(MsgType="event", Event="subscribe")
    assert (said.person, said.message.id, said.message.text) == ("wechat:oA", "7", "你好")
    assert event.message.id == "oA 1790000000" and event.by_event and not said.by_event
    assert openid_of(said.person) == "oA"


@pytest.mark.parametrize(
    ("event", "key", "meant"),
    [
        ("subscribe", "", "重新开始"), ("subscribe", "qrscene_sms", "收到短信"), ("SCAN", "sms", "收到短信"),
        ("SCAN", "old", "重新开始"), ("CLICK", "help", "帮助"), ("CLICK", "协商", "协商"),
    ],
)  # fmt: skip
def test_events_stand_for_words(event: str, key: str, meant: str) -> None:
    assert heard(MsgType="event", Event=event, EventKey=key).message.text == meant


@pytest.mark.parametrize("event", ["VIEW", "LOCATION", "TEMPLATESENDJOBFINISH", ""])
def test_what_the_platform_reports_by_itself_is_no_message(event: str) -> None:
    assert heard(MsgType="event", Event=event) is None


def test_a_picture_is_held_by_the_platform() -> None:
    (file,) = heard(MsgType="image", PicUrl="http://example.org/p", MediaId="m", MsgId="1").message.files
    assert (file.kind, file.reference) == ("photo", "m")
    assert heard(MsgType="image", MsgId="1").message.unread == "other"


@given(
    st.dictionaries(st.sampled_from(["FromUserName", "MsgType", "Event", "EventKey", "MsgId", "Content"]), st.text())
)
def test_whatever_is_in_a_record_it_is_heard_or_let_be(fields: dict[str, str]) -> None:
    one = hear(fields, FACE)
    assert one is None or (one.person == f"wechat:{fields['FromUserName']}" and (one.gone or one.message))


# ---- worded ----


@given(TEXTS, st.integers(4, 200))
def test_a_text_is_cut_between_characters_and_nothing_is_lost(text: str, longest: int) -> None:
    pieces, rest = [], text
    while rest:
        piece, left = split(rest, longest)
        assert size(piece) <= longest and len(left) < len(rest)
        pieces.append(piece)
        rest = left
    assert "".join("".join(pieces).split()) == "".join(text.split())


@given(TEXTS, st.booleans(), st.sampled_from(["", MORE]))
def test_one_message_holds_what_it_may_and_says_how_to_go_on(text: str, waits: bool, more: str) -> None:
    said, rest = cut(text, more, waits=waits)
    assert size(said) <= LONGEST < 2048
    assert not rest or said.endswith(more)
    assert rest or not waits or said == (f"{text}\n\n{more}" if more else text)


def test_a_text_is_cut_where_a_sentence_ends() -> None:
    sentence = "这是一句话，里面有逗号。"
    for text in (sentence * 200, (sentence * 3 + "\n\n") * 60):
        said, rest = cut(text, "", waits=False)
        assert said.endswith("。") and rest.startswith("这是")


def test_choices_are_numbered_where_a_number_cannot_be_the_answer() -> None:
    row = Choice("1.!back", "上一步", last=True), Choice("1.!restart", "重新开始", last=True)
    assert listed((Choice("1.=a", "有"), Choice("1.=b", "没有"), *row)) == "1. 有\n2. 没有\n3. 上一步 · 4. 重新开始"
    assert listed(row) == "上一步 · 重新开始"
    assert listed(()) == ""


def test_a_draft_stays_where_it_fits_and_has_no_page() -> None:
    short = Reply("", (), (Bubble("好了"), Bubble("信", "letter"), Bubble("行吗？")), "1")
    letter = partial(FACE.letter, "")
    long = Reply("", (), (Bubble("好了"), Bubble("信" * 1000, "letter"), Bubble("行吗？")), "1")
    assert text_of("wechat:oA", short, letter, lambda person, reply: "address") == "好了\n\n信\n\n行吗？"
    assert text_of("wechat:oA", long, letter, lambda person, reply: None).count("信") == 1000
    assert text_of("wechat:oA", long, letter, lambda person, reply: "address") == "好了\n\n（全文：address）\n\n行吗？"


def test_records_of_the_tests_are_those_of_the_documentation() -> None:
    assert parse(record({"MsgType": "text", "Content": "a & b"}).encode()) == {"MsgType": "text", "Content": "a & b"}
