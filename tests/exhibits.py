"""A small case as an evidence file holds it, for tests that need one."""

from datetime import datetime
from typing import Any

from advisor.exhibit import Exhibit, Original
from tests.conversation import SHANGHAI

SCREENSHOT = b"\xff\xd8 a screenshot"


def at(*when: int) -> datetime:
    return datetime(*when, tzinfo=SHANGHAI)  # type: ignore[arg-type,misc]


def read_as(grade: str, **quotes: str) -> dict[str, Any]:
    """Give a reading with a finding for each quotation."""
    findings = [{"id": name, "quote": quote, "because": ""} for name, quote in quotes.items()]
    return {"kind": "collection", "grade": grade, "findings": findings}


def exhibit(number: int, kind: Any = "sms", when: datetime | None = None, text: str = "", **more: Any) -> Exhibit:
    return Exhibit(kind, at(2026, 1, 5, 9, number), text, at=when, number=number, **more)


THREAT = "【某贷】再不还钱就打断你的腿，\n全家小心"
OFFER = {"kind": "loan_ad", "grade": "plain", "findings": []}
CASE = [
    exhibit(1, "sms", at(2025, 12, 30, 21, 5), THREAT, sender="10690001234567890", known_by="text", seen=2,
            reading=read_as("danger", threat_violence="打断你的腿，\n全家小心")),
    exhibit(2, "sms", at(2026, 1, 2, 23, 15), "狗东西，今天不还就把你照片发到村里群里", sender="13800000000",
            known_by="picture", source="picture", of=3,
            reading=read_as("unlawful", insult="狗东西", threat_exposure="发到村里群里")),
    exhibit(3, "picture", original=Original.of("../../etc/屏幕.jpg", "image/jpeg", SCREENSHOT)),
    exhibit(4, "call", at(2025, 11, 3, 10), "他说明天要来我家", sender="13800000000", known_by="told"),
    exhibit(5, "visit", at(2025, 12, 31), "两个人来敲门", known_by="told", whole_day=True),
    exhibit(6, "sms", at(2026, 1, 4, 3), "=1+1 请尽快还款", known_by="forward", reading=read_as("plain")),
    exhibit(7, "sms", at(2025, 12, 31, 9, 30), "您的账单已逾期", sender="95588", known_by="export", source="export",
            reading=read_as("plain")),
    exhibit(8, "call", at(2025, 11, 3, 22), "他说后天要来我家", sender="13800000000", known_by="told", corrects=4),
    exhibit(9, "sms", at(2026, 1, 3, 1), "恭喜您获得贷款额度", reading=OFFER),
]  # fmt: skip
