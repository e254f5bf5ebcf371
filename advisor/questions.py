"""Finds the known question that somebody asks in their own words."""

import re
from collections.abc import Mapping

from advisor.content.knowledge import Question

LONGEST = 80  # characters of a question; more is a story
ALSO_SAID = "。"  # what an ask ends with that is heard though nothing marks the sentence as a question
A_SAYING = 2  # how many times as long as such an ask the sentence may be
_ASKING = re.compile(
    r"[吗么嘛?？]|怎么|什么|会不会|能不能|是不是|可不可以|要不要|有没有|多久|几天|几次|几点|算不算|违法|犯法|多少|谁|哪|咋|啥"
    r"|[行好可对]不[行好可对]|[不没吧][啊呀呢哦的了]?[\s。！!~～…]*$"
    r"|^(?:请问|我想问|那么?|我|你们?|他们?|现在|以后)*(?:会(?!议)|能|可以|是不是|真的会)"
)


class Questions:
    """The questions that are known, found by the phrases they are asked with."""

    def __init__(self, questions: Mapping[str, Question]) -> None:
        """Know `questions`, by id."""
        self._questions = questions
        asks = [(ask.rstrip(ALSO_SAID), name, ask[-1:] == ALSO_SAID) for name, q in questions.items() for ask in q.asks]
        self._asks = sorted(asks, key=lambda ask: -len(ask[0]))

    def find(self, text: str) -> Question | None:
        """Give the question that `text` asks, or None when it is not known here or nothing is asked."""
        if len(text) > LONGEST:
            return None
        asking = _ASKING.search(text)
        bare = re.sub(r"[\s，。！？?!、]", "", text)
        for ask, name, also_said in self._asks:
            heard = asking or (also_said and len(bare) <= A_SAYING * len(ask))
            if heard and all(part in bare for part in ask.split("…")):
                return self._questions[name]
        return None
