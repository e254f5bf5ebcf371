"""Names the examples that weights are learned from, so that it can be told when they have changed since."""

import hashlib
import json
from collections.abc import Mapping, Sequence

from advisor.content.load import Content

Examples = Mapping[str, Sequence[str]]


def examples(content: Content) -> Mapping[str, Examples]:
    """Give for each model that is learned the examples of each of its voices."""
    found: dict[str, Examples] = {}
    if content.by_voice:
        found["voices"] = {name: voice.says for name, voice in content.voices.items()}
    return found


def digest(said: Examples) -> str:
    """Give a short name that changes with the examples."""
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:16]
