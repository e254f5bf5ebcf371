"""The documents say what there is: every key, command, setting and folder, and examples that work."""

import ast
import re
import shutil
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import pytest

from advisor.checks import check
from advisor.content import load
from advisor.content.schema import FILES
from advisor.content.source import Entry, read_yaml
from advisor.drawing import draw_tree
from advisor.message import Message, Reply
from advisor.session import Session
from advisor.turn import Advisor, turn
from bot import parser
from tests.conversation import ROOT, SHANGHAI, Player, advisor, read

GUIDE = ROOT / "flows/README.md"
READMES = (ROOT / "README.md", ROOT / "README.zh-CN.md")
DOCS = (
    *READMES,
    GUIDE,
    ROOT / "CONTRIBUTING.md",
    *(ROOT / name for name in ("PRIVACY.md", "SECURITY.md", "deploy/README.md")),
)
NOT_OURS = {"data", "__pycache__"}
NOW = datetime(2026, 11, 23, 20, 30, tzinfo=SHANGHAI)
CONTENT = ("flows", "templates", "knowledge")
_FENCE = re.compile(r"^```(\S+) ?(.*)\n((?:.*\n)*?)```$", re.MULTILINE)


def blocks(path: Path, language: str) -> list[tuple[str, str]]:
    """Give what follows the language, and the body, of each fenced block of a language."""
    return [(more, body) for name, more, body in _FENCE.findall(path.read_text(encoding="utf-8")) if name == language]


def kind(pattern: str) -> str:
    """Name a kind of file: its pattern without the star and the ending."""
    return re.sub(r"(/\*)?\.\w+$", "", pattern)


KINDS = {kind(pattern): model for pattern, model in FILES.items()}


# ---- the guide names every key and every value -------------------------------------------------------------------


def inner(annotation: Any) -> Iterator[Any]:
    """Give a type and all the types it is made of."""
    yield annotation
    for part in get_args(annotation) if get_origin(annotation) is not Literal else ():
        yield from inner(part)


@cache
def models() -> dict[str, type[Entry]]:
    """Find every model that a content file is made of, by name."""
    found: dict[str, type[Entry]] = {}
    waiting: list[Any] = list(FILES.values())
    while waiting:
        model = waiting.pop()
        if model.__name__ not in found:
            found[model.__name__] = model
            parts = (part for field in model.model_fields.values() for part in inner(field.annotation))
            waiting += [part for part in parts if isinstance(part, type) and issubclass(part, Entry)]
    return found


def keys(model: type[Entry]) -> set[str]:
    """Name the keys of a model as they are written in a file: `for`, not `for_`."""
    return {field.alias or name.removesuffix("_") for name, field in model.model_fields.items()}


def tables() -> Iterator[tuple[list[str], set[str]]]:
    """Give each table of keys: the models it stands for, and the keys in its first column."""
    text = GUIDE.read_text(encoding="utf-8")
    for names, rows in re.findall(r"^<!-- ([\w ]+) -->\n((?:\|.*\n)+)", text, re.MULTILINE):
        first = "".join(row.split("|")[1] for row in rows.splitlines()[2:])
        yield names.split(), set(re.findall(r"`([^`]+)`", first))


def test_every_model_has_a_table_in_the_guide() -> None:
    told = [name for names, _ in tables() for name in names]
    assert sorted(told) == sorted(models())


def test_the_guide_names_every_key_and_no_other() -> None:
    wrong = {}
    for names, told in tables():
        written = {key for name in names for key in keys(models()[name])}
        if told != written:
            wrong[" ".join(names)] = {"missing": written - told, "unknown": told - written}
    assert not wrong


def test_the_guide_names_every_value_that_a_key_may_have() -> None:
    fields = (field for model in models().values() for field in model.model_fields.values())
    choices = (part for field in fields for part in inner(field.annotation) if get_origin(part) is Literal)
    told = set(re.findall(r"`([^`\n]+)`", GUIDE.read_text(encoding="utf-8")))
    assert sorted({str(value) for choice in choices for value in get_args(choice)} - told) == []


# ---- the examples of the guide work -------------------------------------------------------------------------------


def examples() -> list[tuple[str, str, str]]:
    """Give the YAML examples of the guide: the kind of file, the file it would be (or nothing), the text."""
    parted = ((more.partition(" "), body) for more, body in blocks(GUIDE, "yaml"))
    return [(what, file, body) for (what, _, file), body in parted]


def merged(whole: Any, part: dict[str, Any]) -> dict[str, Any]:
    """Lay a part of a file over a whole one."""
    both = dict(whole)
    for key, value in part.items():
        both[key] = {**both[key], **value} if isinstance(value, dict) and isinstance(both.get(key), dict) else value
    return both


def test_every_kind_of_file_has_an_example() -> None:
    assert {what for what, _, _ in examples()} == set(KINDS)


def test_every_example_is_a_file_of_its_kind() -> None:
    wholes: dict[str, Any] = {"knowledge/routes": {"reviewed": {"on": "2026-11-23", "by": "编辑组"}}}
    for what, _, body in examples():
        document = read_yaml(body, f"flows/README.md ({what})")
        whole = merged(wholes.get(what, {}), document.data)
        wholes.setdefault(what, whole)
        document.read(KINDS[what], whole)
        assert not document.problems, "\n".join(map(str, document.problems))


def test_the_flow_of_the_guide_passes_the_checker_and_its_conversations(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in CONTENT:
        shutil.copytree(ROOT / folder, tmp_path / folder)
    templates = [(more, body) for more, body in blocks(GUIDE, "jinja") if more]
    written = [*templates, *((file, body) for _, file, body in examples() if file)]
    for file, body in written:
        path = tmp_path / file
        path.parent.mkdir(parents=True, exist_ok=True)
        rows = path.read_text(encoding="utf-8") + body.partition("\n")[2] if path.exists() else body
        path.write_text(rows, encoding="utf-8")
    assert "\n".join(map(str, check(tmp_path, date(2026, 11, 23)).problems)) == ""
    theirs = Advisor.of(load(tmp_path))
    monkeypatch.setattr("tests.conversation.advisor", lambda: theirs)
    monkeypatch.setattr("tests.conversation.ROOT", tmp_path)
    played = sorted(tmp_path.glob("tests/conversations/*.yaml"))
    for path in played:
        Player(*read(path)).play()
    assert played


# ---- the readmes say what there is --------------------------------------------------------------------------------


def commands() -> set[str]:
    """Name the commands of bot.py."""
    actions = (action.choices for action in parser()._actions if isinstance(action.choices, dict))
    return {str(name) for choices in actions for name in choices}


def settings() -> set[str]:
    """Name the settings that the code asks for."""
    files = [ROOT / "bot.py", *(ROOT / "advisor").rglob("*.py")]
    calls = (node for file in files for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
    return {
        str(node.args[0].value)
        for node in calls
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "setting"
        if isinstance(node.args[0], ast.Constant)
    }


def first_column(path: Path, pattern: str) -> set[str]:
    """Name what stands in the first column of a table and fits a pattern."""
    return set(re.findall(rf"^\| {pattern} \|", path.read_text(encoding="utf-8"), re.MULTILINE))


@pytest.mark.parametrize("path", READMES, ids=lambda path: path.name)
class TestReadme:
    def test_every_command_is_told_and_no_other(self, path: Path) -> None:
        assert first_column(path, r"`bot\.py (\w+)`") == commands()

    def test_every_setting_is_told_and_no_other(self, path: Path) -> None:
        assert first_column(path, r"`([A-Z_]+)`") == settings()

    def test_every_folder_is_in_the_map(self, path: Path) -> None:
        folders = {
            f"{folder.name}/"
            for folder in ROOT.iterdir()
            if folder.is_dir() and not folder.name.startswith(".") and folder.name not in NOT_OURS
            if any(file.is_file() for file in folder.rglob("*") if "__pycache__" not in file.parts)
        }
        assert first_column(path, r"\[(\w+/)\]\([^)]+\)") == folders

    def test_the_picture_is_the_tree(self, path: Path) -> None:
        ((_, picture),) = blocks(path, "mermaid")
        assert picture.rstrip("\n") == draw_tree(advisor().content), "paste what `bot.py draw` prints"

    def test_the_talk_is_a_real_one(self, path: Path) -> None:
        ((_, quoted),) = blocks(path, "text")
        replies = iter(replayed([line.removeprefix("你> ") for line in quoted.splitlines() if line.startswith("你> ")]))
        said = next(replies)
        for line in quoted.splitlines():
            if line.startswith("你> "):
                said = next(replies)
            elif line and line != "  …" and line != "…":
                assert line in said, f"“{line}” is not said; what is said:\n" + "\n".join(said)

    def test_the_talk_leads_to_a_letter(self, path: Path) -> None:
        ((_, quoted),) = blocks(path, "text")
        assert quoted.count(RULE) == 2


RULE = "─" * 40


def replayed(inputs: list[str]) -> Iterator[list[str]]:
    """Give the lines of each reply, the first one before anything is typed."""
    session = Session()
    for text in ["继续", *inputs]:
        after, reply = turn(advisor(), session, Message("reader", text), NOW)
        session = after or Session()
        yield shown(reply)


def shown(reply: Reply) -> list[str]:
    """Give the lines of a reply as the terminal shows them."""
    out = StringIO()
    for bubble in reply.bubbles:
        print(f"{RULE}\n{bubble.text}\n{RULE}" if bubble.letter else bubble.text, file=out)
        for number, choice in enumerate(bubble.choices, 1):
            print(f"  {number}  {choice.label}", file=out)
    return out.getvalue().splitlines()


def test_both_readmes_show_the_same_talk_and_begin_alike() -> None:
    english, chinese = READMES
    assert blocks(english, "text") == blocks(chinese, "text")
    assert [line.split("#")[0].strip() for _, body in blocks(english, "sh") for line in body.splitlines()] == [
        line.split("#")[0].strip() for _, body in blocks(chinese, "sh") for line in body.splitlines()
    ]


# ---- nothing leads nowhere ----------------------------------------------------------------------------------------


def anchor(heading: str) -> str:
    """Give the name that a heading has within its page."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


@pytest.mark.parametrize("path", DOCS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    anchors = {anchor(heading) for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}
    links = re.findall(r"\]\(([^)\s]+)\)", text)
    assert links
    for link in links:
        place, _, part = link.partition("#")
        assert not place or (path.parent / place).exists(), link
        assert place or part in anchors, link


@pytest.mark.parametrize("path", DOCS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_make_target_and_command_named_exists(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"(?:`|^)make ([a-z]+)", text, re.MULTILINE)) <= targets
    assert set(re.findall(r"bot\.py ([a-z]+)", text)) <= commands()


def test_every_state_that_a_command_begins_at_exists() -> None:
    for path in DOCS:
        for state in re.findall(r"--at ([a-z_]+\.[a-z_]+)", path.read_text(encoding="utf-8")):
            assert state == "flow.state" or advisor().walk.known(state), state


def test_every_threat_has_a_test_that_exists_or_says_that_it_is_missing() -> None:
    threats = (ROOT / "SECURITY.md").read_text(encoding="utf-8").partition("\n## Limits")[0]
    rows = re.findall(r"^\|.*\| (.+) \|$", threats, re.MULTILINE)[2:]
    assert rows
    for told in rows:
        if told != "Missing":
            file, _, name = told.strip("`").partition("::")
            assert re.search(rf"def {name}\(", (ROOT / file).read_text(encoding="utf-8")), told
