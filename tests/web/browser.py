"""A real browser in front of the page as a process of its own."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright

from tests.conversation import ROOT
from tests.running import free_port, wait_until_it_listens

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--no-first-run"]
PHONE = {"width": 390, "height": 844}
NOW = "2026-11-23T20:30"
ELSEWHERE = "https://www.weather.com.cn/"


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve the page with nothing configured but its port; give its address."""
    port = free_port()
    settings = {**os.environ, "PORT": str(port), "TELEGRAM_TOKEN": "", "PAGE_URL": "", "HUMAN_CONTACT": ""}
    command = [sys.executable, "bot.py", "serve", "--now", NOW, "--db", f"sqlite:///{folder / 'page.db'}"]
    with (folder / "page.log").open("ab") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=settings, stdout=log, stderr=log)
    try:
        wait_until_it_listens(port)
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


class Phone:
    """Somebody with a phone: `page` is what they see; what it asked for and complained of is noted."""

    def __init__(self, browser: Browser, url: str, **how: Any) -> None:
        how = {"viewport": PHONE, "has_touch": True, "locale": "zh-CN", "reduced_motion": "reduce", **how}
        self.url, self.asked, self.complaints = url, list[str](), list[str]()
        self.context: BrowserContext = browser.new_context(**how)
        self.context.on("request", self._note_request)
        self.context.on("console", self._note_complaint)
        self.context.set_default_timeout(10_000)
        self.page: Page = self.open()

    def open(self) -> Page:
        """Open the page in another tab."""
        page = self.context.new_page()
        page.goto(self.url)
        return page

    def _note_request(self, request: Request) -> None:
        self.asked.append(request.url)

    def _note_complaint(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    @property
    def talk(self) -> str:
        return self.page.inner_text("#talk")

    @property
    def last(self) -> str:
        """What was said last, all of its bubbles."""
        return self.page.locator("#talk > .it").last.inner_text()

    def say(self, text: str, page: Page | None = None) -> None:
        """Type something and send it."""
        page = page or self.page
        page.fill("#text", text)
        with self._answered(page):
            page.click(".send")

    def paste_sms(self, *messages: str) -> None:
        """Paste several SMS."""
        self.page.click(".more summary")
        self.page.fill("[name=sms]", "\n\n".join(messages))
        with self._answered(self.page):
            self.page.click(".send")

    def tap(self, selector: str, page: Page | None = None) -> None:
        """Tap a choice."""
        page = page or self.page
        with self._answered(page):
            page.locator(selector).first.click()

    def tap_label(self, label: str, page: Page | None = None) -> None:
        """Tap the choice with these words."""
        self.tap(f'.choices button:text-is("{label}")', page)

    @contextmanager
    def _answered(self, page: Page) -> Iterator[None]:
        newest = "Math.max(...[...document.querySelectorAll('#talk > .it')].map((one) => Number(one.dataset.n)))"
        before = page.evaluate(newest)
        yield
        # it loads anew when the talk went on in another language
        same = "[document.documentElement.lang, ''].includes(document.getElementById('talk').lang)"
        done = f"(before) => {newest} > before && !document.querySelector('.sending') && {same}"
        page.wait_for_function(done, arg=before)

    def widest(self) -> int:
        """Give the width that the page needs, in CSS pixels; 10,000 when something begins left of its edge."""
        cut = """[...document.querySelectorAll('body *:not(.hidden, .skip)')]
            .some((one) => one.checkVisibility() && one.getBoundingClientRect().left < 0) ? 10000 : 0"""
        return int(self.page.evaluate(f"Math.max(document.documentElement.scrollWidth, {cut})"))

    def too_small(self) -> list[str]:
        """Name what can be tapped and is smaller than a finger."""
        found: list[str] = self.page.evaluate(
            """() => [...document.querySelectorAll('button, summary, header a, textarea, .tools a')]
            .map((one) => [one, one.getBoundingClientRect()])
            .filter(([one, box]) => box.width && (box.height < 44 || box.width < 44) && one.checkVisibility())
            .map(([one, box]) => `${one.outerHTML.slice(0, 90)} ${box.width}x${box.height}`)"""
        )
        return found

    def close(self) -> None:
        self.context.close()
