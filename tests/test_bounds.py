"""Nobody holds the server by sending slowly or without end."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import uvicorn
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, Router

from advisor.channels.bounds import Bounded


class Quick(Bounded):
    """The same with less patience, so that a test need not wait for it."""

    within = 0.3


async def length(request: Request) -> Response:
    return PlainTextResponse(str(len(await request.body())))


@asynccontextmanager
async def served() -> AsyncIterator[int]:
    """Serve a path that counts the bytes of a body; give the port."""
    place = socket.create_server(("127.0.0.1", 0))
    app = Router([Route("/", length, methods=["GET", "POST"])])
    config = uvicorn.Config(app, http=Quick, log_config=None, lifespan="off", timeout_keep_alive=30)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve([place]))
    while not server.started:
        await asyncio.sleep(0.01)
    yield int(place.getsockname()[1])
    server.should_exit = True
    await serving


async def sent(port: int, *pieces: bytes, between: float = 0.0) -> bytes:
    """Send pieces, and give all that comes back until the server ends the connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for piece in pieces:
        if not reader.at_eof():
            writer.write(piece)
            await asyncio.sleep(between)
    told = await reader.read()
    writer.close()
    return told


HEAD = b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 8\r\n\r\n"


@pytest.mark.parametrize(
    "pieces",
    [[], [b"POST / HT"], [b"GET / HTTP/1.1\r\nHost: x\r\n"], [HEAD], [HEAD, b"four"]],
    ids=["nothing", "half a line", "half a head", "no body", "half a body"],
)
def test_a_request_that_never_ends_is_cut_off(pieces: list[bytes]) -> None:
    async def act() -> bytes:
        async with served() as port:
            return await sent(port, *pieces)

    assert asyncio.run(act()) == b""


def test_a_byte_now_and_then_gives_no_more_time() -> None:
    async def act() -> bytes:
        async with served() as port:
            return await sent(port, *[bytes([byte]) for byte in HEAD], between=0.05)

    assert asyncio.run(act()) == b""


def test_a_request_that_comes_in_time_is_answered_and_the_next_one_on_the_same_connection_too() -> None:
    async def act() -> bytes:
        async with served() as port:
            whole = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 8\r\n\r\n12345678"
            return await sent(port, whole, HEAD + b"12345678", between=0.5)

    told = asyncio.run(act())
    assert told.count(b"HTTP/1.1 200 OK") == 2 and told.endswith(b"8")
