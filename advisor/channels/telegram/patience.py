"""Waits for a Telegram that does not answer, or asks to wait."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from itertools import count

from telegram.error import BadRequest, InvalidToken, RetryAfter, TelegramError

LONGEST_WAIT = 60.0  # seconds between two tries
UNREADABLE = (TypeError, KeyError, ValueError, AttributeError)  # what python-telegram-bot raises at what it cannot read
log = logging.getLogger("advisor.telegram")


def seconds(error: RetryAfter) -> float:
    """Give how long Telegram asks to wait."""
    wait = error.retry_after
    return float(wait) if isinstance(wait, (int, float)) else wait.total_seconds()


async def patiently(
    what: str, do: Callable[[], Awaitable[object]], *, needed: bool = False, tries: int | None = None
) -> None:
    """Do something that needs the network until it succeeds; what is refused is let be, unless it is `needed`.

    After so many `tries`, if that is given, it is let be too.
    """
    wait = 0.5
    for _ in range(tries) if tries else count():
        try:
            await do()
            return
        except (BadRequest, InvalidToken, *UNREADABLE) as error:
            if needed:
                raise
            log.warning("%s refused error=%s", what, type(error).__name__)
            return
        except RetryAfter as error:
            await asyncio.sleep(seconds(error))
        except TelegramError as error:
            log.warning("%s failed error=%s", what, type(error).__name__)
            await asyncio.sleep(wait)
            wait = min(2 * wait, LONGEST_WAIT)
