"""Pictures: a table of months becomes a clean picture; what is no table is told in one sentence."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.charts import NoTableError, png, read_table

TABLE = """每月的钱怎么分（元）
月份|每月到手|吃住看病|第一家|剩下
12月|4500|3000|600|900
1月|4500|3000|600|900
2月|4500|3000|0|1500"""


def size(picture: bytes) -> tuple[int, int]:
    """Read width and height where a PNG says them."""
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    return int.from_bytes(picture[16:20], "big"), int.from_bytes(picture[20:24], "big")


def test_a_table_is_drawn_as_wide_as_a_phone() -> None:
    width, height = size(png(TABLE))
    assert width == 1080 and height > 1000


def test_other_amounts_give_another_picture() -> None:
    assert png(TABLE) == png(TABLE) != png(TABLE.replace("600|900", "800|700"))


def test_every_sign_of_the_words_can_be_drawn(recwarn: pytest.WarningsRecorder) -> None:
    png(TABLE.replace("第一家", "招联金融（含$费_用$）").replace("剩下", "餘下 é"))
    assert not [str(one.message) for one in recwarn if "missing from" in str(one.message)]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "标题"), ("题目\n月份|收入|花掉", "一月一行"), ("题目\n月份|收入\n1月|3", "三个列名"),
        (TABLE.replace("600|900", "六百|900", 1), "第 3 行"), (TABLE + "\n3月|1|2", "第 6 行"),
        (TABLE.replace("600|900", "-600|900", 1), "第 3 行"), (TABLE.replace("600|900", "nan|900", 1), "第 3 行"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_told(text: str, says: str) -> None:
    with pytest.raises(NoTableError, match=says):
        png(text)


@settings(max_examples=5, deadline=None)
@given(st.lists(st.lists(st.integers(0, 10**7), min_size=3, max_size=3), min_size=1, max_size=60))
def test_any_plan_can_be_drawn(months: list[list[int]]) -> None:
    rows = [f"{number}月|" + "|".join(map(str, amounts)) for number, amounts in enumerate(months, 1)]
    text = "\n".join(["计划", "月份|收入|第一家|剩下", *rows])
    assert [amounts for _, amounts in read_table(text).rows] == [tuple(map(float, one)) for one in months]
    assert size(png(text))[0] == 1080
    assert all(left[0] != right[0] for left, right in pairwise(read_table(text).rows))
