"""Reads a YAML file as the text that was written, and remembers the line of every word in it.

Plain YAML would read `no` as false, `010` as 8 and `12:30` as 750, and would let the second of two equal
keys win silently. Here every scalar stays text, a key written twice is a mistake, and a wrong value is
reported at its own line.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, TypeVar

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

Model = TypeVar("Model", bound=BaseModel)
Loc = Sequence[str | int]
DEEPEST = 50  # collections within each other; the reader of YAML would fall over thousands


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake in the content: where it stands, what is wrong, what to do."""

    file: str
    line: int
    column: int
    what: str
    hint: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}: {self.what}"
        return f"{place}\n    → {self.hint}" if self.hint else place


class ContentError(Exception):
    """The content has mistakes; `problems` names each of them."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(map(str, self.problems)))


class Entry(BaseModel):
    """The base of every piece of content: unknown keys are mistakes, nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


def _yes_or_no(value: object) -> object:
    match value:
        case "true" | "yes" | "是":
            return True
        case "false" | "no" | "否":
            return False
        case _:
            return value


YesNo = Annotated[bool, BeforeValidator(_yes_or_no)]

_PLAIN_TAGS = {
    f"tag:yaml.org,2002:{name}"
    for name in ("str", "int", "float", "bool", "null", "timestamp", "map", "seq", "merge", "value")
}
_WANTED = {
    "string_type": "这里要一段文字",
    "list_type": "这里要一个列表",
    "dict_type": "这里要“键: 值”",
    "model_type": "这里要“键: 值”",
    "model_attributes_type": "这里要“键: 值”",
    "bool_parsing": "这里要写 true 或 false",
    "int_parsing": "这里要一个整数",
    "decimal_parsing": "这里要一个数",
    "date_parsing": "这里要一个日期，例如 2026-11-23",
    "date_from_datetime_parsing": "这里要一个日期，例如 2026-11-23",
}


@dataclass(slots=True)
class Document:
    """One file as read: plain data of text, lists and mappings, with the place of each part."""

    file: str
    data: Any
    node: yaml.Node | None
    first_line: int = 1
    problems: list[Problem] = field(default_factory=list)

    def place(self, loc: Loc) -> tuple[int, int]:
        """Give line and column (both from 1) of the deepest part of `loc` that exists."""
        if self.node is None:
            return self.first_line, 1
        node, mark = self.node, self.node.start_mark
        for part in loc:
            if isinstance(node, yaml.MappingNode):
                for key, value in node.value:
                    if key.value == str(part):
                        node, mark = value, key.start_mark
                        break
            elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
                node = node.value[part]
                mark = node.start_mark
        return mark.line + self.first_line, mark.column + 1

    def problem(self, loc: Loc, what: str, hint: str = "") -> Problem:
        """Word a mistake at the place of `loc`."""
        line, column = self.place(loc)
        return Problem(self.file, line, column, what, hint)

    def read(self, model: type[Model], data: Any = None) -> Model | None:
        """Read the data as `model`; mistakes are added to `problems` and give None."""
        try:
            return model.model_validate(self.data if data is None else data)
        except ValidationError as error:
            self.problems += [self._word(one, model) for one in error.errors()]
            return None

    def _word(self, error: Any, model: type[BaseModel]) -> Problem:
        loc, kind, name = error["loc"], error["type"], str(error["loc"][-1]) if error["loc"] else ""
        if kind == "extra_forbidden":
            known = _known_keys(model, loc)
            return self.problem(loc, f"这里没有“{name}”这个键", _nearest(name, known))
        if kind == "missing":
            return self.problem(loc[:-1], f"缺少“{name}”", f"补上“{name}:”")
        if kind == "value_error":
            what, _, hint = str(error["ctx"]["error"]).partition("→")
            return self.problem(loc, what.strip(), hint.strip())
        if kind == "literal_error":
            expected = [word.strip(" '") for word in str(error["ctx"]["expected"]).replace(" or ", ", ").split(",")]
            return self.problem(loc, f"“{error['input']}”不在可用的值里", _nearest(str(error["input"]), expected))
        return self.problem(loc, f"“{name}”的值不对", _WANTED.get(kind, str(error["msg"])))


def _known_keys(model: type[BaseModel], loc: Loc) -> list[str]:
    """Name the keys that the innermost model on the way of `loc` knows."""
    here: Any = model
    for part in loc[:-1]:
        fields = getattr(here, "model_fields", None)
        if fields is None:
            break
        by_key = {info.alias or key: info for key, info in fields.items()}
        if part not in by_key:
            continue
        here = _innermost(by_key[str(part)].annotation) or here
    return [info.alias or key for key, info in here.model_fields.items()]


def _innermost(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in getattr(annotation, "__args__", ()):
        if found := _innermost(inner):
            return found
    return None


def _nearest(word: str, known: Iterable[str]) -> str:
    """Hint at the nearest right word, or list the right words when none is near."""
    known = list(known)
    near = get_close_matches(word, known, n=1, cutoff=0.6)
    return f"是不是“{near[0]}”？" if near else "可用的有：" + "、".join(known)


def nearest(word: str, known: Iterable[str]) -> str:
    """Hint at the nearest right word among `known`, for the checker's reports."""
    return _nearest(word, known)


def _is_too_deep(text: str) -> bool:
    """Tell whether lists and mappings lie deeper in each other than anything here; it is known without going there."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            return True
    return False


def read_yaml(text: str, file: str, first_line: int = 1) -> Document:
    """Parse YAML text; whatever is wrong with its form is in `problems` of the document."""
    document = Document(file, None, None, first_line)
    try:
        if _is_too_deep(text):
            document.problems.append(Problem(file, first_line, 1, "一层套一层，套得太深", f"最多套 {DEEPEST} 层"))
            return document
        document.node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + first_line, mark.column + 1) if mark else (first_line, 1)
        document.problems.append(
            Problem(file, line, column, f"不是合格的 YAML：{error.problem}", "检查缩进、冒号后的空格和引号")
        )
        return document
    except yaml.YAMLError:
        what = "不是合格的 YAML：有不能出现的字符"
        document.problems.append(Problem(file, first_line, 1, what, "删去控制字符，存为 UTF-8"))
        return document
    if document.node is None:
        document.problems.append(Problem(file, first_line, 1, "文件是空的", "写上内容，或删去这个文件"))
        return document
    document.data = _plain(document.node, document, set())
    return document


def _plain(node: yaml.Node, document: Document, seen: set[int]) -> Any:
    line, column = node.start_mark.line + document.first_line, node.start_mark.column + 1
    if id(node) in seen:
        document.problems.append(
            Problem(document.file, line, column, "这里不用 YAML 的引用（& 和 *）", "把内容直接写出来")
        )
        return ""
    seen.add(id(node))
    if node.tag not in _PLAIN_TAGS:
        what = "这里不用 YAML 的标签（!）"
        document.problems.append(Problem(document.file, line, column, what, "去掉标签，写成文字"))
        return ""
    if isinstance(node, yaml.MappingNode):
        return dict(_pairs(node, document, seen))
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, document, seen) for item in node.value]
    return node.value


def _pairs(node: yaml.MappingNode, document: Document, seen: set[int]) -> Iterator[tuple[str, Any]]:
    first: dict[str, int] = {}
    for key, value in node.value:
        line = key.start_mark.line + document.first_line
        name = str(key.value)
        if name in first:
            document.problems.append(
                Problem(
                    document.file,
                    line,
                    key.start_mark.column + 1,
                    f"“{name}”写了两次（第 {first[name]} 行已有）",
                    "留下一个，删去另一个",
                )
            )
        first.setdefault(name, line)
        yield name, _plain(value, document, seen)


def read_file(path: Path, root: Path) -> Document:
    """Read one YAML file; its name in reports is relative to `root`."""
    file = path.relative_to(root).as_posix()
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return Document(file, None, None, 1, [Problem(file, 1, 1, "文件不是 UTF-8 编码", "另存为 UTF-8")])
    return read_yaml(text, file)


def front_matter(text: str) -> tuple[str, int]:
    """Split off the head of a letter between two `---` lines; give it and the line its text begins on."""
    lines = text.split("\n")
    if lines[0].strip() != "---" or "---" not in (line.strip() for line in lines[1:]):
        return "", 1
    end = next(i for i, line in enumerate(lines[1:], 1) if line.strip() == "---")
    return "\n".join(lines[1:end]), end + 2
