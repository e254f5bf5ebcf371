"""The page in narrow, enlarged and dark windows, and for those who do not see it."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.web.axe import SCRIPT, failures
from tests.web.browser import Phone
from tests.web.test_browser import THREAT, draft, play

WINDOWS: dict[str, dict[str, Any]] = {
    "320 px wide": {"viewport": {"width": 320, "height": 568}},
    "enlarged twice": {"viewport": {"width": 640, "height": 400}, "device_scale_factor": 2},
    "a phone": {},
    "a wide window": {"viewport": {"width": 1440, "height": 900}, "has_touch": False},
}


def assert_fits(phone: Phone, width: int) -> None:
    assert phone.widest() <= width
    assert phone.too_small() == []


def assert_all_fits(phone: Phone, address: str, width: int) -> None:
    """Whatever can be opened on the page, and the pages beside it."""
    for summary in (".more > summary", ".menu > summary", ".sheetlet summary"):
        phone.page.click(summary)
        assert_fits(phone, width)
    for path in ("code", "cleared"):
        phone.page.goto(address + path)
        assert_fits(phone, width)


@pytest.mark.parametrize("window", WINDOWS)
def test_nothing_runs_over_the_edge_and_all_is_large_enough_to_tap(browser: Browser, address: str, window: str) -> None:
    phone = Phone(browser, address, **WINDOWS[window])
    width = phone.page.viewport_size["width"] if phone.page.viewport_size else 0
    for step in ("", "被辱骂、威胁或轰炸", "x" * 300, "draft"):
        if step == "draft":
            draft(phone)
        elif step:
            phone.say(step)
        assert_fits(phone, width)
    assert_all_fits(phone, address, width)
    phone.close()


def test_letters_twice_as_large_fit(phone: Phone) -> None:
    phone.page.evaluate("document.documentElement.style.fontSize = '212%'")
    phone.tap_label("被辱骂、威胁或轰炸")
    assert phone.widest() <= 390
    box = phone.page.locator(".send").bounding_box()
    assert box and box["x"] + box["width"] <= 390


def test_in_the_dark_it_is_dark(browser: Browser, address: str) -> None:
    for scheme, dark in (("light", False), ("dark", True)):
        phone = Phone(browser, address, color_scheme=scheme)
        ground = phone.page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
        assert (sum(map(int, ground[4:-1].split(","))) < 200) is dark
        phone.close()


@pytest.fixture(params=["light", "dark"])
def seen(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Phone]:
    if not SCRIPT.is_file():
        pytest.skip("axe-core is not installed: python -m tests.web.axe")
    phone = Phone(browser, address, bypass_csp=True, color_scheme=request.param)
    yield phone
    phone.close()


def test_no_page_fails_wcag(seen: Phone) -> None:
    assert failures(seen.page) == []
    seen.say(THREAT)
    draft(seen)
    assert failures(seen.page) == []
    for summary in (".more > summary", ".menu > summary", ".sheetlet summary"):
        seen.page.click(summary)
    assert failures(seen.page) == []
    for path in ("code", "cleared", "file/1/1"):
        seen.page.goto(seen.url + path)
        assert failures(seen.page) == []


def test_a_picture_is_shown_with_words_and_its_numbers(seen: Phone) -> None:
    play(seen, "several_two_debts_next_lender")
    picture = seen.page.locator("figure img").first
    picture.scroll_into_view_if_needed()
    seen.page.wait_for_function("document.querySelector('figure img').naturalWidth === 1080")
    assert (picture.get_attribute("alt") or "").endswith("数字在图下的表里")
    seen.page.locator("figure summary").first.click()
    assert seen.page.locator("figure table").first.locator("tr").count() > 2
    assert failures(seen.page) == []
