"""Replies that wait, and several processes that may send them: each is sent once, and by another when one has died."""

import asyncio
import subprocess
import sys
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from telegram import Bot

from advisor.channels.telegram.post import Post
from advisor.clock import SHANGHAI
from advisor.desk import Desk
from advisor.message import Bubble, File, Message, Person
from advisor.store import Store
from tests.botapi import Peer
from tests.conversation import ROOT, advisor
from tests.databases import Database
from tests.running import Bot as Process
from tests.telegram.screen import begin, says

NOW = datetime(2026, 11, 23, 20, 30, tzinfo=SHANGHAI)
PEOPLE = [f"telegram:{number}" for number in range(1, 6)]
LEASE = 1.0  # seconds
WORDS = ("想协商", "青苗金融", "三万")


class Line:
    """What Telegram got, to whom and in which order; each call takes a moment, as calls do."""

    def __init__(self, once: Callable[[], Awaitable[None]] = lambda: asyncio.sleep(0.01)) -> None:
        self.sent: list[tuple[int, str]] = []
        self._once = once

    async def send_message(self, chat: int, text: str, **_: Any) -> None:
        await self._once()
        self.sent.append((chat, text))


def no_files(person: Person, bubble: Bubble) -> Sequence[File]:
    return ()


def post(line: Line, desk: Desk) -> Post:
    bot: Any = line
    assert hasattr(Bot, "send_message")
    return Post(bot, desk, no_files)


def a_desk(store: Store) -> Desk:
    return Desk(advisor(), store, clock=lambda: NOW, lease=LEASE)


async def until(true: Callable[[], bool]) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(30):
        while not true():
            await asyncio.sleep(0.02)


def nothing_waits(store: Store) -> Callable[[], bool]:
    return lambda: not store.undelivered()


async def talk(desk: Desk) -> None:
    """Have everybody say a few things; all the replies to them wait."""
    for words in WORDS:
        await asyncio.gather(*(desk.answer(Message(person, words, id=words)) for person in PEOPLE))


def expected(store: Store) -> dict[int, list[str]]:
    """Give the ids of the replies that wait for each person, in their order."""
    found: dict[int, list[str]] = {}
    for person, message_id, _ in store.undelivered():
        found.setdefault(int(person.partition(":")[2]), []).append(message_id)
    return found


def test_two_processes_that_are_both_told_send_each_reply_once_and_in_order(database: Database) -> None:
    async def send() -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
        alone, both = Line(), Line()
        one, other = a_desk(database.open()), a_desk(database.open())
        await talk(one)
        for person in PEOPLE:
            await one.let_go(person, to_others=True)
        posts = [post(both, one), post(both, other)]
        for person in PEOPLE:
            for either in posts:
                either.wake(person)
        await until(nothing_waits(database.open()))
        for either in posts:
            await either.close()
        again = Desk(advisor(), database.open(), clock=lambda: NOW)  # the same talk for others, sent by one alone
        for words in WORDS:
            for person in PEOPLE:
                await again.answer(Message(f"{person}0", words, id=words))
        single = post(alone, again)
        for person in PEOPLE:
            single.wake(f"{person}0")
        await until(nothing_waits(database.open()))
        await single.close()
        return both.sent, alone.sent

    both, alone = asyncio.run(send())
    for chat in range(1, 6):
        told = [text for to, text in both if to == chat]
        assert len(told) >= len(WORDS) and told == [text for to, text in alone if to == chat * 10]


def test_who_answered_sends_while_the_other_only_looks(database: Database) -> None:
    async def look() -> tuple[list[str], list[str], bool]:
        one, other = a_desk(database.open()), a_desk(database.open())
        await one.answer(Message("telegram:1", "想协商", id="1"))
        assert await one.take_up("telegram:1")
        return one.waiting("telegram"), other.waiting("telegram"), await other.take_up("telegram:1")

    assert asyncio.run(look()) == (["telegram:1"], [], False)


def test_a_lease_in_use_is_kept_longer_than_it_lasts(database: Database) -> None:
    async def send() -> list[tuple[int, str]]:
        go = asyncio.Event()

        async def slowly() -> None:
            await go.wait()

        slow, quick = Line(slowly), Line()
        one, other = a_desk(database.open()), a_desk(database.open())
        await one.answer(Message("telegram:1", "想协商", id="1"))
        sender, looker = post(slow, one), post(quick, other)
        sender.wake("telegram:1")
        await asyncio.sleep(3 * LEASE)
        assert await other.do_due() == []
        looker.wake("telegram:1")
        await asyncio.sleep(LEASE)
        go.set()
        await until(nothing_waits(database.open()))
        await sender.close()
        await looker.close()
        assert slow.sent
        return quick.sent

    assert asyncio.run(send()) == []


def test_what_a_process_leaves_on_its_end_another_sends_at_once(database: Database) -> None:
    async def send() -> list[str]:
        one, other = a_desk(database.open()), a_desk(database.open())
        await one.answer(Message("telegram:1", "想协商", id="1"))
        await one.let_go("telegram:1", to_others=True)
        return await other.do_due()

    assert asyncio.run(send()) == ["telegram:1"]


DYING = """
import asyncio, sys
from tests.test_outbox import *
from bot import open_store

async def main():
    desk = a_desk(open_store(sys.argv[1]))
    await talk(desk)
    async def hang():
        if len(line.sent) >= 4:
            print("hangs", flush=True)
            await asyncio.Event().wait()
    line = Line(hang)
    sender = post(line, desk)
    for person in PEOPLE:
        sender.wake(person)
    await asyncio.Event().wait()

asyncio.run(main())
"""


def test_when_a_process_dies_in_the_middle_another_sends_all_that_is_left(database: Database) -> None:
    url = database.url
    dying = subprocess.Popen([sys.executable, "-c", DYING, url], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert dying.stdout and dying.stdout.readline() == "hangs\n"
    store = database.open()

    async def send() -> tuple[list[Person], dict[int, list[str]]]:
        desk, line = a_desk(store), Line()
        sender = post(line, desk)
        assert desk.waiting("telegram") == []  # the other one lives
        dying.kill()
        dying.wait()
        left = expected(store)
        found: list[Person] = []
        while not nothing_waits(store)():
            for person in await desk.do_due():
                found.append(person)
                sender.wake(person)
            await asyncio.sleep(0.05)
        await sender.close()
        assert line.sent and {chat for chat, _ in line.sent} == set(left)
        return found, left

    found, left = asyncio.run(send())
    assert left and {f"telegram:{number}" for number in left} == set(found)
    dying.stdout.close()


def test_one_process_polls_and_the_next_takes_over_when_it_is_killed(tmp_path: Path) -> None:
    with Peer() as peer:
        bots = [Process(peer, tmp_path) for _ in range(2)]
        for bot in bots:
            bot.start()
            bot.wait_until_it_listens()
        try:
            person = peer.person(7001)
            begin(person)
            bots[0].kill()
            person.say("想协商")
            person.wait(says("哪家机构"))
            bots[0].start()
            bots[1].stop()
            person.say("青苗金融")
            person.wait(says("哪一类"))
            assert "error=Conflict" not in bots[0].said()
        finally:
            for bot in bots:
                bot.stop()
