"""The desk: one message in, one reply out, and nothing in between is ever lost or done twice.

A message is answered in one transaction that knows a repeat, loads the person, takes the turn, and saves
session and reply together. Messages that wait at the same time share one commit.
"""

import logging
import queue
import re
import threading
import traceback
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from advisor.codec import Codec, CorruptError, NoKeyError
from advisor.message import Bubble, Message, Reply, Sms
from advisor.session import Session
from advisor.store import Store, StoreError, Transaction
from advisor.turn import Advisor, turn

SHANGHAI = ZoneInfo("Asia/Shanghai")
WITHOUT_CONSENT = timedelta(hours=24)
AT_ONCE = 64  # messages that share a commit
Give = Callable[[Reply | Exception], object]
log = logging.getLogger("advisor.desk")


def shanghai_now() -> datetime:
    """Tell the time in Shanghai."""
    return datetime.now(SHANGHAI)


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
        self._waiting: queue.SimpleQueue[tuple[Message, Give] | None] = queue.SimpleQueue()
        self._worker: threading.Thread | None = None

    def take(self, messages: Sequence[Message]) -> list[Reply | Exception]:
        """Answer messages in one transaction; each gets its reply or the error that only concerns it."""
        now = self.clock()
        with self.store.transaction() as transaction:
            return [self._one(transaction, message, now) for message in messages]

    def answer_now(self, message: Message) -> Reply:
        """Answer one message where no event loop runs; raises StoreError."""
        (outcome,) = self.take([message])
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    async def answer(self, message: Message) -> Reply:
        """Answer one message; it returns when session and reply are on the disk."""
        import asyncio  # the terminal runs without an event loop and need not load one

        loop, future = asyncio.get_running_loop(), asyncio.get_running_loop().create_future()

        def deliver(outcome: Reply | Exception) -> None:
            if not future.done():
                if isinstance(outcome, Exception):
                    future.set_exception(outcome)
                else:
                    future.set_result(outcome)

        self._start()
        self._waiting.put((message, lambda outcome: loop.call_soon_threadsafe(deliver, outcome)))
        result: Reply = await future
        return result

    def _start(self) -> None:
        if self._worker is None:
            self._worker = threading.Thread(target=self._work, name="desk", daemon=True)
            self._worker.start()

    def _work(self) -> None:
        """Take whatever waits, answer it in one commit, hand the replies out."""
        while (first := self._waiting.get()) is not None:
            batch = [first]
            while len(batch) < AT_ONCE and not self._waiting.empty():
                item = self._waiting.get()
                if item is None:
                    self._waiting.put(None)
                    break
                batch.append(item)
            try:
                outcomes: Sequence[Reply | Exception] = self.take([message for message, _ in batch])
            except Exception as error:
                outcomes = [error] * len(batch)
            for (_, give), outcome in zip(batch, outcomes, strict=True):
                give(outcome)

    def _one(self, transaction: Transaction, message: Message, now: datetime) -> Reply | Exception:
        try:
            with transaction.savepoint():
                return self._answer(transaction, clean(message), now)
        except StoreError:
            raise  # the transaction is gone, and with it the whole batch
        except NoKeyError as error:
            return StoreError(f"这条记录加了密，{error}")
        except Exception as error:
            where = traceback.extract_tb(error.__traceback__)[-1]  # the place only: the text may hold what was said
            log.error("turn failed error=%s at=%s:%s", type(error).__name__, Path(where.filename).name, where.lineno)
            return self._broken()

    def _answer(self, transaction: Transaction, message: Message, now: datetime) -> Reply:
        message_id = message.id or uuid.uuid4().hex
        stored = transaction.reply(message.person, message_id)
        if stored is not None:
            return replace(Reply.from_data(self._codec.decode(stored)), id=message_id)
        session, lost = self._load(transaction, message.person, now)
        after, reply = turn(self.advisor, session, message, now)
        if lost:
            words = self.advisor.words.say("shell/unreadable", "zh", now.date())
            reply = replace(reply, bubbles=(Bubble(words), *reply.bubbles))
        if after is None:
            transaction.forget(message.person)
        else:
            kept = self._retention if after.consent == "yes" else WITHOUT_CONSENT
            transaction.save(message.person, self._codec.encode(after.to_data()), now + kept)
        transaction.remember(message.person, message_id, self._codec.encode(reply.to_data()), now)
        return replace(reply, id=message_id)

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
        return Reply("", (), (Bubble(self.advisor.words.say("shell/broken", "zh", self.clock().date())),))

    def stand(self, person: str, state: str, said: Mapping[str, str]) -> None:
        """Put a person on a state with facts given as people say them; ValueError names what does not fit."""
        now = self.clock()
        if not self.advisor.walk.known(state):
            raise ValueError(f"没有“{state}”这个状态")
        session = Session(state=state, noticed=True)
        session.case.history.append(state)
        for name, fact in self.advisor.facts(said, now.date()).items():
            scope = self.advisor.content.all_slots[name].scope
            shelf = {"person": session.person, "debt": session.case.debts[0], "case": session.case.facts}[scope]
            shelf[name] = fact
        with self.store.transaction() as transaction:
            transaction.save(person, self._codec.encode(session.to_data()), now + WITHOUT_CONSENT)

    def undelivered(self, person: str) -> list[Reply]:
        """Give the replies to a person that were never marked as delivered."""
        return [
            replace(Reply.from_data(self._codec.decode(body)), id=message_id)
            for _, message_id, body in self.store.undelivered(person)
        ]

    def delivered(self, person: str, reply: Reply) -> None:
        """Mark a reply as delivered."""
        if reply.id:
            self.store.delivered([(person, reply.id)], self.clock())

    def close(self) -> None:
        """Finish what waits and let go of the store."""
        if self._worker is not None:
            self._waiting.put(None)
            self._worker.join()
        self.store.close()


_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_SURROGATE = re.compile("[\ud800-\udfff]")


def clean(message: Message) -> Message:
    """Take control characters and broken characters out of a message; all else stays as it was written."""

    def tidy(text: str) -> str:
        return _SURROGATE.sub("\ufffd", _CONTROL.sub("", text.replace("\r\n", "\n")))

    sms = tuple(Sms(tidy(s.text), s.sender, s.received_at, s.to) for s in message.sms)
    return replace(message, text=tidy(message.text), sms=sms)
