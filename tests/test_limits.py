"""Whoever floods is told once and then not heard, danger always is, and nobody waits for somebody else's flood."""

import asyncio
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest

from advisor.clock import SHANGHAI
from advisor.desk import Desk
from advisor.groupcommit import AT_ONCE, GroupCommit
from advisor.limits import IN_ONE_GO, Limits
from advisor.message import Attachment, Message, Origin, Reply, Sms
from advisor.store_sqlite import SqliteStore
from advisor.waitingline import EACH
from tests.conversation import advisor

NOW = datetime(2026, 11, 23, 20, 30, tzinfo=SHANGHAI)
WORDS = advisor().words


def desk(limits: Limits) -> Desk:
    return Desk(advisor(), SqliteStore(":memory:"), clock=lambda: NOW, limits=limits)


def answers(desk: Desk, messages: Sequence[Message]) -> list[Reply]:
    """Give the replies to messages that come one after the other."""

    async def all_of_them() -> list[Reply]:
        return [await desk.answer(message) for message in messages]

    return asyncio.run(all_of_them())


def said(reply: Reply) -> list[str]:
    return [bubble.text for bubble in reply.bubbles]


def told(name: str, language: str = "zh") -> list[str]:
    return [WORDS.say(f"shell/{name}", language, NOW.date())]


def many(count: int, person: str = "a", text: str = "继续") -> list[Message]:
    return [Message(person, text, id=f"{person}{number}") for number in range(count)]


def test_who_floods_gets_one_kind_sentence_and_then_silence() -> None:
    replies = answers(desk(Limits(each=3)), many(10))
    assert all(reply.state for reply in replies[:3])
    assert said(replies[3]) == told("too_many")
    assert [said(reply) for reply in replies[4:]] == [[]] * 6
    assert [reply.id for reply in replies] == [f"a{number}" for number in range(10)]


def test_the_minute_is_over_and_everything_is_heard_again(monkeypatch: pytest.MonkeyPatch) -> None:
    quiet = desk(Limits(each=3))
    answers(quiet, many(5))
    later = time.time() + 61
    monkeypatch.setattr("limits.storage.memory.time.time", lambda: later)
    (reply,) = answers(quiet, [Message("a", "想协商", id="later")])
    assert reply.state == "negotiate.lender"


def test_a_flood_of_one_is_no_limit_for_another() -> None:
    flooded = desk(Limits(each=3, everybody=10))
    answers(flooded, many(50))
    (reply,) = answers(flooded, [Message("b", "想协商", id="1")])
    assert reply.state == "negotiate.lender"


def test_what_was_answered_is_answered_the_same_however_many_follow() -> None:
    flooded = desk(Limits(each=3))
    messages = many(6)
    first = answers(flooded, messages)
    assert answers(flooded, messages) == first


@pytest.mark.parametrize("words", ["我不想活了", "他们拿着刀在踹我家门"])
def test_danger_in_own_words_is_heard_in_the_midst_of_a_flood(words: str) -> None:
    flooded = desk(Limits(each=3))
    *_, reply = answers(flooded, [*many(9), Message("a", words, id="x")])
    assert advisor().content.flows[reply.state.partition(".")[0]].urgent


def test_who_is_in_danger_is_heard_whatever_they_say_and_tap() -> None:
    flooded = desk(Limits(each=1))
    *_, asked, typed = answers(flooded, [*many(3), Message("a", "我不想活了", id="x"), Message("a", "嗯", id="y")])
    (tapped,) = answers(flooded, [Message("a", choice=typed.bubbles[-1].choices[0].id, id="z")])
    assert asked.bubbles and typed.bubbles and tapped.bubbles
    assert not {*told("too_many")} & {*said(asked), *said(typed), *said(tapped)}


def test_a_message_of_threats_that_is_forwarded_is_no_danger_to_hear() -> None:
    forwards = [
        Message("a", sms=(Sms("今晚上门杀你全家", origin=Origin("user", "x", NOW)),), id=f"{number}", more_follows=True)
        for number in range(IN_ONE_GO + 2)
    ]
    flooded = desk(Limits(each=1))
    replies = answers(flooded, forwards)
    assert [said(reply) for reply in replies] == [[]] * IN_ONE_GO + [told("too_many"), []]


def test_files_beyond_the_limit_are_neither_looked_at_nor_kept() -> None:
    flooded = desk(Limits(each=1))
    file = Attachment("photo", "x", body=b"no picture at all")
    messages = [*many(2), Message("a", files=(file,), id="f"), Message("a", "我不想活了", files=(file,), id="g")]
    *_, silent, heard = answers(flooded, messages)
    assert not silent.bubbles and heard.state.startswith("crisis")


def test_in_english_it_is_told_in_english() -> None:
    english = desk(Limits(each=1))
    answers(english, [Message("a", "I want to negotiate with the bank", id="0")])
    (reply,) = answers(english, [Message("a", "the bank calls me", id="1")])
    assert said(reply) == told("too_many", "en")


def test_who_comes_while_all_are_busy_is_asked_to_come_again() -> None:
    busy = desk(Limits(everybody=2))
    replies = answers(busy, [Message(person, "想协商", id="1") for person in "abc"])
    assert [reply.state for reply in replies[:2]] == ["negotiate.lender"] * 2
    assert said(replies[2]) == told("busy")
    (alarm,) = answers(busy, [Message("d", "我不想活了", id="1")])
    assert alarm.state.startswith("crisis")


def test_people_who_wait_are_bounded_and_the_rest_is_told_so() -> None:
    busy = desk(Limits(most_people=20))

    async def at_once() -> list[Reply]:
        return list(await asyncio.gather(*(busy.answer(Message(f"p{n}", "想协商", id="1")) for n in range(30))))

    replies = asyncio.run(at_once())
    assert [reply.state for reply in replies[:20]] == ["negotiate.lender"] * 20
    assert [said(reply) for reply in replies[20:]] == [told("busy")] * 10
    assert busy.commits.people_waiting == 0


def test_without_limits_everything_is_heard() -> None:
    assert all(reply.state for reply in answers(desk(Limits(each=0)), many(200)))


def test_nobody_waits_for_the_flood_of_another(tmp_path: Path) -> None:
    """What counts is in which commit somebody's job is done: it is the next one, whoever else has how many waiting."""
    commits, order = GroupCommit(SqliteStore(str(tmp_path / "a.db")), lambda: NOW), list[str]()

    async def flood() -> None:
        jobs = [commits.when_done("flood", lambda *_: order.append("flood")) for _ in range(2_000)]
        waiting = [asyncio.ensure_future(job) for job in jobs]
        await asyncio.sleep(0)
        for number in range(5):
            await commits.when_done("other", lambda *_: order.append("other"))
            done = order.index("other") if number == 0 else order[::-1].index("other")
            assert done <= 2 * EACH, "one batch may have been on its way"
        await asyncio.gather(*waiting)

    asyncio.run(flood())
    assert order.count("flood") == 2_000 and order.count("other") == 5


def test_everybodys_first_goes_before_anybodys_second_and_each_keeps_their_order(tmp_path: Path) -> None:
    commits, order = GroupCommit(SqliteStore(str(tmp_path / "a.db")), lambda: NOW), list[tuple[str, int]]()
    people = [f"p{number}" for number in range(AT_ONCE + 50)]

    async def talk() -> None:
        jobs = [
            commits.when_done(person, lambda *_, one=(person, number): order.append(one))
            for person in people
            for number in range(3)
        ]
        await asyncio.gather(*jobs)

    asyncio.run(talk())
    assert [number for person, number in order if person == "p7"] == [0, 1, 2]
    assert {person for person, number in order[: len(people)] if number == 0} == set(people)
