"""What must never be said is not said, what people wrongly believe is put right, and a refusal still helps."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from typing import Any

import pytest
import yaml

from advisor.checks.rendered import texts
from advisor.checks.subject import Subject
from advisor.content.knowledge import Question
from advisor.message import Message, Reply
from advisor.questions import Questions
from advisor.session import Session
from advisor.turn import turn
from tests.conversation import ROOT, SHANGHAI, advisor
from tests.house_rules import TRAPS, broken_rules, never, trapped

NOW = datetime(2026, 11, 23, 20, 30, tzinfo=SHANGHAI)
LINES = range(1, 23)  # the list of what must never be said
MIDDLE = "negotiate.amount"  # a question that is open when somebody asks something else
BELIEFS = {
    "dishonest", "school", "police", "sms_summons", "payment_order", "arbitration", "lawyer_letter", "three_years",
    "family_pays", "judged_prison", "must_pay", "reminder", "credit_repair",
}  # fmt: skip
REFUSALS = {
    "hide_assets", "disappear", "forged_papers", "hit_back", "expose", "bulk_complaints", "borrow_again",
    "lie_to_bank", "ignore_papers",
}  # fmt: skip
_SIGNS = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)


@cache
def data() -> dict[str, Any]:
    """Read the traps."""
    loaded: dict[str, Any] = yaml.safe_load(TRAPS.read_text(encoding="utf-8"))
    return loaded


def examples(kind: str) -> list[tuple[int, str]]:
    """Give the sentences of each line that must be caught, or must not be."""
    return [(number, words) for number, row in data()["never"].items() for words in row[kind]]


def asks(part: str) -> list[tuple[str, str]]:
    """Give what people say, each with the name of its row."""
    return [(name, words) for name, row in data()[part].items() for words in row["asks"]]


# ---- what must never be said -------------------------------------------------------------------------------------


def test_all_lines_are_there() -> None:
    assert [trap.number for trap in never()] == list(LINES)
    for number, row in data()["never"].items():
        assert len(set(row["caught"])) >= 4 and len(set(row["fine"])) >= 3, number


@pytest.mark.parametrize(("number", "words"), examples("caught"))
def test_what_must_never_be_said_is_caught(number: int, words: str) -> None:
    trap = next(trap for trap in never() if trap.number == number)
    assert trap.caught(words)


@pytest.mark.parametrize(("number", "words"), examples("fine"))
def test_what_is_right_is_not_caught(number: int, words: str) -> None:
    assert not list(trapped(words))


def written() -> Iterator[tuple[str, str]]:
    """Give every sentence that stands in the content: templates, letters, questions, labels, law, channels."""
    content = advisor().content
    for path in sorted((ROOT / "templates" / "zh").rglob("*.j2")):
        yield str(path.relative_to(ROOT)), _SIGNS.sub("", path.read_text(encoding="utf-8"))
    for name, flow in content.flows.items():
        for state in flow.states.values():
            yield name, f"{flow.title}。{state.ask}{state.label}"
    for file, law in content.law_files.items():
        for slug, provision in law.provisions.items():
            for version in provision.versions.values():
                yield f"{file}.{slug}", version.says
    for slug, channel in content.channels.items():
        yield slug, f"{channel.number or ''}{channel.name}：{channel.for_}。{channel.hours or ''}"


def test_nothing_written_walks_into_a_trap() -> None:
    wrong = [f"{place}: {rule}" for place, words in written() for rule in trapped(words)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("today", [date(2025, 12, 20), date(2026, 11, 23)])
def test_nothing_rendered_walks_into_a_trap(today: date) -> None:
    subject = Subject(advisor().content, today)
    wrong = {f"{text.occasion.template}: {rule}" for text in texts(subject) for rule in trapped(text.words)}
    assert not wrong, "\n".join(sorted(wrong))


# ---- what people wrongly believe, and what is not helped with ------------------------------------------------------


def played(words: str, state: str) -> tuple[Session, Reply]:
    """Say something where the talk stands; the reply keeps the house rules."""
    session = Session(state=state, noticed=True) if state else Session()
    if state:
        session.case.history.append(state)
    after, reply = turn(advisor(), session, Message("traps", words), NOW)
    assert after is not None
    assert not list(broken_rules(advisor(), session, after, reply))
    return after, reply


def holds(row: dict[str, Any], words: str, state: str) -> None:
    """The answer says what it must, says nothing it must not, and the open question follows once."""
    after, reply = played(words, state)
    said = "\n".join(bubble.text for bubble in reply.bubbles)
    for must in row["says"]:
        assert must in said, said
    for wrong in row.get("never", ()):
        assert wrong not in said, said
    assert set(row.get("routes", ())) <= set(reply.routes)
    if state:
        assert after.state == state
        assert said.count(advisor().content.state(state).ask) == 1
        assert not after.unclear


def test_every_belief_and_every_refusal_is_there() -> None:
    assert set(data()["beliefs"]) == BELIEFS and set(data()["refusals"]) == REFUSALS
    for part in ("beliefs", "refusals"):
        for name, row in data()[part].items():
            assert len(set(row["asks"])) >= 6 and row["says"], name


@pytest.mark.parametrize("state", ["", MIDDLE], ids=["home", "middle"])
@pytest.mark.parametrize(("name", "words"), asks("beliefs"))
def test_a_wrong_belief_is_put_right(name: str, words: str, state: str) -> None:
    holds(data()["beliefs"][name], words, state)


@pytest.mark.parametrize("state", ["", MIDDLE], ids=["home", "middle"])
@pytest.mark.parametrize(("name", "words"), asks("refusals"))
def test_a_refusal_still_helps(name: str, words: str, state: str) -> None:
    row = data()["refusals"][name]
    assert row["routes"]
    holds(row, words, state)


@pytest.mark.parametrize("row", data()["fair"], ids=lambda row: row["say"][:20])
def test_an_honest_story_is_not_refused(row: dict[str, str]) -> None:
    """What was done to somebody, and what is lawful, is never taken for a wish to do wrong."""
    _, reply = played(row["say"], row.get("at", ""))
    said = "\n".join(bubble.text for bubble in reply.bubbles)
    assert row["not"] not in said, said


# ---- how a question is found ---------------------------------------------------------------------------------------

KNOWN = {
    "law": Question(label="会不会坐牢", asks=["欠钱|逾期…坐牢|判刑"], told=["说我…坐牢"], unless=["骂"], answer="a"),
    "general": Question(label="查不到这笔", asks=["坐牢", "没有这笔。"], answer="b"),
}


@pytest.mark.parametrize(
    ("text", "where", "answer"),
    [
        ("逾期会判刑吗", "", "a"),  # each part in one of its ways
        ("坐牢吗，欠钱的话", "", "a"),  # in any order; what accounts for more wins
        ("会坐牢吗", "", "b"),
        ("逾期判刑", "", None),  # nothing asks
        ("他们说我要坐牢", "", "a"),  # told, without a question
        ("他们说我要坐牢", "words", None),  # a statement may be the answer where any words are one
        ("帮我想想，他们说我要坐牢", "words", "a"),  # a request never is
        ("他们说我要坐牢吗", "option", "b"),  # an option was heard, a statement yields
        ("会坐牢吗", "option", "b"),  # a question does not
        ("他们骂我还说我要坐牢", "", None),
        ("没有这笔", "", "b"),
        ("查了半天客服才告诉我系统里没有这笔", "", None),  # too long for a saying
        ("会坐牢吗" * 30, "", None),
    ],
)
def test_a_question_is_found_by_its_phrases(text: str, where: str, answer: str | None) -> None:
    found = Questions(KNOWN).find(text, any_words=where == "words", an_option=where == "option")
    assert (found.answer if found else None) == answer
