"""The same talk is the same in every channel, but for what each of them adds."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from html import unescape
from io import StringIO
from itertools import count
from pathlib import Path
from time import monotonic, sleep
from typing import Protocol

import pytest

from advisor.channels.telegram import Telegram
from advisor.channels.terminal import Terminal
from advisor.channels.wechat import WeChat
from advisor.commands.serving import telegram_face, wechat_face
from advisor.content.load import BASE
from advisor.desk import Desk
from advisor.message import TRADITIONAL, Reply
from advisor.store import StoreError
from advisor.store_sqlite import SqliteStore
from advisor.traditional import traditional
from tests.botapi import Peer, Person
from tests.conversation import CONVERSATIONS, _ids, _time, advisor, read
from tests.telegram.screen import labels, written
from tests.web.office import NOW, Office, Visitor
from tests.wechat.platform import APPID, TOKEN, Follower, Platform
from tests.wechat.service import serving

TALKS = (
    "letters_for_others_from_the_menu", "letter_waive_penalty", "not_borrower_colleague_by_button",
    "illegal_loan_seven_days_contacts", "en_court_summons", "harassed_cantonese_flood",
    "menu_letters_list_and_review", "contacts_factory_first_notice", "interest_private_alike_months",
)  # fmt: skip
PEOPLE = count(1000)
pytestmark = pytest.mark.filterwarnings("ignore:Please use 'Bot.getUpdates'")  # the bot polls with it on purpose
_NUMBER = re.compile(r"^\d+\. |(?<= · )\d+\. ", re.MULTILINE)
_BUBBLE = re.compile(r'<div class="bubble"><p>(.*?)</p></div>|<p class="paper"[^>]*>(.*?)</p>', re.DOTALL)
_CHOICE = re.compile(r'<button name="choice" value="[^"]*">(.*?)</button>')


@dataclass(frozen=True)
class Act:
    """What a person does: types `words`, or taps what they stand on."""

    words: str
    taps: bool = False


@dataclass(frozen=True)
class Said:
    """What is seen of a reply: its words with the choices below, and the drafts where these are marked as such."""

    words: str
    drafts: tuple[str, ...] | None


def said(texts: list[str], choices: list[str], drafts: list[str] | None) -> Said:
    """Leave out how it is laid out: spaces, and the numbers of lists."""
    whole = "".join(map(bare, [*texts, *choices]))
    return Said(whole, None if drafts is None else tuple(map(bare, drafts)))


def bare(text: str) -> str:
    return re.sub(r"[\s·]", "", _NUMBER.sub("", text))


class Channel(Protocol):
    """A channel, in which one person after the other begins a talk and then acts."""

    def begin(self, now: datetime) -> None: ...

    def act(self, act: Act) -> Said: ...


class OpenDesk:
    """A desk that can be set to a time, and counts the replies that were marked as delivered."""

    def __init__(self, folder: Path) -> None:
        self.now, self.marked = NOW, 0
        office = self

        class Counting(Desk):
            async def mark(self, person: str, reply: Reply) -> None:
                await super().mark(person, reply)
                office.marked += 1

        self.desk = Counting(advisor(), SqliteStore(str(folder / "a.db")), clock=lambda: self.now)


class InTerminal:
    """`bot.py chat --json`."""

    def __init__(self, open_desk: OpenDesk) -> None:
        self._open, self._terminal = open_desk, Terminal(open_desk.desk.answer_now, "", open_desk.desk.delivered)
        self.choices: dict[str, str] = {}

    def begin(self, now: datetime) -> None:
        self._open.now, self.choices = now, {}
        self._terminal.person = f"terminal:{next(PEOPLE)}"

    def act(self, act: Act) -> Said:
        ids = {label: choice for choice, label in self.choices.items()}
        self._terminal.out = StringIO()
        line = {"choice": ids[act.words]} if act.taps else {"text": act.words}
        self._terminal.serve_json(iter([json.dumps(line)]))
        messages = json.loads(self._terminal.out.getvalue())["messages"]
        self.choices = {choice["id"]: choice["label"] for one in messages for choice in one.get("choices", ())}
        drafts = [one["text"] for one in messages if "letter" in one]
        return said([one["text"] for one in messages], list(self.choices.values()), drafts)


class InTelegram:
    """The bot beside a Telegram of the tests."""

    def __init__(self, open_desk: OpenDesk, peer: Peer) -> None:
        self._open, self._peer = open_desk, peer
        self._person: Person = peer.person(next(PEOPLE))

    def begin(self, now: datetime) -> None:
        self._open.now, self._person = now, self._peer.person(next(PEOPLE))

    def act(self, act: Act) -> Said:
        marked, before = self._open.marked, {one["message_id"] for one in self._person.screen}
        if act.taps:
            self._person.tap(act.words)
        else:
            self._person.say(act.words)
        until = monotonic() + 30
        while self._open.marked == marked:
            assert monotonic() < until, f"no answer: {self._person.screen}"
            sleep(0.01)
        new = [one for one in self._person.screen if one["message_id"] not in before]
        choices = [label for one in new if one["from_bot"] for label in labels(one)]
        drafts = [one["text"] for one in new if one["from_bot"] and "<pre>" in (one["html"] or "")]
        return said(written(new), choices, drafts)


class InWeChat:
    """The account beside a WeChat of the tests; who does not see all of an answer asks for the rest.

    `goes_on` gives the word for that by what tells of it.
    """

    def __init__(self, open_desk: OpenDesk, platform: Platform, goes_on: dict[str, str]) -> None:
        self._open, self._platform, self._goes_on = open_desk, platform, goes_on
        self._follower: Follower = platform.follower("o0")

    def begin(self, now: datetime) -> None:
        self._open.now, self._follower = now, self._platform.follower(f"o{next(PEOPLE)}")

    def act(self, act: Act) -> Said:
        shown = self._follower.screen[-1] if act.taps else ""
        number = re.search(rf"(?:^|· )(\d+)\. {re.escape(act.words)}(?: ·|$)", shown, re.MULTILINE)
        parts = [self._follower.say(number[1] if number else act.words)]
        while more := next(filter(parts[-1].endswith, self._goes_on), ""):
            parts[-1] = parts[-1].removesuffix(more)
            parts.append(self._follower.say(self._goes_on[more]))
        return said(["\n".join(parts)], [], None)


class OnThePage:
    """The page in a browser without script."""

    def __init__(self, office: Office) -> None:
        self._office, self._visitor = office, office.visitor()

    def begin(self, now: datetime) -> None:
        self._office.now = now
        self._visitor = self._office.visitor()

    def act(self, act: Act) -> Said:
        visitor: Visitor = self._visitor.tap(act.words) if act.taps else self._visitor.say(act.words)
        answer = visitor.html.rpartition('<li class="me"')[2].partition('<li class="it"')[2]
        bubbles = [(unescape(text), unescape(draft)) for text, draft in _BUBBLE.findall(answer)]
        choices = [unescape(label) for label in _CHOICE.findall(answer)]
        return said([text or draft for text, draft in bubbles], choices, [draft for _, draft in bubbles if draft])


@contextmanager
def in_telegram(folder: Path) -> Iterator[Channel]:
    open_desk = OpenDesk(folder)
    with Peer() as peer:

        async def run() -> None:
            await Telegram(peer.token, open_desk.desk, telegram_face(open_desk.desk), StoreError, peer.url).run()

        with serving([], run):
            yield InTelegram(open_desk, peer)
    open_desk.desk.close()


@contextmanager
def in_wechat(folder: Path) -> Iterator[Channel]:
    open_desk, platform = OpenDesk(folder), Platform(sealed=False)
    face = wechat_face(open_desk.desk)
    channel = WeChat(TOKEN, APPID, open_desk.desk, face, StoreError)
    with serving(list(channel.routes), channel.run) as url:
        platform.url = f"{url}/wechat"
        editions = advisor().content.editions
        goes_on = {face.more(language): edition.everywhere["resume"].label for language, edition in editions.items()}
        yield InWeChat(open_desk, platform, goes_on | {face.more(TRADITIONAL): traditional(goes_on[face.more(BASE)])})
    open_desk.desk.close()


@contextmanager
def on_the_page(folder: Path) -> Iterator[Channel]:
    office = Office(folder)
    yield OnThePage(office)
    office.close()


CHANNELS = {"telegram": in_telegram, "wechat": in_wechat, "page": on_the_page}


@pytest.fixture(scope="module", params=CHANNELS)
def channel(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Channel]:
    with CHANNELS[request.param](tmp_path_factory.mktemp(request.param)) as channel:
        yield channel


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, list[tuple[Act, Said]]]]:
    """Each talk as it goes in the terminal, with what is typed there, and tapped in place of it elsewhere."""
    open_desk = OpenDesk(tmp_path_factory.mktemp("terminal"))
    terminal, talks = InTerminal(open_desk), dict[str, list[tuple[Act, Said]]]()
    for name in TALKS:
        transcript, _ = read(CONVERSATIONS / f"{name}.yaml")
        terminal.begin(_time(transcript.now))
        talks[name] = []
        for step in transcript.talk:
            if step.speaks:
                choose = step.choose
                found = [
                    label for key, label in terminal.choices.items() if key.partition(".")[2] in _ids(choose or "")
                ]
                act = Act(found[0], taps=True) if choose else Act(step.user or "")
                talks[name].append((act, terminal.act(act)))
    yield talks
    open_desk.desk.close()


def as_on_the_page(words: str) -> str:
    """Leave out that the platform reads along, which is not so on our own page."""
    for language in advisor().content.editions:
        told, untold = (
            advisor().words.say("shell/notice", language, NOW.date(), keep_days=advisor().keep_days, on_page=on_page)
            for on_page in (False, True)
        )
        for written_in in (str, traditional):
            words = words.replace(bare(written_in(told)), bare(written_in(untold)))
    return words


@pytest.mark.parametrize("name", TALKS)
def test_what_is_said_is_the_same_everywhere(
    channel: Channel, played: dict[str, list[tuple[Act, Said]]], name: str
) -> None:
    transcript, _ = read(CONVERSATIONS / f"{name}.yaml")
    channel.begin(_time(transcript.now))
    for act, expected in played[name]:
        found = channel.act(act)
        assert as_on_the_page(found.words) == as_on_the_page(expected.words), act
        assert found.drafts in (None, expected.drafts), act


def test_the_talks_hold_what_channels_show_in_their_own_ways(played: dict[str, list[tuple[Act, Said]]]) -> None:
    acts = [(act, found) for talk in played.values() for act, found in talk]
    assert any(act.taps for act, _ in acts) and any(found.drafts for _, found in acts)
    assert any(len(found.words.encode()) > 2047 for _, found in acts), "more than one message of WeChat holds"
