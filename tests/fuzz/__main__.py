"""`make fuzz ARGS=300`: so many seconds of random talks and random input; 1 when anything broke.

Half of the time people talk; the other half goes to what reads files and words, by turns. Where atheris is there
(`pip install atheris` into an environment of its own) it looks for the input, going by what the code does with it.
"""

import os
import sys
import time
import traceback
from collections.abc import Callable
from importlib.util import find_spec
from random import SystemRandom

from hypothesis import HealthCheck, given, settings
from hypothesis import seed as seeded
from hypothesis.stateful import run_state_machine_as_test

from tests.fuzz.inputs import inputs
from tests.fuzz.parsers import TARGETS
from tests.fuzz.talks import Talks

SECONDS = 300
ONE_GO = settings(
    max_examples=50, stateful_step_count=30, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)
MANY = settings(max_examples=500, deadline=None, database=None, suppress_health_check=list(HealthCheck))


def talk(seed: int) -> None:
    """Have fifty talks."""
    seeded(seed)(Talks)
    run_state_machine_as_test(Talks, settings=ONE_GO)


def read(name: str, seed: int) -> None:
    """Have five hundred inputs read."""

    @seeded(seed)
    @MANY
    @given(inputs(name))
    def act(body: bytes) -> None:
        TARGETS[name](body)

    act()


def until(end: float, work: Callable[[int], None], first: int) -> tuple[int, bool]:
    """Do work again and again until it is time or it breaks; give how often, and whether it broke."""
    rounds = 0
    while time.monotonic() < end:
        try:
            work(first + rounds)
        except Exception:
            traceback.print_exc()
            return rounds, True
        rounds += 1
    return rounds, False


def guided(name: str, seconds: int) -> bool:
    """Let atheris look for input, in a process that it ends itself; tell whether it broke."""
    code = (
        "import sys, atheris\nwith atheris.instrument_imports(include=['advisor']):\n"
        f"    from tests.fuzz.parsers import TARGETS\n"
        f"atheris.Setup(['fuzz', '-max_total_time={seconds}'], TARGETS[{name!r}])\natheris.Fuzz()"
    )
    return os.spawnv(os.P_WAIT, sys.executable, [sys.executable, "-c", code]) != 0


def main(seconds: int, seed: int) -> int:
    """Run all of it and print what was tried."""
    print(f"seed {seed}", flush=True)
    rounds, broke = until(time.monotonic() + seconds / 2, talk, seed)
    print(f"talks: {50 * rounds:,} of up to 30 steps{', BROKEN' if broke else ''}", flush=True)
    share = seconds / 2 / len(TARGETS)
    for name in TARGETS:
        if find_spec("atheris"):
            wrong, told = guided(name, max(1, int(share))), "guided by atheris"
        else:
            rounds, wrong = until(time.monotonic() + share, lambda one, name=name: read(name, one), seed)  # type: ignore[misc]
            told = f"{500 * rounds:,} inputs"
        print(f"{name}: {told}{', BROKEN' if wrong else ''}", flush=True)
        broke = broke or wrong
    return int(broke)


if __name__ == "__main__":
    numbers = [int(one) for one in sys.argv[1:]]
    sys.exit(main(numbers[0] if numbers else SECONDS, numbers[1] if numbers[1:] else SystemRandom().randrange(10**6)))
