"""Draws the pictures of the README anew: `python -m tests.web.screenshots`."""

import sys
import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image

from tests.conversation import ROOT
from tests.web.browser import CHROMIUM, Phone, chromium, serving
from tests.web.test_browser import THREAT, draft, play

FOLDER = ROOT / "docs"
LARGEST = 60_000  # bytes
SIZE = {"width": 390, "height": 780}


def draw() -> int:
    """Draw all of them."""
    if not CHROMIUM:
        print("chromium is needed", file=sys.stderr)
        return 2
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as url, chromium() as browser:

        def phone(scheme: str = "light") -> Phone:
            return Phone(browser, url, viewport=SIZE, color_scheme=scheme)

        keep(phone(), "page-begin")
        one = phone()
        one.say(THREAT)
        one.say(THREAT.replace("畜生", "不要脸"))
        keep(one, "page-sms")
        one = phone("dark")
        one.tap_label("被辱骂、威胁或轰炸")
        one.tap_label("没有")
        keep(one, "page-dark")
        one = phone()
        draft(one)
        one.page.evaluate("document.querySelector('.tools').scrollIntoView({ block: 'end' })")
        keep(one, "page-letter")
        one = phone()
        play(one, "several_two_debts_next_lender")
        one.page.evaluate("document.querySelector('figure').scrollIntoView({ block: 'center' })")
        one.page.wait_for_function("document.querySelector('figure img').naturalWidth > 0")
        keep(one, "page-plan")
    return 0


def keep(phone: Phone, name: str) -> None:
    """Take a picture and make it small."""
    phone.page.evaluate("document.activeElement.blur()")
    phone.page.wait_for_timeout(300)
    whole = Image.open(BytesIO(phone.page.screenshot())).convert("RGB")
    path = FOLDER / f"{name}.png"
    whole.quantize(64, dither=Image.Dither.NONE).save(path, optimize=True)
    assert path.stat().st_size < LARGEST, path
    print(f"{path.relative_to(ROOT)}  {path.stat().st_size} bytes")
    phone.close()


if __name__ == "__main__":
    sys.exit(draw())
