"""The bot as a process beside a Telegram, once polled and once by webhook, and somebody new to talk to it."""

from collections.abc import Iterator

import pytest

from tests.botapi import Peer, Person
from tests.running import Bot, running
from tests.telegram.screen import NUMBERS


@pytest.fixture(scope="package", params=["polled", "by webhook"])
def service(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Peer, Bot]]:
    with running(tmp_path_factory.mktemp("bot"), webhooks=request.param == "by webhook") as both:
        yield both


@pytest.fixture
def peer(service: tuple[Peer, Bot]) -> Peer:
    return service[0]


@pytest.fixture
def person(peer: Peer) -> Person:
    return peer.person(next(NUMBERS))
