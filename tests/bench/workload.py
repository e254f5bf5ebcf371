"""The dialog every variant of the `dialog` bench plays: the same people, answers, templates and check.

Six turns a session: `start` opens it, five typed answers lead over q1 ... q5 to `end`.  200 sessions run
interleaved: all people take step 0, then all take step 1, so two turns in a row never belong to one person.
When a lap of 200 x 6 turns is over, the same people begin again, so a store holds 200 people and no more.

What people answer differs from person to person and comes back in the next reply: a variant that mixes up
people, loses an answer or skips a rendering fails `check` instead of showing a good figure.
"""

import gc
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeVar

from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

STATES = ("start", "q1", "q2", "q3", "q4", "q5", "end")
STEPS = len(STATES) - 1
PEOPLE = 200
LAP = PEOPLE * STEPS

ANSWERS: dict[str, tuple[str, str, str]] = {
    "q1": ("短信说我逾期了", "说要上门找我", "让我点链接还款"),
    "q2": ("今天上午", "昨天晚上", "三天前"),
    "q3": ("没有点开", "点开看了一眼", "点了也填了姓名"),
    "q4": ("没有转钱", "还没有，正在犹豫", "转了一小笔"),
    "q5": ("只有我自己", "家里人也收到了", "同事也收到了"),
}

TEMPLATES: dict[str, str] = {
    "q1": "您好，我们一步一步来，不着急。先别点短信里的链接，也别按短信里的号码打回去。"
    "请告诉我：这条短信主要说了什么？用您自己的话写一句就可以，记不清的地方可以不写。",
    "q2": "记下了：{{ q1 }}。这样的短信很多，收到并不等于事情已经像它说的那样。"
    "下一个问题：您是什么时候收到的？写个大概的时间就可以，例如“昨天晚上”，不需要很准确。",
    "q3": "好的，{{ q2 }}收到的。请把短信留着，先不要删除，以后可能用得上。"
    "再问一句：短信里如果有链接，您点开过吗？点开过也没有关系，照实告诉我，我们再看下一步。",
    "q4": "明白，{{ q3 }}。{% if q3.startswith('没有') %}这样很好，请继续不要点，也不用回复它。{% else %}"
    "从现在起不要再填任何资料，尤其是验证码。{% endif %}"
    "下面这一点很要紧：您有没有按照对方的要求转过钱？转过的话，大概是多少？",
    "q5": "知道了：{{ q4 }}。不管对方怎么催，今天都先不要转账，也不要共享屏幕，您有时间慢慢核对。"
    "最后一个问题：除了您自己，家里人或者同事有没有收到同样的短信，或者接到类似的电话？",
    "end": "谢谢，都记下了：{% for a in [q1, q2, q3, q4, q5] %}{{ a }}{% if not loop.last %}；{% endif %}"
    "{% endfor %}。请用借款时自己保存的官方渠道核对欠款，不要用短信里给的号码。"
    "您随时可以回来接着问，这里会从这一步继续。",
}


class Turn(NamedTuple):
    """One message of one person; `step` counts from 0, the opening one."""

    person: int
    step: int
    text: str


def turns(n: int) -> list[Turn]:
    """One lap to warm up, then n turns, rounded up to whole laps."""
    laps = 1 + max(1, -(-n // LAP))
    lap = [
        Turn(person, step, answer(person, step) if step else "/start")
        for step in range(STEPS)
        for person in range(1, PEOPLE + 1)
    ]
    return lap * laps


def ever_new(n: int) -> Iterator[Turn]:
    """Give n turns, each lap by people who never came before."""
    for number in range(n):
        lap, place = divmod(number, LAP)
        step, person = divmod(place, PEOPLE)
        person += 1 + lap * PEOPLE
        yield Turn(person, step, answer(person, step) if step else "/start")


def answer(person: int, step: int) -> str:
    return ANSWERS[STATES[step]][(person + step) % 3]


Render = Callable[[str, Mapping[str, str]], str]


def renderer() -> Render:
    """`render(state, answers)`, the templates compiled once, in the sandbox the advisor uses for its own."""
    environment = ImmutableSandboxedEnvironment(autoescape=False, undefined=StrictUndefined)
    compiled = {state: environment.from_string(text) for state, text in TEMPLATES.items()}

    def render(state: str, answers: Mapping[str, str]) -> str:
        return compiled[state].render(answers)

    return render


Item = TypeVar("Item")


def drive(feed: Callable[[Item], object], items: Sequence[Item]) -> float:
    """Turns per second over everything after the warm-up lap, one turn after the other."""
    for item in items[:LAP]:
        feed(item)
    rest = items[LAP:]
    gc.collect()
    began = time.perf_counter()
    for item in rest:
        feed(item)
    return len(rest) / (time.perf_counter() - began)


async def drive_async(feed: Callable[[Item], Awaitable[object]], items: Sequence[Item]) -> float:
    """The same for a feed that is awaited; the next turn begins when the one before is done."""
    for item in items[:LAP]:
        await feed(item)
    rest = items[LAP:]
    gc.collect()
    began = time.perf_counter()
    for item in rest:
        await feed(item)
    return len(rest) / (time.perf_counter() - began)


def check(played: Sequence[Turn], sent: Sequence[str]) -> None:
    """Stop with an error unless each turn sent exactly the reply that its person's answers call for."""
    if len(sent) != len(played):
        raise SystemExit(f"{len(played)} turns, but {len(sent)} replies were sent")
    render = renderer()
    for turn, text in zip(played, sent, strict=True):
        answers = {STATES[step]: answer(turn.person, step) for step in range(1, turn.step + 1)}
        wanted = render(STATES[turn.step + 1], answers)
        if text != wanted:
            raise SystemExit(f"wrong reply to {turn}: {text!r}, not {wanted!r}")
        if not 60 <= len(text) <= 120:
            raise SystemExit(f"a reply of {len(text)} characters is outside 60 to 120: {text!r}")
