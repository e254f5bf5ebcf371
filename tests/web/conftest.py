"""A page for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.web.browser import CHROMIUM, Phone, chromium, serving
from tests.web.office import Office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path)
    yield office
    office.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if not CHROMIUM:
        pytest.skip("chromium is not installed")
    with serving(tmp_path_factory.mktemp("page")) as url:
        yield url


@pytest.fixture(scope="module")
def browser(address: str) -> Iterator[Browser]:  # of a module: while it runs, no other test can run a loop
    with chromium() as browser:
        yield browser


@pytest.fixture
def phone(browser: Browser, address: str) -> Iterator[Phone]:
    """Somebody with a phone, whose page must complain of nothing and ask nobody else."""
    phone = Phone(browser, address)
    yield phone
    phone.close()
    assert not phone.complaints
    assert not [url for url in phone.asked if not url.startswith((address, "data:", "blob:"))]
