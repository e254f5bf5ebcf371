"""Hears danger in somebody's own words: by patterns, and by likeness to what people in danger say."""

import math
import re
from collections.abc import Mapping, Sequence
from functools import cached_property

from advisor.content import Content
from advisor.content.alarms import Alarm, ByVoice, Voice
from advisor.content.learned import VOICES
from advisor.likeness import Learned, parts, runs

_SPOKEN = re.compile(r"[\u3400-\u9fff]")  # the script of all voices
NAMED = 3.0  # the weight of a pattern, when voices tell which alarm it is (a natural logarithm)


class Bells:
    """All alarms, the gravest first."""

    def __init__(
        self,
        alarms: Mapping[str, Alarm],
        voices: Mapping[str, Voice] | None = None,
        by_voice: ByVoice | None = None,
        learned: Learned | None = None,
    ) -> None:
        """Hear `alarms`; those with a voice are also known by what was `learned` of it, as `by_voice` says."""
        self._alarms = {name: alarm for name, alarm in alarms.items() if alarm.to}
        self._beside = alarms.keys() - self._alarms.keys()
        self._voices, self._learned = voices or {}, learned
        self._by_voice = by_voice if learned else None
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
        named = {name: NAMED * (len(rung) - at) for at, name in enumerate(rung)}  # the graver the more
        near = self._learned.totals(runs(own_words)) if self._learned else {}
        return max(self._voiced, key=lambda name: near[self._alarms[name].voice] + named.get(name, 0.0))

    def _other(self, rung: Sequence[str]) -> str:
        """Name the gravest of the alarms that no voice can still."""
        return next((name for name in rung if name not in self._voiced), "")

    def matches(self, name: str, words: str) -> bool:
        """Tell whether a pattern of the alarm holds for words without spaces; what is excepted is blanked first."""
        pattern, unless = self._patterns[name]
        return bool(pattern and pattern.search(unless.sub("·", words) if unless else words))

    def troubled(self, own_words: str, answers: bool = False) -> bool:
        """Tell whether own words may be those of somebody in danger, though not surely enough to ring."""
        words = bare(own_words)
        if any(self.matches(name, words) for name in self._beside):
            return True
        if not self._by_voice or words in self._known:
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

    def _sounds(self, own_words: str) -> float:
        """Give how much likelier the voices of alarms are than what is said beside them (a natural logarithm).

        Words in a script that no voice speaks sound like nothing.
        """
        if not _SPOKEN.search(own_words):
            return 0.0
        return max(map(self._life, parts(own_words)), default=0.0)

    def _life(self, words: str) -> float:
        if not self._learned or not self._by_voice:
            return 0.0
        totals = self._learned.totals(runs(words))
        beside = totals[self._by_voice.beside]
        return math.log(sum(math.exp(totals[self._alarms[name].voice] - beside) for name in self._voiced))


def _any(patterns: list[str]) -> re.Pattern[str] | None:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns)) if patterns else None


def bells(content: Content) -> Bells:
    """Give the alarms of the content."""
    model = content.learned(VOICES)
    return Bells(content.alarms, content.voices, content.by_voice, Learned(model) if model else None)


def bare(words: str) -> str:
    """Take the spaces out of words, as the patterns of alarms expect them."""
    return re.sub(r"\s+", "", words)
