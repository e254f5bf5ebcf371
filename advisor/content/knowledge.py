"""What is known, all of it dated: provisions of law, channels of help, answers to questions, the tree at a glance."""

from datetime import date
from typing import Literal

from pydantic import Field, model_validator

from advisor.content.flow import Reviewed, Route
from advisor.content.source import Entry, YesNo

Sure = Literal["statute", "several", "one", "inferred", "unchecked"]
LenderKind = Literal["bank", "consumer_finance", "small_loan", "platform", "private", "unlicensed", "unknown"]


class Version(Entry):
    """A provision as it stands from one day on; an empty version is a repeal.

    `since_unknown` says that nobody found the first day, so that it holds earlier too; `published` that the day is
    that of the publishing: before it there was nothing, and the first day was not found either.
    """

    article: str = ""
    says: str = ""
    figures: dict[str, str] = {}
    sure: Sure | None = None
    may_be_lighter: YesNo | None = None
    since_unknown: YesNo = False
    published: YesNo = False

    @property
    def repealed(self) -> bool:
        """Tell whether the provision has ceased."""
        return not self.says

    @model_validator(mode="after")
    def _sure_is_told(self) -> "Version":
        if self.says and self.sure is None:
            raise ValueError("写了 says 就要写 sure → statute、several、one、inferred、unchecked 选一个")
        return self


class Provision(Entry):
    """One rule under a slug that never changes, in all its versions."""

    about: str
    asks: list[str] = []
    versions: dict[date, Version]

    @model_validator(mode="after")
    def _in_order(self) -> "Provision":
        days = list(self.versions)
        if days != sorted(days):
            raise ValueError("versions 的日期要从早到晚 → 调整次序")
        if not days or self.versions[days[0]].repealed:
            raise ValueError("第一个版本不能是空的 → 写上它说什么")
        return self


class LawFile(Entry):
    """One statute, rule or guideline: its name, its rank, when it was last compared with the source."""

    title: str
    kind: Literal["statute", "interpretation", "regulation", "standard", "guideline"]
    source: str
    checked: Reviewed
    reviewed: Reviewed
    review_by: date
    provisions: dict[str, Provision]


class Channel(Entry):
    """A public number or desk: what for, what not for, when, what to have at hand."""

    number: str = ""
    name: str
    for_: str = Field(alias="for")
    not_for: str = ""
    hours: str = ""
    have_at_hand: list[str] = []
    lenders: list[LenderKind] = []
    sure: Sure


class Channels(Entry):
    """All public numbers that may be printed."""

    reviewed: Reviewed
    review_by: date
    channels: dict[str, Channel]


class Question(Entry):
    """A question people ask, the ways they ask it, and the template that answers.

    `label` is the question in few words, for a button. `asks` are phrases that it is known by, `says` whole sentences
    that others need only be like. `told` are ways to say it that count without asking anything, `unless` what must not
    stand beside them.
    `enough` answers say all of it: the situation that is spoken of is not entered behind them.
    """

    label: str
    asks: list[str] = []
    says: list[str] = []
    told: list[str] = []
    unless: list[str] = []
    answer: str
    depends_on: list[str] = []
    law: list[str] = []
    never: list[str] = []
    routes: list[Route] = []
    enough: YesNo = False


class Questions(Entry):
    """One file of questions about one matter."""

    title: str
    reviewed: Reviewed
    review_by: date
    questions: dict[str, Question]


class OtherFields(Entry):
    """What people also ask and what is answered elsewhere: from it is learned what to decline."""

    reviewed: Reviewed
    says: list[str]


class TreeRow(Entry):
    """One line of the tree at a glance: given these facts, first this, and when it fails that."""

    facts: str
    flows: list[str]
    first: list[Route]
    then: list[Route] = []


class Tree(Entry):
    """The tree at a glance."""

    reviewed: Reviewed
    rows: dict[str, TreeRow]


class House(Entry):
    """A word with a rule: where it may stand and what to say instead."""

    words: list[str]
    where: Literal["never", "letters", "quotations"]
    instead: str
    why: str = ""


class HouseWords(Entry):
    """The words of the house."""

    reviewed: Reviewed
    rules: dict[str, House]


class LetterFront(Entry):
    """The head of a letter: to whom, what for, the facts it stands on, what it does not do."""

    title: str
    to: str
    purpose: str
    reviewed: Reviewed
    enter: list[str] = []
    needs: list[str]
    may_use: list[str] = []
    law: list[str] = []
    guards: list[str] = []
    picture: str = ""
    wont: str
    short: YesNo = False
