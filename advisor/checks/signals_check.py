"""Stage 4, signals and alarms: each example that should ring rings, each that should not does not, and none is slow."""

import re
from collections.abc import Iterator

from advisor.alarms import bare, bells
from advisor.checks.subject import Subject, suggest
from advisor.content import Problem
from advisor.content.flow import Slot
from advisor.content.learned import digest, lessons
from advisor.content.signals import COMPANY, lint_pattern
from advisor.reading import Reader

ALARMS = "flows/alarms.yaml"
HINT = "把重复写成有上限的，例如 .{0,20}，不要套两层"
PATTERNS = ("patterns", "needs", "unless", "unless_anywhere")


def patterns_are_sound(subject: Subject) -> Iterator[Problem]:
    """Every pattern can be read, and the time it takes grows no faster than the message."""
    for name, alarm in subject.content.alarms.items():
        for part in ("patterns", "unless"):
            for number, pattern in enumerate(getattr(alarm, part)):
                if wrong := lint_pattern(pattern):
                    yield subject.content.problem(ALARMS, ("alarms", name, part, number), wrong, HINT)
    for name, pattern in subject.content.meanings.items():
        if wrong := lint_pattern(pattern):
            yield subject.content.problem("flows/everywhere.yaml", ("meanings", name), wrong, HINT)
    for name, word in subject.content.everywhere.items():
        for number, pattern in enumerate(word.patterns):
            if wrong := lint_pattern(pattern):
                yield subject.content.problem("flows/everywhere.yaml", ("words", name, "patterns", number), wrong, HINT)
    for file, prefix, name, slot in _slots_that_find(subject):
        for number, pattern in enumerate(slot.finds):
            place: tuple[str | int, ...] = (*prefix, name, "finds", number)
            if wrong := lint_pattern(pattern):
                yield subject.content.problem(file, place, wrong, HINT)
            elif not re.compile(pattern).groups:
                yield subject.content.problem(file, place, "这里没有括号，不知道取哪一段", "用括号括住要取的那一段")
        for number, pattern in enumerate(slot.refuses):
            if wrong := lint_pattern(pattern):
                yield subject.content.problem(file, (*prefix, name, "refuses", number), wrong, HINT)
    for name, signal in subject.content.signals.items():
        for part in PATTERNS:
            for number, pattern in enumerate(getattr(signal, part)):
                if wrong := lint_pattern(pattern):
                    file = subject.content.owners[f"signals.{name}"]
                    yield subject.content.problem(file, ("signals", name, part, number), wrong, HINT)


def _slots_that_find(subject: Subject) -> Iterator[tuple[str, tuple[str, ...], str, Slot]]:
    """Give each slot with patterns of its own, and where it stands."""
    shared = (("flows/slots.yaml", ("slots",), name, slot) for name, slot in subject.content.shared.items())
    own = (
        (f"flows/{flow_name}.yaml", ("slots",), name, slot)
        for flow_name, flow in subject.content.own_flows.items()
        for name, slot in flow.slots.items()
    )
    yield from (place for place in (*shared, *own) if place[3].finds or place[3].refuses)


def alarm_examples_hold(subject: Subject) -> Iterator[Problem]:
    """Every alarm rings at its `hits` and is still at its `misses`."""
    content = subject.content
    if any(lint_pattern(pattern) for alarm in content.alarms.values() for pattern in (*alarm.patterns, *alarm.unless)):
        return  # told above
    if any(voices_exist(subject)):
        return
    rings = bells(content)
    for name, alarm in content.alarms.items():
        for part, wanted in (("hits", True), ("misses", False)):
            for number, example in enumerate(getattr(alarm, part)):
                matched = rings.matches(name, bare(example)) and (wanted or not alarm.to)
                if (matched or rings.rung_by(example) == name) != wanted:
                    yield content.problem(ALARMS, ("alarms", name, part, number), *_wrong(name, example, wanted))


def voices_exist(subject: Subject) -> Iterator[Problem]:
    """Every voice that an alarm is known by is a file, and no sentence is said by two voices."""
    content = subject.content
    named: list[tuple[tuple[str | int, ...], str]]
    named = [(("alarms", name, "voice"), alarm.voice) for name, alarm in content.alarms.items() if alarm.voice]
    if content.by_voice:
        named.append((("by_voice", "beside"), content.by_voice.beside))
    for place, voice in named:
        if voice not in content.voices:
            hint = suggest(voice, content.voices, "建立 knowledge/voices/ 下的同名 .yaml 文件")
            yield content.problem(ALARMS, place, f"没有叫“{voice}”的声音", hint)
    owner: dict[str, str] = {}
    for voice, entry in content.voices.items():
        for number, said in enumerate(entry.says):
            first = owner.setdefault(said, voice)
            if first != voice:
                what = f"“{said}”也在 {first} 里"
                yield content.problem(f"knowledge/voices/{voice}.yaml", ("says", number), what, "只留在一处")


def examples_are_learned(subject: Subject) -> Iterator[Problem]:
    """What was learned was learned from the examples as they stand."""
    if any(voices_exist(subject)):
        return
    for name, lesson in lessons(subject.content).items():
        model = subject.content.learned(name)
        if model is None or model["digest"] != digest(lesson):
            what = "例句改过了，还没有重新学" if model else "还没有从例句里学过"
            yield Problem(f"knowledge/learned/{name}.json", 1, 1, what, "运行 make learn")


def what_was_told_is_a_fact(subject: Subject) -> Iterator[Problem]:
    """Every rule that counts on something told names a slot and values that it can have."""
    can_be = {name: set(slot.choices) for name, slot in subject.content.all_slots.items()}
    can_be |= {name: {"yes"} for name in COMPANY}
    for name, signal in subject.content.signals.items():
        file = subject.content.owners[f"signals.{name}"]
        for slot, values in signal.told.items():
            place: tuple[str | int, ...] = ("signals", name, "told", slot)
            known = can_be.get(slot, set())
            if not known:
                hint = suggest(slot, can_be, "写一个有选项的 slot")
                yield subject.content.problem(file, place, f"“{slot}”不是能说过的事", hint)
            elif wrong := next((value for value in values if value not in known), None):
                yield subject.content.problem(file, place, f"“{slot}”没有“{wrong}”这个值", suggest(wrong, known, ""))


def signal_examples_hold(subject: Subject) -> Iterator[Problem]:
    """Every signal hits its `hits` and misses its `misses`."""
    reader = Reader(subject.content.signals)
    for name, signal in subject.content.signals.items():
        if any(lint_pattern(pattern) for part in PATTERNS for pattern in getattr(signal, part)):
            continue
        file = subject.content.owners[f"signals.{name}"]
        for part, wanted in (("hits", True), ("misses", False)):
            for number, example in enumerate(getattr(signal, part)):
                if reader.matches(name, example) != wanted:
                    yield subject.content.problem(file, ("signals", name, part, number), *_wrong(name, example, wanted))


def _wrong(name: str, example: str, wanted: bool) -> tuple[str, str]:
    if wanted:
        return f"“{example}”应当触发“{name}”，却没有", "补一个 pattern，或看是不是被 unless 挡住"
    return f"“{example}”不该触发“{name}”，却触发了", "把 pattern 收窄，或写进 unless"


RULES = (
    patterns_are_sound,
    voices_exist,
    examples_are_learned,
    alarm_examples_hold,
    what_was_told_is_a_fact,
    signal_examples_hold,
)
