"""What an operator's machines see of a running process: alive, ready, its figures, and an end that loses nothing."""

import asyncio
import logging
import os
import re
import signal
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from advisor.channels.probes import Probes
from advisor.channels.serving import serve
from advisor.commands.watched import Watched, reachable
from advisor.desk import Desk
from advisor.message import Attachment, Message, Wake
from advisor.metrics import Metrics
from advisor.store_sqlite import SqliteStore
from tests.conversation import advisor
from tests.running import free_port, log_alone
from tests.test_desk import Clock

TOKEN = "for-the-figures"


class Slow:
    """A channel whose one request is in hand until it is let go."""

    def __init__(self) -> None:
        self.taken, self.let_go = asyncio.Event(), asyncio.Event()

    @property
    def routes(self) -> Sequence[Route]:
        return [Route("/slow", self._answer)]

    @property
    def wake(self) -> Mapping[str, Wake]:
        return {}

    async def run(self) -> None:
        await asyncio.Event().wait()

    async def _answer(self, _: Request) -> PlainTextResponse:
        self.taken.set()
        await self.let_go.wait()
        return PlainTextResponse("done")


async def nothing_due() -> list[str]:
    return []


def while_serving(probes: Probes, look: Callable[[Slow, httpx.AsyncClient], Awaitable[None]], drain: float = 0) -> None:
    """Serve, have a look, and see that it ends by itself."""

    async def everything() -> None:
        slow, port = Slow(), free_port()
        serving = asyncio.create_task(serve([slow], "127.0.0.1", port, nothing_due, probes, (), drain))
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            while not serving.done():
                try:
                    await client.get("/healthz")
                    break
                except httpx.ConnectError:
                    await asyncio.sleep(0.01)
            await look(slow, client)
        await serving

    asyncio.run(everything())


def told_to_end() -> None:
    os.kill(os.getpid(), signal.SIGTERM)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[tuple[Desk, Metrics]]:
    metrics = Metrics()
    desk = Desk(advisor(), SqliteStore(str(tmp_path / "a.db")), clock=Clock(), observe=metrics.observe)
    yield desk, metrics
    desk.close()


def test_a_process_that_is_told_to_end_is_alive_not_ready_and_finishes_what_is_in_hand() -> None:
    async def look(slow: Slow, client: httpx.AsyncClient) -> None:
        assert (await client.get("/readyz")).status_code == 200
        in_hand = asyncio.create_task(client.get("/slow"))
        await slow.taken.wait()
        told_to_end()
        while (await client.get("/readyz")).status_code == 200:
            await asyncio.sleep(0.01)
        assert (await client.get("/healthz")).status_code == 200
        assert not in_hand.done()
        told_to_end()
        slow.let_go.set()
        assert (await in_hand).text == "done"

    while_serving(Probes(), look, drain=3600)


def test_a_process_whose_store_is_away_is_alive_and_not_ready(desk: tuple[Desk, Metrics], tmp_path: Path) -> None:
    other = Desk(advisor(), SqliteStore(str(tmp_path / "b.db")))

    async def look(_: Slow, client: httpx.AsyncClient) -> None:
        assert (await client.get("/readyz")).status_code == 200
        other.close()
        assert (await client.get("/readyz")).status_code == 503
        assert (await client.get("/healthz")).status_code == 200
        told_to_end()

    while_serving(Probes(lambda: reachable(other)), look)


def test_the_figures_are_for_who_brings_the_token() -> None:
    async def look(_: Slow, client: httpx.AsyncClient) -> None:
        for wrong in ({}, {"authorization": "Bearer guess"}, {"authorization": TOKEN}):
            assert (await client.get("/metrics", headers=wrong)).status_code == 401
        told = await client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})
        assert told.status_code == 200 and "advisor_turns_total" in told.text
        told_to_end()

    while_serving(Probes(figures=Metrics().page, token=TOKEN), look)


def test_where_there_are_no_figures_there_is_no_page() -> None:
    async def look(_: Slow, client: httpx.AsyncClient) -> None:
        assert (await client.get("/metrics")).status_code == 404
        told_to_end()

    while_serving(Probes(), look)


def figures(metrics: Metrics) -> dict[str, float]:
    """Give the figures by name and labels."""
    lines = (line.rpartition(" ") for line in metrics.page().decode().splitlines() if not line.startswith("#"))
    return {name: float(value) for name, _, value in lines}


def test_turns_are_told_by_state_and_what_was_not_understood(desk: tuple[Desk, Metrics]) -> None:
    answering, metrics = desk
    for text in ("想协商", "青苗金融", "呜哩哇啦", "【速贷】今日不还，通知你村委和通讯录"):
        asyncio.run(answering.answer(Message("telegram:7", text)))
    told = figures(metrics)
    assert told['advisor_turns_total{state="negotiate.lender"}'] == 1
    assert told['advisor_turns_from_total{state="negotiate.lender"}'] == 1
    assert told['advisor_readings_total{kind="collection"}'] == 1
    assert sum(value for name, value in told.items() if name.startswith("advisor_heard_total")) == 4
    assert told["advisor_answer_seconds_count"] == 4
    assert told['advisor_not_understood_total{state="negotiate.lender_kind"}'] == 1


def test_refused_files_and_errors_are_told_by_kind(desk: tuple[Desk, Metrics]) -> None:
    answering, metrics = desk
    answering.answer_now(Message("a", files=(Attachment("document", "1", "我的名字.exe", refused="program"),)))
    log = logging.getLogger("advisor.desk")
    log.addHandler(metrics)
    try:
        log.error("turn failed error=%s", "ValueError")
    finally:
        log.removeHandler(metrics)
    told = figures(metrics)
    assert told['advisor_files_refused_total{reason="program"}'] == 1
    assert told['advisor_errors_total{part="desk"}'] == 1


def test_the_oldest_reply_that_waits_gives_the_age_of_the_outbox(tmp_path: Path) -> None:
    clock = Clock()
    desk = Desk(advisor(), SqliteStore(str(tmp_path / "a.db")), clock=clock)
    with log_alone():
        watched = Watched("text")
    page = watched.probes(desk, "")
    first = desk.answer_now(Message("telegram:7", "想协商", id="1"))
    clock.now += timedelta(seconds=90)
    second = desk.answer_now(Message("telegram:8", "想协商", id="2"))
    assert "advisor_outbox_age_seconds 90.0" in text_of(page)
    desk.delivered("telegram:7", first)
    assert "advisor_outbox_age_seconds 0.0" in text_of(page)
    desk.delivered("telegram:8", second)
    assert "advisor_outbox_age_seconds 0.0" in text_of(page)
    clock.now += timedelta(days=4000)
    assert re.search(r"^advisor_content_due [1-9]", text_of(page), re.MULTILINE)
    desk.close()
    assert "advisor_outbox_age_seconds NaN" in text_of(page)


def text_of(probes: Probes) -> str:
    """Give the page of figures."""
    assert probes._figures
    return probes._figures().decode()


def test_no_label_holds_a_word_a_number_or_an_id_of_a_person(desk: tuple[Desk, Metrics]) -> None:
    answering, metrics = desk
    said = ("我叫张三丰", "13812345678", "欠青苗金融35000元", "想协商", "青苗金融", "三万五", "删除", "确认删除")
    for text in said:
        answering.answer_now(Message("telegram:77123", text))
    answering.answer_now(Message("telegram:77123", choice="9.go:张三丰"))
    labels = set(re.findall(r'="([^"]*)"', metrics.page().decode()))
    content = answering.advisor.content
    known = {f"{flow}.{state}" for flow, one in content.flows.items() for state in one.states}
    words = {label for label in labels if not re.fullmatch(r"[\d.]+|\+Inf", label)} - known
    assert all(re.fullmatch(r"[a-z_]+", word) for word in words), words
    assert not any("77123" in label or "13812345678" in label for label in labels)
