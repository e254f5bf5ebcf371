"""What is kept an eye on while `bot.py serve` runs: the log, the figures, the counts, and new content."""

from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from pathlib import Path
from typing import Any

from advisor.channels.probes import Probes
from advisor.checks.due import NOTICE, due
from advisor.commands.counting import hand_over, keep
from advisor.commands.following import Follower, proved_apart
from advisor.commands.logs import configure
from advisor.desk import Desk
from advisor.metrics import Metrics, age
from advisor.tally import Event, Tally
from advisor.turn import Advisor


class Watched:
    """Watches over one process."""

    def __init__(self, log_format: str) -> None:
        """Begin the log, text or json; ValueError when it is neither."""
        self._metrics, self._tally = Metrics(), Tally()
        configure(log_format, self._metrics)

    def observe(self, event: Event) -> None:
        """Count an event at both places."""
        self._metrics.observe(event)
        self._tally.observe(event)

    def probes(self, desk: Desk, token: str) -> Probes:
        """Give what machines may ask of the process."""
        measure = self._metrics.measure
        measure(
            "outbox_age_seconds",
            "Seconds that the oldest reply waits to be delivered.",
            lambda: age(desk.store.oldest_undelivered(), desk.clock()),
        )
        measure(
            "content_due",
            f"Files of the content whose review is due within {NOTICE.days} days or overdue.",
            lambda: sum(day <= desk.clock().date() + NOTICE for _, day in due(desk.advisor.content)),
        )
        return Probes(partial(reachable, desk), self._metrics.page, token)

    def beside(
        self, desk: Desk, root: Path, load: Callable[[], Advisor]
    ) -> list[Callable[[], Coroutine[Any, Any, None]]]:
        """Give what is done beside the channels; `load` reads the content under `root`."""

        def prove() -> Awaitable[list[str]]:
            return proved_apart(root, desk.clock().date())

        follower = Follower(root, prove, load, desk.take_over, self._metrics.content)
        return [partial(keep, self._tally, desk.store), follower.follow]

    def end(self, desk: Desk) -> None:
        """Hand over what was counted last."""
        hand_over(self._tally, desk.store)


def reachable(desk: Desk) -> bool:
    """Tell whether the store answers."""
    try:
        desk.store.anything_due(desk.clock())
    except Exception:  # whatever it is, people are better sent to another process
        return False
    return True
