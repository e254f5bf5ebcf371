"""The desk: one message in, one reply out, and nothing in between is ever lost or done twice.

A message is answered in one transaction that knows a repeat, loads the person, takes the turn, and saves
session and reply together. Messages that wait at the same time share one commit.
"""

import logging
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from advisor.cleaning import clean
from advisor.clock import SHANGHAI, shanghai_now
from advisor.codec import Codec, CorruptError, NoKeyError
from advisor.content.load import BASE
from advisor.faults import tell
from advisor.gathering import ends_a_paste, pack, together, unpack
from advisor.masking import without_secrets
from advisor.message import Bubble, Message, Reply
from advisor.session import Session
from advisor.store import Due, Store, StoreError, Transaction
from advisor.traditional import traditional
from advisor.turn import Advisor, turn
from advisor.turn.everywhere import REMIND_AFTER

if TYPE_CHECKING:
    from asyncio import Future

MOST_REMINDERS = len(REMIND_AFTER)
WITHOUT_CONSENT = timedelta(hours=24)
TRY_AGAIN = timedelta(hours=1)  # after due work has failed
SWEEP_EVERY = timedelta(hours=1)  # for what has passed its time
QUIET = timedelta(seconds=1.5)  # after the last of several messages sent in one go, before they are answered
Job = Callable[[Transaction, datetime], Any]
log = logging.getLogger("advisor.desk")


class Desk:
    """Answers messages for all channels. `clock` gives the time; `retention` is how long a case is kept."""

    def __init__(
        self,
        advisor: Advisor,
        store: Store,
        codec: Codec | None = None,
        clock: Callable[[], datetime] = shanghai_now,
        retention: timedelta = timedelta(days=210),
    ) -> None:
        """Serve `advisor` from `store`."""
        self.advisor, self.store, self.clock = advisor, store, clock
        self._codec, self._retention = codec or Codec(), retention
        self._swept = datetime.min.replace(tzinfo=SHANGHAI)
        self._waiting: list[tuple[Job, Future[Any]]] = []

    def take(self, messages: Sequence[Message]) -> list[Reply | Exception]:
        """Answer messages in one transaction; each gets its reply or the error that only concerns it."""
        return self._do([partial(self._one, message) for message in messages])

    def _do(self, jobs: Sequence[Job]) -> list[Any]:
        """Do jobs in one commit; one that fails gives its error and spoils no other. Raises StoreError for all."""
        now = self.clock()
        with self.store.transaction() as transaction:
            return [self._apart(transaction, job, now) for job in jobs]

    def _apart(self, transaction: Transaction, job: Job, now: datetime) -> Any:
        try:
            return job(transaction, now)
        except StoreError:
            raise  # the transaction is gone, and with it the whole batch
        except Exception as error:
            tell(error, "job failed")
            return error

    def answer_now(self, message: Message) -> Reply:
        """Answer one message where no event loop runs; raises StoreError."""
        (outcome,) = self.take([message])
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    async def answer(self, message: Message) -> Reply:
        """Answer one message; it returns when session and reply are on the disk."""
        reply: Reply = await self._when_done(lambda transaction, now: self._one_for_all(transaction, message, now))
        return reply

    async def mark(self, person: str, reply: Reply) -> None:
        """Mark a reply as delivered."""
        await self._when_done(lambda transaction, now: transaction.delivered(person, reply.id, now))

    async def silence(self, person: str, silent: bool) -> None:
        """Remember that a person cannot be written to, or can again."""
        await self._when_done(lambda transaction, now: transaction.silence(person, now if silent else None))

    async def do_due(self) -> list[str]:
        """Do the work that is due, and name the people for whom a reply waits now."""
        if self.clock() - self._swept >= SWEEP_EVERY:
            self._swept = self.clock()
            self.store.expire(self._swept)
        if not self.store.anything_due(self.clock()):
            return []
        people: list[str] = await self._when_done(self._due)
        return people

    async def _when_done(self, job: Job) -> Any:
        """Do a job in the next commit, together with all that wait by then; it returns when that is on the disk."""
        import asyncio  # the terminal runs without an event loop and need not load one

        loop = asyncio.get_running_loop()
        future = loop.create_future()
        self._waiting.append((job, future))
        if len(self._waiting) == 1:  # a round of the loop later, so that what is just being received is in it too
            loop.call_soon(loop.call_soon, self._commit)
        return await future

    def _commit(self) -> None:
        """Do what waits in one commit, and hand the outcomes out."""
        batch, self._waiting = self._waiting, []
        try:
            outcomes: Sequence[Any] = self._do([job for job, _ in batch])
        except Exception as error:
            outcomes = [error] * len(batch)
        for (_, future), outcome in zip(batch, outcomes, strict=True):
            if future.done():
                continue
            if isinstance(outcome, Exception):
                future.set_exception(outcome)
            else:
                future.set_result(outcome)

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

    def _one_for_all(self, transaction: Transaction, message: Message, now: datetime) -> Reply:
        """Answer one message of many people's: what stands in its way is told to its person and holds up no other."""
        message = replace(message, id=message.id or uuid.uuid4().hex)
        outcome = self._one(message, transaction, now)
        reply = self._broken() if isinstance(outcome, Exception) else outcome
        return self._kept(transaction, message, reply, now)

    def _answer(self, transaction: Transaction, message: Message, now: datetime) -> Reply:
        message_id = message.id or uuid.uuid4().hex
        stored = transaction.reply(message.person, message_id)
        if stored is not None:
            return replace(Reply.from_data(self._codec.decode(stored)), id=message_id)
        transaction.silence(message.person, None)
        if message.more_follows:
            kept = without_secrets(replace(message, id=message_id), self.advisor.mask)
            packed = self._codec.encode(pack(kept))
            transaction.gather(message.person, packed, now + QUIET)
            return self._remember(transaction, message.person, Reply("", (), (), message_id), now)
        waiting = self._gathered(transaction, message.person)
        if waiting and ends_a_paste(waiting, message):
            message = together([*waiting, message])
        elif waiting:
            self._answer_together(transaction, waiting, now)
        return self._turn(transaction, replace(message, id=message_id), now)

    def _gathered(self, transaction: Transaction, person: str) -> list[Message]:
        return [unpack(person, self._codec.decode(body)) for body in transaction.gathered(person)]

    def _answer_together(self, transaction: Transaction, messages: Sequence[Message], now: datetime) -> None:
        """Answer what was sent in one go as one message."""
        one = together(messages)
        reply = self._safely(transaction, lambda: self._turn(transaction, one, now))
        if isinstance(reply, Exception):  # only for want of a key; as a StoreError it would fail the whole batch
            raise NoKeyError(str(reply))
        self._kept(transaction, one, reply, now)

    def _turn(self, transaction: Transaction, message: Message, now: datetime) -> Reply:
        session, lost = self._load(transaction, message.person, now)
        after, reply = turn(self.advisor, session, message, now)
        if lost:
            words = self.advisor.words.say("shell/unreadable", BASE, now.date())
            reply = replace(reply, bubbles=(Bubble(words), *reply.bubbles))
        if after is None:
            transaction.forget(message.person)
        else:
            kept = self._retention if after.consent == "yes" else WITHOUT_CONSENT
            transaction.save(message.person, self._codec.encode(after.to_data()), now + kept)
            if after.reminders != session.reminders:
                transaction.remind(message.person, [datetime.fromisoformat(at) for at in after.reminders])
        return self._remember(transaction, message.person, replace(reply, id=message.id or ""), now)

    def _kept(self, transaction: Transaction, message: Message, reply: Reply, now: datetime) -> Reply:
        """Give a reply as it is kept; one that says that something broke is kept only here, to break nothing again."""
        if reply.id:
            return reply
        return self._remember(transaction, message.person, replace(reply, id=message.id or ""), now)

    def _remember(self, transaction: Transaction, person: str, reply: Reply, now: datetime) -> Reply:
        transaction.remember(person, reply.id, self._codec.encode(reply.to_data()), now)
        return reply

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
        if work.kind == "reminder":
            return self._remind(transaction, work.person, now)
        messages = self._gathered(transaction, work.person)
        if messages:
            self._answer_together(transaction, messages, now)
        return bool(messages)

    def _remind(self, transaction: Transaction, person: str, now: datetime) -> bool:
        """Send the reminder that a person asked for; none when nothing is known of them any more."""
        session, _ = self._load(transaction, person, now)
        passed = [at for at in session.reminders if datetime.fromisoformat(at) <= now]
        if not passed:
            return False
        session.reminders = [at for at in session.reminders if at not in passed]
        number = MOST_REMINDERS - len(session.reminders)
        how = session.language, now.date()
        plain = self.advisor.words.say("shell/reminder", *how, number=number, count=MOST_REMINDERS)
        words = traditional(plain) if session.traditional and session.language == BASE else plain
        transaction.save(person, self._codec.encode(session.to_data()), now + self._retention)
        self._remember(transaction, person, Reply(session.state, (), (Bubble(words),), f"reminder {passed[-1]}"), now)
        return True

    def _load(self, transaction: Transaction, person: str, now: datetime) -> tuple[Session, bool]:
        """Give the person's session, and whether one that could not be read was put aside."""
        body = transaction.session(person, now)
        if body is None:
            return Session(), False
        try:
            return Session.from_data(self._codec.decode(body)), False
        except (CorruptError, ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
            log.error("session unreadable error=%s", type(error).__name__)
            transaction.set_aside(person, now)
            return Session(), True

    def _broken(self) -> Reply:
        """Say that something of ours broke; the session is as it was, so the same message may be sent again."""
        return Reply("", (), (Bubble(self.advisor.words.say("shell/broken", BASE, self.clock().date())),))

    def stand(self, person: str, state: str, said: Mapping[str, str]) -> None:
        """Put a person on a state with facts given as people say them; ValueError names what does not fit."""
        now = self.clock()
        if not self.advisor.walk.known(state):
            raise ValueError(f"没有“{state}”这个状态")
        session = Session(state=state, noticed=True)
        session.case.history.append(state)
        shelves = {"person": session.person, "debt": session.case.debts[0], "case": session.case.facts}
        for name, fact in self.advisor.facts(said, now.date()).items():
            shelves[self.advisor.content.all_slots[name].scope][name] = fact
        with self.store.transaction() as transaction:
            transaction.save(person, self._codec.encode(session.to_data()), now + WITHOUT_CONSENT)

    def undelivered(self, person: str) -> list[Reply]:
        """Give the replies to a person that were never marked as delivered."""
        return [
            replace(Reply.from_data(self._codec.decode(body)), id=message_id)
            for _, message_id, body in self.store.undelivered(person)
        ]

    def waiting(self, channel: str) -> list[str]:
        """Name the people of a channel who can be written to and for whom a reply waits."""
        people = (person for person, _, _ in self.store.undelivered())
        return [person for person in dict.fromkeys(people) if person.startswith(f"{channel}:")]

    def delivered(self, person: str, reply: Reply) -> None:
        """Mark a reply as delivered, where no event loop runs."""
        if reply.id:
            self._do([lambda transaction, now: transaction.delivered(person, reply.id, now)])

    def close(self) -> None:
        """Let go of the store."""
        self.store.close()
