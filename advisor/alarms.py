"""Hears danger in somebody's own words: by patterns, and by likeness to what people in danger say."""

import math
import re
from collections.abc import Mapping, Sequence
from functools import cached_property

from advisor.content.alarms import Alarm, ByVoice, Voice
from advisor.likeness import Likeness

LIFE = "life"  # all voices of alarms together
_SPOKEN = re.compile(r"[\u3400-\u9fff]")  # the script of all voices
NAMED = 3.0  # the weight of a pattern, when voices tell which alarm it is (a natural logarithm)


class Bells:
    """All alarms, the gravest first."""

    def __init__(
        self, alarms: Mapping[str, Alarm], voices: Mapping[str, Voice] | None = None, by_voice: ByVoice | None = None
    ) -> None:
        """Hear `alarms`; those with a voice are also known by it, as `by_voice` says."""
        self._alarms, self._voices, self._by_voice = alarms, voices or {}, by_voice
        self._patterns = {name: (_any(alarm.patterns), _any(alarm.unless)) for name, alarm in alarms.items()}

    def rung_by(self, own_words: str, by_pattern_only: bool = False, answers: bool = False) -> str:
        """Name the alarm that somebody's own words ring, the gravest first; empty when none does.

        Words that answer the question asked (`answers`) must sound twice as much like danger.
        """
        words = bare(own_words)
        if self._known.get(words):
            return self._known[words]
        rung = [name for name in self._alarms if self.matches(name, words)]
        if not self._by_voice or by_pattern_only or (rung and rung[0] not in self._voiced):
            return rung[0] if rung else ""
        if words in self._known:
            return self._other(rung)
        sounds = self._sounds(own_words)
        if sounds < (self._by_voice.stills if rung else self._by_voice.rings * (1 + answers)):
            return self._other(rung)
        named = rung[0] if rung else ""
        return max(self._voiced, key=lambda name: self._nearness(own_words, name) + NAMED * (name == named))

    def _other(self, rung: Sequence[str]) -> str:
        """Name the gravest of the alarms that no voice can still."""
        return next((name for name in rung if name not in self._voiced), "")

    def matches(self, name: str, words: str) -> bool:
        """Tell whether a pattern of the alarm holds for words without spaces; what is excepted is blanked first."""
        pattern, unless = self._patterns[name]
        return bool(pattern and pattern.search(unless.sub("·", words) if unless else words))

    def troubled(self, own_words: str, answers: bool = False) -> bool:
        """Tell whether own words may be those of somebody in danger, though not surely enough to ring."""
        if not self._by_voice or bare(own_words) in self._known:
            return False
        return self._sounds(own_words) >= self._by_voice.cares * (1 + answers)

    @cached_property
    def _known(self) -> dict[str, str]:
        """The alarm that each example of a voice rings; none for what is said beside them."""
        known = {bare(text): name for name in self._voiced for text in self._voices[self._alarms[name].voice].says}
        beside = self._voices[self._by_voice.beside].says if self._by_voice else []
        return known | {bare(text): "" for text in beside}

    @cached_property
    def _voiced(self) -> list[str]:
        return [name for name, alarm in self._alarms.items() if alarm.voice in self._voices]

    @cached_property
    def _each(self) -> Likeness:
        return Likeness({name: self._voices[self._alarms[name].voice].says for name in self._voiced})

    @cached_property
    def _all(self) -> Likeness:
        assert self._by_voice is not None
        said = [text for name in self._voiced for text in self._voices[self._alarms[name].voice].says]
        return Likeness({LIFE: said, self._by_voice.beside: self._voices[self._by_voice.beside].says})

    def _sounds(self, own_words: str) -> float:
        """Tell how much own words sound like danger; words in a script that no voice speaks sound like nothing."""
        if not self._by_voice or not self._voiced or not _SPOKEN.search(own_words):
            return 0.0
        return self._all.most(own_words, LIFE, self._by_voice.beside)

    def _nearness(self, own_words: str, name: str) -> float:
        commonness = math.log(len(self._voices[self._alarms[name].voice].says))
        return commonness + self._each.score(own_words, name, self._voiced[0])


def bare(words: str) -> str:
    """Take the spaces out of words, as the patterns of alarms expect them."""
    return re.sub(r"\s+", "", words)


def _any(patterns: list[str]) -> re.Pattern[str] | None:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns)) if patterns else None
