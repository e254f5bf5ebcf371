"""Stage 6, the pictures: the table of each is there and can be drawn, whichever facts are known."""

from collections.abc import Iterator

from advisor.charts import NoTableError, read_table
from advisor.checks.handed import exists, occasions
from advisor.checks.rendered import renderings
from advisor.checks.subject import Subject, at_template
from advisor.content import Problem
from advisor.content.load import BASE


def pictures_exist(subject: Subject) -> Iterator[Problem]:
    """Every picture that a state or a letter names is a template."""
    for flow, name, state in subject.states():
        if state.picture and not exists(subject, f"pictures/{state.picture}"):
            what = f"没有“pictures/{state.picture}”这个模板"
            yield subject.at_state(f"{flow}.{name}", ("picture",), what, f"建立 templates/{BASE}/ 下的同名 .j2 文件")
    for letter in subject.content.letters.values():
        if letter.front.picture and not exists(subject, f"pictures/{letter.front.picture}"):
            what = f"没有“pictures/{letter.front.picture}”这个模板"
            hint = f"建立 templates/{BASE}/ 下的同名 .j2 文件"
            yield subject.content.problem(letter.file, ("picture",), what, hint)


def pictures_can_be_drawn(subject: Subject) -> Iterator[Problem]:
    """What a picture's template gives is a table, or nothing."""
    told: set[tuple[str, str]] = set()
    for language in subject.languages:
        for occasion in occasions(subject):
            if occasion.kind != "picture" or not exists(subject, occasion.template, language):
                continue
            for text in renderings(subject, occasion, language):
                wrong = text.wrong or _wrong(text.words)
                if wrong and (language, occasion.template) not in told:
                    told.add((language, occasion.template))
                    hint = "第一行标题，第二行列名，以后一月一行，用 | 隔开"
                    yield at_template(
                        language, occasion.template, text.line, f"画不出来，{text.facts}时：{wrong}", hint
                    )


def _wrong(words: str) -> str:
    try:
        if words:
            read_table(words)
    except NoTableError as error:
        return str(error)
    return ""


RULES = (pictures_exist, pictures_can_be_drawn)
