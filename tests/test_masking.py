"""ID and card numbers, passwords and codes are covered before anything is kept, whoever wrote them."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.desk import Desk
from advisor.masking import Mask
from advisor.message import Message, Sms
from advisor.store_sqlite import SqliteStore
from tests.conversation import advisor

ID, CARD, PASSWORD, CODE = "330102199005067712", "6222021234567890123", "qwe198803", "482913"
MASK = Mask(advisor().content.secrets)


@given(st.text(st.sampled_from("0123456789xX*- 卡号密码是验证码身份证：a\n"), max_size=60))
def test_covering_keeps_every_place_and_happens_once(text: str) -> None:
    once = MASK.cover(text)
    assert len(once.text) == len(text)
    assert all(new in (old, "*") for new, old in zip(once.text, text, strict=True))
    assert MASK.cover(once.text).text == once.text


@given(st.integers(10**15, 10**19 - 1), st.sampled_from(["", " ", "-"]))
def test_no_card_number_is_seen_whole_after_its_name(number: int, gap: str) -> None:
    digits = str(number)
    written = gap.join(digits[at : at + 4] for at in range(0, len(digits), 4))
    assert sum(char.isdigit() for char in MASK.cover(f"银行卡号：{written}").text) <= 4


@pytest.mark.parametrize(
    "message",
    [
        Message("p", f"身份证{ID}，卡号{CARD}，密码是{PASSWORD}，验证码{CODE}"),
        Message("p", sms=(Sms(f"【某某】身份证{ID}请转{CARD}，您的密码是{PASSWORD}，验证码：{CODE}"),)),
        Message("p", f"身份证{ID}，卡号{CARD}，密码是{PASSWORD}，验证码{CODE}", more_follows=True),
    ],
    ids=["said", "in an SMS", "one of several"],
)
def test_nothing_of_a_secret_stays_in_the_database(tmp_path: Path, message: Message) -> None:
    store = SqliteStore(str(tmp_path / "a.db"))
    desk = Desk(advisor(), store)
    reply = desk.answer_now(message)
    desk.answer_now(Message("p", "写协商信"))
    left = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"p" in left and not [one for one in (ID, CARD, PASSWORD, CODE) if one.encode() in left]
    assert message.more_follows or "我已经遮住" in "".join(bubble.text for bubble in reply.bubbles)
    store.close()


def test_the_end_of_a_card_number_stays_so_that_it_is_known_again() -> None:
    assert MASK.cover("卡号 6222 0212 3456 7890").text == "卡号 **** **** **** 7890"
