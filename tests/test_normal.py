"""Disguises are undone for matching, and every character still knows where it came from."""

from itertools import pairwise
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.normal import Normal, normalise


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("亻崔收", "催收"),
        ("亻崔収", "催收"),
        ("扌甲金", "押金"),
        ("讠斥讼", "诉讼"),
        ("马扁子", "骗子"),
        ("ｄａｉｋｕａｎ", "贷款"),
        ("应还８６０元", "应还860元"),
        ("律-师-函", "律师函"),
        ("爆 通 讯 录", "爆通讯录"),
        ("征*信*修*复", "征信修复"),
        ("起.诉", "起诉"),
        ("涉🔴嫌🔴诈🔴骗", "涉嫌诈骗"),
        ("再不還錢", "再不还钱"),
        ("債務優化", "债务优化"),
        ("逾期⑤天", "逾期5天"),
        ("❶❷0⓪元", "1200元"),
        ("5️⃣天", "5天"),
        ("10²", "102"),
        ("停xi挂zhang", "停息挂账"),
        ("贷kuan", "贷款"),
        ("cuishou", "催收"),
        ("cui shou", "催收"),
        ("查zx加", "查征信加"),
        ("l0000元", "10000元"),
        ("信用咔", "信用卡"),
        ("兴庸咔", "信用卡"),
        ("崔收", "催收"),
        ("薇信", "微信"),
        ("催\u200b收\u202e", "催收"),
        ("还🐶东西", "还狗东西"),
        ("应还DIGIT元", "应还0元"),
        ("尊敬的NAME客户", "尊敬的客户"),
        ("应还***元", "应还0元"),
        ("登录URL办理", "登录§办理"),
        ("卡号xxxxxxx", "卡号0"),
        ("停息掛账", "停息挂账"),
        ("您好，请还款", "您好，请还款"),
        ("13800-138000", "13800-138000"),
    ],
)
def test_reads_through_disguises(written: str, read: str) -> None:
    assert normalise(written).text == read


@pytest.mark.parametrize("kept", ["www.daikuan.com", "t.cn/sb", "a.b-c.cn", "您的账单为1,200.00元", "App"])
def test_leaves_plain_things_alone(kept: str) -> None:
    assert normalise(kept).text == kept.lower()


def test_a_quotation_is_cut_from_the_original() -> None:
    original = "亻崔收：爆 通-讯*录！"
    normal = normalise(original)
    at = normal.text.index("爆通讯录")
    start, end = normal.original_span(at, at + 4)
    assert original[start:end] == "爆 通-讯*录"


def places_hold(text: str, normal: Normal) -> None:
    assert len(normal.spans) == 2 * len(normal.text)
    starts, ends = normal.spans[0::2], normal.spans[1::2]
    assert all(a <= b for a, b in pairwise(starts))
    assert all(a <= b for a, b in pairwise(ends))
    assert all(0 <= a < b <= len(text) for a, b in zip(starts, ends, strict=True))


@given(st.text(max_size=200))
def test_places_are_in_order_for_any_text(text: str) -> None:
    places_hold(text, normalise(text))


@given(st.text(alphabet="亻崔收 *-.·xX催债讠斥URLDIGITzxcuishou贷kuan還錢①❶🔴\u200b元0lo", max_size=60))
def test_places_are_in_order_for_disguises(text: str) -> None:
    places_hold(text, normalise(text))


@settings(max_examples=20)
@given(st.text(alphabet=st.characters(categories=["Cs", "Cc", "Cf", "Mn", "Lo"]), max_size=300))
def test_takes_surrogates_and_control_characters(text: str) -> None:
    places_hold(text, normalise(text))


def test_words_that_are_already_plain_stay() -> None:
    again = normalise(normalise("亻崔収，律-师-函").text)
    assert again.text == "催收，律师函"


@pytest.mark.parametrize(
    "unit", ["a", "cui", "好 ", "x*", "0", "lo0", "亻崔", "cui shou ", "URL", "*", "\n", "e\u0301"]
)
def test_long_hostile_text_takes_little_time(unit: str) -> None:
    begin = perf_counter()
    normalise(unit * (100_000 // len(unit)))
    assert perf_counter() - begin < 3
