"""Stage 1, the files: each is there and can be read, has known keys and fitting values, and every language is whole."""

from collections.abc import Iterator, Mapping
from typing import Any

from advisor.checks.subject import NOT_LANGUAGES, Subject, suggest
from advisor.content import ContentError, Problem
from advisor.content.flow import Flow, FlowWords
from advisor.content.load import BASE

PARTS = (
    "shared",
    "own_flows",
    "letters",
    "translations",
    "everywhere",
    "alarms",
    "law_files",
    "signals",
    "questions",
    "other_fields",
    "channels",
    "rates",
    "guards",
    "secrets",
    "tree",
    "house_words",
)
FOLDERS = (
    "flows",
    f"templates/{BASE}/letters",
    f"templates/{BASE}/shell",
    "knowledge/law",
    "knowledge/signals",
    "knowledge/questions",
)


def folders_exist(subject: Subject) -> Iterator[Problem]:
    """Every folder of the content is there."""
    for folder in FOLDERS:
        if not (subject.root / folder).is_dir():
            yield Problem(folder, 1, 1, "没有这个文件夹", "建立它，或从版本库里取回")


def templates_are_text(subject: Subject) -> Iterator[Problem]:
    """Every template is a UTF-8 text without hidden signs at its beginning."""
    for path in sorted((subject.root / "templates").rglob("*.j2")):
        file = path.relative_to(subject.root).as_posix()
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            yield Problem(file, 1, 1, "文件不是 UTF-8 编码", "另存为 UTF-8")
            continue
        if text.startswith("\ufeff"):
            yield Problem(file, 1, 1, "文件开头有看不见的标记（BOM）", "另存为不带 BOM 的 UTF-8")
        elif not text.strip():
            yield Problem(file, 1, 1, "文件是空的", "写上要说的话，或删去这个文件")


def letters_have_heads(subject: Subject) -> Iterator[Problem]:
    """Every letter begins with its head, between two lines of exactly three dashes."""
    unreadable = {problem.file for problem in templates_are_text(subject)}
    for file in _headless(subject):
        if file in unreadable:
            continue
        yield Problem(
            file, 1, 1, "文书开头要有信头：两行 --- 中间写 title、to、needs 等", "照别的文书补上，--- 前后不留空格"
        )


def _headless(subject: Subject) -> list[str]:
    found = []
    for path in sorted((subject.root / "templates" / BASE / "letters").glob("*.j2")):
        text = path.read_bytes().decode("utf-8", "replace").replace("\r\n", "\n").removeprefix("\ufeff")
        if not text.startswith("---\n") or "\n---\n" not in text[3:]:
            found.append(path.relative_to(subject.root).as_posix())
    return found


def parts_are_read(subject: Subject) -> Iterator[Problem]:
    """Every file is YAML with known keys, no key twice, and values of their types."""
    told = {*_headless(subject), *(problem.file for problem in templates_are_text(subject))}
    for part in PARTS:
        try:
            getattr(subject.content, part)
        except ContentError as error:
            yield from (problem for problem in error.problems if problem.file not in told)
        except (UnicodeDecodeError, FileNotFoundError):
            continue  # told by the rules above, of the file or the folder itself


def flows_are_translated(subject: Subject) -> Iterator[Problem]:
    """In every further language each flow has all its questions, labels and choices, and nothing else."""
    try:
        flows, translations = subject.content.own_flows, subject.content.translations
    except (ContentError, FileNotFoundError):
        return
    for language, words in translations.items():
        for name in sorted(flows.keys() - words.keys()):
            yield Problem(
                f"flows/{language}/{name}.yaml", 1, 1, f"缺少“{name}”这个流程的译文", f"照 flows/{name}.yaml 写一份"
            )
        for name, said in words.items():
            file = f"flows/{language}/{name}.yaml"
            if name not in flows:
                hint = suggest(name, flows, "删去这个文件，或改正文件名")
                yield Problem(file, 1, 1, f"没有叫“{name}”的流程", hint)
            else:
                yield from _compare(subject, file, flows[name], said)


def _compare(subject: Subject, file: str, flow: Flow, said: FlowWords) -> Iterator[Problem]:
    def pairs(loc: tuple[str, ...], ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> Iterator[Problem]:
        for name in theirs.keys() - ours.keys():
            hint = suggest(name, ours, "删去它，或改正名字")
            yield subject.content.problem(file, (*loc, name), f"中文的流程里没有“{name}”", hint)
        for name, entry in ours.items():
            other = theirs.get(name)
            keys = [key for key in ("ask", "label", "example", "unit") if getattr(entry, key, "")]
            for key in keys:
                if not getattr(other, key, ""):
                    yield subject.content.problem(file, (*loc, name), f"“{name}”缺少 {key} 的译文", f"补上“{key}:”")
            if other is not None and getattr(entry, "choices", None):
                yield from pairs((*loc, name, "choices"), entry.choices, other.choices)

    yield from pairs(("slots",), flow.slots, said.slots)
    yield from pairs(("states",), flow.states, said.states)


def templates_are_translated(subject: Subject) -> Iterator[Problem]:
    """Every further language has each template of the base language, and no other; and flows as well."""
    spoken = {p.name for p in (subject.root / "flows").glob("*") if p.is_dir()} - NOT_LANGUAGES
    written = {p.name for p in (subject.root / "templates").glob("*") if p.is_dir()} - NOT_LANGUAGES - {BASE}
    base = set(subject.templates())
    for language in sorted(spoken | written):
        if language not in spoken:
            yield Problem(
                f"flows/{language}", 1, 1, f"有 templates/{language}，却没有 flows/{language}", "补上流程的译文"
            )
        theirs = set(subject.templates(language))
        for folder in sorted({name.rpartition("/")[0] for name in base - theirs}):
            lacking = sorted(n.rpartition("/")[2] for n in base - theirs if n.rpartition("/")[0] == folder)
            where = f"templates/{language}/{folder}".rstrip("/")
            yield Problem(where, 1, 1, f"缺少模板的译文：{'、'.join(lacking)}", f"照 templates/{BASE} 里的同名模板写")
        for name in sorted(theirs - base):
            hint = suggest(name, base, "删去它，或改正文件名")
            yield Problem(f"templates/{language}/{name}.j2", 1, 1, f"中文里没有“{name}”这个模板", hint)


RULES = (
    folders_exist,
    templates_are_text,
    letters_have_heads,
    parts_are_read,
    flows_are_translated,
    templates_are_translated,
)
