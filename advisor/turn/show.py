"""Shows what comes next: the words said, then the open question with its choices and the row that never changes."""

from dataclasses import replace
from itertools import pairwise

from advisor.answers import fold_label, is_latin
from advisor.message import Bubble, Choice, Reply
from advisor.turn.talk import Talk

MOST_BUBBLES = 3
LONGEST_BUBBLE = 1800  # bytes, which 600 Chinese characters are; the shortest limit of all channels
MENU_SIZE = 8
ROW = {f"!{name}" for name in ("back", "skip", "dont_know", "restart", "next_lender", "consent_yes", "consent_no")}


def show(talk: Talk) -> Reply:
    """Give the reply of this turn and remember the choices under it."""
    session = talk.session
    question, choices = _question(talk)
    bubbles = [*talk.bubbles, Bubble(question)] if question else list(talk.bubbles)
    if not session.noticed and not talk.urgent and not talk.alarmed and not talk.deleted:
        session.noticed = True
        last_word = len(bubbles) - 1 if talk.flow.urgent else 0  # when an emergency is over: not amid the next question
        bubbles.insert(last_word, Bubble(talk.say("shell/notice")))
        if not session.consent:
            choices += [(f"!{name}", _word(talk, name)) for name in ("consent_yes", "consent_no")]
    bubbles = fit(bubbles)
    session.turn += 1
    session.offered = {f"{session.turn}.{key}": label for key, label in choices}
    offered = tuple(Choice(id_, label, id_.partition(".")[2] in ROW) for id_, label in session.offered.items())
    bubbles[-1] = replace(bubbles[-1], choices=offered)
    return Reply(session.state, tuple(talk.routes), tuple(bubbles), tapped=talk.tapped)


def _question(talk: Talk) -> tuple[str, list[tuple[str, str]]]:
    """Word the open question and list its choices."""
    state, extra = talk.state, list(talk.choices)
    choices: list[tuple[str, str]] = []
    if talk.asking:
        return talk.asking, extra
    if state.end:
        offers = [(f"go:{name}", talk.edition.flows[name].title) for name in open_situations(talk)]
        extra += _row(talk, *(("remind",) if not talk.session.reminders and not talk.flow.urgent else ()))
        last = _row(talk, *(("next_lender",) if _has_a_lender(talk) else ()), "restart")
        if offers:
            return talk.say("shell/what_else"), offers + extra + last
        return talk.say("shell/still_here"), extra + last
    if state.confirm:
        facts = [(slot, talk.slots[slot].label) for slot in state.confirm if talk.known(slot)]
        choices.append(("ok", _word(talk, "all_right")))
        correct = _word(talk, "correct")
        choices += [(f"fix:{slot}", _together(correct, label)) for slot, label in facts[: MENU_SIZE - 1]]
        sources = {slot: talk.facts[slot].source for slot, _ in facts}
        words = talk.say("shell/read_back", items=facts, sources=sources)
        return words, choices + extra + _row(talk, "back", "restart")
    if state.menu:
        return state.ask, _menu(talk) + extra + _row(talk, *(() if talk.waiting_at_home else ("back", "restart")))
    slot = talk.slots[state.fill]
    listed = state.options or [name for name, option in slot.choices.items() if option.listed]
    choices += [(f"={name}", slot.choices[name].label) for name in listed]
    unsure = "skip" if slot.may_skip else "dont_know"
    dont_know = fold_label(_word(talk, "dont_know"))
    hears_unsure = any(dont_know in map(fold_label, (o.label, *o.hears)) for o in slot.choices.values())
    row = ["back", *([] if hears_unsure else [unsure]), "restart"]
    return state.ask, choices + extra + _row(talk, *row)


def _has_a_lender(talk: Talk) -> bool:
    """Tell whether how to repay a lender was talked about, so that the next one can follow."""
    return talk.known("lender") and talk.known("amount") and not talk.flow.urgent


def _menu(talk: Talk) -> list[tuple[str, str]]:
    """List where a menu leads: eight at most, then “more”."""
    items = []
    for to in talk.state.menu:
        place = talk.advisor.content.place(talk.flow_name, to)
        flow, _, state = place.partition(".")
        spoken = talk.edition.flows[flow]
        items.append((f"go:{place}", spoken.states[state].label or spoken.title))
    if len(items) <= MENU_SIZE:
        return items
    first = talk.session.page * MENU_SIZE % (-(-len(items) // MENU_SIZE) * MENU_SIZE)
    return [*items[first : first + MENU_SIZE], ("!more", _word(talk, "more"))]


def open_situations(talk: Talk, most: int = 3) -> list[str]:
    """Name the situations that the last advice leaves open: those it offers itself, else what home offers."""
    offer = talk.state.offer
    if offer is not None:
        return [name for name in offer if name in talk.advisor.content.flows]
    ended = {name.partition(".")[0] for name in talk.case.ended}
    home = talk.advisor.content.flows["home"]
    menu = home.states[home.start].menu
    return [name for name in menu if name in talk.advisor.content.flows and name not in ended][:most]


def _row(talk: Talk, *names: str) -> list[tuple[str, str]]:
    """Give the last row: the same words in every state, as far as they do something there."""
    return [(f"!{name}", _word(talk, name)) for name in names]


def _word(talk: Talk, name: str) -> str:
    return talk.edition.everywhere[name].label


def _together(verb: str, label: str) -> str:
    """Write a verb and what it is done to: 改欠款金额, Change amount owed."""
    return f"{verb} {label[:1].lower()}{label[1:]}" if is_latin(verb[-1:]) else f"{verb}{label}"


def _size(bubble: Bubble) -> int:
    return len(bubble.text.encode())


def fit(bubbles: list[Bubble]) -> list[Bubble]:
    """Join neighbours until there are three at most, the question last; a draft and what has a file stay alone."""
    bubbles = list(bubbles)
    while len(bubbles) > MOST_BUBBLES:
        pairs = [
            (i + 2 == len(bubbles), _size(a) + _size(b), i)
            for i, (a, b) in enumerate(pairwise(bubbles))
            if not any(one.letter or one.picture or one.package for one in (a, b))
            and _size(a) + _size(b) + 2 <= LONGEST_BUBBLE
        ]
        if not pairs:
            break
        _, _, i = min(pairs)
        bubbles[i : i + 2] = [Bubble(f"{bubbles[i].text}\n\n{bubbles[i + 1].text}")]
    return bubbles
