"""Stage 5, the rules of the house that can be counted in what is written: length, one question, and words."""

import re
from collections.abc import Iterator

from advisor.answers import fold
from advisor.checks.printed import literal_text, told_in_flows, told_in_knowledge
from advisor.checks.subject import Subject, at_template
from advisor.content import Problem

LABEL = 12  # characters that a button must stay under
QUESTION = 120  # characters of a question
SENTENCE = 30  # Chinese characters of a sentence in a question
WIDER = 3  # how many more letters other languages need
HEARD_WITHIN = ("correct", "feeling", "write")  # heard within a sentence, beside the other words
_SLASH = re.compile(r"[\u4e00-\u9fff]\s*[/／]\s*[\u4e00-\u9fff]")
_QUOTED = re.compile(r"“[^”]*”")
_WORDS = re.compile(r"[\u4e00-\u9fff]|[A-Za-z0-9.,:@_-]+")


def length(sentence: str) -> int:
    """Count a sentence: each Chinese character, and each word or number in other letters, is one."""
    return len(_WORDS.findall(sentence))


def sentences(text: str) -> list[str]:
    """Cut a text into its sentences."""
    return [part.strip() for part in re.split(r"[。！？；!?;\n]+|(?<!(?<![0-9])[0-9])\.[”\"]? ", text) if part.strip()]


def buttons_are_short(subject: Subject) -> Iterator[Problem]:
    """Whatever stands on a button has fewer than twelve characters."""
    problem = subject.content.problem
    limit = {file: LABEL * (WIDER if file.count("/") > 1 else 1) for file, _, _ in told_in_flows(subject)}
    for file, loc, text in told_in_flows(subject):
        if ((loc[-1] == "label" and loc[0] != "slots") or "choices" in loc) and len(text) >= limit[file]:
            yield problem(file, loc, f"“{text}”有 {len(text)} 个字，放在按钮上太长", f"少于 {limit[file]} 个字")
    graph = subject.graph
    shown = {way.target for ways in graph.ways.values() for way in ways if way.kind in ("menu", "offer")}
    for name in sorted(shown):
        flow = name.partition(".")[0]
        title = subject.content.flows[flow].title
        if not graph.states[name].label and len(title) >= LABEL:
            yield subject.at_flow(
                flow, ("title",), f"标题“{title}”有 {len(title)} 个字，放在菜单上太长", f"少于 {LABEL} 个字"
            )


def questions_are_single(subject: Subject) -> Iterator[Problem]:
    """A question asks one thing, in one message of at most 120 characters; a menu may do without a question mark."""
    problem = subject.content.problem
    for file, loc, text in told_in_flows(subject):
        if loc[-1] != "ask" or not text:
            continue
        longest = QUESTION * (WIDER if file.count("/") > 1 else 1)
        if len(text) > longest:
            yield problem(file, loc, f"问题有 {len(text)} 个字", f"不超过 {longest} 个字，长的话移到前面的 say")
        marks = len(re.findall("[？?]", text))
        if marks > 1 or (marks == 0 and not _is_menu(subject, file, loc)):
            yield problem(file, loc, f"这里有 {marks} 个问号，要正好问一件事", "留一个问句，别的移到另一个状态")


def _is_menu(subject: Subject, file: str, loc: tuple[str | int, ...]) -> bool:
    flow = subject.content.own_flows.get(file.rpartition("/")[2].removesuffix(".yaml"))
    return loc[0] == "states" and flow is not None and bool(flow.states[str(loc[1])].menu)


def questions_are_plain(subject: Subject) -> Iterator[Problem]:
    """Sentences of a question stay under thirty characters."""
    problem = subject.content.problem
    for file, loc, text in told_in_flows(subject):
        if loc[-1] == "ask":
            for sentence in sentences(text):
                if length(sentence) > SENTENCE:
                    yield problem(
                        file, loc, f"这句有 {length(sentence)} 个字：“{sentence}”", f"拆开，每句不超过 {SENTENCE} 个字"
                    )


def no_slash_for_or(subject: Subject) -> Iterator[Problem]:
    """Between Chinese words stands 或, not a slash."""
    problem = subject.content.problem
    for file, loc, text in told_in_flows(subject):
        if match := _SLASH.search(text):
            yield problem(file, loc, f"“{match.group()}”用了斜线", "写“或”")
    for language, name, text in literal_text(subject):
        for match in _SLASH.finditer(text):
            yield at_template(
                language, name, text.count("\n", 0, match.start()) + 1, f"“{match.group()}”用了斜线", "写“或”"
            )


def house_words_are_kept(subject: Subject) -> Iterator[Problem]:
    """The words of templates/words.yaml stand only where they may."""
    problem = subject.content.problem
    for file, loc, text in told_in_flows(subject):
        for word, hint, _ in _wrong_words(subject, text):
            yield problem(file, loc, f"这里不用“{word}”", hint)
    for language, name, text in literal_text(subject):
        for word, hint, at in _wrong_words(subject, text, name.startswith("letters/")):
            yield at_template(language, name, text.count("\n", 0, at) + 1, f"这里不用“{word}”", hint)
    for file, loc, text in told_in_knowledge(subject):
        for word, hint, _ in _wrong_words(subject, text, only_never=True):
            yield problem(file, loc, f"这里不用“{word}”", hint)


def _wrong_words(
    subject: Subject, text: str, in_letter: bool = False, only_never: bool = False
) -> Iterator[tuple[str, str, int]]:
    quoted = [match.span() for match in _QUOTED.finditer(text)]
    for rule in subject.content.house_words.values():
        if (rule.where != "never" and only_never) or (rule.where == "letters" and in_letter):
            continue
        for word in rule.words:
            for match in re.finditer(re.escape(word), text):
                inside = any(a < match.start() and match.end() < b for a, b in quoted)
                if rule.where != "quotations" or not inside:
                    where = {"never": "", "letters": "只能写在文书里；", "quotations": "只能写在“”里；"}[rule.where]
                    yield word, f"{where}这里写：{rule.instead}", match.start()


def everywhere_words_are_distinct(subject: Subject) -> Iterator[Problem]:
    """No two words that work everywhere are called by the same phrase."""
    problem = subject.content.problem
    owner: dict[str, str] = {}
    for name, word in subject.content.everywhere.items():
        if name in HEARD_WITHIN:
            continue
        for number, heard in enumerate((word.label, *word.hears)):
            first = owner.setdefault(fold(heard), name)
            if first != name:
                loc = ("words", name, "label") if number == 0 else ("words", name, "hears", number - 1)
                yield problem("flows/everywhere.yaml", loc, f"“{heard}”也是“{first}”", "只留在一处")


def questions_are_told_apart(subject: Subject) -> Iterator[Problem]:
    """No two questions of the knowledge are asked with the same phrase."""
    problem = subject.content.problem
    owner: dict[str, str] = {}
    for name, question in subject.content.questions.items():
        for key, phrases in (("asks", question.asks), ("told", question.told)):
            for number, ask in enumerate(phrases):
                first = owner.setdefault(ask, name)
                if first != name:
                    file = subject.content.owners[f"questions.{name}"]
                    yield problem(file, ("questions", name, key, number), f"“{ask}”也是“{first}”的问法", "只留在一处")


RULES = (
    buttons_are_short,
    questions_are_single,
    questions_are_plain,
    no_slash_for_or,
    house_words_are_kept,
    everywhere_words_are_distinct,
    questions_are_told_apart,
)
