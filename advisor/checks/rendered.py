"""Stage 6, the words as people get them: every template is rendered with many facts and with few, in each language."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from traceback import extract_tb
from typing import Any

from advisor.checks.handed import Occasion, exists, occasions
from advisor.checks.names import uses
from advisor.checks.printed import numbers_in, registered
from advisor.checks.samples import PHONE, facts_for, handed_for
from advisor.checks.subject import Subject, at_template
from advisor.checks.wording import in_chinese
from advisor.content import Problem
from advisor.content.edition import Edition
from advisor.content.load import BASE
from advisor.readings import in_words

_LEAKS = re.compile(r"\bNone\b|\bTrue\b|\bFalse\b|\{\{|\{%|Undefined|<[a-z_.]+ object")


@dataclass(frozen=True, slots=True)
class Text:
    """One rendering: its words, or (with a line) what went wrong."""

    occasion: Occasion
    language: str
    facts: str
    words: str
    wrong: str = ""
    line: int = 1
    short: bool = False


@lru_cache(maxsize=1)
def texts(subject: Subject) -> list[Text]:
    """Render everything that is read."""
    return [
        text
        for language in subject.languages
        for occasion in occasions(subject)
        if occasion.kind not in ("by name", "picture") and exists(subject, occasion.template, language)
        for text in renderings(subject, occasion, language)
    ]


def renderings(subject: Subject, occasion: Occasion, language: str) -> Iterator[Text]:
    """Render one template on one occasion, with all sets of facts."""
    mentioned = {use.name for use in uses(subject.expressions, f"{language}/{occasion.template}")}
    flow = occasion.state.partition(".")[0] if occasion.kind == "say" else ""
    edition = subject.content.editions[language]
    slots = {**edition.all_slots, **(edition.flows[flow].slots if flow else {})}
    short = occasion.kind == "letter" and subject.content.letters[occasion.letter].front.short
    for number, (called, facts) in enumerate(facts_for(subject, occasion, mentioned)):
        for given in handed_for(subject, occasion, mentioned if number < 2 else set()):
            handed = _in_language(given, edition)
            for is_short in (False, True) if short else (False,):
                try:
                    if occasion.kind == "letter":
                        words = subject.words.letter(occasion.letter, language, subject.today, slots, facts, is_short)
                    else:
                        words = subject.words.say(occasion.template, language, subject.today, slots, facts, **handed)
                except Exception as error:  # whatever a template can do wrong is the lawyer's to know, not a crash
                    yield Text(
                        occasion, language, called, "", in_chinese(str(error) or type(error).__name__), _line(error)
                    )
                else:
                    yield Text(occasion, language, called, words, short=is_short)


def _in_language(handed: Mapping[str, Any], edition: Edition) -> dict[str, Any]:
    """Give what is handed over as the talk hands it over in the language of `edition`."""
    told = dict(handed)
    if told.get("reading"):
        told["reading"] = in_words(told["reading"], edition.because)
    if told.get("letter"):
        told["letter"] = next(
            edition.letters[name].front
            for name, letter in edition.content.letters.items()
            if letter.front == told["letter"]
        )
    return told


def _line(error: Exception) -> int:
    """Give the line of the template where rendering stopped."""
    return next(
        (frame.lineno or 1 for frame in reversed(extract_tb(error.__traceback__)) if frame.filename.endswith(".j2")), 1
    )


def templates_render(subject: Subject) -> Iterator[Problem]:
    """Every template can be rendered, whichever of its facts are known."""
    told: set[tuple[str, str, str]] = set()
    for text in texts(subject):
        key = (text.language, text.occasion.template, text.wrong)
        if text.wrong and key not in told:
            told.add(key)
            where = f"（{text.occasion.state}）" if text.occasion.kind == "say" else ""
            yield at_template(
                text.language,
                text.occasion.template,
                text.line,
                f"写不出来{where}，{text.facts}时：{text.wrong}",
                "用之前先看有没有：{% if … is defined %} 或 {% if … %}",
            )


def at_text(text: Text, what: str, hint: str) -> Problem:
    """Word a mistake in the words of a template."""
    return at_template(text.language, text.occasion.template, 1, what, hint)


def printed_numbers_are_registered(subject: Subject) -> Iterator[Problem]:
    """Every public number in the finished words stands in channels.yaml."""
    known = {*registered(subject), PHONE}
    for text in texts(subject):
        for number, _ in numbers_in(text.words):
            if re.sub(r"\D", "", number) not in known:
                yield at_text(text, f"写出了没有登记的号码“{number}”", "用 channel() 写登记过的号码")


def nothing_leaks(subject: Subject) -> Iterator[Problem]:
    """No word of the program shows in the finished words."""
    for text in texts(subject):
        if text.language == BASE and (match := _LEAKS.search(text.words)):
            yield at_text(text, f"写出了程序里的“{match.group()}”", "看这个值没有时该写什么")


def answers_never_say(subject: Subject) -> Iterator[Problem]:
    """No answer says what its question says it must never say."""
    for text in texts(subject):
        if text.occasion.kind == "question":
            for never in subject.content.questions[text.occasion.state].never:
                if never in text.words:
                    yield at_text(text, f"说了绝不能说的“{never}”", "换一种说法")


RULES = (templates_render, printed_numbers_are_registered, nothing_leaks, answers_never_say)
