"""What a test conversation is: what people say, and what the advisor must answer."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from advisor.content.source import Entry


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str | dict) else value


Words = Annotated[list[str], BeforeValidator(_as_list, json_schema_input_type=str | list[str])]


class Forwarded(Entry):
    """An SMS that is forwarded in a conversation."""

    text: str
    sender: str | None = None
    received_at: str | None = None
    to: str | None = None


class Step(Entry):
    """One line of a conversation: something the person does, or something that must hold of the reply."""

    user: str | None = None
    sms: Annotated[list[Forwarded], BeforeValidator(_as_list, json_schema_input_type=Forwarded | list[Forwarded])] = []
    choose: str | None = None
    image: str | None = None
    at: str | None = None
    bot: Words = []
    not_: Words = Field([], alias="not")
    state: str | None = None
    routes: list[str] | None = None
    letter: str | None = None
    has: Words = []
    lacks: Words = []
    end: bool = False

    @property
    def speaks(self) -> bool:
        """Tell whether the person does something here."""
        return self.user is not None or bool(self.sms) or self.choose is not None or self.image is not None


def _as_step(value: object) -> object:
    return {"end": True} if value == "end" else value


Role = Literal[
    "borrower",
    "guarantor",
    "contact",
    "parent_or_spouse",
    "colleague",
    "minor",
    "student",
    "never_borrowed",
    "paid_agent",
    "illegal_loan",
    "sued",
    "foreigner",
]


class Transcript(Entry):
    """A conversation with a sentence for a name, who speaks, the time it happens and where it starts."""

    title: str
    role: Role = "borrower"
    now: str
    talk: list[Annotated[Step, BeforeValidator(_as_step, json_schema_input_type=Step | Literal["end"])]]
    start: str = ""
    facts: dict[str, str] = {}
