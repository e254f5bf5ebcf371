"""Hands the counts of a running process to the store now and then."""

import asyncio
import logging

from advisor.store import Store, StoreError
from advisor.tally import Tally

EVERY = 60.0  # seconds; what is not handed over when the process is killed is lost
log = logging.getLogger("advisor.counting")


async def keep(tally: Tally, store: Store, every: float = EVERY) -> None:
    """Hand over until cancelled."""
    while True:
        await asyncio.sleep(every)
        hand_over(tally, store)


def hand_over(tally: Tally, store: Store) -> None:
    """Hand over now; a store that is away gets them the next time."""
    try:
        tally.flush(store)
    except StoreError as error:
        log.warning("counts kept back error=%s", type(error).__name__)
