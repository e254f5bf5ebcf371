"""Telephone numbers are found as they are written; ID numbers, cards and codes are masked and never taken for one."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from advisor.phones import find_phones, find_secrets, mask, read_phone

TABLE: dict[str, Any] = yaml.load((Path(__file__).parent / "phones.yaml").read_text("utf-8"), Loader=yaml.BaseLoader)
SIGNS = "0123456789*xX+-() ()（）１２３验证码卡号密码是身份证86欠元打,，.:"


@pytest.mark.parametrize(("said", "heard"), TABLE["phones"].items())
def test_a_number_is_read_with_its_kind(said: str, heard: str) -> None:
    phone = read_phone(said)
    assert (f"{phone.number} {phone.kind}" if phone else "-") == heard


@pytest.mark.parametrize(("said", "shown"), TABLE["masked"].items())
def test_what_nobody_should_see_is_masked(said: str, shown: str) -> None:
    assert mask(said) == shown


@pytest.mark.parametrize("said", TABLE["left_alone"])
def test_what_is_no_secret_stays(said: str) -> None:
    assert mask(said) == said


def test_several_numbers_are_found_in_order() -> None:
    found = find_phones("他用13812345678和1069xxxx发短信，我打了400-820-8820和12378")
    assert [(p.kind, p.start, p.end) for p in found] == [
        ("mobile", 2, 13), ("bulk", 14, 22), ("service", 29, 41), ("service", 42, 47),
    ]  # fmt: skip


@given(
    st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    st.sampled_from(["", "-", " "]),
    st.sampled_from(["", "+86", "+86 "]),
)
def test_every_mobile_reads_back(number: str, between: str, country: str) -> None:
    phone = read_phone(country + between.join((number[:3], number[3:7], number[7:])))
    assert phone is not None and (phone.number, phone.kind) == (number, "mobile")


@given(
    st.integers(110000, 659999),
    st.dates(date(1930, 1, 1), date(2015, 1, 1)),
    st.integers(0, 999),
    st.sampled_from("0123456789xX"),
)
def test_no_id_number_is_a_phone_and_every_one_is_masked(place: int, born: date, serial: int, check: str) -> None:
    said = f"证件{place}{born:%Y%m%d}{serial:03}{check}"
    assert find_phones(said) == [] and [s.kind for s in find_secrets(said)] == ["id"]
    assert f"{born:%Y%m%d}" not in mask(said)


@given(st.from_regex(r"[34569][0-9]{15,18}", fullmatch=True))
def test_no_card_is_a_phone(number: str) -> None:
    assert find_phones(number) == []
    assert number not in mask(f"卡号{number}")


@given(st.one_of(st.text(), st.text(SIGNS, max_size=60)))
def test_no_text_raises_and_masking_keeps_length_and_settles(text: str) -> None:
    for found in (find_phones(text), find_secrets(text)):
        edges = [edge for m in found for edge in (m.start, m.end)]
        assert edges == sorted(edges) and all(0 <= e <= len(text) for e in edges)
    masked = mask(text)
    assert len(masked) == len(text)
    assert all(old == new or new == "＊" for old, new in zip(text, masked, strict=True))


HOSTILE = ("1", "1 ", "验证码123456 ", "(0", "+86", "*", "4111111111111111 ", "\ud800", "\u202e1")


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_hostile_length_is_read_to_its_end(hostile: str) -> None:
    find_phones(hostile * 20_000)
    mask(hostile * 20_000)
