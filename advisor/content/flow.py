"""What a flow is: the questions of one situation, the facts they fill, and where each answer leads."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from advisor.content.source import Entry, YesNo

SlotType = Literal["choice", "money", "number", "percent", "date", "period_of_days", "period", "phone", "text"]
Route = Literal[
    "crisis_support",
    "emergency_police",
    "police_report",
    "anti_fraud",
    "verify_debt",
    "negotiate",
    "confirm_in_writing",
    "budget_plan",
    "complain_lender",
    "complain_regulator",
    "stop_third_party",
    "evidence",
    "legal_consult",
    "legal_aid_check",
    "court_response",
    "credit_objection",
    "avoid_intermediary",
    "recover_from_intermediary",
    "family_or_school",
    "privacy_erase",
    "ignore_block",
]


Meaning = Literal["yes", "no", "done", "not_done", "unsure", "present", "nothing"]


class Reviewed(Entry):
    """Who last read the file with care, and when."""

    on: date
    by: str


class Option(Entry):
    """One answer to choose: its words, what people say for it, the findings of an SMS that answer it.

    `answers` are words that mean it only when the question is open, never heard in passing; `means` also hears
    a plain yes, no and the like then. `listed: false` keeps it off the buttons: it is only heard.
    """

    label: str
    hears: list[str] = []
    answers: list[str] = []
    means: Meaning | None = None
    found: list[str] = []
    listed: YesNo = True
    formerly: list[str] = []


class Slot(Entry):
    """One fact that is asked for: its type, its scope, how it is heard and how it is asked.

    `finds` are patterns whose first group is a text's value wherever it stands in a sentence; a clause that holds
    one of the words it `tells` itself by is a text's value as a whole, and what it `refuses` is none. `also` names the
    choice that takes the next option when one answer names several; `beside` names the text whose value, said just
    before a number, tells that the number is this fact.
    """

    type: SlotType
    label: str
    scope: Literal["case", "debt", "person"] = "case"
    ask: str = ""
    example: str = ""
    choices: dict[str, Option] = {}
    hears: list[str] = []
    finds: list[str] = []
    tells: list[str] = []
    refuses: list[str] = []
    unit: str = ""
    may_skip: YesNo = False
    at_least: Decimal | None = None
    at_most: Decimal | None = None
    not_after: Literal["today"] | None = None
    not_before: Literal["today"] | None = None
    depends_on: list[str] = []
    also: str = ""
    beside: str = ""
    formerly: list[str] = []

    @property
    def spoken_unit(self) -> str:
        """Give the unit as it is told."""
        return self.unit

    @model_validator(mode="after")
    def _choices_fit(self) -> "Slot":
        if (self.type == "choice") != bool(self.choices):
            raise ValueError("“choices” 只用在 type: choice，而且不能缺 → 写上 choices，或改 type")
        return self


class Branch(Entry):
    """One way on: `if … then …`, or the last one, `else`."""

    if_: str | None = Field(None, alias="if")
    then: str | None = None
    else_: str | None = Field(None, alias="else")

    @model_validator(mode="after")
    def _one_way(self) -> "Branch":
        if (self.if_ is None) != (self.then is None) or (self.if_ is None) == (self.else_ is None):
            raise ValueError("一条去路写成 if 加 then，或只写 else → 例如 - else: done")
        return self

    @property
    def to(self) -> str:
        """Name the state or flow this way leads to."""
        return self.then or self.else_ or ""


def _as_branches(value: object) -> object:
    return [{"else": value}] if isinstance(value, str) else value


class State(Entry):
    """One step: a question, something said, facts read back, or a menu; then where to go.

    `file` is what a step does with the evidence file: show it, add what was told, put a day right, strike an entry,
    hand it over.

    `options` are the options that this question puts on buttons, when not all that its slot lists.
    """

    ask: str = ""
    fill: str = ""
    options: list[str] = []
    say: str = ""
    confirm: list[str] = []
    menu: list[str] = []
    label: str = ""
    again: YesNo = False
    letter: str = ""
    picture: str = ""
    file: Literal["show", "add", "date", "strike", "zip", "chart"] | None = None
    routes: list[Route] = []
    next: Annotated[list[Branch], BeforeValidator(_as_branches, json_schema_input_type=str | list[Branch])] = []
    end: YesNo = False
    offer: list[str] | None = None
    formerly: list[str] = []

    @model_validator(mode="after")
    def _one_kind(self) -> "State":
        kinds = [bool(self.fill), bool(self.say), bool(self.confirm), bool(self.menu)]
        if sum(kinds) != 1:
            raise ValueError("一个状态只能是一种：ask 加 fill、say、confirm 或 menu → 留下一种，其余另立状态")
        if self.fill and not self.ask:
            raise ValueError("有 fill 就要有 ask → 写上要问的话")
        if self.ask and not (self.fill or self.menu):
            raise ValueError("有 ask 就要有 fill 或 menu → 写上答案记到哪个 slot")
        if not self.menu and bool(self.next) == self.end:
            raise ValueError("要么有 next，要么 end: true，不能都有或都没有 → 写上去路")
        if self.options and not self.fill:
            raise ValueError("options 只和 fill 一起用 → 移到问问题的状态")
        if self.menu and (self.next or self.end):
            raise ValueError("menu 自己就是去路 → 删去 next 和 end")
        if (self.letter or self.picture or self.file or self.offer is not None) and not self.say:
            raise ValueError("letter、picture、file 和 offer 只用在 say 的状态 → 移到 say 的状态")
        return self


class Flow(Entry):
    """One situation: what a person may say to come here, its facts and its states.

    `enter` are phrases that lead here wherever they stand; `says` are whole sentences, which others need only
    be like; where one of `unless` stands it is refused, not asked for. `link` is the name under which a link from
    outside opens it. `aside` are the situations that are part of this one while a question of it is open, with the
    template that answers their phrases.
    """

    title: str
    version: int
    reviewed: Reviewed
    start: str
    states: dict[str, State]
    enter: list[str] = []
    says: list[str] = []
    unless: list[str] = []
    aside: dict[str, str] = {}
    slots: dict[str, Slot] = {}
    urgent: YesNo = False
    inside: YesNo = False
    link: str = Field(default="", pattern=r"^[A-Za-z0-9_-]{0,64}$")
    formerly: list[str] = []


class SharedSlots(Entry):
    """The facts that several flows and letters share, each with one meaning."""

    reviewed: Reviewed
    slots: dict[str, Slot]


EverywhereName = Literal[
    "back",
    "restart",
    "help",
    "delete",
    "delete_yes",
    "person",
    "language",
    "privacy",
    "my_data",
    "law",
    "letters",
    "skip",
    "dont_know",
    "new_case",
    "next_lender",
    "old_case",
    "hello",
    "thanks",
    "resume",
    "consent_yes",
    "consent_no",
    "remind",
    "stop",
    "more",
    "all_right",
    "wrong",
    "correct",
    "feeling",
    "write",
]


class Word(Option):
    """A word that works in every state; messengers list it as `command` with what it does, where it has one.

    Its `patterns` are further ways to say it, when all that is said fits one.
    """

    patterns: list[str] = []
    command: str = Field(default="", pattern=r"^[a-z0-9_]{0,32}$")
    about: str = Field(default="", max_length=256)


class Everywhere(Entry):
    """The words that work in every state, and the patterns of a plain yes, no and the like."""

    reviewed: Reviewed
    words: dict[EverywhereName, Word]
    meanings: dict[Meaning, str] = {}


def targets(state: State) -> Iterator[str]:
    """Name every place `state` leads to, as it is written there."""
    yield from (branch.to for branch in state.next)
    yield from state.menu
    yield from state.offer or []
