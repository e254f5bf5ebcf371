"""Names the examples that weights are learned from, so that it can be told when they have changed since."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from advisor.content.load import Content

SEEN = {"suspicious_link"}  # told by its shape, not by what the words sound like


@dataclass(frozen=True, slots=True)
class Lesson:
    """What one model is learned from: texts with their labels. `one` says that each text has just one label."""

    texts: list[str]
    labels: list[list[str]]
    one: bool


def lessons(content: Content) -> Mapping[str, Lesson]:
    """Give for each model that is learned its examples."""
    found: dict[str, Lesson] = {}
    if content.by_voice:
        said = [(text, [name]) for name, voice in content.voices.items() for text in voice.says]
        found["voices"] = Lesson([text for text, _ in said], [label for _, label in said], one=True)
    if content.messages:
        whole = [one for one in content.messages if one.kind]
        found["sms_kinds"] = Lesson([one.text for one in whole], [[str(one.kind)] for one in whole], one=True)
        labels = [[str(name) for name in one.findings if name not in SEEN] for one in content.messages]
        found["sms_findings"] = Lesson([one.text for one in content.messages], labels, one=False)
    return found


def digest(lesson: Lesson) -> str:
    """Give a short name that changes with the examples."""
    return hashlib.sha256(json.dumps(asdict(lesson), ensure_ascii=False).encode()).hexdigest()[:16]
