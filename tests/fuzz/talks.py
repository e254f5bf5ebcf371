"""The whole desk beside a model of it: the turn alone, in memory. Whatever people do, both must say the same."""

import asyncio
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from advisor.cleaning import clean
from advisor.clock import SHANGHAI
from advisor.desk import QUIET, WITHOUT_CONSENT, Desk
from advisor.gathering import ends_a_paste, together
from advisor.message import Attachment, Message, Origin, Reply, Sms
from advisor.session import Session
from advisor.store_sqlite import SqliteStore
from advisor.turn import turn
from tests.conversation import Filed, advisor
from tests.fuzz.inputs import SMS, words
from tests.house_rules import broken_rules

BEGIN = datetime(2026, 11, 23, 20, 30, tzinfo=SHANGHAI)
KEPT = timedelta(days=210)
REPEATS = timedelta(days=2)  # within which a message that comes again is surely known, unless all was forgotten
PEOPLE = ("a", "b")
BROKEN = "出了点问题"
FILES = ("photo", "paper")
PNG = b"\x89PNG\r\n\x1a\n"
TABLES = ("sessions", "set_aside", "gathered", "due", "silent", "exhibits", "exhibits_given", "files")


@dataclass
class Known:
    """What the model knows of one person."""

    session: Session = field(default_factory=Session)
    expires: datetime = BEGIN
    filed: Filed = field(default_factory=Filed)
    waiting: list[Message] = field(default_factory=list)
    answered: dict[str, tuple[Message, Reply, datetime]] = field(default_factory=dict)  # those surely known still
    buttons: list[str] = field(default_factory=list)


class Talks(RuleBasedStateMachine):
    """Two people who do anything at any time."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.store = SqliteStore(str(Path(self.folder.name) / "a.db"))
        self.now, self.number = BEGIN, 0
        self.desk = Desk(advisor(), self.store, clock=lambda: self.now, retention=KEPT)
        self.known = {person: Known() for person in PEOPLE}

    def teardown(self) -> None:
        self.desk.close()
        self.folder.cleanup()

    @initialize()
    def begin(self) -> None:
        for person in PEOPLE:
            self._do(Message(person, "继续"))

    @rule(person=st.sampled_from(PEOPLE), text=words)
    def say(self, person: str, text: str) -> None:
        self._do(Message(person, text))

    @rule(person=st.sampled_from(PEOPLE), at=st.integers(0, 30))
    def tap(self, person: str, at: int) -> None:
        offered = list(self.known[person].session.offered)
        self._do(Message(person, choice=offered[at % len(offered)] if offered else "1.!restart"))

    @rule(person=st.sampled_from(PEOPLE), at=st.integers(0, 200))
    def tap_an_old_button(self, person: str, at: int) -> None:
        buttons = self.known[person].buttons
        self._do(Message(person, choice=buttons[at % len(buttons)]))

    @rule(person=st.sampled_from(PEOPLE), choice=st.text(max_size=20).map(lambda text: f"1.{text}"))
    def forge(self, person: str, choice: str) -> None:
        self._do(Message(person, choice=choice))

    @rule(person=st.sampled_from(PEOPLE), texts=st.lists(st.sampled_from(SMS), min_size=1, max_size=3))
    def forward(self, person: str, texts: Sequence[str]) -> None:
        origin = Origin("user", "某人", self.now)
        self._do(Message(person, sms=tuple(Sms(text, origin=origin) for text in texts)))

    @rule(person=st.sampled_from(PEOPLE), text=st.sampled_from(SMS), hours=st.integers(-9999, 9999))
    def forward_with_a_time(self, person: str, text: str, hours: int) -> None:
        self._do(Message(person, sms=(Sms(text, "10690000", self.now + timedelta(hours=hours), "13800000000"),)))

    @rule(
        person=st.sampled_from(PEOPLE), body=st.binary(min_size=1, max_size=5), kind=st.sampled_from(("photo", "paper"))
    )
    def send_a_file(self, person: str, body: bytes, kind: str) -> None:
        file = Attachment(kind, "x", "x.png", len(body), body=PNG + body, media_type="image/png")
        self._do(Message(person, files=(file,)))

    @rule(person=st.sampled_from(PEOPLE), thing=st.sampled_from(("sticker", "voice", "edited", "nothing known")))
    def send_what_is_no_text(self, person: str, thing: str) -> None:
        self._do(Message(person, unread=thing))

    @rule(person=st.sampled_from(PEOPLE), texts=st.lists(st.sampled_from(SMS), min_size=1, max_size=4))
    def forward_in_one_go(self, person: str, texts: Sequence[str]) -> None:
        for text in texts:
            message = self._named(Message(person, sms=(Sms(text),), more_follows=True))
            assert self._answer(message).bubbles == ()
            self.known[person].waiting.append(message)

    @rule(person=st.sampled_from(PEOPLE), at=st.integers(0, 1000))
    def repeat(self, person: str, at: int) -> None:
        recent = [one for one in self.known[person].answered.values() if self.now - one[2] < REPEATS]
        if recent:
            message, reply, _ = recent[at % len(recent)]
            again = self.desk.answer_now(replace(message, text="别的话", choice=None))
            assert again == replace(reply, kept=(), struck=()), "a message that comes again got another reply"

    @rule(hours=st.sampled_from((0.0, 0.0006, 1.0, 9.0, 25.0, 24.0 * 40, 24.0 * 250)))
    def wait(self, hours: float) -> None:
        self.now += timedelta(hours=hours)
        self._come_due()

    @rule(person=st.sampled_from(PEOPLE))
    def delete(self, person: str) -> None:
        self._do(Message(person, "删除"))
        self._do(Message(person, "确认删除"))

    @precondition(lambda self: any(known.waiting for known in self.known.values()))
    @rule()
    def pause(self) -> None:
        self.now += QUIET + timedelta(seconds=1)
        self._come_due()

    def _come_due(self) -> None:
        """Have done what is due; what was reminded of is taken from the store, which the model does not keep."""
        for known in self.known.values():
            if known.expires <= self.now:
                known.session, known.filed, known.answered = Session(), Filed(), {}
        gathered = {person for person, known in self.known.items() if known.waiting}
        told = asyncio.run(self.desk.do_due())
        for person in PEOPLE:
            known = self.known[person]
            if person in gathered and person in told:
                self._together(person)
            with self.store.transaction() as transaction:
                body = transaction.session(person, self.now)
                kept = Session.from_data(self.desk.codec.decode(body)) if body else Session()
            if known.session.reminders != kept.reminders:
                known.session.reminders, known.expires = kept.reminders, self.now + KEPT
            assert kept.to_data() == known.session.to_data()

    def _named(self, message: Message) -> Message:
        self.number += 1
        return replace(message, id=str(self.number))

    def _answer(self, message: Message) -> Reply:
        reply = self.desk.answer_now(message)
        assert reply.id == message.id
        self.known[message.person].answered[reply.id] = (message, reply, self.now)
        return reply

    def _together(self, person: str) -> None:
        """Have the model answer what was sent in one go."""
        known = self.known[person]
        one, known.waiting = together(known.waiting), []
        self._turn(one)

    def _do(self, message: Message) -> None:
        """Have both answer a message."""
        message = self._named(message)
        reply = self._answer(message)
        known = self.known[message.person]
        if known.expires <= self.now:
            known.session = Session()
        one = clean(message)
        if known.waiting and ends_a_paste(known.waiting, one):
            one, known.waiting = together([*known.waiting, one]), []
        elif known.waiting:
            self._together(message.person)
        before = known.session
        wanted = self._turn(one)
        assert (reply.state, reply.bubbles) == (wanted.state, wanted.bubbles), "the desk says other than the turn alone"
        assert BROKEN not in "".join(bubble.text for bubble in reply.bubbles)
        self._keeps_the_rules(before, known.session, wanted)

    def _turn(self, message: Message) -> Reply:
        known = self.known[message.person]
        after, reply = turn(advisor(), known.session, message, self.now, lambda: known.filed.exhibits)
        if after is None:
            known.session, known.filed, known.answered = Session(), Filed(), dict([list(known.answered.items())[-1]])
            self._nothing_is_left(message.person)
        else:
            after.filed += known.filed.settle(reply)
            known.session, known.expires = after, self.now + (KEPT if after.consent == "yes" else WITHOUT_CONSENT)
        known.buttons += [choice.id for bubble in reply.bubbles for choice in bubble.choices]
        return reply

    def _keeps_the_rules(self, before: Session, after: Session, reply: Reply) -> None:
        broken = list(broken_rules(advisor(), before, after, reply)) if after.state else []
        if reply.heard_by in ("provision", "question"):  # whoever looks up the law is shown every version of it
            broken = [one for one in broken if "第四十二条" not in one and "第五十条" not in one]
        assert not broken, broken

    def _nothing_is_left(self, person: str) -> None:
        for table in TABLES:
            rows = self.store._db.execute(f"SELECT count(*) FROM {table} WHERE person=?", (person,)).fetchone()
            assert rows == (0,), f"{table} still knows somebody who was deleted"
        replies = self.store._db.execute("SELECT count(*) FROM replies WHERE person=?", (person,)).fetchone()
        assert replies == (1,), "of somebody who was deleted only the last word may be left"
