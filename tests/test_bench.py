"""The dialog that the benches play is still a dialog: a bench that measures an apology measures nothing."""

from pathlib import Path

from advisor.content import load
from advisor.desk import Desk
from advisor.message import Message
from advisor.store_sqlite import SqliteStore
from advisor.turn import Advisor
from tests.bench.ours import content
from tests.bench.workload import STATES


def test_the_dialog_of_the_benches_can_be_played(tmp_path: Path) -> None:
    desk = Desk(Advisor.of(load(content(tmp_path / "content"))), SqliteStore(":memory:"))
    states = [desk.answer_now(Message("p", text)).state for text in ("/start the bench", *STATES[1:-1])]
    assert states == [*(f"dialog.{name}" for name in STATES[1:-1]), "dialog.end"]
    desk.close()
