"""What templates are given by name besides the facts, and which templates the program itself says.

This is the promise that the templates are checked against; a test compares it with what the turn, the desk
and the rendering really hand over.
"""

from dataclasses import dataclass
from functools import lru_cache

from advisor.checks.answered import answered
from advisor.checks.names import expression_of, needed_for
from advisor.checks.subject import Subject
from advisor.content.load import BASE

ASKED = frozenset(
    {"today", "days_ago", "last_day", "affordable", "equal", "pro_rata", "schedule", "months", "annual_rate", "cap"}
)  # of the calendar, the law and sums of money
ALWAYS = frozenset({"label", "law", "channel", "money", "day", "weekday"}) | ASKED
SPOKEN = frozenset(
    {"reading", "received", "human", "keep_days", "at_night", "promised", "on_page"}
)  # wherever something is said in a talk
IN_CONDITIONS = frozenset({"reading", "at_night", "promised", "filed", "may_keep"}) | ASKED
OF_THE_FILE = frozenset(
    {"exhibits", "latest", "exhibit", "timeline", "with_it"}
)  # where a step does something with the evidence file
NEEDED_BY_THE_FILE = {
    "add": ("happened_kind", "happened_on", "happened_who", "happened_words"),
    "date": ("exhibit_number", "happened_on"),
    "strike": ("exhibit_number",),
}  # the slots that a step works with
BUILT_IN = frozenset(
    {
        "range",
        "dict",
        "lipsum",
        "cycler",
        "joiner",
        "namespace",
        "true",
        "false",
        "none",
        "True",
        "False",
        "None",
        "loop",
        "self",
        "super",
        "caller",
        "varargs",
        "kwargs",
    }
)
READING = frozenset(
    {
        "retold",
        "kind",
        "sure",
        "grade",
        "ask",
        "findings",
        "found",
        "laws",
        "why",
        "sentences",
        "counts",
        "serious",
        "pressed_at",
        "on",
    }
)
BY_NAME = ("values", "page")  # how amounts, days, law and numbers are written; what the page says itself

SHELL: dict[str, frozenset[str]] = {
    f"shell/{name}": frozenset(names)
    for name, names in {
        "care": (),
        "consent_no": (),
        "consent_yes": (),
        "corrected": ("labels", "dropped"),
        "another_field": (),
        "asked_again": ("dropped",),
        "say_anew": ("label",),
        "delete_ask": (),
        "deleted": (),
        "done": (),
        "empty": (),
        "filed": (),
        "may_file": (),
        "of_others": (),
        "you_first": (),
        "hello": (),
        "help": (),
        "language": (),
        "left_open": ("label",),
        "let_go": ("labels",),
        "law": (),
        "letter_comes": (),
        "letter_note": ("letter",),
        "lost_1": ("slot", "why", "feeling"),
        "lost_2": ("slot", "why", "feeling"),
        "lost_3": ("slot", "why", "feeling"),
        "masked": ("labels", "kinds", "in_sms"),
        "meaning": ("letter", "meaning"),
        "moved": (),
        "nearest": ("feeling",),
        "nearest_questions": (),
        "new_case": ("count",),
        "next_lender": (),
        "noted": ("labels",),
        "nothing_to_skip": (),
        "notice": (),
        "old_button": (),
        "old_case": ("lines", "named"),
        "person": (),
        "looked": ("held", "left", "count", "texts"),
        "picture": ("count", "held", "kept"),
        "refused": ("troubles",),
        "my_data": (),
        "privacy": (),
        "provision": ("slug",),
        "read_back": ("items", "sources"),
        "restarted": (),
        "short_form": ("parts",),
        "short_label": (),
        "still_here": (),
        "thanks": (),
        "too_long": ("most",),
        "reminders_off": (),
        "reminders_on": ("days",),
        "reminders_need_consent": (),
        "unread": ("thing", "kept"),
        "unclear_1": ("slot", "why", "feeling"),
        "unclear_2": ("slot", "why", "feeling"),
        "unclear_3": ("slot", "why", "feeling"),
        "unconfirmed_1": ("slot", "why", "feeling"),
        "unconfirmed_2": ("slot", "why", "feeling"),
        "unconfirmed_3": ("slot", "why", "feeling"),
        "welcome_back": ("title",),
        "what_else": (),
        "which_wrong": (),
    }.items()
}
READ = ("sms/reading", "sms/sentences")  # said in a talk and, without any talk, by `analyze`
BY_THE_DESK: dict[str, frozenset[str]] = {  # said outside a talk: without facts and without SPOKEN
    "shell/broken": frozenset(),
    "shell/busy": frozenset(),
    "shell/too_many": frozenset(),
    "shell/unreadable": frozenset(),
    "shell/reminder": frozenset({"number", "count"}),
    "shell/expires": frozenset({"goes_on"}),
    "shell/group": frozenset(),
    "shell/about": frozenset(),
    "shell/about_short": frozenset(),
    "shell/wechat_more": frozenset(),
    "shell/wechat_away": frozenset(),
    "shell/wechat_letter": frozenset({"address"}),
}
IN_THE_FILE: dict[str, frozenset[str]] = {  # the papers of an evidence file, which are no messages
    "evidence_file/list": frozenset({"timeline", "lost"}),
    "evidence_file/my_data": frozenset({"cases", "said"}),
    "evidence_file/statement": frozenset({"timeline"}),
    "evidence_file/timeline": frozenset({"timeline"}),
    "evidence_file/verify": frozenset({"timeline", "lost"}),
}
ABOUT_THE_FILE: dict[str, frozenset[str]] = {  # what is said of an evidence file in a chat, without facts
    "evidence_file/gaps": frozenset({"timeline"}),
    "evidence_file/summary": frozenset({"timeline"}),
    "evidence_file/taken_in": frozenset({"name", "number", "read", "kept", "skipped", "obstacle", "going_on"}),
    "evidence_file/deleted": frozenset({"count"}),
}
PROGRAM = {**SHELL, **BY_THE_DESK, **IN_THE_FILE, **ABOUT_THE_FILE}
ASKING = ("shell/delete_ask", "shell/nearest", "shell/nearest_questions", "shell/what_else")  # these end in a question


@dataclass(frozen=True, slots=True)
class Occasion:
    """One occasion on which a template is rendered: what it is given, and which facts it may count on.

    `kind` is say, shell, letter, paper, guard, question, picture or by name; `may_use` are the slots that it
    may name at all.
    """

    template: str
    kind: str
    names: frozenset[str]
    answered: frozenset[str]
    may_use: frozenset[str]
    state: str = ""
    letter: str = ""


@lru_cache(maxsize=1)
def occasions(subject: Subject) -> list[Occasion]:
    """List every occasion on which something is said or written."""
    content, slots, arriving = subject.content, frozenset(subject.content.all_slots), answered(subject).arriving
    nothing, spoken = frozenset[str](), ALWAYS | SPOKEN
    found = [Occasion(name, "by name", nothing, nothing, nothing) for name in BY_NAME]
    found += [Occasion(name, "shell", spoken | names, nothing, slots) for name, names in SHELL.items()]
    found += [Occasion(name, "shell", ALWAYS | names, nothing, nothing) for name, names in BY_THE_DESK.items()]
    found += [Occasion(name, "shell", ALWAYS | {"reading", "received"}, nothing, slots) for name in READ]
    found += [Occasion(name, "shell", ALWAYS | names, nothing, nothing) for name, names in ABOUT_THE_FILE.items()]
    found += [Occasion(name, "paper", ALWAYS | names, nothing, nothing) for name, names in IN_THE_FILE.items()]
    for name, state in subject.graph.states.items():
        if state.say:
            letter = state.letter if state.letter in content.letters else ""
            known = arriving.get(name, slots)
            names = spoken | {"letter"} | (OF_THE_FILE if state.file else nothing)
            found.append(Occasion(state.say, "say", names, known, slots, name, letter))
            if state.picture:
                found.append(Occasion(f"pictures/{state.picture}", "picture", spoken, known, slots, name))
    for one in content.letters.values():
        declared = frozenset((*one.front.needs, *one.front.may_use))
        found.append(Occasion(one.template, "letter", ALWAYS, declared, declared, letter=one.name))
        if one.front.picture:
            found.append(Occasion(f"pictures/{one.front.picture}", "picture", spoken, nothing, slots, letter=one.name))
    for flow, _, say in subject.asides():
        found.append(Occasion(say, "guard", spoken, nothing, slots, flow))
    for key, guard in content.guards.items():
        known = needed_for(expression_of(subject.expressions.parse_condition(guard.if_)))
        found.append(Occasion(guard.say, "guard", spoken, known, slots, key))
    for key, question in content.questions.items():
        found.append(Occasion(question.answer, "question", spoken, nothing, frozenset(question.depends_on), key))
    return found


def exists(subject: Subject, template: str, language: str = BASE) -> bool:
    """Tell whether a template is there in a language."""
    return bool(template) and (subject.root / "templates" / language / f"{template}.j2").is_file()
