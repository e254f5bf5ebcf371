"""Every channel in one process: one small web server, the channels beside it, and the work that is due."""

import asyncio
import logging
import signal
import socket
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

import uvicorn
from starlette.routing import Route, Router

from advisor.channels.bounds import CONNECTIONS, Bounded
from advisor.channels.probes import Probes
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

    def told_to_end(self, probes: Probes, drain: float) -> None:
        """Stop being ready at once, and end after `drain` seconds; when told again, now."""
        if probes.stopping or not drain:
            self.should_exit = True
        else:
            asyncio.get_running_loop().call_later(drain, setattr, self, "should_exit", True)
        probes.stopping = True

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def serve(
    channels: Sequence[Channel],
    host: str,
    port: int,
    do_due: Callable[[], Awaitable[Sequence[Person]]],
    probes: Probes | None = None,
    more: Sequence[Callable[[], Coroutine[Any, Any, None]]] = (),
    drain: float = 0.0,
    *,
    needed: bool = True,
) -> None:
    """Serve all channels, and do `more` beside, until the process is told to end; raises what ends a channel.

    Told to end, it says on `probes` that it is not ready, goes on for `drain` seconds so that a balancer takes it out,
    then takes no more requests, answers those in hand and closes the channels.
    PortTakenError when the port is `needed`; else channels that can do without it are served all the same.
    """
    probes = probes or Probes()
    place = _listen(host, port, needed=needed)
    app = Router([*probes.routes, *(route for channel in channels for route in channel.routes)])
    server = _Server(
        uvicorn.Config(
            app,
            http=Bounded,
            limit_concurrency=CONNECTIONS,
            log_config=None,
            access_log=False,
            lifespan="off",
            proxy_headers=False,
            timeout_graceful_shutdown=5,
        )
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, server.told_to_end, probes, drain)
    serving = asyncio.create_task(server.serve([place]) if place else _until_told_to_end(server))
    while place and not server.started and not serving.done():
        await asyncio.sleep(0.01)
    log.info("serving host=%s port=%d", host, port)
    beside = [asyncio.create_task(work()) for work in (*(channel.run for channel in channels), *more)]
    beside.append(asyncio.create_task(_due({name: one for c in channels for name, one in c.wake.items()}, do_due)))
    done, _ = await asyncio.wait([serving, *beside], return_when=asyncio.FIRST_COMPLETED)
    probes.stopping = server.should_exit = True
    await serving  # the requests in hand are answered first, for the channels send what they lead to
    for task in beside:
        task.cancel()
    await asyncio.gather(*beside, return_exceptions=True)
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
