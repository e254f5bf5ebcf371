"""Stage 3, what is printed: public numbers only from the register, articles only through law(), nothing overdue."""

import re
from collections.abc import Iterator, Mapping

from advisor.checks.due import NOTICE, due
from advisor.checks.subject import Subject, at_template
from advisor.content import Problem
from advisor.content.flow import Flow, Slot
from advisor.content.translation import Translation
from advisor.content.words import FlowWords, SlotWords

_UNIT = r"(?!\s*(?:元|块|万|天|日|个|条|次|人|年|月|字|名|页|分|秒|小时|期|项|%|％|倍|多|份|号令|号文))"
_PHONE = re.compile(
    r"(?<![\d.,第〔\[年月])(?:1[0-2]\d|12\d{3}|95\d{3,6}|96\d{3,4}|(?:400|800)[- ]?\d{3,4}[- ]?\d{3,4}"
    r"|0\d{2,3}[- ]\d{7,8}|1[3-9]\d{9}|106\d{5,9})(?![\d.,]*\d)" + _UNIT
)
_ARTICLE = re.compile(
    r"第\s*[一二三四五六七八九十百零〇两\d]+\s*条(?!短信|消息|信息|记录|微信|评论|理由|证据|建议|办法|路|线)"
)
_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)


def numbers_in(text: str) -> list[tuple[str, int]]:
    """Find what looks like a telephone number, and the line it stands on."""
    return [(match.group(), text.count("\n", 0, match.start()) + 1) for match in _PHONE.finditer(text)]


def without_tags(text: str) -> str:
    """Blank out what is between the signs of a template, keeping every line where it was."""
    return _TAG.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)


def literal_text(subject: Subject) -> Iterator[tuple[str, str, str]]:
    """Give what each template says outside its signs, heads of letters included: language, name, text."""
    for language in subject.languages:
        for name in subject.templates(language):
            path = subject.root / "templates" / language / f"{name}.j2"
            yield language, name, without_tags(path.read_text(encoding="utf-8"))


def told_in_flows(subject: Subject) -> Iterator[tuple[str, tuple[str | int, ...], str]]:
    """Give every sentence that a flow says itself, in each language: file, place, text."""
    versions: list[tuple[str, Mapping[str, Flow | FlowWords]]] = [("", subject.content.own_flows)]
    versions += [(f"{language}/", words.flows) for language, words in subject.content.translations.items()]
    for folder, flows in versions:
        for flow_name, flow in flows.items():
            file = f"flows/{folder}{flow_name}.yaml"
            yield file, ("title",), flow.title
            for name, state in flow.states.items():
                yield from ((file, ("states", name, key), getattr(state, key)) for key in ("ask", "label"))
            for name, slot in flow.slots.items():
                yield from _told_of_slot(file, name, slot)
    for name, slot in subject.content.shared.items():
        yield from _told_of_slot("flows/slots.yaml", name, slot)
    for word, option in subject.content.everywhere.items():
        yield "flows/everywhere.yaml", ("words", word, "label"), option.label
    for language, words in subject.content.translations.items():
        for name, said in words.shared.items():
            yield from _told_of_slot(f"flows/{language}/slots.yaml", name, said)


def _told_of_slot(file: str, name: str, slot: Slot | SlotWords) -> Iterator[tuple[str, tuple[str | int, ...], str]]:
    for key in ("label", "ask", "example"):
        yield file, ("slots", name, key), getattr(slot, key)
    for choice, option in slot.choices.items():
        yield file, ("slots", name, "choices", choice, "label"), option.label


def told_in_knowledge(subject: Subject) -> Iterator[tuple[str, tuple[str | int, ...], str]]:
    """Give every sentence of the knowledge that is printed: file, place, text."""
    content = subject.content
    for law in content.law_files:
        for slug, provision in content.law_files[law].provisions.items():
            for day, version in provision.versions.items():
                yield law, ("provisions", slug, "versions", day.isoformat(), "says"), version.says
    for slug, channel in content.channels.items():
        for key, text in (("for", channel.for_), ("not_for", channel.not_for), ("hours", channel.hours)):
            yield "knowledge/channels.yaml", ("channels", slug, key), text
    for name, signal in content.signals.items():
        yield content.owners[f"signals.{name}"], ("signals", name, "because"), signal.because
    for language, words in content.translations.items():
        yield from _told_in_words(f"knowledge/{language}", words)


def _told_in_words(folder: str, words: Translation) -> Iterator[tuple[str, tuple[str | int, ...], str]]:
    for file, law in words.law_files.items():
        for slug, provision in law.provisions.items():
            for day, says in provision.says.items():
                yield f"{folder}/law/{file.rpartition('/')[2]}", ("provisions", slug, "says", day.isoformat()), says
    for slug, channel in words.channels.items():
        for key, text in (("for", channel.for_), ("not_for", channel.not_for), ("hours", channel.hours)):
            yield f"{folder}/channels.yaml", ("channels", slug, key), text
    for name, signal in words.signals.items():
        yield f"{folder}/signals.yaml", ("signals", name, "because"), signal.because


def registered(subject: Subject) -> dict[str, str]:
    """Give the registered numbers, bare of signs between digits, and their slugs."""
    return {
        re.sub(r"\D", "", channel.number): slug for slug, channel in subject.content.channels.items() if channel.number
    }


def numbers_in_templates_come_from_the_register(subject: Subject) -> Iterator[Problem]:
    """No template writes a public number itself: channel() prints it."""
    slugs = registered(subject)
    for language, name, text in literal_text(subject):
        for number, line in numbers_in(text):
            slug = slugs.get(re.sub(r"\D", "", number))
            hint = (
                f'写成 {{{{ channel("{slug}") }}}}' if slug else "先登记到 knowledge/channels.yaml，再用 channel() 写"
            )
            yield at_template(language, name, line, f"直接写了号码“{number}”", hint)


def told_numbers_are_registered(subject: Subject) -> Iterator[Problem]:
    """Numbers in questions, labels and the knowledge stand in channels.yaml."""
    problem = subject.content.problem
    known = registered(subject)
    for part in (told_in_flows, told_in_knowledge):
        for file, loc, text in part(subject):
            for number, _ in numbers_in(text):
                if re.sub(r"\D", "", number) not in known:
                    yield problem(file, loc, f"号码“{number}”没有登记", "登记到 knowledge/channels.yaml，或删去")


def articles_come_from_the_register(subject: Subject) -> Iterator[Problem]:
    """No template or flow writes the number of an article: law() prints the one that holds on the day."""
    problem = subject.content.problem
    for language, name, text in literal_text(subject):
        for match in _ARTICLE.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            yield at_template(
                language, name, line, f"直接写了“{match.group()}”", '用 {{ law("…", on=…) }}，条号会随日子变'
            )
    for file, loc, text in told_in_flows(subject):
        for match in _ARTICLE.finditer(text):
            yield problem(file, loc, f"流程里写了“{match.group()}”", "移到模板里，用 law() 写")


def reviews_are_not_overdue(subject: Subject) -> Iterator[Problem]:
    """Nothing is past the day on which it was to be reviewed."""
    problem = subject.content.problem
    for file, day in due(subject.content):
        if day < subject.today:
            yield problem(file, ("review_by",), f"复核日期 {day} 已过", "和来源核对后，改 checked 和 review_by")


def reviews_coming_up(subject: Subject) -> Iterator[Problem]:
    """What is to be reviewed within thirty days."""
    problem = subject.content.problem
    for file, day in due(subject.content):
        if subject.today <= day <= subject.today + NOTICE:
            left = (day - subject.today).days
            yield problem(file, ("review_by",), f"还有 {left} 天要复核（{day}）", "早点和来源核对")


RULES = (
    numbers_in_templates_come_from_the_register,
    told_numbers_are_registered,
    articles_come_from_the_register,
    reviews_are_not_overdue,
)
NOTES = (reviews_coming_up,)
