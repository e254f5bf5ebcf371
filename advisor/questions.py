"""Finds the known question that somebody asks in their own words."""

import re
from collections.abc import Mapping

from advisor.content.knowledge import Question

_ASKING = re.compile(
    r"[吗么嘛?？]|怎么|什么|会不会|能不能|是不是|可不可以|要不要|有没有|多久|几天|几次|几点|算不算|违法|犯法|多少|谁|哪|咋|啥"
)


class Questions:
    """The questions that are known, found by the phrases they are asked with."""

    def __init__(self, questions: Mapping[str, Question]) -> None:
        """Know `questions`, by id."""
        self._questions = questions
        self._asks = sorted(((ask, name) for name, q in questions.items() for ask in q.asks), key=lambda p: -len(p[0]))

    def find(self, text: str) -> Question | None:
        """Give the question that `text` asks, or None when it is not known here or nothing is asked."""
        if len(text) > 80 or not _ASKING.search(text):
            return None
        bare = re.sub(r"[\s，。！？?!、]", "", text)
        for ask, name in self._asks:
            if all(part in bare for part in ask.split("…")):
                return self._questions[name]
        return None
