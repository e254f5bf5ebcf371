"""Words what is said unasked: the reminder that somebody wanted, and the warning that what is kept goes soon."""

from datetime import datetime, timedelta
from typing import Any

from advisor.content.load import BASE
from advisor.message import Bubble, Reply
from advisor.session import Session
from advisor.traditional import traditional
from advisor.turn import Advisor
from advisor.turn.everywhere import REMIND_AFTER

MOST_REMINDERS = len(REMIND_AFTER)
WARN_BEFORE = timedelta(days=14)  # what is kept goes: time enough to take it along


def remind(advisor: Advisor, session: Session, now: datetime) -> Reply | None:
    """Give the reminder that is due and take it out of the session; None when none is."""
    passed = [at for at in session.reminders if datetime.fromisoformat(at) <= now]
    if not passed:
        return None
    session.reminders = [at for at in session.reminders if at not in passed]
    number = MOST_REMINDERS - len(session.reminders)
    words = _say(advisor, session, "shell/reminder", now, number=number, count=MOST_REMINDERS)
    return Reply(session.state, (), (Bubble(words),), f"reminder {passed[-1]}")


def warn_at(now: datetime, kept: timedelta) -> datetime:
    """Tell when to warn somebody who has just written that their case goes: some days before, or half way there."""
    return now + kept - min(WARN_BEFORE, kept / 2)


def expires(advisor: Advisor, session: Session, now: datetime, kept: timedelta) -> Reply | None:
    """Give the warning before a case goes; None to those who have not agreed to keep one, or have none any more."""
    if session.consent != "yes":
        return None
    goes_on = ((session.last_word() or now) + kept).date()
    words = _say(advisor, session, "shell/expires", now, goes_on=goes_on)
    return Reply(session.state, (), (Bubble(words),), f"expiry {now.isoformat()}")


def _say(advisor: Advisor, session: Session, template: str, now: datetime, **more: Any) -> str:
    words = advisor.words.say(template, session.language, now.date(), **more)
    return traditional(words) if session.traditional and session.language == BASE else words
