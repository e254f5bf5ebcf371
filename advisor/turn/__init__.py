"""One turn: hear what the person did, move through the flows, show what comes next.

Pure: a session, a message and the time go in; a new session and a reply come out. Nothing is read, sent or
saved here, and the session that was handed in stays as it was.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from advisor.content.load import BASE
from advisor.exhibit import Exhibit
from advisor.masking import without_secrets
from advisor.message import Message, Reply
from advisor.session import Session
from advisor.traditional import in_traditional
from advisor.turn.advisor import Advisor
from advisor.turn.filing import keep_files, tell_kept
from advisor.turn.hear import LISTENERS
from advisor.turn.moves import arrive
from advisor.turn.receiving import note_masked, note_received, note_writing
from advisor.turn.show import show
from advisor.turn.talk import Talk

__all__ = ["Advisor", "turn"]


def turn(
    advisor: Advisor,
    session: Session,
    message: Message,
    now: datetime,
    filed: Callable[[], Sequence[Exhibit]] = tuple,
) -> tuple[Session | None, Reply]:
    """Answer one message; `now` is aware (Asia/Shanghai), `filed` gives the evidence file when it is asked for.

    None instead of a session: all of it was deleted.
    """
    talk = Talk(advisor, session.copy(), without_secrets(message, advisor.mask), now, message, filed)
    arrive(talk)
    note_writing(talk)
    note_received(talk)
    keep_files(talk)
    note_masked(talk)
    for listen in LISTENERS:
        if listen(talk):
            break
    tell_kept(talk)
    reply = show(talk)
    if talk.session.traditional and talk.session.language == BASE:
        reply = in_traditional(reply)
    reply = replace(reply, kept=tuple(talk.kept), struck=tuple(talk.struck), heard_by=listen.__name__)
    talk.session.last_at = now.isoformat(timespec="seconds")
    return (None if talk.deleted else talk.session), reply
