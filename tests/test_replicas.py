"""Several processes on one PostgreSQL: who holds whom, what one that stands still delays, and a database that goes."""

import asyncio
from datetime import datetime
from threading import Thread

import pytest

from advisor.clock import SHANGHAI
from advisor.desk import Desk
from advisor.message import Message
from advisor.store import StoreError
from tests.conversation import advisor
from tests.databases import Database
from tests.postgres import Postgres

NOW = datetime(2026, 11, 23, 20, 30, tzinfo=SHANGHAI)


def desk(database: Database) -> Desk:
    return Desk(advisor(), database.open(), clock=lambda: NOW)


def test_somebody_held_by_another_process_waits_and_holds_up_nobody_else(shared: Database) -> None:
    here, elsewhere = desk(shared), shared.open()

    async def talk() -> list[str]:
        with elsewhere.transaction() as transaction:
            assert transaction.hold(["a"])
            held = [asyncio.create_task(here.answer(Message("a", text, id=text))) for text in ("想协商", "青苗金融")]
            for text in ("想协商", "青苗金融"):
                await here.answer(Message("b", text, id=text))
            assert not any(task.done() for task in held)
        return [reply.state for reply in await asyncio.gather(*held)]

    assert asyncio.run(talk()) == ["negotiate.lender", "negotiate.lender_kind"]


def test_without_an_event_loop_somebody_held_is_waited_for(shared: Database) -> None:
    here, elsewhere = desk(shared), shared.open()
    states = []
    with elsewhere.transaction() as transaction:
        assert transaction.hold(["a"])
        thread = Thread(target=lambda: states.append(here.answer_now(Message("a", "想协商")).state))
        thread.start()
        transaction.save("b", b"", NOW)
        assert thread.is_alive()
    thread.join()
    assert states == ["negotiate.lender"]


def test_a_process_that_was_thrown_out_of_its_transaction_keeps_nothing_of_it(shared: Database) -> None:
    slow, other = shared.open(), shared.open()
    with pytest.raises(StoreError), slow.transaction() as transaction:
        transaction.hold(["a"])
        transaction.save("a", b"slow", NOW)
        shared.run("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype='advisory'")
        with other.transaction() as quick:
            while not quick.hold(["a"]):
                pass
            quick.save("a", b"quick", NOW)
    with slow.transaction() as transaction:
        assert transaction.hold(["a"])
        transaction.remember("a", "1", b"", NOW)
    assert shared.run("SELECT body FROM sessions") == [(b"quick",)]


def test_while_the_database_is_away_it_is_said_and_then_all_goes_on(server: Postgres, shared: Database) -> None:
    store, idle = shared.open(), shared.open()
    here = Desk(advisor(), store, clock=lambda: NOW)
    here.answer_now(Message("a", "想协商", id="1"))
    with pytest.raises(StoreError), store.transaction() as transaction:
        transaction.save("a", b"undone", NOW)
        server.stop()
    try:
        for use in (
            lambda: here.answer_now(Message("a", "青苗金融", id="2")),
            lambda: store.anything_due(NOW),
            lambda: store.expire(NOW),
            store.undelivered,
            shared.open,
        ):
            with pytest.raises(StoreError):
                use()
    finally:
        server.start()
    assert here.answer_now(Message("a", "青苗金融", id="2")).state == "negotiate.lender_kind"
    assert [message_id for _, message_id, _ in idle.undelivered()] == ["1", "2"]


@pytest.mark.parametrize("bad", ["\x00", "\ud800", "x" * 10_000])
def test_a_message_that_cannot_be_kept_is_an_error_of_its_own(shared: Database, bad: str) -> None:
    here = desk(shared)

    async def both() -> list[object]:
        messages = (Message("a", "想协商", id=bad), Message(bad, "想协商"), Message("b", "想协商", id="1"))
        return list(await asyncio.gather(*map(here.answer, messages), return_exceptions=True))

    assert getattr(asyncio.run(both())[-1], "state", None) == "negotiate.lender"
    assert ("b",) in shared.run("SELECT person FROM sessions")
