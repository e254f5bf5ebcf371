"""What every template in a talk is handed besides the facts: the message read last, the house, the moment."""

from datetime import date
from typing import TYPE_CHECKING, Any

from advisor.readings import in_words

if TYPE_CHECKING:
    from advisor.turn.talk import Talk

PAGE = "web:"  # how the names of people begin who talk on our own page, where no platform reads along


def handed(talk: "Talk") -> dict[str, Any]:
    """Give what is handed over; `received` is the day of the message that was read last, today when none was."""
    reading = talk.case.reading
    return {
        "reading": in_words(reading, talk.edition.because) if reading else None,
        "received": date.fromisoformat(reading["on"]) if reading.get("on") else talk.today,
        "human": talk.advisor.human,
        "keep_days": talk.advisor.keep_days,
        "at_night": talk.at_night,
        "promised": talk.promised,
        "on_page": talk.message.person.startswith(PAGE),
    }
