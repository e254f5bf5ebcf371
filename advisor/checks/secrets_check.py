"""Stage 4, the secrets: each example that holds one is covered, and none of those that only look alike."""

from collections.abc import Iterator

from advisor.checks.signals_check import HINT
from advisor.checks.subject import Subject
from advisor.content import Problem
from advisor.content.signals import lint_pattern
from advisor.masking import Mask

FILE = "knowledge/secrets.yaml"


def secret_patterns_are_sound(subject: Subject) -> Iterator[Problem]:
    """Every pattern of a secret takes time that grows no faster than the message."""
    for name, secret in subject.content.secrets.items():
        for number, pattern in enumerate(secret.patterns):
            if wrong := lint_pattern(pattern):
                yield subject.content.problem(
                    "knowledge/secrets.yaml", ("secrets", name, "patterns", number), wrong, HINT
                )


def secret_examples_are_right(subject: Subject) -> Iterator[Problem]:
    """A secret is covered in each of its `hits`, and nothing is in any of its `misses`."""
    if any(secret_patterns_are_sound(subject)):
        return  # told above
    mask = Mask(subject.content.secrets)
    for name, secret in subject.content.secrets.items():
        for key in ("hits", "misses"):
            for number, example in enumerate(getattr(secret, key)):
                kinds = mask.cover(example).kinds
                if (name in kinds) == (key == "hits") and not (key == "misses" and kinds):
                    continue
                what = f"“{example}”{'该遮没有遮' if key == 'hits' else '不该遮却遮了'}"
                loc = ("secrets", name, key, number)
                yield subject.content.problem(FILE, loc, what, "改 patterns，或改这一例")


RULES = (secret_patterns_are_sound, secret_examples_are_right)
