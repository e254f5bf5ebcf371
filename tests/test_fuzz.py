"""Random talks and random input, a little of what `make fuzz` does for long."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.fuzz.inputs import bodies
from tests.fuzz.parsers import TARGETS
from tests.fuzz.talks import Talks

LITTLE = settings(
    max_examples=12, stateful_step_count=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)


def test_whatever_people_do_the_desk_says_what_the_turn_alone_would_say() -> None:
    run_state_machine_as_test(Talks, settings=LITTLE)


@pytest.mark.parametrize("name", TARGETS)
def test_what_others_wrote_is_read_or_refused(name: str) -> None:
    @settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(bodies)
    def act(body: bytes) -> None:
        TARGETS[name](body)

    act()
