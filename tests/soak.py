"""`make soak ARGS=300`: people talk to the bot in Telegram while it is killed at random moments, again and again.

Now and then it is ended as an operator does, or a call of it fails. Beside each talk runs a model of it (the same
turns, in memory): every reply must be the one the model gives, come in order, and come again only as a repeat of
itself. Half of the kills fall on a bot that polls, half on one that takes webhooks. First the Telegram of the tests
is checked by aiogram, in the environment of the benches, and compared with one that nobody here wrote, run by node.
"""

import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from advisor.clock import SHANGHAI
from advisor.message import Message
from advisor.session import Session
from advisor.turn import turn
from tests.bench.rig import LeftOutError, make_telegram_test_api, peers_python
from tests.botapi import Person
from tests.conversation import ROOT, advisor
from tests.running import running

NOW = datetime(2026, 11, 25, 14, tzinfo=SHANGHAI)
PEOPLE = 12
CALLS = ("sendMessage", "answerCallbackQuery", "editMessageText", "getUpdates")
PATIENCE = 120  # seconds for one reply, in which the bot may be killed many times
WORDS = (
    "想协商",
    "青苗金融",
    "3000",
    "去年三月",
    "不知道",
    "上一步",
    "他们骂我",
    "会坐牢吗",
    "重新开始",
    "写材料",
    "每天打二十个电话",
)


@dataclass
class Tally:
    """What has happened so far."""

    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    over: bool = False


def talk(person: Person, chance: random.Random, tally: Tally) -> None:
    """Talk at random until all kills are done, and compare every reply with the model's."""
    session, before = Session(), list[str]()
    try:
        while not tally.over:
            keys = list(session.offered)
            choice = chance.choice(keys) if keys and chance.random() < 0.6 else None
            text = "" if choice else chance.choice(WORDS)
            after, reply = turn(advisor(), session, Message("x", text, choice), NOW)
            session = after or Session()
            wanted, seen = [bubble.text.strip() for bubble in reply.bubbles], len(person.screen)
            if choice:
                person.tap(choice)
            else:
                person.say(text)
            complete = partial(is_complete, seen=seen, wanted=wanted, asks=frozenset(session.offered))
            screen = person.wait(complete, PATIENCE)
            found = said(screen[seen:])
            repeats = len(found) - len(wanted)
            tally.counts.update(turns=1, replies=len(wanted), repeats=max(repeats, 0))
            if unknown := [one for one in found if one not in {*wanted, *before}]:
                tally.wrong.append(f"{person.id}: “{unknown[0][:60]}” belongs to no turn")
            before = wanted
    except Exception as error:
        tally.wrong.append(f"{person.id}: {type(error).__name__} {str(error)[-1500:]}")


def said(screen: list[dict[str, Any]]) -> list[str]:
    """Give what the bot has written, without what it noted under a question that was tapped."""
    return [m["text"].partition("\n\n✓ ")[0] for m in screen if m["from_bot"] and not m["document"]]


def buttons(screen: list[dict[str, Any]]) -> set[str]:
    """Give what every button stands for that can be tapped."""
    return {data for message in screen for row in message["buttons"] for _, data in row}


def is_complete(screen: list[dict[str, Any]], seen: int, wanted: list[str], asks: frozenset[str]) -> bool:
    """Tell whether all of a reply is there since `seen`, and what it asks can be tapped."""
    return holds(said(screen[seen:]), wanted) and asks <= buttons(screen)


def holds(found: list[str], wanted: list[str]) -> bool:
    """Tell whether all that is wanted was said, in its order."""
    rest = iter(found)
    return all(one in rest for one in wanted)


def kill_again_and_again(kills: int, seed: int, *, webhooks: bool) -> Tally:
    """Let people talk while the bot is killed `kills` times."""
    chance, tally = random.Random(seed), Tally()
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder) / "bot", webhooks=webhooks, now=NOW.isoformat()) as (peer, bot),
    ):
        crowd = [peer.person(number) for number in range(1, PEOPLE + 1)]
        threads = [
            threading.Thread(target=talk, args=(one, random.Random(seed + one.id), tally), daemon=True) for one in crowd
        ]
        for thread in threads:
            thread.start()
        for number in range(kills):
            if chance.random() < 0.8:  # else it is killed while it begins
                bot.wait_until_it_listens()
            if chance.random() < 0.3:
                peer.fail(chance.choice(CALLS), status=chance.choice((429, 500, 502)), retry_after=1)
            time.sleep(chance.uniform(0.05, 1.5))
            end = bot.stop if chance.random() < 0.2 else bot.kill
            end()
            bot.start()
            if number % 20 == 19:
                print(f"   {number + 1} kills, {tally.counts['turns']} turns", flush=True)
            if tally.wrong:
                break
        tally.over = True
        for thread in threads:
            thread.join(PATIENCE + 10)
        tally.counts["unanswered taps"] = sum(one.unanswered for one in crowd)
        tally.counts["calls"] = len(peer.calls)
    return tally


def witnesses() -> int:
    """Have aiogram check every answer of the Telegram of the tests, and a Telegram of others show the same talks."""
    pytest = ["-m", "pytest", "-p", "no:cacheprovider"]
    alone = [peers_python(), *pytest, "--confcutdir", "tests/botapi", "tests/botapi"]  # without what needs the advisor
    failed = subprocess.run(alone, cwd=ROOT, check=False).returncode
    try:
        make_telegram_test_api()
    except LeftOutError as error:
        print(f"left out: {error}")
        return 1
    beside = [sys.executable, *pytest, "tests/telegram/test_elsewhere.py"]
    return failed or subprocess.run(beside, cwd=ROOT, check=False).returncode


def main(kills: int, seed: int) -> int:
    """Run all of it and print what was counted; 1 when anything was lost, skipped or contradicted."""
    failed = witnesses()
    print(f"seed {seed}")
    for webhooks in (False, True):
        tally = kill_again_and_again(kills // 2, seed + webhooks, webhooks=webhooks)
        counts = ", ".join(f"{count:,} {what}" for what, count in sorted(tally.counts.items()))
        print(f"{'webhooks' if webhooks else 'polling'}: {kills // 2} kills, {counts}, {len(tally.wrong)} wrong")
        print(*tally.wrong[:5], sep="\n")
        failed = failed or bool(tally.wrong)
    return int(failed)


if __name__ == "__main__":
    numbers = [int(one) for one in sys.argv[1:]]
    sys.exit(
        main(numbers[0] if numbers else 300, numbers[1] if numbers[1:] else random.SystemRandom().randrange(10**6))
    )
