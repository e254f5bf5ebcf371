"""Puts earlier answers right: where facts are read back, and from anywhere in the flow that asked for them."""

from collections.abc import Mapping

from advisor.answers import Heard, fold, hear, stands_in
from advisor.content.flow import Slot
from advisor.harvest import harvest
from advisor.normal import extent
from advisor.turn.moves import ask_again, move, settle
from advisor.turn.talk import Talk


def fix(talk: Talk, slot: str) -> None:
    """Forget one fact and what hangs on it, and ask for it again; all others stay."""
    talk.forget(slot)
    if talk.dropped:
        talk.add(talk.say("shell/asked_again", dropped=talk.dropped))
    ask_again(talk, slot)
    settle(talk)


def correct(talk: Talk, facts: dict[str, Heard]) -> None:
    """Put facts right, say so and what falls with them, and land where the talk was."""
    for name, heard in facts.items():
        talk.learn(name, heard)
    labels = [talk.slots[name].label for name in facts]
    talk.add(talk.say("shell/corrected", labels=labels, dropped=talk.dropped))
    ask_again(talk, next(iter(facts)))
    settle(talk)


def at_read_back(talk: Talk, text: str) -> bool:
    """“都对”, or what is wrong among the facts that were read back."""
    said = talk.hearing.everywhere.get(fold(text))
    if said == "all_right":
        move(talk)
        settle(talk)
        return True
    here = {name: talk.slots[name] for name in talk.state.confirm}
    named = _named(here, text)
    changed = harvest({name: here[name] for name in named or here}, text, talk.today)
    if not changed and len(named) == 1:
        heard = hear(here[named[0]], text, talk.today)
        if isinstance(heard, Heard) and here[named[0]].type != "text":
            changed = {named[0]: heard}
    if not changed and not named:
        changed = _only_one_of_its_type(talk, text)
    if changed:
        correct(talk, changed)
        return True
    if len(named) == 1:
        fix(talk, named[0])
        return True
    if said == "wrong" or talk.says("correct", text):
        talk.add(talk.say("shell/which_wrong"))
        return True
    return False


def _named(slots: Mapping[str, Slot], text: str) -> list[str]:
    """Name the slots that a sentence speaks of by their label or, failing that, by the longest word of theirs."""
    by_label = [name for name, slot in slots.items() if slot.label.lower() in text.lower()]
    cues = {
        name: max((len(heard) for heard in slot.hears if stands_in(heard, text)), default=0)
        for name, slot in slots.items()
        if slot.type != "text"
    }
    return by_label or [name for name, longest in cues.items() if longest and longest == max(cues.values())]


def _only_one_of_its_type(talk: Talk, text: str) -> dict[str, Heard]:
    """“不对，是三万” corrects the only amount that was read back."""
    found = {}
    for name in talk.state.confirm:
        slot = talk.slots[name]
        if slot.type in ("money", "date", "period_of_days", "phone", "number") and extent(text) < 30:
            heard = hear(slot, text, talk.today)
            if isinstance(heard, Heard):
                found[name] = heard
    return found if len(found) == 1 else {}


def correction(talk: Talk) -> bool:
    """“金额说错了，是三万”: one fact is put right from anywhere in the flow that asked for it."""
    text = talk.own_values
    if not text or extent(text) > 60 or talk.state.confirm or not talk.says("correct", text):
        return False
    asked = {state.fill for state in talk.flow.states.values() if state.fill and talk.known(state.fill)}
    here = {name: talk.slots[name] for name in asked}
    named = _named(here, text)
    if len(named) != 1:
        return False
    values = harvest({named[0]: here[named[0]]}, text, talk.today)
    heard = values.get(named[0]) or hear(here[named[0]], text, talk.today)
    if isinstance(heard, Heard) and here[named[0]].type != "text":
        correct(talk, {named[0]: heard})
    else:
        fix(talk, named[0])
    return True
