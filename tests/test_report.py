"""What is counted for the lawyer: situations, where people leave, what is not understood; and nothing of anybody."""

from pathlib import Path

import pytest

from advisor.commands.report import report
from advisor.desk import Desk
from advisor.message import Message
from advisor.store import StoreError
from advisor.store_sqlite import SqliteStore
from advisor.tally import Tally, week_of
from tests.conversation import advisor
from tests.test_desk import NOW, Clock
from tests.test_terminal import bot, talk

WEEK = week_of(NOW.date())


def talked(path: Path, people: int) -> tuple[Desk, Tally]:
    """Have people talk of one thing each, stop at the same question, and be misunderstood once."""
    tally = Tally()
    desk = Desk(advisor(), SqliteStore(str(path)), clock=Clock(), observe=tally.observe)
    for number in range(people):
        for text in ("想协商", "青苗金融", "呜哩哇啦"):
            desk.answer_now(Message(f"telegram:{number}", text))
        desk.answer_now(Message(f"sms:{number}", "【速贷】今日不还，通知你村委和通讯录"))
    return desk, tally


def counted(store: SqliteStore) -> dict[str, int]:
    return {name: value for _, name, value in store.counts()}


def test_turns_are_counted_by_week_when_they_are_handed_over(tmp_path: Path) -> None:
    desk, tally = talked(tmp_path / "a.db", 6)
    assert desk.store.counts() == []
    tally.flush(desk.store)
    tally.flush(desk.store)
    counts = {name: value for _, name, value in desk.store.counts()}
    assert {week for week, _, _ in desk.store.counts()} == {WEEK}
    assert counts["situation/negotiate"] == counts["unclear/negotiate.lender_kind"] == counts["reading/collection"] == 6
    assert counts["arrived/negotiate.lender_kind"] - counts["went_on/negotiate.lender_kind"] == 6
    assert counts["arrived/negotiate.lender"] == counts["went_on/negotiate.lender"] == 6
    desk.close()


def test_counts_add_up_over_processes_and_hold_nothing_of_anybody(tmp_path: Path) -> None:
    for _ in range(2):
        desk, tally = talked(tmp_path / "a.db", 1)
        tally.flush(desk.store)
        desk.close()
    store = SqliteStore(str(tmp_path / "a.db"))
    kept = str(store.counts())
    assert counted(store)["reading/collection"] == 2
    assert "telegram" not in kept and "青苗" not in kept and "村委" not in kept
    store.close()


def test_what_could_not_be_handed_over_is_the_next_time(tmp_path: Path) -> None:
    desk, tally = talked(tmp_path / "a.db", 1)
    db = desk.store._db  # type: ignore[attr-defined]
    db.execute("PRAGMA query_only=ON")
    with pytest.raises(StoreError):
        tally.flush(desk.store)
    db.execute("PRAGMA query_only=OFF")
    tally.flush(desk.store)
    assert dict((name, value) for _, name, value in desk.store.counts())["reading/collection"] == 1
    desk.close()


def test_deleting_everything_leaves_the_counts_and_is_one_of_them(tmp_path: Path) -> None:
    desk, tally = talked(tmp_path / "a.db", 1)
    for text in ("删除", "确认删除"):
        desk.answer_now(Message("telegram:0", text))
    tally.flush(desk.store)
    assert ("arrived/deleted", 1) in [(name, value) for _, name, value in desk.store.counts()]
    desk.close()


def test_the_report_tells_what_is_often_and_hides_what_is_rare() -> None:
    counts = [
        ("2026-W47", "situation/negotiate", 4), ("2026-W48", "situation/negotiate", 8),
        ("2026-W48", "situation/young", 3),
        ("2026-W47", "arrived/negotiate.lender", 40), ("2026-W47", "went_on/negotiate.lender", 30),
        ("2026-W47", "arrived/negotiate.plan", 9), ("2026-W47", "went_on/negotiate.plan", 6),
        ("2026-W47", "unclear/negotiate.lender", 6), ("2026-W48", "unclear/young.age", 2),
        ("2026-W47", "reading/scam", 2), ("2026-W48", "reading/scam", 7),
    ]  # fmt: skip
    lines = [line.strip() for line in report(counts, {"negotiate": "想还，暂时还不上"}).splitlines()]
    assert lines[0].startswith("2026-W47 到 2026-W48，共 49 轮")
    assert "想还，暂时还不上 negotiate  12" in lines and "young young  少于5" in lines
    assert "negotiate.lender  10（25%）" in lines and not any(line.startswith("negotiate.plan") for line in lines)
    assert "negotiate.lender  6（20%）" in lines and "young.age  少于5（—）" in lines
    assert "2026-W47  诈骗 少于5" in lines and "2026-W48  诈骗 7" in lines


def test_the_command_reports_what_talks_left(tmp_path: Path) -> None:
    db = f"sqlite:///{tmp_path / 'a.db'}"
    assert bot("report", "--db", db).stdout.strip() == "还没有记录。"
    talk(tmp_path / "a.db", {"text": "想协商"}, {"text": "青苗金融"})
    ran = bot("report", "--db", db)
    assert ran.returncode == 0 and "什么情形" in ran.stdout and "青苗" not in ran.stdout
