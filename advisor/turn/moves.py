"""Moves a talk through the flows: arrive, enter, take the next way, settle where something waits for the person."""

from collections.abc import Sequence
from dataclasses import replace

from advisor.content.flow import State
from advisor.flow import Cursor
from advisor.message import Bubble
from advisor.turn.drafting import draft, meaning
from advisor.turn.filing import act
from advisor.turn.guarding import in_force
from advisor.turn.talk import Talk

MOST_STEPS = 40  # questions that “back” can go over
PACKAGES = ("zip", "chart")  # what a step can hand over of the evidence file
LONG_SILENCE = 6 * 3600  # seconds after which the talk says where it stood


def arrive(talk: Talk) -> None:
    """Find the talk where it was left, also after the content has changed."""
    session, content = talk.session, talk.advisor.content
    rename(talk)
    if not session.state:
        session.state = talk.advisor.home
    elif not talk.advisor.walk.known(session.state):
        session.state = content.renamed.get(session.state, "")
        if not session.state:
            session.state = talk.advisor.home
            talk.case.history.clear()
            talk.add(talk.say("shell/moved"))
    if talk.state.say and not talk.state.end:
        settle(talk)
    last = session.last_word()
    if last and (talk.now - last).total_seconds() > LONG_SILENCE and not talk.waiting_at_home:
        talk.add(talk.say("shell/welcome_back", title=talk.flow.title))
    if not talk.case.opened_at:
        talk.case.opened_at = talk.now.isoformat(timespec="seconds")


def rename(talk: Talk) -> None:
    """Give facts that were kept under an older name of their slot or option the name of today."""
    content = talk.advisor.content
    if not content.renamed_slots and not content.renamed_options:
        return
    for shelf in (talk.session.person, talk.case.facts, *talk.case.debts):
        for old in [name for name in shelf if name not in talk.all_slots]:
            fact = shelf.pop(old)
            shelf.setdefault(content.renamed_slots.get(old, old), fact)
        for name, fact in shelf.items():
            if isinstance(fact.value, str) and (name, fact.value) in content.renamed_options:
                shelf[name] = replace(fact, value=content.renamed_options[name, fact.value])


def enter(talk: Talk, to: str) -> None:
    """Go to a flow or state and walk on until something waits for the person."""
    jump(talk, talk.advisor.content.place(talk.flow_name, to))
    settle(talk)


def jump(talk: Talk, state: str) -> None:
    """Stand on `state`, its full name."""
    cursor = Cursor(talk.session.state)
    talk.advisor.walk.jump(cursor, state)
    talk.session.state = cursor.state
    talk.session.unclear = talk.session.page = 0


def move(talk: Talk) -> None:
    """Take the way on from here that the facts decide."""
    cursor = Cursor(talk.session.state)
    talk.advisor.walk.move(cursor, talk.weighed if len(talk.state.next) > 1 else {})  # a single way weighs nothing
    talk.session.state = cursor.state
    talk.session.unclear = 0


def settle(talk: Talk) -> None:
    """Walk on over what is known and say what is to be said, until something waits for the person."""
    passed: set[str] = set()
    while True:
        name, state = talk.session.state, talk.state
        if state.say:
            if elsewhere := _tell(talk, state):
                jump(talk, talk.advisor.content.place(talk.flow_name, elsewhere))
                continue
            if state.end:
                if name not in talk.case.ended:
                    talk.case.ended.append(name)
                break
        elif not state.fill or state.again or name in passed or not talk.known(state.fill):
            if not talk.case.history or talk.case.history[-1] != name:
                talk.case.history.append(name)
                del talk.case.history[:-MOST_STEPS]
            break
        passed.add(name)
        move(talk)
    _end_detour(talk, passed | {talk.session.state})


def ask_again(talk: Talk, slot: str) -> None:
    """Stand on the question that fills `slot`; the questions after it are looked at again."""
    states, history = talk.flow.states, talk.case.history
    names = list(states)
    fills = [name for name in names if states[name].fill == slot]
    stood = (name for name in fills if f"{talk.flow_name}.{name}" in history and not states[name].again)
    asked = next(stood, fills[0])  # several questions may fill it: the one that was put to this person
    here = talk.state
    if here.fill and not talk.known(here.fill):  # a question is open: what stands before it stays as it is
        asked = min(asked, talk.session.state.partition(".")[2], key=names.index)
    asking = f"{talk.flow_name}.{asked}"
    if asking in history:
        at = history.index(asking)
        later = [
            states[name].fill
            for name in _of_this_flow(talk, history[at + 1 :])
            if names.index(name) > names.index(asked)
        ]
        talk.case.detour = list(dict.fromkeys([*filter(None, later), *talk.case.detour]))
        del history[at:]
    jump(talk, asking)


def _of_this_flow(talk: Talk, full_names: Sequence[str]) -> list[str]:
    """Give the names of the states among `full_names` that are of the flow where the talk stands."""
    parts = (name.partition(".") for name in full_names)
    return [state for flow, _, state in parts if flow == talk.flow_name and state in talk.flow.states]


def _end_detour(talk: Talk, passed: set[str]) -> None:
    """Let go of answers that the new way did not ask for, once it is clear that it does not."""
    if not talk.case.detour or talk.flow.urgent:  # in an emergency nothing stands before what to do now
        return
    asked = {talk.advisor.content.state(name).fill for name in passed}
    talk.case.detour = [slot for slot in talk.case.detour if slot not in asked]
    if talk.state.fill and not talk.state.again:
        return
    stale = [slot for slot in talk.case.detour if talk.known(slot)]
    talk.case.detour = []
    if stale:
        labels = [talk.slots[slot].label for slot in stale]
        for slot in stale:
            talk.forget(slot)
        talk.bubbles.insert(0, Bubble(talk.say("shell/let_go", labels=labels)))


def _tell(talk: Talk, state: State) -> str:
    """Say what a state says, its letter with it; name where to go instead, when a guard keeps the letter back."""
    letter = talk.edition.letters[state.letter] if state.letter else None
    warnings = []
    for guard in in_force(talk.advisor, letter.name, talk.weighed) if letter else ():
        words = talk.say(guard.say)
        if guard.then:
            talk.add(words)
            return guard.then
        warnings.append(words)
    more = act(talk, state.file) if state.file else {}
    text = talk.say(state.say, letter=letter.front if letter else None, **more)
    if letter:
        picture = letter.front.picture or state.picture
        talk.add(meaning(talk, letter))
        talk.add("\n\n".join([text, *warnings, talk.say("shell/letter_note", letter=letter.front)]), picture=picture)
        talk.add(draft(talk, letter.name), letter.name, picture)
        if letter.front.short:
            talk.choices.append((f"short:{letter.name}", talk.say("shell/short_label")))
    else:
        talk.add(text, picture=state.picture, package=state.file if state.file in PACKAGES else "")
    talk.route(state.routes)
    return ""
