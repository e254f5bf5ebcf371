"""Every letter as it is drafted with all its facts, one file each, so that a change of words is seen as a change.

The facts stand in `facts.yaml`, as people say them. After a change of wording: `python -m tests.letters.regenerate`,
then read the difference before committing it, as the person who sends the letter and as the one who receives it.
"""

from datetime import date
from pathlib import Path

import yaml

from advisor.smscount import sms_count
from tests.conversation import advisor

HERE = Path(__file__).parent
TODAY = date(2026, 11, 25)
SAID: dict[str, dict[str, str]] = yaml.safe_load((HERE / "facts.yaml").read_text(encoding="utf-8"))


def declared(letter: str) -> list[str]:
    """Name the slots that a letter may speak of."""
    front = advisor().content.letters[letter].front
    return [*front.needs, *front.may_use]


def full(letter: str) -> dict[str, str]:
    """Give all the facts of a letter, as people say them."""
    said = {**SAID["everywhere"], **SAID.get(letter, {})}
    return {slot: said[slot] for slot in declared(letter)}


def short(letter: str, said: dict[str, str]) -> str:
    """Give the short form of a letter, as it is sent."""
    facts = advisor().facts(said, TODAY)
    text = advisor().words.letter(letter, "zh", TODAY, advisor().content.all_slots, facts, short=True)
    return " ".join(text.split())


def golden(letter: str) -> str:
    """Give what stands in the file of a letter: its text and, where there is one, its short form."""
    text = advisor().draft(letter, full(letter), TODAY)
    if advisor().content.letters[letter].front.short:
        brief = short(letter, full(letter))
        text += f"\n\n———— 短信版，{sms_count(brief)} 条 ————\n{brief}"
    return f"{text}\n"
