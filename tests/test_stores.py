"""What every store does, shown on SQLite and on a real PostgreSQL."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from advisor.clock import SHANGHAI
from advisor.store import Due, Store, StoreError, Transaction
from advisor.store_postgres import schema as postgres_schema
from advisor.store_sqlite import schema as sqlite_schema
from tests.conversation import ROOT
from tests.databases import Database
from tests.test_kill import MESSAGES, PEOPLE, SCRIPT, Talk, uninterrupted

NOW = datetime(2026, 11, 23, 20, 30, tzinfo=SHANGHAI)
LATER = NOW + timedelta(days=1)
MARK = b"qing miao"  # stands in everything that is kept of a person


def fill(transaction: Transaction, person: str, expires_at: datetime = LATER) -> None:
    """Keep something about a person in every way there is."""
    transaction.save(person, MARK, NOW)
    transaction.set_aside(person, NOW)
    transaction.save(person, MARK, expires_at)
    transaction.remember(person, "1", MARK, NOW)
    transaction.gather(person, MARK, NOW)
    transaction.remind(person, [NOW, LATER])
    transaction.silence(person, NOW)
    transaction.add_exhibit(person, "same", MARK)
    transaction.keep_file(person, "0" * 64, MARK)
    transaction.append(person, "me 1", MARK, NOW)
    transaction.warn(person, LATER)


def test_the_reply_to_a_repeated_message_is_the_first_one(database: Database) -> None:
    with database.open().transaction() as transaction:
        assert transaction.reply("a", "1") is None
        transaction.remember("a", "1", b"\x00first", NOW)
    with database.open().transaction() as transaction:
        assert transaction.reply("a", "1") == b"\x00first"
        assert transaction.reply("b", "1") is None
        assert transaction.reply("a", "2") is None


def test_a_session_is_there_until_its_time(database: Database) -> None:
    with database.open().transaction() as transaction:
        transaction.save("a", b"old", NOW)
        transaction.save("a", b"new", LATER)
    with database.open().transaction() as transaction:
        assert transaction.session("a", LATER - timedelta(seconds=1)) == b"new"
        assert transaction.session("a", LATER) is None
        assert transaction.session("b", NOW) is None
    store = database.open()
    assert store.session("a", LATER - timedelta(seconds=1)) == b"new"
    assert store.session("a", LATER) is store.session("b", NOW) is None


def test_replies_wait_in_their_order_until_they_are_marked(database: Database) -> None:
    store = database.open()
    with store.transaction() as transaction:
        for person, number in (("b", "2"), ("a", "9"), ("a", "1"), ("c", "1")):
            transaction.remember(person, number, number.encode(), NOW)
        transaction.silence("c", NOW)
        transaction.delivered("b", "2", NOW)
    assert store.undelivered() == [("a", "9", b"9"), ("a", "1", b"1")]
    assert store.undelivered("c") == []
    with store.transaction() as transaction:
        transaction.silence("c", None)
    assert store.undelivered("c") == [("c", "1", b"1")]


def test_what_fails_is_undone_and_nothing_else(database: Database) -> None:
    store = database.open()
    with store.transaction() as transaction:
        transaction.remember("a", "1", b"", NOW)
    with pytest.raises(KeyError), store.transaction() as transaction:
        transaction.save("a", b"undone", LATER)
        raise KeyError
    with store.transaction() as transaction:
        transaction.save("b", b"kept", LATER)
        with pytest.raises(StoreError), transaction.savepoint():
            transaction.save("a", b"undone", LATER)
            transaction.remember("a", "1", b"", NOW)  # is there already
        transaction.save("c", b"kept", LATER)
    assert database.run("SELECT person FROM sessions ORDER BY person") == [("b",), ("c",)]


def test_a_transaction_that_the_database_has_given_up_is_no_success(shared: Database) -> None:
    store = shared.open()
    with pytest.raises(StoreError), store.transaction() as transaction:
        transaction.remember("a", "1", b"", NOW)
        with pytest.raises(StoreError):
            transaction.remember("a", "1", b"", NOW)
    assert shared.run("SELECT * FROM replies") == []


def test_messages_in_one_go_come_out_once_and_in_order(database: Database) -> None:
    store = database.open()
    with store.transaction() as transaction:
        for body in (b"3", b"1", b"2"):
            transaction.gather("a", body, NOW)
        transaction.gather("b", b"other", LATER)
    assert store.anything_due(NOW) and not store.anything_due(NOW - timedelta(seconds=1))
    with store.transaction() as transaction:
        assert transaction.due(NOW) == [Due("a", "burst", 0)]
        assert transaction.gathered("a") == [b"3", b"1", b"2"]
        assert transaction.gathered("a") == [] and transaction.due(NOW) == []


def test_work_that_is_put_off_comes_later_and_work_done_does_not(database: Database) -> None:
    store = database.open()
    with store.transaction() as transaction:
        transaction.remind("a", [LATER])
        transaction.remind("a", [NOW, NOW + timedelta(seconds=1), LATER])
        first, second = transaction.due(NOW + timedelta(seconds=1))
        transaction.done(first)
        transaction.postpone(second, LATER)
        assert transaction.due(NOW + timedelta(seconds=1)) == []
        assert len(transaction.due(LATER)) == 2


def test_each_piece_of_due_work_is_done_by_one_of_several(database: Database) -> None:
    with database.open().transaction() as transaction:
        for number in range(500):
            transaction.remind(f"p{number}", [NOW])

    def work(store: Store) -> list[Due]:
        done = list[Due]()
        while store.anything_due(NOW):
            with store.transaction() as transaction:
                for piece in transaction.due(NOW):
                    transaction.done(piece)
                    done.append(piece)
        return done

    with ThreadPoolExecutor() as pool:
        done = [piece for some in pool.map(work, [database.open() for _ in range(4)]) for piece in some]
    assert len(done) == len(set(done)) == 500


def test_due_work_passes_over_people_who_are_held(shared: Database) -> None:
    with shared.open().transaction() as transaction:
        for number in range(250):
            transaction.remind(f"p{number:03}", [NOW + timedelta(seconds=number)])
    first, second, third = (shared.open() for _ in range(3))
    with first.transaction() as one, second.transaction() as two, third.transaction() as three:
        assert one.hold(["p000", "nobody"]) == {"p000", "nobody"}
        shares = [[piece.person for piece in t.due(LATER)] for t in (two, three)]
        assert shares == [[f"p{n:03}" for n in range(1, 100)], [f"p{n:03}" for n in range(100, 200)]]
        assert two.hold(["p000", "p001", "p100", "other"]) == {"p001", "other"}
    with second.transaction() as two:
        assert two.hold(["p000"]) == {"p000"}


def test_forgetting_leaves_nothing_in_any_table(database: Database) -> None:
    store = database.open()
    with store.transaction() as transaction:
        fill(transaction, "telegram:7")
        fill(transaction, "other")
    before = database.everything()
    assert before.count("telegram:7") >= 10 and before.count(str(MARK)) >= 12
    with store.transaction() as transaction:
        transaction.forget("telegram:7")
    after = database.everything()
    assert "telegram:7" not in after
    assert after.count("other") == before.count("other")


def test_what_has_passed_its_time_goes_with_all_that_belongs_to_it(database: Database) -> None:
    store = database.open()
    with store.transaction() as transaction:
        for number in range(250):
            transaction.save(f"old{number}", MARK, NOW)
            transaction.keep_file(f"old{number}", "0" * 64, MARK)
        fill(transaction, "waiting", NOW)
        fill(transaction, "young")
        transaction.remember("old", "1", MARK, NOW - timedelta(days=4))
    assert store.expire(NOW) == 250
    assert store.expire(NOW) == 0
    left = database.everything()
    assert "old" not in left and "young" in left
    assert "waiting" in left, "what was just received is answered first"
    with store.transaction() as transaction:
        assert transaction.gathered("waiting") == [MARK]
    assert store.expire(NOW) == 1
    assert "waiting" not in database.everything()


def test_exhibits_are_counted_for_each_person_and_no_number_comes_again(database: Database) -> None:
    with database.open().transaction() as transaction:
        assert [transaction.add_exhibit("a", same, same.encode()) for same in "xyx"] == [
            (1, True),
            (2, True),
            (1, False),
        ]
        assert transaction.add_exhibit("b", "x", b"b") == (1, True)
        assert transaction.exhibits("a") == [(1, b"x", 2), (2, b"y", 1)]
        assert transaction.drop_exhibit("a", 2) and not transaction.drop_exhibit("a", 2)
        assert transaction.add_exhibit("a", "y", b"y") == (3, True)
        assert [number for number, _, _ in transaction.exhibits("a")] == [1, 3]


def test_a_file_is_kept_once_under_its_hash(database: Database) -> None:
    with database.open().transaction() as transaction:
        transaction.keep_file("a", "12", bytes(range(256)))
        transaction.keep_file("a", "12", b"other")
        assert transaction.file("a", "12") == bytes(range(256))
        assert transaction.file("b", "12") is None
        transaction.drop_file("a", "12")
        assert transaction.file("a", "12") is None


def test_counts_add_up_and_no_forgetting_touches_them(database: Database) -> None:
    database.open().count({"arrived/home": 2, "reading/scam": 1}, "2026-W48")
    store = database.open()
    store.count({"arrived/home": 3}, "2026-W48")
    store.count({"arrived/home": 1}, "2026-W49")
    store.count({}, "2026-W50")
    with store.transaction() as transaction:
        transaction.forget("a")
    counts = [("2026-W48", "arrived/home", 5), ("2026-W48", "reading/scam", 1), ("2026-W49", "arrived/home", 1)]
    assert store.counts() == counts


def test_the_oldest_reply_that_waits_is_known_by_its_time(database: Database) -> None:
    store = database.open()
    assert store.oldest_undelivered() is None
    with store.transaction() as transaction:
        transaction.remember("gone", "1", MARK, NOW - timedelta(hours=1))
        transaction.silence("gone", NOW)
        transaction.remember("a", "1", MARK, NOW)
        transaction.remember("b", "1", MARK, LATER)
    assert store.oldest_undelivered() == NOW
    with store.transaction() as transaction:
        transaction.delivered("a", "1", LATER)
    assert store.oldest_undelivered() == LATER


def test_every_older_version_is_brought_up_to_date_with_what_it_holds(database: Database) -> None:
    lite = database.url.startswith("sqlite")
    place = sqlite_schema if lite else postgres_schema
    steps = place.MIGRATIONS
    for version in range(len(steps)):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(place, "MIGRATIONS", steps[: version + 1])
            database.open().close()
        database.run(
            "INSERT INTO sessions VALUES (%s,%s,%s)", (f"v{version}", MARK, LATER.isoformat("T", "milliseconds"))
        )
    store = database.open()
    with store.transaction() as transaction:
        assert all(transaction.session(f"v{version}", NOW) == MARK for version in range(len(steps)))
        for version in range(len(steps)):
            fill(transaction, f"v{version}")


def test_a_database_of_a_newer_version_is_left_alone(database: Database) -> None:
    database.open().close()
    lite = database.url.startswith("sqlite")
    database.run("PRAGMA user_version=99" if lite else "INSERT INTO schema_version VALUES (99)")
    with pytest.raises(StoreError, match="更新的版本"):
        database.open()


def test_processes_that_start_together_make_the_schema_once(database: Database) -> None:
    code = f"from bot import open_store; open_store({database.url!r}).close()"
    started = [subprocess.Popen([sys.executable, "-c", code], cwd=ROOT) for _ in range(3)]
    assert [process.wait() for process in started] == [0, 0, 0]
    with database.open().transaction() as transaction:
        fill(transaction, "a")


def test_two_processes_that_get_the_same_messages_take_each_turn_once(database: Database, tmp_path: Path) -> None:
    """Both get every message at the same time and answer alike, as one alone would have."""
    script = SCRIPT[:17]  # up to the first SMS, for which each process would first read a good deal more
    messages = MESSAGES[: len(script) * len(PEOPLE)]
    alone = {message["id"]: reply for message, reply in zip(messages, uninterrupted(tmp_path, messages), strict=True)}
    talks = [Talk(database.url, tmp_path) for _ in range(2)]
    for number, message in enumerate(script):
        for talk, people in zip(talks, (PEOPLE, PEOPLE[::-1]), strict=True):
            for person in people:
                talk.send({**message, "person": person, "id": f"{person}-{number}"})
        for talk in talks:
            for reply in (talk.receive() for _ in PEOPLE):
                assert reply == alone[reply["id"]]
    for talk in talks:
        talk.close()
    assert database.run("SELECT count(*) FROM replies") == [(len(script) * len(PEOPLE),)]


def test_a_talk_is_read_in_its_order_and_each_line_is_kept_once(database: Database) -> None:
    store = database.open()
    with store.transaction() as transaction:
        for number, (person, said) in enumerate((("a", "me 2"), ("b", "me 1"), ("a", "it 2"), ("a", "me 2"))):
            transaction.append(person, said, f"{person} {said} {number}".encode(), NOW + timedelta(minutes=number))
    first, second = database.open().talk("a", 0, NOW)
    assert [(at, body) for _, at, body in (first, second)] == [
        (NOW, b"a me 2 0"),
        (NOW + timedelta(minutes=2), b"a it 2 2"),
    ]
    assert store.talk("a", first[0], NOW) == [second]
    assert store.talk("a", second[0], NOW) == store.talk("c", 0, NOW) == []


def test_a_talk_ends_with_its_case_and_begins_anew(database: Database) -> None:
    store = database.open()
    with store.transaction() as transaction:
        transaction.save("a", MARK, LATER)
        transaction.append("a", "me 1", b"old", NOW)
    assert len(store.talk("a", 0, LATER - timedelta(seconds=1))) == 1
    assert store.talk("a", 0, LATER) == []
    with store.transaction() as transaction:
        transaction.append("a", "me 2", b"new", LATER)
        transaction.save("a", MARK, LATER + timedelta(days=1))
    assert [body for _, _, body in store.talk("a", 0, LATER)] == [b"new"]


def test_what_was_said_to_somebody_who_is_forgotten_goes_with_the_replies(database: Database) -> None:
    store = database.open()
    with store.transaction() as transaction:
        transaction.append("gone", "it 1", MARK, NOW)
        transaction.append("here", "it 1", MARK, NOW)
        transaction.save("here", MARK, NOW + timedelta(days=9))
    store.expire(NOW + timedelta(days=2))
    assert len(store.talk("gone", 0, NOW)) == 1
    store.expire(NOW + timedelta(days=4))
    assert store.talk("gone", 0, NOW) == [] and len(store.talk("here", 0, NOW)) == 1


def test_a_key_is_the_first_one_for_every_process(database: Database) -> None:
    one, other = database.open(), database.open()
    with one.transaction() as transaction:
        assert transaction.key("page", b"\x00first") == b"\x00first"
        assert transaction.key("else", b"third") == b"third"
    with other.transaction() as transaction:
        assert transaction.key("page", b"second") == b"\x00first"


def test_a_reply_is_found_without_a_transaction(database: Database) -> None:
    store = database.open()
    with store.transaction() as transaction:
        transaction.remember("a", "1", b"\x00first", NOW)
    assert database.open().reply("a", "1") == b"\x00first"
    assert store.reply("a", "2") is store.reply("b", "1") is None


def test_counts_add_up_by_week(database: Database) -> None:
    one, other = database.open(), database.open()
    one.count({"turns": 2, "left home": 1}, "2026-W48")
    other.count({"turns": 3}, "2026-W48")
    one.count({"turns": 1}, "2026-W47")
    expected = [("2026-W47", "turns", 1), ("2026-W48", "left home", 1), ("2026-W48", "turns", 5)]
    assert one.counts() == other.counts() == expected


def test_it_is_known_since_when_a_reply_waits(database: Database) -> None:
    store = database.open()
    assert store.oldest_undelivered() is None
    with store.transaction() as transaction:
        for person, at in (("silent", NOW), ("a", NOW + timedelta(hours=1)), ("b", LATER)):
            transaction.remember(person, "1", b"", at)
        transaction.silence("silent", NOW)
    assert store.oldest_undelivered() == NOW + timedelta(hours=1)


def test_a_lease_is_one_owners_until_it_ends_or_is_given_back(database: Database) -> None:
    one, other = database.open(), database.open()
    with one.transaction() as transaction:
        assert transaction.lease("a", "one", 60) and transaction.lease("a", "one", 60)
    with other.transaction() as transaction:
        assert not transaction.lease("a", "other", 60) and transaction.lease("b", "other", 60)
        assert not transaction.release("a", "other")
    with one.transaction() as transaction:
        assert transaction.lease("a", "one", 0)
        assert transaction.release("b", "other")
    with other.transaction() as transaction:
        assert transaction.lease("a", "other", 60)


def test_who_has_the_replies_to_a_person_on_lease_is_left_to_send_them(database: Database) -> None:
    store = database.open()
    with store.transaction() as transaction:
        for person in ("b", "a", "dead", "done"):
            transaction.remember(person, "1", MARK, NOW)
            transaction.lease(person, "one", 0 if person == "dead" else 60)
        transaction.remember("free", "1", MARK, NOW)
        transaction.remember("a", "2", MARK, NOW)
        for person in ("a", "done"):
            transaction.delivered(person, "1", NOW)
        assert transaction.release("done", "one", once_sent=True)
        assert not transaction.release("a", "one", once_sent=True)
    assert store.waiting("one") == ["b", "dead", "free", "a"]
    assert store.waiting("other") == ["dead", "free"]
    assert store.abandoned() == ["dead"]
    with store.transaction() as transaction:
        transaction.delivered("dead", "1", NOW)
    assert store.abandoned() == []
    store.expire(NOW)
    assert database.run("SELECT name FROM leases ORDER BY name") == [("a",), ("b",)]


def test_a_person_is_warned_at_the_time_set_last_or_not_at_all(database: Database) -> None:
    with database.open().transaction() as transaction:
        transaction.warn("a", NOW)
        transaction.warn("a", LATER)
        transaction.warn("b", NOW)
        assert transaction.due(NOW) == [Due("b", "expiry", 0)]
        transaction.warn("b", None)
        assert transaction.due(LATER) == [Due("a", "expiry", 0)]


def test_the_replies_that_are_kept_come_in_their_order_with_their_times(database: Database) -> None:
    with database.open().transaction() as transaction:
        transaction.remember("a", "2", b"first", NOW)
        transaction.remember("a", "1", b"second", LATER)
        transaction.remember("b", "1", b"other", NOW)
        transaction.delivered("a", "2", NOW)
        assert transaction.replies("a") == [(NOW, b"first"), (LATER, b"second")]
