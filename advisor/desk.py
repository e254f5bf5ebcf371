"""The desk: one message in, one reply out, and nothing in between is ever lost or done twice.

A message is answered in one transaction that knows a repeat, loads the person, takes the turn, and saves
session and reply together. Messages that wait at the same time share one commit.
"""

import logging
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from time import monotonic
from typing import Any, cast

from advisor.cleaning import clean
from advisor.clock import SHANGHAI, shanghai_now
from advisor.codec import Codec, CorruptError, NoKeyError
from advisor.content.load import BASE
from advisor.evidence.looking import Looker
from advisor.faults import tell
from advisor.filekeeping import Filekeeper
from advisor.gathering import ends_a_paste, pack, together, unpack
from advisor.greeting import greet
from advisor.groupcommit import Job
from advisor.leases import LASTS
from advisor.limits import Limits, glance, is_in_danger, refusal
from advisor.masking import without_secrets
from advisor.message import Bubble, Message, Reply
from advisor.outbox import Outbox
from advisor.reminding import expires, remind, warn_at
from advisor.session import Session
from advisor.store import Due, Store, StoreError, Transaction
from advisor.tally import Answered, Event, ignore, turned
from advisor.turn import Advisor, turn

WITHOUT_CONSENT = timedelta(hours=24)
TRY_AGAIN = timedelta(hours=1)  # after due work has failed
SWEEP_EVERY = timedelta(hours=1)  # for what has passed its time
QUIET = timedelta(seconds=1.5)  # after the last of several messages sent in one go, before they are answered
log = logging.getLogger("advisor.desk")


class Desk(Outbox):
    """Answers messages for all channels. `clock` gives the time; `retention` is how long a case is kept."""

    def __init__(
        self,
        advisor: Advisor,
        store: Store,
        codec: Codec | None = None,
        clock: Callable[[], datetime] = shanghai_now,
        retention: timedelta = timedelta(days=210),
        looker: Looker | None = None,
        observe: Callable[[Event], None] = ignore,
        limits: Limits | None = None,
        lease: float = LASTS,
    ) -> None:
        """Serve `advisor` from `store`; `looker` looks at files, `observe` counts what happens, `limits` hold for all.

        Without `limits` everything is heard, as it always is where no event loop runs: there one person is alone.
        `lease` is how long one lasts, in seconds.
        """
        super().__init__(store, codec or Codec(), clock, lease)
        self.advisor, self._retention, self._looker = advisor, retention, looker
        self._observe, self._limits = observe, limits
        self._swept = datetime.min.replace(tzinfo=SHANGHAI)

    def take_over(self, advisor: Advisor) -> None:
        """Go by new content from the next turn on."""
        self.advisor = advisor
        if self._looker:
            self._looker.take_over(advisor)

    def take(self, messages: Sequence[Message]) -> list[Reply | Exception]:
        """Answer messages in one transaction; each gets its reply or the error that only concerns it."""
        return self.commits.do([(message.person, partial(self._one, message)) for message in messages])

    def answer_now(self, message: Message) -> Reply:
        """Answer one message where no event loop runs; raises StoreError."""
        if self._looker:
            message = self._looker.look_now(message, self.clock())
        (outcome,) = self.take([message])
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    async def answer(self, message: Message) -> Reply:
        """Answer one message; it returns when session and reply are on the disk."""
        began = monotonic()
        if self._limits:
            message = self._limits.measured(message, self.commits.people_waiting)
        if self._looker and not message.refused:
            message = await self._looker.look(message, self.clock())
        taking = monotonic()
        reply, taken = await self.commits.when_done(message.person, partial(self._one_for_all, message))
        if taken:
            self.leases.note(message.person, taking)
        self._observe(Answered(monotonic() - began))
        return cast(Reply, reply)

    async def do_due(self) -> list[str]:
        """Do the work that is due, and name the people for whom a reply waits now."""
        if self.clock() - self._swept >= SWEEP_EVERY:
            self._swept = self.clock()
            self.store.expire(self._swept)
        people = self.leases.abandoned(self.store)
        if self.store.anything_due(self.clock()):
            people += await self.commits.when_done("", self._due)
        return people

    async def when_done(self, person: str, job: Job) -> Any:
        """Do a job for a person in one of the next commits, beside what else waits; it returns when that is kept."""
        return await self.commits.when_done(person, job)

    def _one(self, message: Message, transaction: Transaction, now: datetime) -> Reply | Exception:
        return self._safely(transaction, lambda: self._answer(transaction, clean(message), now))

    def _safely(self, transaction: Transaction, answer: Callable[[], Reply]) -> Reply | Exception:
        """Give the answer, or what is said when something of ours broke; then nothing of it is kept."""
        try:
            with transaction.savepoint():
                return answer()
        except StoreError:
            raise  # the transaction is gone, and with it the whole batch
        except NoKeyError as error:
            return StoreError(f"这条记录加了密，{error}")
        except Exception as error:
            tell(error, "turn failed")
            return self._broken()

    def _one_for_all(self, message: Message, transaction: Transaction, now: datetime) -> tuple[Reply, bool]:
        """Answer one message of many people's, failed or not, and tell whether their replies are ours to send."""
        message = replace(message, id=message.id or uuid.uuid4().hex)
        outcome = self._one(message, transaction, now)
        reply = self._broken() if isinstance(outcome, Exception) else outcome
        kept = self._kept(transaction, message, reply, now)
        return kept, self.leases.take_in(transaction, message.person)

    def _answer(self, transaction: Transaction, message: Message, now: datetime) -> Reply:
        message_id = message.id or uuid.uuid4().hex
        if stored := self.stored(transaction, message.person, message_id):
            return stored
        message = replace(message, id=message_id)
        if message.refused:
            session = glance(self.codec, transaction.session(message.person, now))
            if not is_in_danger(self.advisor, session, message):
                reply = refusal(self.advisor, session.language, message, now)
                return self.remember(transaction, message.person, reply, now)
            message = replace(message, files=())  # the words alone: nobody has looked at the files
        transaction.silence(message.person, None)
        if message.more_follows:
            kept = without_secrets(message, self.advisor.mask)
            if kept.masked and self._load(transaction, message.person, now)[0].consent == "yes":
                kept = replace(kept, sms=message.sms)  # the evidence file keeps them as they came
            packed = self.codec.encode(pack(kept))
            transaction.gather(message.person, packed, now + QUIET)
            return self.remember(transaction, message.person, Reply("", (), (), message_id), now)
        waiting = self._gathered(transaction, message.person)
        if waiting and ends_a_paste(waiting, message):
            message = together([*waiting, message])
        elif waiting:
            self._answer_together(transaction, waiting, now)
        return self._turn(transaction, replace(message, id=message_id), now)

    def _gathered(self, transaction: Transaction, person: str) -> list[Message]:
        return [unpack(person, self.codec.decode(body)) for body in transaction.gathered(person)]

    def _answer_together(self, transaction: Transaction, messages: Sequence[Message], now: datetime) -> None:
        """Answer what was sent in one go as one message."""
        one = together(messages)
        reply = self._safely(transaction, lambda: self._turn(transaction, one, now))
        if isinstance(reply, Exception):  # only for want of a key; as a StoreError it would fail the whole batch
            raise NoKeyError(str(reply))
        self._kept(transaction, one, reply, now)

    def _turn(self, transaction: Transaction, message: Message, now: datetime) -> Reply:
        session, lost = self._load(transaction, message.person, now)
        if message.greeted and not session.turn:
            session, _ = greet(self.advisor, message.greeted, now)
        keeper = Filekeeper(transaction, self.codec, message.person)
        after, reply = turn(self.advisor, session, message, now, keeper.exhibits)
        if lost:
            words = self.advisor.words.say("shell/unreadable", BASE, now.date())
            reply = replace(reply, bubbles=(Bubble(words), *reply.bubbles))
        if after is None:
            transaction.forget(message.person)
        else:
            if reply.kept or reply.struck:
                after.filed += keeper.settle(reply, message.files)
            self._save(transaction, message.person, after, now, warned=session.consent == "yes")
            if after.reminders != session.reminders:
                transaction.remind(message.person, [datetime.fromisoformat(at) for at in after.reminders])
        self._observe(turned(session, after, reply, message, now))
        return self.remember(transaction, message.person, replace(reply, id=message.id or ""), now)

    def _save(
        self, transaction: Transaction, person: str, session: Session, now: datetime, *, warned: bool = True
    ) -> None:
        """Keep a session from now on; who agreed to that is warned before it goes, or is not any more if `warned`."""
        agreed = session.consent == "yes"
        kept = self._retention if agreed else WITHOUT_CONSENT
        transaction.save(person, self.codec.encode(session.to_data()), now + kept)
        if agreed or warned:
            transaction.warn(person, warn_at(now, kept) if agreed else None)

    def _kept(self, transaction: Transaction, message: Message, reply: Reply, now: datetime) -> Reply:
        """Give a reply as it is kept; one that says that something broke is kept only here, to break nothing again."""
        if reply.id:
            return reply
        return self.remember(transaction, message.person, replace(reply, id=message.id or ""), now)

    def _due(self, transaction: Transaction, now: datetime) -> list[str]:
        """Take all work that is due; each piece is done or, when it fails, left undone by itself."""
        people = []
        for work in transaction.due(now):
            try:
                with transaction.savepoint():
                    transaction.done(work)
                    if self._do_one_due(transaction, work, now):
                        people.append(work.person)
            except Exception as error:  # this piece alone; it is tried again later
                tell(error, "due work failed")
                transaction.postpone(work, now + TRY_AGAIN)
        return people

    def _do_one_due(self, transaction: Transaction, work: Due, now: datetime) -> bool:
        """Do one piece of work; tell whether a reply waits now."""
        if work.kind in ("reminder", "expiry"):
            return self._remind(transaction, work, now)
        messages = self._gathered(transaction, work.person)
        if messages:
            self._answer_together(transaction, messages, now)
        return bool(messages)

    def _remind(self, transaction: Transaction, work: Due, now: datetime) -> bool:
        """Send the reminder that a person asked for, or that all goes; none when nothing is known of them any more."""
        session, _ = self._load(transaction, work.person, now)
        warning = work.kind == "expiry"
        reply = expires(self.advisor, session, now, self._retention) if warning else remind(self.advisor, session, now)
        if reply is None:
            return False
        if not warning:  # which counts as no contact
            expiry = (session.last_word() or now) + self._retention
            transaction.save(work.person, self.codec.encode(session.to_data()), expiry)
        self.remember(transaction, work.person, reply, now)
        return True

    def _load(self, transaction: Transaction, person: str, now: datetime) -> tuple[Session, bool]:
        """Give the person's session, and whether one that could not be read was put aside."""
        body = transaction.session(person, now)
        if body is None:
            return Session(), False
        try:
            return Session.from_data(self.codec.decode(body)), False
        except (CorruptError, ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
            log.error("session unreadable error=%s", type(error).__name__)
            transaction.set_aside(person, now)
            return Session(), True

    def _broken(self) -> Reply:
        """Say that something of ours broke; the session is as it was, so the same message may be sent again."""
        return Reply("", (), (Bubble(self.advisor.words.say("shell/broken", BASE, self.clock().date())),))

    def language(self, person: str) -> str:
        """Name the language and the characters that a person is answered in; nothing when nothing is known of them."""
        body = self.store.session(person, self.clock())
        return glance(self.codec, body).written_in() if body else ""

    @contextmanager
    def opened(self, person: str) -> Iterator[tuple[Session, Filekeeper]]:
        """Open the session and the evidence file of a person, outside of any talk; what changed is saved at the end."""
        now = self.clock()
        with self.commits.holding(person) as transaction:
            session, _ = self._load(transaction, person, now)
            before = session.to_data()
            yield session, Filekeeper(transaction, self.codec, person)
            if session.to_data() != before:
                self._save(transaction, person, session, now)

    def close(self) -> None:
        """Let go of the store."""
        self.store.close()
