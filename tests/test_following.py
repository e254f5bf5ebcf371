"""New content is taken over by a process that runs; mistakes leave the old one serving."""

import asyncio
import shutil
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from advisor.commands.following import Follower, proved_apart, stamp
from advisor.content import load
from advisor.desk import Desk
from advisor.message import Message
from advisor.session import Facts
from advisor.store_sqlite import SqliteStore
from advisor.turn import Advisor
from tests.conversation import ROOT

SMALL = ROOT / "tests/broken/_base"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a small content that may be changed."""
    for folder in ("flows", "templates", "knowledge"):
        shutil.copytree(SMALL / folder, tmp_path / "content" / folder)
    return tmp_path / "content"


async def until(true: Callable[[], object]) -> None:
    async with asyncio.timeout(120):
        while not true():
            await asyncio.sleep(0.02)


def following(root: Path, desk: Desk, told: list[int], change: Callable[[], object]) -> None:
    """Change the content while it is followed, until something is told of it."""
    proved = partial(proved_apart, root, date(2026, 11, 23))
    follower = Follower(root, proved, lambda: Advisor.of(load(root)), desk.take_over, told.append, 0.05)

    async def everything() -> None:
        task = asyncio.create_task(follower.follow())
        await asyncio.sleep(0.5)
        change()
        await until(lambda: told or task.done())
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    asyncio.run(everything())


def greeting(desk: Desk) -> str:
    return "\n".join(bubble.text for bubble in desk.answer_now(Message("a", "继续")).bubbles)


def facts(desk: Desk) -> Facts:
    with desk.opened("a") as (session, _):
        return {**session.person, **session.case.facts, **session.case.debts[0]}


@pytest.fixture
def desk(root: Path, tmp_path: Path) -> Desk:
    return Desk(Advisor.of(load(root)), SqliteStore(str(tmp_path / "a.db")))


def test_what_was_changed_is_said_without_a_restart(root: Path, desk: Desk) -> None:
    state = desk.answer_now(Message("a", "你好")).state
    home, told = root / "flows/home.yaml", list[int]()
    text = home.read_text(encoding="utf-8")
    asked = desk.advisor.content.state(state).ask
    assert asked in text and asked in greeting(desk)
    following(root, desk, told, lambda: home.write_text(text.replace(asked, f"新的话，{asked}"), encoding="utf-8"))
    assert told == [0]
    assert f"新的话，{asked}" in greeting(desk)
    desk.close()


def test_a_bad_file_leaves_the_old_content_serving_and_is_told(
    root: Path, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    before = [greeting(desk) for _ in range(2)][1]  # only the first tells how long things are kept
    told: list[int] = []
    following(root, desk, told, lambda: (root / "flows/home.yaml").write_text("start: [", encoding="utf-8"))
    assert told == [1]
    assert "content refused mistakes=1" in caplog.text and "home.yaml" in caplog.text
    assert greeting(desk) == before
    desk.close()


def test_whoever_stands_in_a_renamed_state_goes_on_with_what_they_told(root: Path, desk: Desk) -> None:
    reply = desk.answer_now(Message("a", "打给我妈"))
    assert reply.state == "contacted_others.conduct_on"
    path, told = root / "flows/contacted_others.yaml", list[int]()
    text = path.read_text(encoding="utf-8")
    renamed = text.replace("next: conduct_on}", "next: which_days}").replace(
        "  conduct_on: {ask:", "  which_days: {formerly: [conduct_on], ask:"
    )
    assert renamed.count("which_days") == 2
    following(root, desk, told, lambda: path.write_text(renamed, encoding="utf-8"))
    assert told == [0]
    assert desk.answer_now(Message("a", "继续")).state == "contacted_others.which_days"
    assert "打给我妈" in [fact.said for fact in facts(desk).values()]
    desk.close()


def test_a_file_that_is_added_removed_or_put_back_older_is_a_change(root: Path) -> None:
    stamps = [stamp(root)]
    new = root / "templates/zh/new.j2"
    new.write_text("x", encoding="utf-8")
    stamps.append(stamp(root))
    new.write_text("xy", encoding="utf-8")
    stamps.append(stamp(root))
    new.unlink()
    assert len(set(stamps)) == 3 and stamp(root) == stamps[0]


def test_a_proof_that_does_not_end_well_is_a_mistake(tmp_path: Path) -> None:
    assert asyncio.run(proved_apart(tmp_path, date(2026, 11, 23)))
