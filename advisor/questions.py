"""Finds the known question that somebody asks in their own words."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from advisor.content.knowledge import Question
from advisor.content.learned import ELSEWHERE, SITUATION
from advisor.normal import extent
from advisor.ranker import Ranker

LONGEST = 80  # characters of a question; more is a story
LONGEST_SAID = 60  # characters of a sentence that asks nothing and yet wants an answer
ALSO_SAID = "。"  # what an ask ends with that is heard though nothing marks the sentence as a question
A_SAYING = 2  # how many times as long as such an ask the sentence may be
SHORTEST = 3  # characters below which a sentence is like nothing
LEAST = -0.7  # the least score of a question that is answered
# how far the next must lie behind it: where the sentence asks; where it states, or another question is open; where a
# phrase of a situation stands in it; where it may be an answer or a story
LEAD, LEAD_BESIDE, LEAD_BEFORE_A_SITUATION, LEAD_IN_DOUBT = 0.28, 0.4, 0.7, 0.9
LEAD_OF_A_PHRASE = 0.1  # how far the next must lie behind the likeliest question where a phrase of it is heard
ELSEWHERE_LEAD = 0.15  # how far the likeliest question must lie behind another field
PHRASE, WHOLE = (
    0.05,
    0.5,
)  # what a phrase adds to the score of its question: by character, and if it is all that is said
LOWEST = -5.0  # the score of what nothing tells for
_PLAINLY = re.compile(
    r"[吗么嘛?？]|怎么|怎样|什么|如何|为啥|[系係]咪|咩|真的假的|是真是假|真假|点样|点算|点解|边度|会不会|能不能|是不是|可不可以|要不要|有没有|多久|(?<![这那好])几(?:年|个月)|几天|几次|几点|算不算|违法|犯法|多少|谁|哪|咋|啥|[行好可对]不[行好可对]|([该用签去还接给])不\1"
    r"|\b(?:what|how|why|when|where|who|which|whose|whether)\b"
    r"|(?:^|[.,;:!] |\band |\bbut |\bso )(?:can|could|will|would|do|does|did|is|are|am|should|shall|may|must|has|have)"
    r" (?:i|you|he|she|it|they|we|my|the|this|that|a|an|someone|anyone|collectors?|police|banks?|courts?|lenders?)\b",
    re.IGNORECASE,
)
_ASKING = re.compile(
    _PLAINLY.pattern + r"|(?<!有病)(?<!过分了)(?<!欺负人了)[不没吧][啊呀呢哦的了]?[\s。！!~～…]*$"
    r"|^(?:请问|我想问|那么?|我|你们?|他们?|现在|以后)*(?:会(?!议)|能|可以|是不是|真的会)",
    re.IGNORECASE,
)
_WANTED = re.compile(
    r"^(?:请|你|麻烦|能|可以|快)*(?:帮|教|给)(?:一?下|教)?[我俺]|^(?:please)?(?:help|tell|show|teach)me"
)


@dataclass(frozen=True, slots=True)
class Near:
    """The questions nearest to a sentence, the likeliest first.

    `lead` is how far the first lies ahead of the second, 0 when it is unlikely itself; `elsewhere` when the sentence
    is rather of another field, `a_situation` when it rather tells what has happened.
    """

    names: tuple[str, ...]
    lead: float
    elsewhere: bool
    a_situation: bool


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A phrase: its parts stand in the sentence in any order, each of them in one of its ways."""

    parts: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, written: str) -> "_Phrase":
        """Read `欠钱|逾期…坐牢|判刑`."""
        parts = (part.lower().replace(" ", "").split("|") for part in written.split("…"))
        return cls(tuple(tuple(sorted(ways, key=len, reverse=True)) for ways in parts))

    def heard(self, text: str) -> int:
        """Tell how many characters of `text` the phrase accounts for; 0 when it is not there."""
        found = [next((len(way) for way in part if way in text), 0) for part in self.parts]
        return sum(found) if all(found) else 0


def is_put(text: str) -> bool:
    """Tell whether `text` is put as a question."""
    return _ASKING.search(text) is not None


def is_plainly_put(text: str) -> bool:
    """Tell whether `text` asks by a word that only asks, not by a particle that may end any sentence (分三年吧)."""
    return _PLAINLY.search(text) is not None


class Questions:
    """The questions that are known: found by what others ask them with, and by the phrases they are asked with."""

    def __init__(self, questions: Mapping[str, Question], ranker: Ranker | None = None) -> None:
        """Know `questions`, by id; `ranker` ranks them for a sentence."""
        self._questions, self._ranker = questions, ranker
        self._asks = [
            (_Phrase.of(ask.rstrip(ALSO_SAID)), name, ask[-1:] == ALSO_SAID)
            for name, question in questions.items()
            for ask in question.asks
        ]
        self._told = [(_Phrase.of(said), name) for name, question in questions.items() for said in question.told]
        self._unless = {name: [_Phrase.of(said) for said in q.unless] for name, q in questions.items()}

    def find(
        self,
        text: str,
        any_words: bool = False,
        an_option: bool = False,
        answering: bool = False,
        situation: bool = False,
    ) -> Question | None:
        """Give the question that `text` asks, or None when it is not known here or nothing is asked.

        Where `any_words` are an answer, of the statements only a request counts; where the text is heard as
        `an_option` of the open question, none does. While somebody is `answering`, only what is plainly put as a
        question, or a phrase, is one; where a phrase of a `situation` stands in the text, it must be much surer.
        """
        if not text or extent(text) > LONGEST:
            return None
        phrases = self._phrases(text, any_words, an_option)
        near = self.near(text, phrases)
        if not near.names or near.elsewhere:
            return None
        first, put = near.names[0], is_plainly_put(text)
        if any_words or an_option or (situation and answering) or (not put and near.a_situation):
            lead = LEAD_IN_DOUBT
        elif situation:
            lead = LEAD_BEFORE_A_SITUATION
        else:
            lead = LEAD if put and not answering else LEAD_BESIDE
        if first in phrases and not 0 < near.lead < LEAD_OF_A_PHRASE:
            return self._questions[first]
        if near.lead >= lead and (put or not (answering or situation)):
            return self._questions[first]
        return None

    def near(self, text: str, phrases: Mapping[str, float] | None = None) -> Near:
        """Rank the questions for a sentence, the `phrases` heard in it counting too; none when nothing tells."""
        ranking = self._ranker.ranking(text) if self._ranker and len(text) >= SHORTEST else []
        score, phrases = dict(ranking), self._phrases(text) if phrases is None else phrases
        found = {name: score.get(name, LOWEST) + phrases.get(name, 0.0) for name in self._questions}
        names = sorted(found, key=lambda name: -found[name])
        if len(names) < 2:
            return Near((), 0.0, False, False)
        first, second = names[0], names[1]
        if found[first] <= LOWEST:
            return Near((), 0.0, False, False)
        elsewhere, situation = score.get(ELSEWHERE, LOWEST), score.get(SITUATION, LOWEST)
        likely = found[first] >= LEAST and found[first] > elsewhere
        lead = found[first] - found[second] if likely else 0.0
        return Near(tuple(names), lead, elsewhere - found[first] >= ELSEWHERE_LEAD, situation >= found[first])

    def _phrases(self, text: str, any_words: bool = False, an_option: bool = False) -> dict[str, float]:
        """Tell for each question that a phrase of it is heard of how much the longest one speaks for it."""
        asking = is_put(text)
        bare = re.sub(r"[\s，。！？?!、.,]", "", text).lower()
        heard = list(self._heard(bare, asking))
        wanted = not an_option and (asking or not any_words or _WANTED.search(bare))
        if wanted and extent(text) <= LONGEST_SAID:
            heard += [(phrase.heard(bare), name) for phrase, name in self._told]
        found: dict[str, float] = {}
        for much, name in heard:
            if much and not any(phrase.heard(bare) for phrase in self._unless[name]):
                found[name] = max(found.get(name, 0.0), PHRASE * much + WHOLE * much / len(bare))
        return found

    def _heard(self, bare: str, asking: bool) -> Iterable[tuple[int, str]]:
        for phrase, name, also_said in self._asks:
            much = phrase.heard(bare) if asking or also_said else 0
            if asking or len(bare) <= A_SAYING * much:
                yield much, name
