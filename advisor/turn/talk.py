"""The work of one turn: where the talk stands, what is known, and what has been said so far."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from advisor.answers import Heard, hear, stands_in
from advisor.content.edition import Edition
from advisor.content.flow import Flow, Slot, State
from advisor.content.knowledge import Question
from advisor.english import in_figures
from advisor.exhibit import Exhibit
from advisor.forwarded import split_forward
from advisor.harvest import harvest
from advisor.message import ENGLISH, Bubble, Message
from advisor.normal import extent, plainly_written
from advisor.questions import Near, is_plainly_put
from advisor.reading import is_night
from advisor.session import Case, Fact, Facts, Session
from advisor.turn.advisor import TOLD_SLOT, Advisor
from advisor.turn.handing import handed
from advisor.turn.hearing import Hearing

SHORT = 7  # characters below which nothing can be a pasted SMS
A_VALUE = 10  # characters up to which words with an amount or a time in them are that and nothing else
LONGEST_TALK = 2000  # characters of one's own words that are looked at


@dataclass
class Talk:
    """A turn under way. `session` is this turn's own copy.

    `original` is the message with nothing covered, for evidence alone; `filed` gives the evidence file as it was,
    `kept` and `struck` are what this turn adds to it and takes out; `not_kept` counts what the person let us not keep.
    """

    advisor: Advisor
    session: Session
    message: Message
    now: datetime
    original: Message
    filed: Callable[[], Sequence[Exhibit]] = tuple
    kept: list[Exhibit] = field(default_factory=list)
    struck: list[int] = field(default_factory=list)
    not_kept: int = 0
    bubbles: list[Bubble] = field(default_factory=list)
    routes: list[str] = field(default_factory=list)
    choices: list[tuple[str, str]] = field(default_factory=list)
    asking: str = ""
    why: str = ""
    tapped: str = ""
    dropped: list[str] = field(default_factory=list)
    deleted: bool = False
    alarmed: bool = False

    @property
    def today(self) -> date:
        """The calendar day of this turn."""
        return self.now.date()

    @property
    def at_night(self) -> bool:
        """Tell whether no desk is open now: before eight or after ten in the evening."""
        return is_night(self.now)

    @property
    def promised(self) -> Decimal:
        """Tell how much a month is promised to the other lenders already: each one's own offer, its last."""
        offers = [case.debts[case.debt].get("offer") for case in self.session.old_cases]
        return sum((Decimal(offer.value) for offer in offers if offer and offer.value), Decimal(0))

    @property
    def hearing(self) -> Hearing:
        """What is listened for, in the language of the person."""
        return self.advisor.hearing(self.session.language)

    @property
    def edition(self) -> Edition:
        """All that is said, in the language of the person."""
        return self.hearing.edition

    @property
    def case(self) -> Case:
        """The open case."""
        return self.session.case

    @property
    def state(self) -> State:
        """The state where the talk stands."""
        return self.edition.states[self.session.state]

    @property
    def flow_name(self) -> str:
        """The name of the flow where the talk stands."""
        return self.session.state.partition(".")[0]

    @property
    def flow(self) -> Flow:
        """The flow where the talk stands, in the person's language."""
        return self.edition.flows[self.flow_name]

    @cached_property
    def all_slots(self) -> Mapping[str, Slot]:
        """Every slot there is."""
        return self.advisor.content.all_slots

    @property
    def slots(self) -> Mapping[str, Slot]:
        """Every slot there is, those of this flow in its own words."""
        return self.hearing.slots(self.flow_name)

    @property
    def facts(self) -> Facts:
        """All facts in force: of the person, the case and the debt in hand."""
        return {**self.session.person, **self.case.facts, **self.case.debts[self.case.debt]}

    def known(self, slot: str) -> bool:
        """Tell whether the slot has an answer, were it “don't know”."""
        return slot in self.case.facts or slot in self.session.person or slot in self.case.debts[self.case.debt]

    def shelf(self, slot: str) -> Facts:
        """Give the facts among which a slot is kept: those of the person, the debt or the case."""
        scope = self.all_slots[slot].scope
        shelves = {"person": self.session.person, "debt": self.case.debts[self.case.debt], "case": self.case.facts}
        return shelves[scope]

    def learn(self, slot: str, heard: Heard, source: str = "told") -> None:
        """Keep a fact; what depended on an older value of it is forgotten."""
        old = self.facts.get(slot)
        if old is not None and old.value != heard.value:
            self._drop_dependents(slot)
        self.shelf(slot)[slot] = Fact(heard.value, source, heard.about, heard.said[:200])

    def forget(self, slot: str) -> None:
        """Let go of a fact and of what was said because of it."""
        self.shelf(slot).pop(slot, None)
        self._drop_dependents(slot)

    def _drop_dependents(self, slot: str) -> None:
        for other in self.advisor.dependents.get(slot, ()):
            if self.known(other):
                self.dropped.append(self.slots[other].label)
                self.forget(other)

    def say(self, template: str, **more: Any) -> str:
        """Word a template with everything known."""
        return self.advisor.words.say(
            template, self.session.language, self.today, self.slots, self.facts, **handed(self), **more
        )

    @property
    def weighed(self) -> dict[str, Any]:
        """What conditions can weigh: the facts, the calendar, and what is known of this moment."""
        moment = {"reading": self.case.reading, "at_night": self.at_night, "promised": self.promised}
        moment |= {"filed": self.session.filed, "may_keep": self.session.consent == "yes"}
        return self.advisor.words.weighed(self.slots, self.facts, self.today, **moment)

    def add(self, text: str, letter: str | None = None, picture: str = "", package: str = "") -> None:
        """Say one more thing before the question, with the picture that a template of this name gives."""
        if text:
            drawn = self.say(f"pictures/{picture}") if picture else ""
            self.bubbles.append(Bubble(text, letter, picture=drawn, package=package))

    @cached_property
    def exhibits(self) -> list[Exhibit]:
        """The evidence file as it was before this turn."""
        return list(self.filed())

    @cached_property
    def _parts(self) -> tuple[str, tuple[str, ...]]:
        text = self.message.text
        if self.message.choice or not text.strip():
            return "", ()
        if len(text) < SHORT or self.message.sms or self.state.fill == TOLD_SLOT:
            return plainly_written(text[:LONGEST_TALK].strip()), ()
        own, pasted = split_forward(text)
        return plainly_written(own[:LONGEST_TALK].strip()), pasted

    @property
    def own_words(self) -> str:
        """What the person says themselves, in simplified characters, without any message they pasted."""
        return self._parts[0]

    @cached_property
    def own_values(self) -> str:
        """The own words with their sums, days and counts as the readers of values know them, whatever the language."""
        return in_figures(self.own_words) if self.session.language == ENGLISH else self.own_words

    @property
    def pasted(self) -> tuple[str, ...]:
        """The messages that the person pasted."""
        return self._parts[1]

    def says(self, word: str, text: str) -> bool:
        """Tell whether one of the ways to say a word of everywhere stands in `text`."""
        return any(stands_in(heard, text) for heard in self.edition.everywhere[word].hears)

    @property
    def asked(self) -> Question | None:
        """The known question that the person asks; a statement that may answer the open question is none."""
        slot = self.slots.get(self.state.fill) if self.state.fill else None
        heard = slot is not None and slot.type != "text" and isinstance(hear(slot, self.own_values, self.today), Heard)
        any_words, an_option = False, heard
        if slot is not None and slot.type == "text":
            any_words = not slot.finds
        elif slot is not None and slot.type != "choice":
            if heard and extent(self.own_words) <= A_VALUE and not is_plainly_put(self.own_words):
                return None
            an_option = False
        of_a_flow = bool(self.topic(self.own_words))
        return self.hearing.questions.find(self.own_words, any_words, an_option, self.waiting, of_a_flow)

    @cached_property
    def nearest(self) -> Near:
        """The questions nearest to what the person says, whether they ask or not."""
        return self.hearing.questions.near(self.own_words)

    @property
    def near(self) -> Near | None:
        """The questions nearest to what the person plainly asks; None when they do not."""
        return self.nearest if is_plainly_put(self.own_words) else None

    @property
    def elsewhere(self) -> bool:
        """Tell whether something of another field is asked."""
        return self.near is not None and self.near.elsewhere

    @property
    def urgent(self) -> bool:
        """Tell whether an emergency is open: its last word lets the talk go on as ever."""
        return self.flow.urgent and not self.state.end

    @property
    def comforting(self) -> bool:
        """Tell whether the talk is about staying alive, where debts and the law have to wait."""
        return self.urgent and any("crisis_support" in state.routes for state in self.flow.states.values())

    def asks_for(self, text: str) -> str:
        """Name the flow that `text` asks for by little more than its phrase, for where any words are an answer."""
        name, bare = self.hearing.wished(text, self._here)  # “失业” alone is a reason, not a wish
        return "" if bare and self.flow.inside and not self.edition.flows[name].inside else name

    def topic(self, text: str) -> str:
        """Name the flow that `text` speaks of, unless its question is open already; empty when there is none."""
        return self.hearing.topic(text, self._here)

    @property
    def _here(self) -> str:
        return "" if self.state.end else self.flow_name

    @property
    def slots_ahead(self) -> set[str]:
        """Name the slots that this flow asks for."""
        return {state.fill for state in self.flow.states.values() if state.fill}

    @property
    def hearable(self) -> dict[str, Slot]:
        """The slots that may be heard beside the open question and are not known yet, or only from an SMS."""
        heard = self.heard_here
        return {name: slot for name, slot in heard.items() if not self.known(name) or self._only_read(name, slot)}

    @property
    def heard_here(self) -> Mapping[str, Slot]:
        """The slots that are heard beside a question here: nothing said in an emergency is a fact of a debt."""
        return {} if self.urgent else self.hearing.hearable(self.flow_name)

    def _only_read(self, name: str, slot: Slot) -> bool:
        """Tell whether a sum or a day is known from an SMS alone: what the person says of it counts for more."""
        return slot.type in ("money", "date") and self.facts[name].source == "sms"

    def take(self, text: str, besides: str = "") -> list[str]:
        """Keep the facts that name themselves in `text` and are not known yet, `besides` one; name them."""
        hearable = {name: slot for name, slot in self.hearable.items() if name != besides}
        facts = harvest(hearable, self.advisor.without_numbers(text), self.today, self.slots) if len(text) > 1 else {}
        for name, heard in facts.items():
            self.learn(name, heard)
        return list(facts)

    @property
    def waiting_at_home(self) -> bool:
        """Tell whether the talk stands at its beginning, in no situation yet."""
        return self.session.state == self.advisor.home

    @property
    def waiting(self) -> bool:
        """Tell whether a question of a situation is open."""
        return not self.waiting_at_home and not self.state.end

    def route(self, routes: "tuple[str, ...] | list[Any]") -> None:
        """Note what was advised."""
        self.routes += [r for r in routes if r not in self.routes]
        self.case.routed += [r for r in routes if r not in self.case.routed]
