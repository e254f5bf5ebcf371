"""Random talks and random input, a little of what `make fuzz` does for long."""

import json
from io import StringIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis.stateful import run_state_machine_as_test

from advisor.channels.terminal import Terminal
from advisor.desk import Desk
from advisor.store import StoreError
from advisor.store_sqlite import SqliteStore
from tests.conversation import advisor
from tests.fuzz.inputs import inputs
from tests.fuzz.parsers import NOW, TARGETS
from tests.fuzz.talks import Talks

LITTLE = settings(
    max_examples=12, stateful_step_count=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)


def test_whatever_people_do_the_desk_says_what_the_turn_alone_would_say() -> None:
    run_state_machine_as_test(Talks, settings=LITTLE)


@pytest.mark.parametrize("name", TARGETS)
def test_what_others_wrote_is_read_or_refused(name: str) -> None:
    @settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(inputs(name))
    def act(body: bytes) -> None:
        TARGETS[name](body)

    act()


# ---- what it found -----------------------------------------------------------------------------------------------


def said_to(*lines: str) -> list[str]:
    """Give the answers of the terminal to lines of JSON."""
    out = StringIO()
    desk = Desk(advisor(), SqliteStore(":memory:"), clock=lambda: NOW)
    Terminal(desk.answer_now, "a", desk.delivered, refused=StoreError, out=out).serve_json(iter(lines))
    return out.getvalue().splitlines()


@pytest.mark.parametrize("key", ["id", "person"])
@pytest.mark.parametrize("name", [r"\ud800", r"a\u0000"])
def test_a_name_that_no_database_takes_is_refused_and_the_talk_goes_on(key: str, name: str) -> None:
    refused, answered = said_to(f'{{"text": "想协商", "{key}": "{name}"}}', '{"text": "想协商"}')
    assert '"bad_message"' in refused and '"negotiate.lender"' in answered


@pytest.mark.parametrize("at", ["9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00"])
def test_a_time_at_the_end_of_the_calendar_is_read(at: str) -> None:
    sms = f'{{"text": "今日不还款就上门", "sender": "\\ud800", "to": "\\udfff", "received_at": "{at}"}}'
    told, kept = said_to(f'{{"sms": {sms}}}', '{"text": "同意保存"}')
    assert all(json.loads(one)["state"] == "sms.ordinary" for one in (told, kept))
