"""How much is taken from one address and one person, and how large a thing may be."""

from limits import parse
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from starlette.requests import Request
from starlette.types import Message, Receive

LARGEST = 16 * 1024 * 1024  # bytes of a form with its pictures
MOST_FILES = 9  # in one form
LONGEST_FIELD = 256 * 1024  # bytes
RATES = {  # by person, by address: many people of a network share one address
    "say": ("60/minute", "600/minute"),
    "look": ("120/minute", "1200/minute"),
    "code": ("10/hour", "20/hour"),
}


class TooLargeError(Exception):
    """More was sent than is taken."""


class Limits:
    """Counts in this process; each process of several has its own count."""

    def __init__(self, *, behind_proxy: bool) -> None:
        """Take the address from the connection, or from what the operator's proxy says."""
        self._behind_proxy = behind_proxy
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._rates = {kind: [parse(rate) for rate in rates] for kind, rates in RATES.items()}

    async def allow(self, kind: str, request: Request, person: str) -> bool:
        """Count one request; tell whether it may be answered."""
        by_person, by_address = self._rates[kind]
        allowed = await self._limiter.hit(by_address, kind, self._address(request))
        return allowed and (not person or await self._limiter.hit(by_person, kind, person))

    def _address(self, request: Request) -> str:
        told = request.headers.getlist("x-forwarded-for") if self._behind_proxy else []
        if told:
            return told[-1].rpartition(",")[2].strip()  # what came before was written by the caller
        return request.client.host if request.client else ""


def capped(receive: Receive, most: int = LARGEST) -> Receive:
    """Receive a body, but no more of it than `most` bytes: TooLargeError."""
    taken = 0

    async def count() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > most:
            raise TooLargeError
        return message

    return count
