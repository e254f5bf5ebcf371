"""Stage 6, the words as people get them: every template is rendered with many facts and with few, in each language."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from traceback import extract_tb

from advisor.checks.graph import Graph
from advisor.checks.handed import ASKING, Occasion, exists, occasions
from advisor.checks.house import QUESTION, WIDER, length, sentences
from advisor.checks.names import uses
from advisor.checks.printed import numbers_in, registered
from advisor.checks.samples import PHONE, facts_for, handed_for
from advisor.checks.subject import Subject, at_template
from advisor.checks.wording import in_chinese
from advisor.content import Problem
from advisor.content.load import BASE
from advisor.smscount import ALONE, JOINED, sms_count

BUBBLE = 600  # characters of one message, on the narrowest channel
FIRST_IN_NEED = 80  # characters of the first message in an emergency
LONG, TOO_LONG = 30, 45  # Chinese characters of a sentence: worth a look, and too many
MOST_SMS = 2  # how many SMS a short form may take, with facts of the usual length
MOST_BUBBLES = 3
_LEAKS = re.compile(r"\bNone\b|\bTrue\b|\bFalse\b|\{\{|\{%|Undefined|<[a-z_.]+ object")


@dataclass(frozen=True, slots=True)
class Text:
    """One rendering: its words, or (with a line) what went wrong."""

    occasion: Occasion
    language: str
    facts: str
    words: str
    wrong: str = ""
    line: int = 1
    short: bool = False


@lru_cache(maxsize=1)
def texts(subject: Subject) -> list[Text]:
    """Render everything that is read."""
    return [
        text
        for language in subject.languages
        for occasion in occasions(subject)
        if occasion.kind not in ("values", "picture") and exists(subject, occasion.template, language)
        for text in renderings(subject, occasion, language)
    ]


def renderings(subject: Subject, occasion: Occasion, language: str) -> Iterator[Text]:
    """Render one template on one occasion, with all sets of facts."""
    mentioned = {use.name for use in uses(subject.expressions, f"{language}/{occasion.template}")}
    flow = occasion.state.partition(".")[0] if occasion.kind == "say" else ""
    spoken = subject.content.spoken.get(language, {})
    slots = {**subject.content.all_slots, **(spoken[flow].slots if flow in spoken else {})}
    short = occasion.kind == "letter" and subject.content.letters[occasion.letter].front.short
    for number, (called, facts) in enumerate(facts_for(subject, occasion, mentioned)):
        for handed in handed_for(subject, occasion, mentioned if number < 2 else set()):
            for is_short in (False, True) if short else (False,):
                try:
                    if occasion.kind == "letter":
                        words = subject.words.letter(occasion.letter, language, subject.today, slots, facts, is_short)
                    else:
                        words = subject.words.say(occasion.template, language, subject.today, slots, facts, **handed)
                except Exception as error:  # whatever a template can do wrong is the lawyer's to know, not a crash
                    yield Text(
                        occasion, language, called, "", in_chinese(str(error) or type(error).__name__), _line(error)
                    )
                else:
                    yield Text(occasion, language, called, words, short=is_short)


def _line(error: Exception) -> int:
    """Give the line of the template where rendering stopped."""
    return next(
        (frame.lineno or 1 for frame in reversed(extract_tb(error.__traceback__)) if frame.filename.endswith(".j2")), 1
    )


def templates_render(subject: Subject) -> Iterator[Problem]:
    """Every template can be rendered, whichever of its facts are known."""
    told: set[tuple[str, str, str]] = set()
    for text in texts(subject):
        key = (text.language, text.occasion.template, text.wrong)
        if text.wrong and key not in told:
            told.add(key)
            where = f"（{text.occasion.state}）" if text.occasion.kind == "say" else ""
            yield at_template(
                text.language,
                text.occasion.template,
                text.line,
                f"写不出来{where}，{text.facts}时：{text.wrong}",
                "用之前先看有没有：{% if … is defined %} 或 {% if … %}",
            )


def _at(text: Text, what: str, hint: str) -> Problem:
    return at_template(text.language, text.occasion.template, 1, what, hint)


def _longest(found: Iterable[tuple[Text, int]]) -> list[tuple[Text, int]]:
    """Keep the longest rendering of each template."""
    kept: dict[tuple[str, str], tuple[Text, int]] = {}
    for text, size in found:
        key = (text.language, text.occasion.template)
        if key not in kept or kept[key][1] < size:
            kept[key] = text, size
    return list(kept.values())


def bubbles_fit(subject: Subject) -> Iterator[Problem]:
    """No message is longer than 600 characters; what goes with a letter is counted with it."""
    notes = {(text.language, text.occasion.template): 0 for text in texts(subject)}
    for text in texts(subject):
        if text.occasion.template == "shell/letter_note":
            key = (text.language, text.occasion.template)
            notes[key] = max(notes[key], len(text.words) + 2)
    sizes = []
    for text in texts(subject):
        beside = notes.get((text.language, "shell/letter_note"), 0) if text.occasion.letter else 0
        if text.occasion.kind != "letter":
            sizes.append((text, len(text.words) + beside))
    for text, size in _longest(sizes):
        most = BUBBLE if text.language == BASE else BUBBLE * WIDER
        if size > most:
            yield _at(text, f"这一条有 {size} 个字（{text.facts}）", f"不超过 {most} 个字，拆成两步或删短")


def long_letters(subject: Subject) -> Iterator[Problem]:
    """Letters that do not fit into one message, so that some channels send them in parts."""
    for text, size in _longest(
        (t, len(t.words)) for t in texts(subject) if t.occasion.kind == "letter" and not t.short
    ):
        if size > BUBBLE:
            yield _at(text, f"这份文书最长 {size} 个字", "超过一条消息，有的渠道会分几条发")


def short_forms_are_short(subject: Subject) -> Iterator[Problem]:
    """The short form of a letter fits into two SMS."""
    for text, count in _longest((t, sms_count(" ".join(t.words.split()))) for t in texts(subject) if t.short):
        if count > MOST_SMS:
            yield _at(
                text,
                f"短信版要 {count} 条（{text.facts}）",
                f"最多 {MOST_SMS} 条：一条 {ALONE} 个字，两条起每条 {JOINED} 个字",
            )


def sentences_are_not_too_long(subject: Subject) -> Iterator[Problem]:
    """No sentence is longer than 45 characters, the names and words of the law not counted."""
    for text, sentence in _long_sentences(subject):
        if length(sentence) > TOO_LONG:
            yield _at(text, f"这句有 {length(sentence)} 个字：“{sentence}”", "拆成两句")


def sentences_are_long(subject: Subject) -> Iterator[Problem]:
    """Sentences of more than 30 characters."""
    for text, sentence in _long_sentences(subject):
        yield _at(text, f"这句有 {length(sentence)} 个字：“{sentence}”", "能拆就拆")


def _long_sentences(subject: Subject) -> Iterator[tuple[Text, str]]:
    says = [
        version.says
        for law in subject.content.law_files.values()
        for provision in law.provisions.values()
        for version in provision.versions.values()
        if version.says
    ]
    seen: set[tuple[str, str, str]] = set()
    longest: dict[tuple[str, str, str], tuple[Text, str]] = {}  # a sentence that differs only further on is the same
    for text in texts(subject):
        words, where = text.words, (text.language, text.occasion.template)
        if text.occasion.kind == "letter" or (*where, words) in seen:
            continue
        seen.add((*where, words))
        if "《" in words or "law(" in words:
            for said in says:
                words = words.replace(said, "")
        words = re.sub(r"《[^》]*》(?:第[^，。；：、\n]*?[条款项])*", "", re.sub(r"（[^（）]*）", "", words))
        for sentence in sentences(words):
            key = (*where, sentence[:10])
            if length(sentence) > max(LONG, length(longest[key][1]) if key in longest else 0):
                longest[key] = text, sentence
    yield from longest.values()


def first_words_in_need_are_few(subject: Subject) -> Iterator[Problem]:
    """In an emergency the first message has at most 80 characters."""
    graph = subject.graph
    begin = {graph.start(name) for name, flow in subject.content.own_flows.items() if flow.urgent}
    begin |= {place for place in graph.alarm_places().values() if subject.content.flows[place.partition(".")[0]].urgent}
    for text, size in _longest(
        (t, len(t.words)) for t in texts(subject) if t.occasion.kind == "say" and t.occasion.state in begin
    ):
        if size > (FIRST_IN_NEED if text.language == BASE else FIRST_IN_NEED * WIDER):
            yield _at(text, f"紧急时的第一条有 {size} 个字", f"不超过 {FIRST_IN_NEED} 个字，先写做什么")
    for name in sorted(begin):
        if len(graph.states[name].ask) > FIRST_IN_NEED:
            yield subject.at_state(
                name, ("ask",), f"紧急时的第一条有 {len(graph.states[name].ask)} 个字", f"不超过 {FIRST_IN_NEED} 个字"
            )


def questions_come_soon(subject: Subject) -> Iterator[Problem]:
    """Where the program itself asks, at most 120 characters stand before the question mark."""
    asking = [
        (text, max(text.words.rfind("？"), text.words.rfind("?")))
        for text in texts(subject)
        if text.occasion.template in ASKING
    ]
    for text, size in _longest(asking):
        if size > (QUESTION if text.language == BASE else QUESTION * WIDER):
            yield _at(text, f"问号前面有 {size} 个字", f"不超过 {QUESTION} 个字")


def few_messages_between_questions(subject: Subject) -> Iterator[Problem]:
    """Between two questions come at most three messages, a draft counted as one."""
    graph = subject.graph
    said = {name for name, state in graph.states.items() if state.say}
    after_another = {way.target for name in said for way in graph.ways[name] if way.kind == "next"}
    for name in sorted(said - (after_another - graph.entries())):
        count, chain = _messages(graph, name)
        if count > MOST_BUBBLES and name.partition(".")[0] in subject.content.own_flows:
            yield subject.at_state(
                name,
                ("say",),
                f"一次要发 {count} 条：{' → '.join(chain)}",
                f"最多 {MOST_BUBBLES} 条，并成一条或中间问一句",
            )


def _messages(graph: Graph, name: str) -> tuple[int, list[str]]:
    state = graph.states[name]
    if not state.say:
        return 1, [name]
    here = 2 if state.letter else 1
    if state.end:
        return here + 1, [name]
    count, chain = max(
        (_messages(graph, way.target) for way in graph.ways[name] if way.kind == "next"), default=(1, [])
    )
    return here + count, [name, *chain]


def printed_numbers_are_registered(subject: Subject) -> Iterator[Problem]:
    """Every public number in the finished words stands in channels.yaml."""
    known = {*registered(subject), PHONE}
    for text in texts(subject):
        for number, _ in numbers_in(text.words):
            if re.sub(r"\D", "", number) not in known:
                yield _at(text, f"写出了没有登记的号码“{number}”", "用 channel() 写登记过的号码")


def nothing_leaks(subject: Subject) -> Iterator[Problem]:
    """No word of the program shows in the finished words."""
    for text in texts(subject):
        if text.language == BASE and (match := _LEAKS.search(text.words)):
            yield _at(text, f"写出了程序里的“{match.group()}”", "看这个值没有时该写什么")


def answers_never_say(subject: Subject) -> Iterator[Problem]:
    """No answer says what its question says it must never say."""
    for text in texts(subject):
        if text.occasion.kind == "question":
            for never in subject.content.questions[text.occasion.state].never:
                if never in text.words:
                    yield _at(text, f"说了绝不能说的“{never}”", "换一种说法")


RULES = (
    templates_render,
    bubbles_fit,
    short_forms_are_short,
    sentences_are_not_too_long,
    first_words_in_need_are_few,
    questions_come_soon,
    few_messages_between_questions,
    printed_numbers_are_registered,
    nothing_leaks,
    answers_never_say,
)
NOTES = (long_letters, sentences_are_long)
