"""How people begin their story: the nearest situation is found, or stands among those to choose from."""

from collections import Counter
from datetime import datetime

import yaml

from advisor.message import Message
from advisor.session import Session
from advisor.turn import turn
from tests.conversation import ROOT, SHANGHAI, advisor
from tests.figures import tell

EVENING = datetime(2026, 11, 25, 20, 10, tzinfo=SHANGHAI)
SAID: dict[str, list[str]] = yaml.safe_load((ROOT / "tests" / "situations_heldout.yaml").read_text("utf-8"))


def led_to(words: str, meant: str) -> str:
    """Tell how a beginning is taken: for the situation meant, offered among three, asked, or for another one."""
    after, reply = turn(advisor(), Session(), Message("x", words), EVENING)
    assert after is not None
    flow = after.state.partition(".")[0]
    if flow != "home":
        return "found" if flow == meant else "another"
    offered = {choice.id.partition("go:")[2].partition(".")[0] for choice in reply.bubbles[-1].choices}
    return "offered" if meant in offered else "asked"


def test_beginnings_nobody_tuned_on() -> None:
    """Printed: how the first words of a story are taken; neighbouring situations count as another one."""
    ways = Counter(led_to(words, meant) for meant, said in SAID.items() for words in said)
    size = sum(ways.values())
    tell("beginnings, held out: " + ", ".join(f"{way} {ways[way] / size:.0%}" for way in sorted(ways)))
    assert (ways["found"] + ways["offered"]) / size >= 0.45
