"""Secrets: numbers and words that nobody here needs, and that are covered before anything is kept."""

import re

from pydantic import field_validator

from advisor.content.flow import Reviewed
from advisor.content.source import Entry


class Secret(Entry):
    """One kind of secret: `patterns` find it, in their first group; its last `keep` characters stay readable.

    `hits` are sentences that hold one, `misses` sentences that look alike and hold none.
    """

    label: str
    patterns: list[str]
    keep: int = 0
    hits: list[str]
    misses: list[str] = []

    @field_validator("patterns")
    @classmethod
    def _have_one_group(cls, patterns: list[str]) -> list[str]:
        for pattern in patterns:
            try:
                groups = re.compile(pattern).groups
            except re.error as error:
                raise ValueError(f"“{pattern}”不是正则表达式：{error} → 改正写法") from error
            if groups != 1:
                raise ValueError(f"“{pattern}”要正好有一对括号 → 把要遮住的那一段括起来，别的括号写成 (?:…)")
        return patterns


class Secrets(Entry):
    """All kinds of secrets, by name."""

    reviewed: Reviewed
    secrets: dict[str, Secret]
