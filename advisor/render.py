"""Finds the words: renders templates with the facts, their labels, the law of the day and the public numbers."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache, partial
from typing import Any

from advisor.answers import typed
from advisor.blank import BLANK, Blank, blank_safe
from advisor.caps import Caps
from advisor.content import Content
from advisor.content.flow import Slot
from advisor.content.load import BASE
from advisor.dates import Days
from advisor.expressions import Expressions
from advisor.interest import annual_rate
from advisor.law import Register
from advisor.plan import affordable, equal, months, pro_rata, schedule
from advisor.session import Fact

_GAPS = re.compile(r"\n{3,}")  # where a paragraph of a letter had nothing to say
Facts = Mapping[str, Fact]
Reviewed = Callable[[str, str], None]


class Spoken:
    """Something with a printed form in the language of the talk, and parts that a template may take singly."""

    __slots__ = ("_print", "thing")

    def __init__(self, thing: Any, print_: Callable[[Any], str]) -> None:
        """Hold `thing`; `print_` words it when it is printed whole."""
        self.thing, self._print = thing, print_

    def __str__(self) -> str:
        return str(self._print(self.thing)).strip()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.thing, name)


class Labels(Mapping[str, str]):
    """`label.<slot>`: the value of a fact as people read it."""

    def __init__(self, words: "Words", slots: Mapping[str, Slot], facts: Facts, language: str) -> None:
        """Word the values of `facts`, whose types stand in `slots`."""
        self._words, self._slots, self._facts, self._language = words, slots, facts, language

    def __getitem__(self, name: str) -> str:
        if name not in self._slots:
            raise KeyError(name)
        return self._words.label(self._slots[name], self._facts.get(name), self._language)

    def __iter__(self) -> Any:
        return iter(self._slots)

    def __len__(self) -> int:
        return len(self._slots)


class Words:
    """All that is said, by template and language."""

    def __init__(self, content: Content, expired: Reviewed = lambda slug, file: None) -> None:
        """Say what `content` holds; `expired` is told of every provision whose review is overdue."""
        self.content = content
        self.expressions = Expressions(content.root / "templates")
        self._expired = expired
        self.macros = lru_cache(maxsize=None)(self._macros)
        self.register_in = lru_cache(maxsize=None)(self._register_of)

    def _macros(self, language: str) -> Any:
        return self.module("values", language)

    def module(self, template: str, language: str) -> Any:
        """Give the macros of a template that holds how things are written; each gives words when it is called."""
        return self.expressions.env.get_template(f"{language}/{template}").module

    def _register_of(self, language: str) -> Register:
        return Register(self.content.editions[language].law_files)

    @property
    def register(self) -> Register:
        """The register of law, built when the first law is cited."""
        return self.register_in(BASE)

    @property
    def caps(self) -> Caps:
        """What interest is measured by, read when the first loan is."""
        if not hasattr(self, "_caps"):
            self._caps = Caps(self.content.rates, self.register)
        return self._caps

    def values(self, slots: Mapping[str, Slot], facts: Facts) -> dict[str, Any]:
        """Give the facts as conditions see them; an answer “don't know” is a blank."""
        return {name: typed(slots[name], fact.value) for name, fact in facts.items() if name in slots}

    def weighed(self, slots: Mapping[str, Slot], facts: Facts, today: date, **moment: Any) -> dict[str, Any]:
        """Give all that conditions can weigh: the facts, the calendar and the law, and what is known of the moment."""
        return self.values(slots, facts) | self.helpers(today) | moment

    def label(self, slot: Slot, fact: Fact | None, language: str) -> str:
        """Word one fact as people read it, with “about” where it was told so."""
        if fact is None or fact.value is None:
            return str(BLANK)
        value, macros = typed(slot, fact.value), self.macros(language)
        match slot.type:
            case "choice":
                option = slot.choices.get(fact.value)
                words = option.label if option else str(BLANK)
            case "money":
                words = str(macros.money(value))
            case "percent":
                words = f"{value}%"
            case "date":
                words = str(macros.day(value))
            case "period_of_days":
                words = str(macros.days(value))
            case "period":
                words = str(macros.period(value[0], value[1]))
            case _:
                said = " ".join(
                    str(value).split()
                )  # what was said in lines stays one piece: nobody can write a heading
                words = str(macros.count(said, slot.spoken_unit))
        return str(macros.about(words)).strip() if fact.about and slot.type != "choice" else words.strip()

    def say(
        self,
        template: str,
        language: str,
        today: date,
        slots: Mapping[str, Slot] | None = None,
        facts: Facts | None = None,
        **more: Any,
    ) -> str:
        """Render `template` with the facts and whatever else is handed over."""
        return self.expressions.render(f"{language}/{template}", self._all(language, today, slots, facts, more))

    def letter(
        self, name: str, language: str, today: date, slots: Mapping[str, Slot], facts: Facts, short: bool = False
    ) -> str:
        """Give the text of a letter; facts that are not known become marked blanks."""
        front = self.content.letters[name].front
        values = self._all(language, today, slots, facts, {})
        for slot in (*front.needs, *front.may_use):
            values.setdefault(slot, BLANK)
        template = f"{language}/letters/{name}"
        if short:
            return self.expressions.render_block(template, "short", values)
        return _GAPS.sub("\n\n", self.expressions.render_without(template, "short", values))

    def _all(
        self, language: str, today: date, slots: Mapping[str, Slot] | None, facts: Facts | None, more: Mapping[str, Any]
    ) -> dict[str, Any]:
        slots, facts, macros = slots or {}, facts or {}, self.macros(language)
        return {
            **self.values(slots, facts),
            "label": Labels(self, slots, facts, language),
            "law": partial(self._law, language, today),
            "channel": partial(self._channel, language),
            "money": macros.money,
            "day": macros.day,
            "weekday": macros.weekday,
            **self.helpers(today),
            **more,
        }

    def helpers(self, today: date) -> dict[str, Any]:
        """Give what conditions and templates can both ask of the calendar, the law and sums of money."""
        return {
            "today": today,
            "days_ago": partial(days_ago, today),
            "last_day": partial(self._last_day, today),
            "affordable": blank_safe(affordable),
            "equal": blank_safe(equal),
            "pro_rata": blank_safe(pro_rata),
            "schedule": lambda amount, monthly, starts=None: blank_safe(schedule)(amount, monthly, starts or None),
            "months": blank_safe(months),
            "annual_rate": blank_safe(annual_rate),
            "cap": blank_safe(lambda lender_kind, agreed: self.caps.on(lender_kind, agreed, today)),
        }

    def _last_day(self, today: date, slug: str, since: Any) -> date | Blank:
        """Give the last day of a provision's period that began on `since`; blank when either is not known."""
        since = since.last if isinstance(since, Days) else since
        if not isinstance(since, date):
            return BLANK
        citation = self.register.cite(slug, since, since, today)
        return (citation.newest.last_day(since) if citation else None) or BLANK

    def _law(self, language: str, today: date, slug: str, on: Any = None) -> Spoken:
        first, last = _span(on, today)
        register = self.register_in(language)
        citation = register.cite(slug, first, last, today)
        if citation is None:
            return Spoken(register.title(slug), self.macros(language).no_law)
        for cited in citation.versions:
            if cited.expired:
                self._expired(slug, cited.title)
        return Spoken(
            Told(citation.newest.says, str(self.macros(language).law_name(citation)).strip(), citation),
            lambda told: self.macros(language).law(told.citation),
        )

    def cite(self, slug: str, days: tuple[date, date], today: date, language: str = BASE) -> str:
        """Word the citation of a provision over a span of days."""
        return str(self._law(language, today, slug, Days(*days)))

    def _channel(self, language: str, slug: str) -> Spoken:
        return Spoken(self.content.editions[language].channels[slug], self.macros(language).channel)


class Told:
    """The parts of a citation that a template may take singly: `says`, `name`, `citation`."""

    __slots__ = ("citation", "name", "says")

    def __init__(self, says: str, name: str, citation: Any) -> None:
        """Hold what the provision says, its printed name, and the citation itself."""
        self.says, self.name, self.citation = says, name, citation


def days_ago(today: date, on: Any) -> int:
    """Count the days since `on` (a day, or the last of several); 0 when it is not known."""
    last = on.last if isinstance(on, Days) else on
    return (today - last).days if isinstance(last, date) else 0


def _span(on: Any, today: date) -> tuple[date, date]:
    """Give the first and last day meant by `on`: a day, a span, or (nothing known) today."""
    if isinstance(on, Days):
        return on.first, on.last
    if isinstance(on, date):
        return on, on
    if on is None or isinstance(on, Blank):
        return today, today
    raise TypeError(f"law(…, on=…) takes a day or days, not {type(on).__name__}")
