"""How well questions are found in other people's words: `python -m tests.evaluate_questions`.

The words are those of `questions_heldout.yaml` and, in English, `questions_heldout_en.yaml`: written apart from the
entries and never tuned on.
"""

from dataclasses import dataclass
from functools import lru_cache

import yaml

from advisor.content.load import BASE
from advisor.normal import simplify
from tests.conversation import ROOT, advisor


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares of the sentences asked: the right one `first`, or among the nearest three; `right` and `wrong` answered.

    `declined` is the share of sentences of other fields that get no answer.
    """

    asked: int
    first: float
    in_three: float
    right: float
    wrong: float
    declined: float

    def __str__(self) -> str:
        return (
            f"questions, {self.asked} held-out sentences: first {self.first:.1%}, in the nearest three "
            f"{self.in_three:.1%}, answered right {self.right:.1%}, wrong {self.wrong:.1%}; "
            f"of other fields declined {self.declined:.1%}"
        )


@lru_cache(maxsize=2)
def figures(language: str = BASE) -> Figures:
    """Ask everything in a language."""
    file = "questions_heldout.yaml" if language == BASE else f"questions_heldout_{language}.yaml"
    heldout = yaml.load((ROOT / "tests" / file).read_text(encoding="utf-8"), yaml.BaseLoader)
    known, questions = advisor().hearing(language).questions, advisor().content.editions[language].questions
    asked = [(name, simplify(text)) for name, texts in heldout["asked"].items() for text in texts]
    near = [known.near(text).names for _, text in asked]
    found = [known.find(text) for _, text in asked]
    right = [answer is questions[name] for (name, _), answer in zip(asked, found, strict=True)]
    answered = sum(answer is not None for answer in found)
    return Figures(
        len(asked),
        sum(names[:1] == (name,) for (name, _), names in zip(asked, near, strict=True)) / len(asked),
        sum(name in names[:3] for (name, _), names in zip(asked, near, strict=True)) / len(asked),
        sum(right) / len(asked),
        (answered - sum(right)) / len(asked),
        sum(known.find(simplify(text)) is None for text in heldout["declined"]) / len(heldout["declined"]),
    )


if __name__ == "__main__":
    for language in advisor().content.editions:
        print(language, figures(language))
