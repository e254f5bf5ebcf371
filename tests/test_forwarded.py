"""Own words and pasted messages are told apart."""

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from advisor.forwarded import split_forward

from .evaluate_reading import ROOT
from .pieces import PIECES

TALK: dict[str, Any] = yaml.safe_load((ROOT / "tests" / "talk_or_sms.yaml").read_text("utf-8"))


@pytest.mark.parametrize("text", [str(one) for one in TALK["talk"]])
def test_own_talk_is_never_taken_for_a_message(text: str) -> None:
    assert split_forward(text).sms == ()


@pytest.mark.parametrize("text", TALK["sms"])
def test_a_pasted_message_is_known(text: str) -> None:
    assert split_forward(text) == ("", (text,))


@pytest.mark.parametrize("row", TALK["mixed"], ids=lambda row: row["text"][:20])
def test_words_and_messages_are_taken_apart(row: dict[str, Any]) -> None:
    forward = split_forward(row["text"])
    assert forward.sms == tuple(row["sms"])
    assert row["own"] in forward.own_words


@given(
    st.sampled_from(["我不想活了", "想死", "真的撑不下去了，我想跳楼", "活着没意思"]),
    st.lists(PIECES, max_size=6).map("".join),
)
def test_despair_always_stays_in_the_own_words(cry: str, rest: str) -> None:
    for text in (f"{cry}。{rest}", f"{rest}\n{cry}", f"{cry}【云岭贷】您已逾期{rest}"):
        assert cry in split_forward(text).own_words
