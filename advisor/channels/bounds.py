"""How long a request may take to come in: whoever sends it a byte at a time is cut off, in its head or its body."""

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

CONNECTIONS = 1000  # at a time; more are told 503 at once
ARRIVES_WITHIN = 20.0  # seconds from the first byte of a request, or from the connection, to its last


class Bounded(HttpToolsProtocol):
    """HTTP as uvicorn speaks it, with a time by which each request must have come in whole."""

    within = ARRIVES_WITHIN
    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Take a piece of a request."""
        if self._late is None:
            self._wait()
        super().data_received(data)

    def on_message_complete(self) -> None:
        """Note that a request is there."""
        self._stop()
        super().on_message_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._stop()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._late = self.loop.call_later(self.within, self.transport.close)

    def _stop(self) -> None:
        if self._late:
            self._late.cancel()
            self._late = None
