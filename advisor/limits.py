"""How much is heard from one person and from all together, so that nobody's flood takes the time of the others.

The counts lie in the memory of each process: with several replicas behind a balancer the limits are as many times
as high, and a restart forgets them. Nothing that is said in danger is held up by them.
"""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from advisor.codec import Codec
from advisor.message import Bubble, Message, Reply
from advisor.session import Session
from advisor.turn import Advisor

EACH = 60  # messages a minute from one person; nobody types or taps as fast
IN_ONE_GO = 5  # times as many may be forwarded or sent together, which are answered as one
ALL = 20_000  # messages a minute from all; about half of what one core answers
MOST_PEOPLE = 500  # people who may be waiting for a turn before others are asked to come again: about a second
LONGEST = 2000  # characters in which danger is listened for
TOO_MANY, FLOOD, BUSY = "too_many", "flood", "busy"  # why a message is not heard; a flood is told once a minute


class Limits:
    """Counts messages: at most `each` a minute from one person (0: no limits at all), `everybody` from all together.

    Whoever comes while `most_people` others wait is asked to come again.
    """

    def __init__(self, each: int = EACH, everybody: int = ALL, most_people: int = MOST_PEOPLE) -> None:
        """Begin with nothing counted."""
        from limits import RateLimitItemPerMinute  # commands for one person have no limits and need not load them
        from limits.storage import MemoryStorage
        from limits.strategies import FixedWindowRateLimiter

        self._on, self._most_people = each > 0, most_people
        self._each = RateLimitItemPerMinute(each, namespace="each")
        self._in_one_go = RateLimitItemPerMinute(each * IN_ONE_GO, namespace="in one go")
        self._told = RateLimitItemPerMinute(1, namespace="told")
        self._all = RateLimitItemPerMinute(everybody, namespace="all")
        self._limiter = FixedWindowRateLimiter(MemoryStorage())

    def measured(self, message: Message, people_waiting: int) -> Message:
        """Count a message; one that goes beyond a limit comes back as refused."""
        return replace(message, refused=self._beyond(message, people_waiting)) if self._on else message

    def _beyond(self, message: Message, people_waiting: int) -> str:
        """Name what a message is too much for; what goes beyond a person's own limit does not count for all."""
        if not self._limiter.hit(self._in_one_go if message.more_follows else self._each, message.person):
            return TOO_MANY if self._limiter.hit(self._told, message.person) else FLOOD
        return "" if people_waiting < self._most_people and self._limiter.hit(self._all) else BUSY


def glance(codec: Codec, body: bytes | None) -> Session:
    """Look at a session as it is stored; when it cannot be read, that is for a turn to tell."""
    with suppress(Exception):
        return Session.from_data(codec.decode(body)) if body else Session()
    return Session()


def is_in_danger(advisor: Advisor, session: Session, message: Message) -> bool:
    """Tell whether a person says that they are in danger, or speaks or taps while the talk is about danger."""
    if not message.text and not message.choice:
        return False
    flow = advisor.content.flows.get(session.state.partition(".")[0])
    if flow and flow.urgent:
        return True
    words = message.text[:LONGEST]
    return bool(advisor.bells.rung_by(words) or advisor.bells.troubled(words))


def refusal(advisor: Advisor, language: str, message: Message, now: datetime) -> Reply:
    """Say why a message is not heard; in a flood nothing more is said."""
    words = advisor.words.say(f"shell/{message.refused}", language, now.date()) if message.refused != FLOOD else ""
    return Reply("", (), (Bubble(words),) if words else (), message.id or "")
