"""Who hears a message: an ordered list of listeners; the first that recognises it wins."""

import re
from collections.abc import Callable

from advisor.answers import Heard, fold, fold_label, hear, picked_number
from advisor.turn.answering import answered, fill, noted
from advisor.turn.asking import likely_question, nearest_questions, of_another_field, provision, question, tell_answer
from advisor.turn.corrections import correction, fix
from advisor.turn.everywhere import ACTIONS, ONLY_WHEN_OFFERED, reopen, short_form
from advisor.turn.forwards import forwarded
from advisor.turn.moves import enter, move, settle
from advisor.turn.receiving import told_of_files, unread
from advisor.turn.situations import letter_named, letter_wished, nearest_three, only_numbers, sounds_like, topic
from advisor.turn.talk import Talk

NEVER_SHADOWED = {"back", "restart", "delete", "delete_yes"}  # all others yield to an answer of the open question
CAN_WAIT = {"old_case", "next_lender", "remind"}  # while somebody's life is in danger
# questions that no small number answers: nobody owes one yuan, and “2” names no lender
PICKED_BY_NUMBER = {"choice", "money", "text"}
DONE = "thanks"  # whoever says that nothing more is wanted is answered like one who thanks
LEAVES_OPEN = {"!back", "!skip", "!dont_know"}
LONGEST = 20_000  # characters of one message that are read
Listener = Callable[[Talk], bool]


def alarm(talk: Talk) -> bool:
    """Danger in the person's own words, never in a message they forward."""
    said = fold(talk.own_words)
    if not said or said in talk.hearing.everywhere or _is_own_answer(talk, said):
        return False
    heard_already = talk.urgent  # what is said to its questions sounds alike
    answers = _is_an_answer(talk)
    name = talk.advisor.bells.rung_by(talk.own_words, by_pattern_only=heard_already, answers=answers)
    if not name:
        _care(talk, answers)
        return False
    to = talk.advisor.content.alarms[name].to
    if _hears_it_already(talk, to) or _is_graver_here(talk, to):
        return False
    if talk.advisor.content.alarms[name].cleared in talk.case.ended and talk.asked:
        _care(talk, answers)
        return False
    talk.alarmed = True
    if talk.advisor.content.state(talk.advisor.content.place(talk.flow_name, to)).end:
        talk.take(talk.own_values)  # what is said at once and left again: the rest of the words is not lost
    enter(talk, to)
    return True


def _is_an_answer(talk: Talk) -> bool:
    """Tell whether the words can be a value of the open question; where any words are one, that says nothing."""
    slot = talk.slots.get(talk.state.fill)
    return slot is not None and slot.type != "text" and isinstance(hear(slot, talk.own_values, talk.today), Heard)


def _care(talk: Talk, answers: bool) -> None:
    """Say one caring line beside whatever follows, when the words may be those of somebody in danger."""
    if not talk.urgent and talk.advisor.bells.troubled(talk.own_words, answers):
        talk.add(talk.say("shell/care"))
        talk.route(["crisis_support"])


def _is_graver_here(talk: Talk, to: str) -> bool:
    """Tell whether the talk is about life and limb, which a warning of fraud does not interrupt."""
    content = talk.advisor.content
    there = content.flows[content.place(talk.flow_name, to).partition(".")[0]]
    return talk.urgent and not there.urgent


def _hears_it_already(talk: Talk, to: str) -> bool:
    """Tell whether the open question is about this very danger: the same words again are its answer, no new alarm."""
    content = talk.advisor.content
    place = content.place(talk.flow_name, to)
    flow, _, _ = place.partition(".")
    if talk.flow_name != flow or talk.state.end:
        return False
    after = content.state(place).next
    asked = content.place(flow, after[0].to) if len(after) == 1 else ""
    return place == f"{flow}.{content.flows[flow].start}" or talk.session.state == asked


def everywhere(talk: Talk) -> bool:
    """A word that works in every state, typed alone or tapped."""
    if talk.message.choice:
        return False
    said = fold(talk.own_words)
    if not fold(talk.message.text) and not talk.message.sms and not talk.message.image and not talk.message.files:
        talk.add(talk.say("shell/empty"))
        return True
    if len(talk.message.text) > LONGEST:
        talk.add(talk.say("shell/too_long", most=LONGEST))
        return True
    name = talk.hearing.named(said, but=DONE)
    if name == "back" and talk.state.confirm and said not in talk.hearing.everywhere:
        return False  # “说错了” speaks of what was read back
    if name in ONLY_WHEN_OFFERED and not _offered(talk, f"!{name}"):
        return False
    if name == "all_right" and _offered(talk, "!delete_yes"):
        name = "delete_yes"
    if name == "wrong" and _offered(talk, "!delete_yes"):
        name = "resume"
    if name not in ACTIONS or (name not in NEVER_SHADOWED and _is_own_answer(talk, said)):
        return False
    if talk.comforting and name in CAN_WAIT:
        talk.add(talk.say("shell/you_first"))
        return True
    ACTIONS[name](talk)
    return True


def _offered(talk: Talk, key: str) -> bool:
    return f"{talk.session.turn}.{key}" in talk.session.offered


def _is_own_answer(talk: Talk, said: str) -> bool:
    """Tell whether the open question has an answer of its own for these words."""
    slot = talk.slots.get(talk.state.fill) if talk.state.fill else None
    options = slot.choices.values() if slot else ()
    return any(said in map(fold_label, (o.label, *o.hears, *o.answers)) for o in options)


def tapped(talk: Talk) -> bool:
    """A tap on a choice, or its number or label typed; an old button is answered kindly."""
    key = talk.message.choice or _typed_choice(talk)
    if not key:
        return False
    if key not in talk.session.offered:
        talk.add(talk.say("shell/old_button"))
        return True
    talk.tapped = talk.session.offered[key] if talk.message.choice else ""
    _do(talk, key.partition(".")[2])
    return True


def _typed_choice(talk: Talk) -> str:
    """Give the id of the choice whose number or label was typed."""
    keys, text = list(talk.session.offered), talk.own_words
    slot = talk.slots.get(talk.state.fill) if talk.state.fill else None
    if slot is None or slot.type in PICKED_BY_NUMBER:
        number = picked_number(text) or (int(text) if re.fullmatch(r"1\d", text.strip()) else None)
        of_row = slot is not None and slot.type == "money"  # 3 may be 3万: it begins nothing anew
        if number and number <= len(keys) and (not of_row or keys[number - 1].partition(".")[2] in LEAVES_OPEN):
            return keys[number - 1]
    said = fold(text)
    return next((key for key, label in talk.session.offered.items() if said and said == fold_label(label)), "")


def _do(talk: Talk, what: str) -> None:
    kind, _, rest = what.partition(":")
    if what[0] == "!":
        ACTIONS[what[1:]](talk)
    elif what[0] == "=":
        fill(talk, Heard(what[1:], said=talk.session.offered[f"{talk.session.turn}.{what}"]))
    elif kind == "go":
        enter(talk, rest)
    elif kind == "fix":
        fix(talk, rest)
    elif kind == "ask":
        tell_answer(talk, talk.edition.questions[rest])
    elif kind == "case":
        reopen(talk, rest)
    elif kind == "short":
        short_form(talk, rest)
    elif what == "ok":
        move(talk)
        settle(talk)


def done(talk: Talk) -> bool:
    """“好了，没别的了”: nothing more is wanted now, which is no answer left out and no word misunderstood."""
    said = fold(talk.own_words)
    nothing_open = not talk.state.fill and not talk.state.confirm
    name = talk.hearing.named(said)
    if talk.flow.urgent or not (name == DONE or (name == "all_right" and nothing_open)):
        return False
    slot = talk.slots.get(talk.state.fill)
    if slot is not None and slot.type == "text" and slot.may_skip and _says_no(talk, said):
        ACTIONS["skip"](talk)  # “最难听的一句原话？” – “没有”
        return True
    talk.add(talk.say("shell/done"))
    return True


def _says_no(talk: Talk, said: str) -> bool:
    return talk.hearing.meanings["no"].match(said) is not None


def not_understood(talk: Talk) -> bool:
    """Three different steps: an example, the choices, a way round; then the question is left open."""
    session = talk.session
    if only_numbers(talk):  # that they are covered has been said
        return True
    session.unclear += 1
    if talk.message.image or talk.message.files:
        talk.add(told_of_files(talk))
        return True
    slot = talk.slots.get(talk.state.fill) if talk.state.fill else None
    if talk.urgent:  # nobody is corrected in an emergency: the safe way on
        ACTIONS["skip"](talk)
    elif session.unclear <= 3:
        kind = "unclear" if slot else "unconfirmed" if talk.state.confirm else "lost"
        feeling = talk.says("feeling", talk.own_words)
        talk.add(talk.say(f"shell/{kind}_{session.unclear}", slot=slot, why=talk.why, feeling=feeling))
    elif slot:
        talk.add(talk.say("shell/left_open", label=slot.label))
        ACTIONS["skip"](talk)
    elif session.unclear == 4:
        ACTIONS["person"](talk)
    return True


LISTENERS: tuple[Listener, ...] = (
    unread,
    alarm,
    everywhere,
    tapped,
    forwarded,
    correction,
    provision,
    answered,
    done,
    question,
    letter_named,
    letter_wished,
    topic,
    of_another_field,
    likely_question,
    sounds_like,
    noted,
    nearest_three,
    nearest_questions,
    not_understood,
)
