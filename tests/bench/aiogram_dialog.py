"""The dialog of `workload` as a bot of aiogram 3: its state machine, on the storage it is given."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import Dispatcher, F  # type: ignore[import-not-found]
from aiogram.filters import Command, StateFilter  # type: ignore[import-not-found]
from aiogram.fsm.state import State  # type: ignore[import-not-found]
from aiogram.fsm.storage.redis import RedisStorage  # type: ignore[import-not-found]

from .workload import STATES, STEPS, Render, renderer

ASKING = {name: State(name, group_name="Dialog") for name in STATES[1:-1]}


def dialog(storage: Any) -> Any:
    """Give the dispatcher of the whole dialog."""
    render = renderer()
    dispatcher = Dispatcher(storage=storage)
    dispatcher.message.register(step_taken(0, render), Command("start"))
    for step in range(1, STEPS):
        dispatcher.message.register(step_taken(step, render), StateFilter(ASKING[STATES[step]]), F.text)
    return dispatcher


def step_taken(step: int, render: Render) -> Callable[[Any, Any], Awaitable[None]]:
    """Give the handler of a step: it takes the answer in, moves the state, and replies."""

    async def handler(message: Any, state: Any) -> None:
        answers = await state.update_data({STATES[step]: message.text}) if step else {}
        if step < STEPS - 1:
            await state.set_state(ASKING[STATES[step + 1]])
        else:
            await state.clear()
        await message.answer(render(STATES[step + 1], answers))

    return handler


async def redis_storage(url: str) -> Any:
    """Give the storage on a Redis, which has to sync its log at each write; SystemExit when it does not."""
    storage = RedisStorage.from_url(url)
    for option, value in {"appendonly": "yes", "appendfsync": "always"}.items():
        found = await storage.redis.config_get(option)
        if found.get(option) != value:
            raise SystemExit(f"the Redis server runs with {found}, not with {option} {value}")
    return storage
