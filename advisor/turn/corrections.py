"""Puts earlier answers right: where facts are read back, and from anywhere in the flow that asked for them."""

import re
from collections.abc import Mapping
from typing import Any

from advisor.answers import Heard, fold, hear, stands_in
from advisor.content.flow import Slot
from advisor.harvest import harvest
from advisor.normal import extent
from advisor.turn.moves import ask_again, move, settle
from advisor.turn.talk import Talk

LONGEST = 60  # characters of a correction; more is a story
SHORT = 12  # characters of a sentence that says little more than what is to be changed
VALUES = ("money", "date", "period_of_days", "phone", "number", "percent", "period")
_NOT_THIS = re.compile(
    r"不(?:是|止|到|对是)\s*(?:那个|什么)?([^，,。；;是]{1,16}?)\s*[，,。；;]?\s*(?:而|应该|就|其实|只)?(?:是|有|欠)(.{1,20})"
    r"|\b(?:not|isn'?t)\s(.{1,16}?)[,;.]?\s(?:but|it'?s|it is)\s(.{1,20})",
    re.IGNORECASE,
)
_BUT_THIS = re.compile(
    r"(?:哎|啊|不好意思)?[，,。\s]*(?:刚才|刚刚|上面|前面|上一个)?(?:我)?(?:不对|错了|不是这个|(?:说|写|打|记|搞|输|填)错了?|改(?:成|为|一下|下))"
    r"[，,。；;\s]*(?:应该|其实|改成|换成|得)?是?\s*(.{1,20})"
)


def fix(talk: Talk, slot: str) -> None:
    """Forget one fact and what hangs on it, and ask for it again; all others stay."""
    if not _asks(talk, slot):
        talk.add(talk.say("shell/say_anew", label=talk.slots[slot].label))
        return
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
    if _asks(talk, next(iter(facts))):
        ask_again(talk, next(iter(facts)))
    settle(talk)


def _asks(talk: Talk, slot: str) -> bool:
    """Tell whether a question of this flow fills a slot, so that the talk can go back to it."""
    return any(state.fill == slot for state in talk.flow.states.values())


def at_read_back(talk: Talk, text: str) -> bool:
    """“都对”, or what is wrong among the facts that were read back."""
    said = talk.hearing.everywhere.get(fold(text))
    if said == "all_right":
        move(talk)
        settle(talk)
        return True
    if exchanged := _exchanged(talk, text):
        correct(talk, exchanged)
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
    news = talk.take(text)  # what is not among the facts read back is kept, too
    if changed:
        correct(talk, changed)
        return True
    if news:
        talk.add(talk.say("shell/noted", labels=[talk.slots[name].label for name in news]))
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
    """“金额说错了，是三万”, “不是三万二，是两万三”: one fact is put right, wherever the talk stands."""
    text = talk.own_values
    if not text or extent(text) > LONGEST or talk.state.confirm:
        return False
    if exchanged := _exchanged(talk, text):
        correct(talk, exchanged)
        return True
    if not talk.says("correct", text):
        return False
    named = _fitting(talk, _named({name: talk.slots[name] for name in _asked_here(talk)}, text), text)
    named = named or _of_elsewhere(talk, text)
    if len(named) != 1:
        return not named and _of_the_last(talk, text)
    slot = talk.slots[named[0]]
    heard = harvest({named[0]: slot}, text, talk.today).get(named[0]) or hear(slot, text, talk.today)
    if isinstance(heard, Heard) and slot.type != "text":
        correct(talk, {named[0]: heard})
    else:
        fix(talk, named[0])
    return True


def _fitting(talk: Talk, named: list[str], text: str) -> list[str]:
    """Of several facts that are named, keep those whose value the sentence says (逾期 is of the day and of the sum)."""
    said = [name for name in named if isinstance(hear(talk.slots[name], text, talk.today), Heard)]
    return said if len(named) > 1 and said else named


def _of_elsewhere(talk: Talk, text: str) -> list[str]:
    """Name a value that was told in another flow, where the sentence says a new one or little else."""
    known = {name: slot for name, slot in talk.slots.items() if slot.type in VALUES and talk.known(name)}
    named = _fitting(talk, _named(known, text), text)
    new = extent(text) <= SHORT or harvest({name: known[name] for name in named}, text, talk.today)
    return named if new and not talk.flow.urgent else []


def _asked_here(talk: Talk) -> list[str]:
    """Name the facts that this flow has asked for and knows, in its order."""
    asked = (state.fill for state in talk.flow.states.values() if state.fill and talk.known(state.fill))
    return list(dict.fromkeys(asked))


def _exchanged(talk: Talk, text: str) -> dict[str, Heard]:
    """“不是A，是B”: the one fact whose value is A becomes B."""
    match = _NOT_THIS.search(text)
    if not match:
        return {}
    old, new = (part.strip() for part in match.groups() if part)
    found = {}
    for name, slot in talk.slots.items():
        if not talk.known(name) or (slot.type == "choice" and not _asks(talk, name)):
            continue
        kept, better = talk.facts[name].value, hear(slot, new, talk.today)
        if isinstance(better, Heard) and better.value != kept and _is_said(talk, slot, old, kept):
            found[name] = better
    return found if len(found) == 1 else {}


def _is_said(talk: Talk, slot: Slot, text: str, kept: Any) -> bool:
    """Tell whether a text says the value that is kept; a piece of a name or of a sentence is enough."""
    if slot.type == "text":
        return len(text) > 1 and text in str(kept)
    heard = hear(slot, text, talk.today)
    return isinstance(heard, Heard) and heard.value == kept


def _of_the_last(talk: Talk, text: str) -> bool:
    """“不对，是五万九” behind an answer: it was the last one that the new value fits, not the question now open."""
    match = _BUT_THIS.fullmatch(text.strip())
    if not match or talk.flow.urgent:
        return False
    for name in _latest_first(talk):
        slot = talk.slots[name]
        heard = hear(slot, match.group(1), talk.today)
        if slot.type in VALUES and isinstance(heard, Heard) and heard.value != talk.facts[name].value:
            correct(talk, {name: heard})
            return True
    return False


def _latest_first(talk: Talk) -> list[str]:
    """Name the facts told so far: those this talk asked for, the last one first, then those told in passing."""
    states = [name for name in talk.case.history if name != talk.session.state and talk.advisor.walk.known(name)]
    asked = [talk.advisor.content.state(name).fill for name in states]
    names = [*reversed(asked), *reversed(_asked_here(talk)), *reversed(talk.facts)]
    return [name for name in dict.fromkeys(names) if name in talk.slots and talk.known(name)]
