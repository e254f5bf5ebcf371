"""Stage 6, how much is said at once: in one message, in one sentence, before a question, between two questions."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from advisor.checks.graph import Graph
from advisor.checks.handed import ASKING
from advisor.checks.house import QUESTION, WIDER, length, sentences
from advisor.checks.rendered import Text, at_text, texts
from advisor.checks.subject import Subject
from advisor.content import Problem
from advisor.content.load import BASE
from advisor.smscount import ALONE, JOINED, sms_count

BUBBLE = 600  # characters of one message, on the narrowest channel
FIRST_IN_NEED = 80  # characters of the first message in an emergency
LONG, TOO_LONG = 30, 45  # Chinese characters of a sentence: worth a look, and too many
MOST_SMS = 2  # how many SMS a short form may take, with facts of the usual length
MOST_BUBBLES = 3
WRITTEN = ("letter", "paper")  # kinds of texts that are handed over as they are, and are no messages


def _most(characters: int, text: Text) -> int:
    """Give how many characters a text may have, by its language."""
    return characters if text.language == BASE else characters * WIDER


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
    sizes = [
        (text, len(text.words) + (_note(subject, text.language, text.occasion.letter) if text.occasion.letter else 0))
        for text in texts(subject)
        if text.occasion.kind not in WRITTEN
    ]
    for text, size in _longest(sizes):
        most = _most(BUBBLE, text)
        if size > most:
            yield at_text(text, f"这一条有 {size} 个字（{text.facts}）", f"不超过 {most} 个字，拆成两步或删短")


@lru_cache(maxsize=200)
def _note(subject: Subject, language: str, letter: str) -> int:
    """Count what is said of a letter wherever it is handed over."""
    front = subject.content.editions[language].letters[letter].front
    return len(subject.words.say("shell/letter_note", language, subject.today, letter=front)) + 2


def long_letters(subject: Subject) -> Iterator[Problem]:
    """Letters that do not fit into one message, so that some channels send them in parts."""
    for text, size in _longest(
        (t, len(t.words)) for t in texts(subject) if t.occasion.kind == "letter" and not t.short
    ):
        if size > _most(BUBBLE, text):
            yield at_text(text, f"这份文书最长 {size} 个字", "超过一条消息，有的渠道会分几条发")


def short_forms_are_short(subject: Subject) -> Iterator[Problem]:
    """The short form of a letter fits into two SMS."""
    for text, count in _longest(
        (t, sms_count(" ".join(t.words.split()))) for t in texts(subject) if t.short and t.language == BASE
    ):
        if count > MOST_SMS:
            yield at_text(
                text,
                f"短信版要 {count} 条（{text.facts}）",
                f"最多 {MOST_SMS} 条：一条 {ALONE} 个字，两条起每条 {JOINED} 个字",
            )


def sentences_are_not_too_long(subject: Subject) -> Iterator[Problem]:
    """No sentence is longer than 45 characters, the names and words of the law not counted."""
    for text, sentence in _long_sentences(subject):
        if length(sentence) > TOO_LONG:
            yield at_text(text, f"这句有 {length(sentence)} 个字：“{sentence}”", "拆成两句")


def sentences_are_long(subject: Subject) -> Iterator[Problem]:
    """Sentences of more than 30 characters."""
    for text, sentence in _long_sentences(subject):
        yield at_text(text, f"这句有 {length(sentence)} 个字：“{sentence}”", "能拆就拆")


def _long_sentences(subject: Subject) -> Iterator[tuple[Text, str]]:
    says = [
        version.says
        for edition in subject.content.editions.values()
        for law in edition.law_files.values()
        for provision in law.provisions.values()
        for version in provision.versions.values()
        if version.says
    ]
    seen: set[tuple[str, str, str]] = set()
    longest: dict[tuple[str, str, str], tuple[Text, str]] = {}  # a sentence that differs only further on is the same
    for text in texts(subject):
        words, where = text.words, (text.language, text.occasion.template)
        if text.occasion.kind in WRITTEN or (*where, words) in seen:
            continue
        seen.add((*where, words))
        if "《" in words or "law(" in words:
            for said in says:
                words = words.replace(said, "")
        for beside in (r"（[^（）]*）", r" ?\([^()]*\)", r"《[^》]*》(?:第[^，。；：、\n]*?[条款项])*"):
            words = re.sub(beside, "", words)
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
        if size > _most(FIRST_IN_NEED, text):
            yield at_text(text, f"紧急时的第一条有 {size} 个字", f"不超过 {FIRST_IN_NEED} 个字，先写做什么")
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
        if size > _most(QUESTION, text):
            yield at_text(text, f"问号前面有 {size} 个字", f"不超过 {QUESTION} 个字")


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


RULES = (
    bubbles_fit,
    short_forms_are_short,
    sentences_are_not_too_long,
    first_words_in_need_are_few,
    questions_come_soon,
    few_messages_between_questions,
)
NOTES = (long_letters, sentences_are_long)
