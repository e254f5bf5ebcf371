"""Hears answers: the value asked for, and facts for later questions beside it."""

import re
from collections.abc import Collection

from advisor.amounts import find_amounts
from advisor.answers import Heard, Unclear, fold, hear, named_beside, named_in
from advisor.content.flow import Slot
from advisor.dates import find_days, read_day
from advisor.flow import Cursor
from advisor.harvest import harvest
from advisor.normal import extent
from advisor.questions import is_plainly_put
from advisor.turn.corrections import at_read_back, correct
from advisor.turn.moves import jump, move, settle
from advisor.turn.talk import Talk

_LESS = re.compile("[只才降少没仅]")  # beside a sum: a reason (工资只有三千)
_TURN = re.compile(r"不.{1,6}了|不想|不要|改成?|换成?|还是|算了|错")
BETWEEN = re.compile(r"(?:(?<![A-Za-z])\s+(?![A-Za-z])|[，,、；;。])+\s*")  # a space beside a Latin word parts nothing
MOST_PARTS = 6  # answers in one message
SHORT_ANSWER = 20  # characters of an answer that is nothing but “don't know”
ONLY_A_NAME = 12  # characters of a fact told with little beside it
SOME = 0.3  # how much of the words a value makes up that the next question would ask for
MOSTLY = 0.5  # how much of the words a value makes up that is said instead of an answer
NOTHING_SAID = {"thanks", "all_right", "wrong"}  # words of everywhere that tell nothing where words are asked for
LONGEST_NAME = 40  # characters that a slot for a name takes at most
_A_QUESTION = re.compile(
    r"怎么|怎样|如何|为什么|能不能|会不会|要不要|有没有|可不可以|多久|点样|点算|咋|[吗么嘛?？]$|[行中好得成]不$|得唔得$"
    r"|^(?:你|麻烦你?|请)?(?:给|帮|替)我(?:写|弄|拟|起草)"  # what is wanted of us is no name either
    r"|^(?:no|nope|yes|ok|okay|nothing|none|what|why|how|when|are|do|does|did|can|could|should|will|would|they|he|she|i)\b",
    re.IGNORECASE,
)


def fill(talk: Talk, heard: Heard) -> None:
    """Answer the open question and go on."""
    talk.learn(talk.state.fill, heard)
    move(talk)
    settle(talk)


def let_go(talk: Talk) -> bool:
    """“我没想死，就问债怎么办”: take first what answers the open question, where that ends the emergency."""
    slot = talk.slots.get(talk.state.fill)
    heard = hear(slot, talk.own_values, talk.today, talk.hearing.meanings) if slot else None
    if not isinstance(heard, Heard):
        return False
    cursor = Cursor(talk.session.state)
    talk.advisor.walk.move(cursor, talk.weighed | {talk.state.fill: heard.value})
    if not talk.advisor.content.state(cursor.state).end:
        return False
    fill(talk, heard)
    return True


def skip(talk: Talk) -> None:
    """Leave the open question without an answer and go on."""
    fill(talk, Heard(None))


def answered(talk: Talk) -> bool:
    """The value itself, or facts for later questions beside it."""
    state, text = talk.state, talk.own_values
    if talk.asked and (not talk.urgent or is_plainly_put(text)):
        return False  # in an emergency a statement answers first of all what was asked
    if state.confirm:
        return at_read_back(talk, text)
    if not state.fill:
        return False  # a situation is to be named, which others hear
    return _listed(talk, text) or _answer(talk, text)


def _listed(talk: Talk, text: str) -> bool:
    """“招联金融，2万6，两个月前”: several answers in a row, when each of them is one; else none is taken."""
    parts = [part for part in BETWEEN.split(text) if part]
    if not 2 <= len(parts) <= MOST_PARTS or max(map(extent, parts)) > SHORT_ANSWER:
        return False
    before = talk.session.copy(), list(talk.bubbles), list(talk.routes), list(talk.choices)
    file = list(talk.kept), list(talk.struck)
    for place, part in enumerate(parts):
        slot = talk.slots.get(talk.state.fill)
        fits = slot is not None and (not place or slot.type != "text")
        heard = hear(slot, part, talk.today, talk.hearing.meanings) if slot and fits else None
        again = bool(place) and talk.state.again  # what has become of it since is not told in the same breath
        if not isinstance(heard, Heard) or again or (place and slot and _is_of_another(talk, slot, part)):
            talk.session, talk.bubbles, talk.routes, talk.choices = before
            talk.kept, talk.struck = file
            return False
        talk.take(part)
        fill(talk, heard)
    return True


def _answer(talk: Talk, text: str) -> bool:
    state = talk.state
    slot = talk.slots[state.fill]
    if slot.type == "text" and (
        talk.asks_for(text) or _is_no_name(talk, slot, text) or talk.hearing.named(fold(text)) in NOTHING_SAID
    ):
        return False
    if slot.type == "text" and _is_only_later_value(talk, text):
        return True
    unsure = text.lower().startswith(talk.hearing.unsure) and extent(text) <= SHORT_ANSWER
    if unsure and slot.type not in ("choice", "money"):
        skip(talk)
        return True
    if slot.type == "text" and talk.elsewhere:
        return False
    if slot.type == "text" and not named_in(slot, text) and _is_days(talk, text):
        return True
    heard = hear(slot, talk.own_words if slot.type == "text" else text, talk.today, talk.hearing.meanings)
    named = harvest(talk.hearable | {state.fill: slot}, text, talk.today, talk.slots)
    if isinstance(heard, Unclear):
        talk.why = heard.why
        if talk.says("write", text):
            return False  # a letter is wished for, which is heard later
        if state.fill not in named:
            return (
                _answers_next(talk, text)
                or _changed_mind(talk, text)
                or _only_later(talk, text)
                or (slot.type == "choice" and _lone_value(talk, text))
                or _said_already(talk, text)
            )
        heard = named[state.fill]
    elif state.fill not in named and any(named[n].value == heard.value for n in named.keys() & talk.slots_ahead):
        return _only_later(talk, text)  # the value belongs to the question whose word stands beside it
    for name, other in named.items():
        if name != state.fill and (name in talk.slots_ahead or other.value != heard.value):
            talk.learn(name, other)
    if slot.also and not talk.known(slot.also) and (beside := named_beside(slot, text, heard.value)):
        talk.learn(slot.also, Heard(beside, said=text))
    fill(talk, heard)
    return True


def _is_of_another(talk: Talk, slot: Slot, part: str) -> bool:
    """“先交两千定金”, where a debt is asked for: a value that names another fact."""
    named = harvest(talk.hearable | {talk.state.fill: slot}, part, talk.today)
    return bool(named) and talk.state.fill not in named


def _is_only_later_value(talk: Talk, text: str) -> bool:
    """“因为什么？” – “每月能挤600”: little more than a sum for a later question is no reason, and kept for that one."""
    if extent(text) > ONLY_A_NAME or _LESS.search(text):
        return False
    told = harvest(talk.hearable, text, talk.today, talk.slots).keys() & talk.slots_ahead
    return any(talk.slots[name].type == "money" for name in told) and _only_later(talk, text)


def _is_no_name(talk: Talk, slot: Slot, text: str) -> bool:
    """“哪家机构？” – “昨天也骂了”: a question, a wish, a day, a sum, a count is no name, unless one is beside it."""
    if slot.at_most is None or slot.at_most > LONGEST_NAME or named_in(slot, text):
        return False
    counted = any(amount.unit in ("次", "money") for amount in find_amounts(text))
    return counted or talk.says("write", text) or bool(_A_QUESTION.search(text)) or bool(find_days(text, talk.today))


def _answers_next(talk: Talk, text: str) -> bool:
    """“要不要改低一点？” – “三百”: the value itself, which the next question would ask for."""
    named = harvest(talk.hearable, text, talk.today).keys() & talk.slots_ahead
    for branch in talk.state.next if talk.state.again else ():
        place = talk.advisor.content.place(talk.flow_name, branch.to)
        slot = talk.slots.get(talk.advisor.content.state(place).fill)
        if slot and slot.type not in ("choice", "text"):
            heard = hear(slot, text, talk.today)
            if isinstance(heard, Heard) and _is_value_of(talk, slot, text, named):
                jump(talk, place)
                fill(talk, heard)
                return True
    return False


def _is_value_of(talk: Talk, slot: Slot, text: str, named: Collection[str]) -> bool:
    """Tell a value from a story with a number in it, and from one whose own word gives it to another question."""
    if named:
        return talk.slots.get(next(iter(named))) == slot
    if slot.type == "date":
        return read_day(text, talk.today) is not None
    amounts = find_amounts(text)
    return len(amounts) < 2 and sum(a.end - a.start for a in amounts) >= SOME * len(fold(text))


def _lone_value(talk: Talk, text: str) -> bool:
    """“都打过了吗？” – “1200”: a value for the only later question of its kind is kept."""
    amounts = find_amounts(text)
    for kind, spans in (("money", amounts), ("period_of_days", find_days(text, talk.today))):
        asked = {state.fill for state in talk.flow.states.values() if not state.again}
        ahead = [n for n in asked & talk.slots.keys() if talk.slots[n].type == kind]
        if len(ahead) != 1 or sum(s.end - s.start for s in spans) < MOSTLY * len(text):
            continue
        if kind == "money" and (len(amounts) != 1 or amounts[0].unit not in ("", "money")):
            continue
        heard = hear(talk.slots[ahead[0]], text, talk.today)
        if isinstance(heard, Heard):
            talk.learn(ahead[0], heard)
            talk.add(talk.say("shell/noted", labels=[talk.slots[ahead[0]].label]))
            return True
    return False


def _is_days(talk: Talk, text: str) -> bool:
    """Days where words were asked for answer the question of days instead, and the open one is asked again."""
    spans = [name for name in talk.slots_ahead if talk.slots[name].type == "period_of_days"]
    mentions = find_days(text, talk.today) if spans else []
    if not mentions or sum(m.end - m.start for m in mentions) < 0.8 * len(text):
        return False
    for name in spans:
        heard = hear(talk.slots[name], text, talk.today)
        if isinstance(heard, Heard):
            talk.learn(name, heard)
            talk.add(talk.say("shell/noted", labels=[talk.slots[name].label]))
            return True
    return False


def _changed_mind(talk: Talk, text: str) -> bool:
    """“不分期了，想缓一缓”: another option of a choice made before is put right, all else stays."""
    if not _TURN.search(text):
        return False
    chosen = {
        name: slot
        for name, slot in talk.slots.items()
        if slot.type == "choice" and name in talk.slots_ahead and talk.known(name)
    }
    other = {
        name: heard
        for name, heard in harvest(chosen, text, talk.today).items()
        if heard.value != talk.facts[name].value
    }
    if len(other) == 1 and not talk.topic(text):
        correct(talk, other)
    return len(other) == 1 and not talk.topic(text)


def noted(talk: Talk) -> bool:
    """Facts told where no question is open: they are kept for later."""
    return not talk.state.confirm and _only_later(talk, talk.own_values)


def _only_later(talk: Talk, text: str) -> bool:
    """Facts for later questions only: keep them and ask the open question again."""
    if talk.topic(text):
        return False
    short = extent(text) <= ONLY_A_NAME
    news = talk.take(text)
    taken = [n for n in news if n in talk.slots_ahead or short or not talk.state.fill or _of_the_person(talk, n)]
    if taken:
        talk.add(talk.say("shell/noted", labels=[talk.slots[name].label for name in taken]))
    return bool(taken)


def _of_the_person(talk: Talk, slot: str) -> bool:
    return talk.all_slots[slot].scope == "person"


def _said_already(talk: Talk, text: str) -> bool:
    """Facts that are known already, told once more: say so instead of not understanding."""
    if talk.topic(text):
        return False
    ours = {n: slot for n, slot in talk.heard_here.items() if n in talk.slots_ahead or _of_the_person(talk, n)}
    known = {name: slot for name, slot in ours.items() if talk.known(name)}
    again = [n for n, heard in harvest(known, text, talk.today).items() if heard.value == talk.facts[n].value]
    if again:
        talk.add(talk.say("shell/noted", labels=[talk.slots[name].label for name in again]))
    return bool(again)
