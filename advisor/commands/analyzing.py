"""`bot.py analyze`: reads SMS outside a talk, for a person or, as JSON Lines, for a program."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from advisor.channels.terminal import read_sms
from advisor.message import Sms
from advisor.smssentences import sentences
from advisor.turn import Advisor

MOST_TOLD = 50  # messages that are told one by one; of more, only what they are together


def told(advisor: Advisor, text: str, now: datetime) -> Iterator[str]:
    """Give what each paragraph of `text` is, and what they are together."""
    messages = [Sms(paragraph.strip()) for paragraph in filter(str.strip, text.split("\n\n"))]
    for number, sms in enumerate(messages, 1) if len(messages) <= MOST_TOLD else ():
        yield f"[{number}] " * (len(messages) > 1) + advisor.tell([sms], now) + "\n"
    if len(messages) > 1:
        yield advisor.tell(messages, now)


def readings(advisor: Advisor, text: str, now: datetime) -> Iterator[dict[str, Any]]:
    """Give a reading for each line of `text`, an object of JSON; for a bad line an error."""
    for line in filter(str.strip, text.splitlines()):
        try:
            data = json.loads(line)
            yield {"id": data.get("id"), **reading(advisor, read_sms(data), now)}
        except (ValueError, AttributeError) as error:
            yield {"error": {"code": "bad_line", "message": str(error)}}


def reading(advisor: Advisor, sms: Sms, now: datetime) -> dict[str, Any]:
    """Give a reading in the form that other programs are written against."""
    found = advisor.reader.read(sms, {}, now)
    on = (sms.received_at or now).date()
    cited = [(slug, advisor.words.register.cite(slug, on, on, now.date())) for slug in found.laws]
    return {
        "kind": found.kind,
        "sure": found.sure,
        "grade": found.grade,
        "findings": [
            {"id": f.id, "quote": f.quote, "start": f.start, "end": f.end, "because": f.because, "signal": f.signal}
            for f in found.findings
        ],
        "routes": list(found.routes),
        "laws": [{"slug": slug, "citation": citation.newest.name} for slug, citation in cited if citation],
        "ask": found.ask,
        "evidence": [{"signal": name, "weight": weight, "quote": quote} for name, weight, quote in found.evidence],
        "sentences": [
            {"quote": one.quote, "told_as": one.told_as, "because": list(one.because)}
            for one in sentences(sms.text, found)
        ],
    }
