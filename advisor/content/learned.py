"""Names the examples that weights are learned from, so that it can be told when they have changed since."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from advisor.content.edition import Edition
from advisor.content.load import BASE, Content
from advisor.content.signals import KINDS

VOICES, SMS, QUESTIONS = "voices", "sms", "questions"  # what is learned
SITUATION, ELSEWHERE = "a situation", "another field"  # what a sentence is about when it is about no known question
SEEN = {"suspicious_link"}  # told by its shape, not by what the words sound like


@dataclass(frozen=True, slots=True)
class Lesson:
    """What one model is learned from: texts with their labels; of the labels `one_of` a text has at most one."""

    texts: list[str]
    labels: list[list[str]]
    one_of: list[str]


def lessons(content: Content) -> Mapping[str, Lesson]:
    """Give for each model that is learned its examples."""
    found: dict[str, Lesson] = {}
    if content.by_voice:
        said = [(text, [name]) for name, voice in content.voices.items() for text in voice.says]
        found[VOICES] = Lesson([text for text, _ in said], [label for _, label in said], sorted(content.voices))
    if content.messages:
        labels = [
            [*([str(one.kind)] if one.kind else []), *(str(name) for name in one.findings if name not in SEEN)]
            for one in content.messages
        ]
        found[SMS] = Lesson([one.text for one in content.messages], labels, list(KINDS))
    for language, edition in content.editions.items():
        if lesson := _of_questions(edition):
            found[model_of_questions(language)] = lesson
    return found


def _of_questions(edition: Edition) -> Lesson | None:
    about = [(text, name) for name, question in edition.questions.items() for text in question.says]
    if not about:
        return None
    own = [flow for name, flow in edition.flows.items() if name in edition.content.own_flows]
    about += [(text, SITUATION) for flow in own for text in flow.says]
    about += [(text, ELSEWHERE) for text in edition.other_fields]
    return Lesson([text for text, _ in about], [[name] for _, name in about], [*edition.questions])


def model_of_questions(language: str) -> str:
    """Name the model that ranks the questions in a language."""
    return QUESTIONS if language == BASE else f"{QUESTIONS}_{language}"


def digest(lesson: Lesson) -> str:
    """Give a short name that changes with the examples."""
    return hashlib.sha256(json.dumps(asdict(lesson), ensure_ascii=False).encode()).hexdigest()[:16]
