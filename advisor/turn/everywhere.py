"""What the words of everywhere do: back, restart, help, delete, a person, and the others that work in every state."""

from collections.abc import Callable
from datetime import timedelta

from advisor.message import Bubble
from advisor.session import Case
from advisor.smscount import sms_count
from advisor.turn import answering
from advisor.turn.drafting import draft, meaning
from advisor.turn.moves import enter, jump, rename, settle
from advisor.turn.talk import Talk

LENDER = "negotiate.lender"  # where the talk about one more lender begins
REMIND_AFTER = (3, 7, 15)  # days after which a reminder comes
REMIND_AT = 10  # o'clock in Shanghai
MOST_CASES, LONGEST_LABEL = 4, 11  # cases that are offered again, and characters on their buttons


def back(talk: Talk) -> None:
    """Go to the question before this one and forget its answer."""
    history = talk.case.history
    if history and history[-1] == talk.session.state:
        history.pop()
    if not history:
        go_home(talk)
        return
    before = history.pop()
    if not talk.advisor.walk.known(before):
        go_home(talk)
        return
    jump(talk, before)
    if talk.state.fill:
        talk.forget(talk.state.fill)
    settle(talk)


def go_home(talk: Talk) -> None:
    """Stand at the beginning again; nothing known is forgotten."""
    jump(talk, talk.advisor.home)
    talk.case.history.clear()


def restart(talk: Talk) -> None:
    """Go to the beginning and say that what was told is still known."""
    go_home(talk)
    if talk.facts:
        talk.add(talk.say("shell/restarted"))


def new_case(talk: Talk) -> None:
    """Put the open case aside, readable, and begin another."""
    if talk.case.facts or talk.case.debts[0] or talk.case.ended:
        talk.session.old_cases.append(talk.case)
    talk.session.case = Case(opened_at=talk.now.isoformat(timespec="seconds"))
    jump(talk, talk.advisor.home)
    talk.add(talk.say("shell/new_case", count=len(talk.session.old_cases)))


def next_lender(talk: Talk) -> None:
    """Put this lender aside and begin with the next; what is known of the person stays."""
    if talk.known("lender") or talk.known("amount"):
        talk.session.old_cases.append(talk.case)
        talk.session.case = Case(opened_at=talk.now.isoformat(timespec="seconds"))
        talk.add(talk.say("shell/next_lender"))
    enter(talk, LENDER)


def reopen(talk: Talk, number: str) -> None:
    """Go back to a case that was put aside, to the question where it stood; the open one is put aside instead."""
    case = talk.session.old_cases.pop(int(number)).copy()
    if talk.case.facts or talk.case.debts[0] or talk.case.ended:
        talk.session.old_cases.append(talk.case)
    talk.session.case = case
    rename(talk)
    last = case.history[-1] if case.history else ""
    jump(talk, last if talk.advisor.walk.known(last) else talk.advisor.home)
    settle(talk)


def old_case(talk: Talk) -> None:
    """Read back the case that was put aside last, and offer to go back to one of those that name a lender."""
    cases = talk.session.old_cases
    lines = []
    lenders = [(number, case.debts[0].get("lender")) for number, case in enumerate(cases)]
    named = [(f"case:{number}", str(fact.value)[:LONGEST_LABEL]) for number, fact in lenders if fact and fact.value]
    talk.choices += named[-MOST_CASES:]
    if cases:
        facts = {**cases[-1].facts, **cases[-1].debts[0]}
        lines = [
            (slot.label, talk.advisor.words.label(slot, facts[name], talk.session.language))
            for name, slot in talk.edition.all_slots.items()
            if name in facts
        ]
    talk.add(talk.say("shell/old_case", lines=lines, named=bool(named)))


def skip(talk: Talk) -> None:
    """Leave the open question without an answer, where one is open."""
    if talk.state.fill:
        answering.skip(talk)
    else:
        talk.add(talk.say("shell/nothing_to_skip"))


def ask_delete(talk: Talk) -> None:
    """Ask once whether everything is to be deleted."""
    words = talk.edition.everywhere
    talk.asking = talk.say("shell/delete_ask")
    talk.choices = [("!delete_yes", words["delete_yes"].label), ("!resume", words["resume"].label)]


def delete(talk: Talk) -> None:
    """Delete everything kept of this person."""
    talk.deleted = True
    talk.asking = talk.say("shell/deleted")
    talk.choices = [("!restart", talk.edition.everywhere["restart"].label)]


def consent(answer: str) -> Callable[[Talk], None]:
    """Give the action that keeps the answer about saving."""

    def keep(talk: Talk) -> None:
        talk.session.consent = answer
        talk.add(talk.say(f"shell/consent_{answer}"))
        if answer == "yes" and talk.state.file:
            enter(talk, talk.flow_name)  # the evidence file waited for just that

    return keep


def more(talk: Talk) -> None:
    """Turn the page of a long menu."""
    talk.session.page += 1


def remind(talk: Talk) -> None:
    """Set the reminders that the person asks for, in place of any set before."""
    if talk.session.consent != "yes":
        talk.add(talk.say("shell/reminders_need_consent"))
        talk.choices.append(("!consent_yes", talk.edition.everywhere["consent_yes"].label))
        return
    morning = talk.now.replace(hour=REMIND_AT, minute=0, second=0, microsecond=0)
    talk.session.reminders = [(morning + timedelta(days=days)).isoformat() for days in REMIND_AFTER]
    talk.add(talk.say("shell/reminders_on", days=REMIND_AFTER))


def stop(talk: Talk) -> None:
    """Let go of all reminders."""
    talk.session.reminders = []
    talk.add(talk.say("shell/reminders_off"))


def say(template: str) -> Callable[[Talk], None]:
    """Give the action that only says something; the open question follows."""

    def tell(talk: Talk) -> None:
        talk.add(talk.say(template))

    return tell


def my_data(talk: Talk) -> None:
    """Hand over everything that is kept of this person."""
    talk.add(talk.say("shell/my_data"), package="data")


def nothing(talk: Talk) -> None:
    """Only the open question is shown again."""


def short_form(talk: Talk, letter: str) -> None:
    """Give a letter again in its short form, and say how many SMS a phone makes of it."""
    text = " ".join(draft(talk, letter, short=True).split())
    talk.add(meaning(talk, talk.edition.letters[letter], short=True))
    talk.add(talk.say("shell/short_form", parts=sms_count(text)))
    talk.bubbles.append(Bubble(text, letter))


ACTIONS: dict[str, Callable[[Talk], None]] = {
    "back": back,
    "restart": restart,
    "new_case": new_case,
    "next_lender": next_lender,
    "old_case": old_case,
    "skip": skip,
    "dont_know": skip,
    "delete": ask_delete,
    "delete_yes": delete,
    "consent_yes": consent("yes"),
    "consent_no": consent("no"),
    "more": more,
    "remind": remind,
    "stop": stop,
    "resume": nothing,
    "my_data": my_data,
    "letters": lambda talk: enter(talk, "letters"),
    **{name: say(f"shell/{name}") for name in ("help", "person", "language", "privacy", "law", "hello", "thanks")},
}
ONLY_WHEN_OFFERED = {"delete_yes", "more"}
