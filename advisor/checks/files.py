"""Stage 1, the files: each is there and can be read, and has known keys and fitting values."""

from collections.abc import Iterator

from advisor.checks.subject import Subject
from advisor.content import ContentError, Problem
from advisor.content.load import BASE

PARTS = (
    "shared",
    "own_flows",
    "letters",
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
    "exports",
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


RULES = (
    folders_exist,
    templates_are_text,
    letters_have_heads,
    parts_are_read,
)
