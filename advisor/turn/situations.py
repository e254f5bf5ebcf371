"""Hears which situation somebody speaks of: by its phrases, else by likeness to what others say of it."""

import re

from advisor.answers import is_latin
from advisor.harvest import harvest
from advisor.masking import COVER
from advisor.message import Bubble
from advisor.normal import extent
from advisor.questions import LEAD, LEAD_BESIDE, LEAD_OF_A_PHRASE, Near, is_plainly_put, is_put
from advisor.turn.moves import enter, settle
from advisor.turn.phrases import says
from advisor.turn.talk import Talk

LETTERS = "letters"  # the flow where letters are chosen
LEAST_TO_COMPARE = 4  # characters below which nothing sounds like anything
# how far the second must lie behind the first to be taken for it (natural logarithms)
SURE_LEAD = 8.0  # among all situations
MENU_LEAD = 4.0  # among those of an open menu
FORM_LEAD = 1.0  # among letters
LEAST_TO_TELL = 8  # characters beside one's own numbers below which they only say who one is
LONGEST_LABEL = 8  # characters that only name a number
_PART = re.compile(r"[^\s，。；、,;]+")
_SIGNS = re.compile(r"[0-9Xx*\s:：-]")
NEAREST = 3  # situations to choose from


def topic(talk: Talk) -> bool:
    """A change of topic, or the first word of one; the facts beside it are kept. What is part of this stays here."""
    name = talk.topic(talk.own_words)
    if not name:
        return False
    asked, said = _asked_beside(talk, name), len(talk.bubbles)
    if talk.state.fill and name in talk.flow.aside:
        talk.take(talk.own_values)
        talk.add(talk.say(talk.flow.aside[name]))
        settle(talk)
    else:
        talk.session.state = talk.advisor.content.place(name, name)
        _take_anew(talk, talk.own_values)
        enter(talk, name)
        if talk.flow_name != name and talk.take(talk.own_values):  # it has led on into another, which hears more
            settle(talk)
    _answer_beside(talk, asked, said)
    return True


def _asked_beside(talk: Talk, name: str) -> Near | None:
    """Rank what is asked beside the situation `name` that opens as well; None where nothing is, or it is answered."""
    if talk.asked or talk.flow.urgent or talk.edition.flows[name].urgent:
        return None
    near = talk.nearest
    return near if near.lead >= LEAD_OF_A_PHRASE and not near.elsewhere else None


def _answer_beside(talk: Talk, near: Near | None, place: int) -> None:
    """Answer what was asked, where it is sure and little is said after that `place`; else offer it to choose from."""
    if near is None:
        return
    questions, put = talk.edition.questions, is_put(talk.own_words)
    sure = near.lead >= LEAD_BESIDE and (put or not near.a_situation)
    if sure and len(talk.bubbles) <= place + 1:
        talk.bubbles.insert(place, Bubble(talk.say(questions[near.names[0]].answer)))
        talk.route(questions[near.names[0]].routes)
    elif put:
        perhaps = near.names[: 1 if near.lead >= LEAD else 2]
        talk.choices += [(f"ask:{name}", _as_question(questions[name].label)) for name in perhaps]


def _take_anew(talk: Talk, text: str) -> None:
    """Keep what `text` names on coming to a flow; its own choices, those it begins by weighing too, anew."""
    begins = " ".join(branch.if_ or "" for branch in talk.flow.states[talk.flow.start].next).split()
    own = {
        name: slot
        for name, slot in talk.slots.items()
        if name in talk.flow.slots and slot.type == "choice"
        if name in begins or (name in talk.heard_here and talk.known(name))
    }
    for name, heard in harvest(own, text, talk.today).items() if len(text) > 1 else ():
        talk.learn(name, heard)
    talk.take(text)


def _as_question(label: str) -> str:
    """Mark a label that no word of it tells to be a question, so that it is not taken for an answer."""
    return label if is_plainly_put(label) else label + ("?" if is_latin(label[-1:]) else "？")


def letter_named(talk: Talk) -> bool:
    """Where letters are to choose from: the one that is spoken of."""
    text = talk.own_words
    if talk.flow_name != LETTERS or not talk.state.menu:
        return False
    if any(2 * len(phrase) >= len(text) and says(text, phrase) for _, phrase, _ in talk.hearing.topics):
        return False  # little more than the name of a situation
    forms = talk.hearing.forms.ranking(text)
    offered = [pair for pair in forms if pair[0] in talk.state.menu]
    if len(offered) < 2 or offered[1][1] - offered[0][1] > -FORM_LEAD:
        return False
    enter(talk, offered[0][0])
    return True


def letter_wished(talk: Talk) -> bool:
    """“写个信叫他们别打了”: a letter that comes at the end of these questions, else the one that is spoken of."""
    text = talk.own_words
    if talk.flow.urgent or not talk.says("write", text) or talk.topic(text) not in ("", LETTERS):
        return False
    asked = talk.state.fill or talk.state.confirm
    if asked and _comes_to_a_letter(talk):
        talk.take(talk.own_values)
        talk.add(talk.say("shell/letter_comes"))
        settle(talk)
        return True
    forms = talk.hearing.forms.ranking(text)
    clear = len(forms) > 1 and forms[0][1] - forms[1][1] >= FORM_LEAD
    if asked and not clear:
        return False
    enter(talk, forms[0][0] if clear else LETTERS)
    return True


def _comes_to_a_letter(talk: Talk) -> bool:
    """Tell whether this flow still leads to a letter from here."""
    content = talk.advisor.content
    here = [talk.session.state]
    for name in here:
        state = content.state(name)
        if state.letter:
            return True
        to = (content.place(talk.flow_name, branch.to) for branch in state.next)
        here += [place for place in to if place not in here and place.partition(".")[0] == talk.flow_name]
    return False


def sounds_like(talk: Talk) -> bool:
    """Words that no phrase finds: the situation they sound like, most of all one of an open menu."""
    ranking = _ranking(talk)
    menu = {talk.advisor.content.place(talk.flow_name, to).partition(".")[0] for to in talk.state.menu}
    here = [] if talk.waiting_at_home else [pair for pair in ranking[:NEAREST] if pair[0] in menu]
    for pairs, lead in ((ranking, SURE_LEAD), (here, MENU_LEAD)):
        if pairs and (len(pairs) == 1 or pairs[0][1] - pairs[1][1] >= lead):
            talk.take(talk.own_values)
            enter(talk, pairs[0][0])
            return True
    return False


def nearest_three(talk: Talk) -> bool:
    """Words that sound like several situations: the nearest three to choose from, once."""
    ranking = _ranking(talk)
    if talk.session.unclear or len(ranking) < NEAREST:
        return False
    talk.session.unclear += 1
    talk.asking = talk.say("shell/nearest", feeling=talk.says("feeling", talk.own_words))
    talk.choices = [(f"go:{name}", talk.edition.flows[name].title) for name, _ in ranking[:NEAREST]]
    talk.choices += [("!restart", talk.edition.everywhere["restart"].label)]
    return True


def only_numbers(talk: Talk) -> bool:
    """Tell whether nothing was said beside one's own numbers, which are covered: that tells of no situation."""
    return bool(talk.message.masked) and extent(_without_numbers(talk.own_words)) < LEAST_TO_TELL


def _without_numbers(text: str) -> str:
    """Give `text` without the parts that only name a covered number (卡号 ****0123)."""
    parts = _PART.findall(text)
    return "".join(part for part in parts if COVER not in part or extent(_SIGNS.sub("", part)) > LONGEST_LABEL)


def _ranking(talk: Talk) -> list[tuple[str, float]]:
    """Give the situations that the words sound like, the likeliest first, where no question is open."""
    if talk.state.fill or talk.state.confirm or talk.urgent or extent(talk.own_words) < LEAST_TO_COMPARE:
        return []
    if only_numbers(talk):
        return []
    return [pair for pair in talk.hearing.situations.ranking(talk.own_words) if pair[0] != talk.flow_name]
