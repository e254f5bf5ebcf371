"""Every channel in one process: one small web server, the channels beside it, and the work that is due."""

import asyncio
import logging
import signal
import socket
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Protocol

import uvicorn
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, Router

from advisor.message import Person, Wake

DUE_EVERY = 0.25  # seconds between two looks at the work that is due
log = logging.getLogger("advisor.serving")


class Channel(Protocol):
    """What a channel that is served brings along."""

    @property
    def routes(self) -> Sequence[Route]:
        """The paths that it answers."""

    @property
    def wake(self) -> Mapping[str, Wake]:
        """How it is told, by its name, that something waits for somebody."""

    async def run(self) -> None:
        """Serve until cancelled."""


class PortTakenError(Exception):
    """The port that a channel needs cannot be had; the message says why."""


class _Server(uvicorn.Server):
    """Ends when told to and leaves it at that: its own way would end the process before the channels are closed."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def serve(
    channels: Sequence[Channel], host: str, port: int, do_due: Callable[[], Awaitable[Sequence[Person]]]
) -> None:
    """Serve all channels until the process is told to end; raises what ends a channel.

    PortTakenError when a channel needs the port; channels that need none are served all the same.
    """
    place = _listen(host, port, needed=any(channel.routes for channel in channels))
    health = [Route(path, _well) for path in ("/healthz", "/readyz")]
    app = Router([*health, *(route for channel in channels for route in channel.routes)])
    server = _Server(
        uvicorn.Config(
            app, log_config=None, access_log=False, lifespan="off", proxy_headers=False, timeout_graceful_shutdown=5
        )
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, server.handle_exit, number, None)
    serving = asyncio.create_task(server.serve([place]) if place else _until_told_to_end(server))
    while place and not server.started and not serving.done():
        await asyncio.sleep(0.01)
    log.info("serving host=%s port=%d", host, port)
    beside = [asyncio.create_task(channel.run()) for channel in channels]
    beside.append(asyncio.create_task(_due({name: one for c in channels for name, one in c.wake.items()}, do_due)))
    done, _ = await asyncio.wait([serving, *beside], return_when=asyncio.FIRST_COMPLETED)
    server.should_exit = True
    for task in beside:
        task.cancel()
    await asyncio.gather(*beside, return_exceptions=True)
    await serving
    for task in done:
        task.result()


def _listen(host: str, port: int, *, needed: bool) -> socket.socket | None:
    try:
        return socket.create_server((host, port), reuse_port=False)
    except OSError as error:
        if needed:
            raise PortTakenError(error.strerror) from error
        log.warning("port taken host=%s port=%d error=%s", host, port, type(error).__name__)
        return None


async def _until_told_to_end(server: uvicorn.Server) -> None:
    while not server.should_exit:
        await asyncio.sleep(0.1)


async def _well(_: Request) -> PlainTextResponse:
    return PlainTextResponse("ok\n")


async def _due(wakes: Mapping[str, Wake], do_due: Callable[[], Awaitable[Sequence[Person]]]) -> None:
    """Have the work done that is due, and wake the channel of everybody for whom something waits then."""
    while True:
        try:
            for person in await do_due():
                if wake := wakes.get(person.partition(":")[0]):
                    wake(person)
        except Exception as error:  # the store is away: what is due stays due
            log.error("due work failed error=%s", type(error).__name__)
            await asyncio.sleep(1)
        await asyncio.sleep(DUE_EVERY)
