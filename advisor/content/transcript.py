"""What a test conversation is: what people say, and what the advisor must answer."""

from typing import Annotated

from pydantic import BeforeValidator, model_validator

from advisor.content.source import Entry


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str | dict) else value


Words = Annotated[list[str], BeforeValidator(_as_list)]


class Forwarded(Entry):
    """An SMS that is forwarded in a conversation."""

    text: str
    sender: str | None = None
    received_at: str | None = None
    to: str | None = None


class Step(Entry):
    """One line of a conversation: something the person does, or something that must hold of the reply."""

    user: str | None = None
    sms: Annotated[list[Forwarded], BeforeValidator(_as_list)] = []
    choose: str | None = None
    image: str | None = None
    at: str | None = None
    bot: Words = []
    not_: Words = []
    state: str | None = None
    routes: list[str] | None = None
    letter: str | None = None
    has: Words = []
    lacks: Words = []
    end: bool = False

    @model_validator(mode="before")
    @classmethod
    def _spelled(cls, data: object) -> object:
        if data == "end":
            return {"end": True}
        if isinstance(data, dict) and "not" in data:
            return {**{k: v for k, v in data.items() if k != "not"}, "not_": data["not"]}
        return data

    @property
    def speaks(self) -> bool:
        """Tell whether the person does something here."""
        return self.user is not None or bool(self.sms) or self.choose is not None or self.image is not None


class Transcript(Entry):
    """A conversation with a sentence for a name, the time it happens and where it starts."""

    title: str
    now: str
    talk: list[Step]
    start: str = ""
    facts: dict[str, str] = {}
