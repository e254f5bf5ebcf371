"""The house keeps its floors: imports only go down, and each library has one place."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.conversation import ROOT

FLOORS = {
    "message": 0, "exhibit": 0, "clock": 0, "languages": 0, "session": 0, "gathering": 0, "cleaning": 0, "faults": 0,
    "content": 1,
    "law": 2, "answers": 2, "blank": 2, "amounts": 2, "measures": 2, "numerals": 2, "rates": 2, "dates": 2, "phones": 2,
    "expressions": 2, "english": 2,
    "normal": 2, "forwarded": 2, "codec": 2, "settings": 2, "store": 2, "store_sqlite": 2,
    "store_postgres": 2, "smssender": 2, "smsquotes": 2,
    "harvest": 2, "likeness": 2, "masking": 2, "smscount": 2, "traditional": 2, "ranker": 2, "interest": 2,
    "alarms": 3, "smsrule": 3, "rulebook": 3, "smsdigest": 3, "smssentences": 3,
    "documents": 3, "charts": 3, "attachments": 3, "plan": 3, "caps": 3, "groupcommit": 3, "leases": 3,
    "waitingline": 3,
    "smsfacts": 3, "smssounds": 3, "reading": 3, "readings": 3, "questions": 3, "drawing": 3, "lookup": 3,
    "flow": 4, "render": 4,
    "turn": 5, "evidence": 5, "checks": 5,
    "desk": 6, "talks": 6, "filekeeping": 6, "reminding": 6, "greeting": 6, "tally": 6, "limits": 6, "outbox": 6,
    "channels": 7, "metrics": 7,
    "commands": 8,
}  # fmt: skip
PLACES = {
    "yaml": {"content"}, "pydantic": {"content"}, "jinja2": {"expressions"}, "transitions": {"flow"},
    "sqlite3": {"store_sqlite"}, "psycopg": {"store_postgres"}, "opencc": {"normal"},
    "cryptography": {"codec", "channels"}, "httpx": {"channels"}, "telegram": {"channels"}, "docxtpl": {"documents"},
    "typst": {"documents"}, "aiolimiter": {"channels"}, "starlette": {"channels"}, "uvicorn": {"channels"},
    "matplotlib": {"charts"}, "pyxirr": {"interest"}, "text_to_num": {"english"},
    "defusedxml": {"evidence", "channels"}, "PIL": {"evidence"}, "rapidocr": {"evidence"},
    "prometheus_client": {"metrics"}, "limits": {"limits", "channels"},
}  # fmt: skip
SKIPPED = {".git", ".venv", ".venv-bench", ".ruff_cache", ".mypy_cache", ".pytest_cache", ".hypothesis", "__pycache__"}


def modules() -> Iterator[tuple[str, Path]]:
    for path in sorted((ROOT / "advisor").rglob("*.py")):
        room = path.relative_to(ROOT / "advisor").parts[0].removesuffix(".py")
        if room != "__init__":
            yield room, path


def imports(path: Path) -> Iterator[str]:
    package = path.relative_to(ROOT).with_suffix("").parts[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            before = package[: len(package) - node.level + 1] if node.level else ()
            whole = ".".join((*before, *([node.module] if node.module else [])))
            yield whole
            if whole == "advisor":
                yield from (f"advisor.{name.name}" for name in node.names)


def test_every_module_has_its_floor() -> None:
    assert {room for room, _ in modules()} == set(FLOORS)


def test_imports_only_go_down() -> None:
    wrong = [
        f"{path.name} imports {name}"
        for room, path in modules()
        for name in imports(path)
        if name.startswith("advisor.") and name.split(".")[1] != room and FLOORS[name.split(".")[1]] > FLOORS[room]
    ]
    assert not wrong


def test_each_library_has_one_place() -> None:
    wrong = [
        f"{path.name} imports {name}"
        for room, path in modules()
        for name in imports(path)
        if room not in PLACES.get(name.partition(".")[0], {room})
    ]
    assert not wrong


def test_a_channel_knows_nothing_of_flows_or_law() -> None:
    for room, path in modules():
        if room == "channels":
            inside = {name for name in imports(path) if name.startswith("advisor.")}
            others = {name for name in inside if not name.startswith("advisor.channels")}
            assert others <= {"advisor.message"}, path.name


def test_files_stay_short() -> None:
    long = {path.name: len(path.read_text().splitlines()) for _, path in modules()}
    assert not {name: lines for name, lines in long.items() if lines > 300}


def test_nothing_names_a_machine_or_a_registry() -> None:
    told = ("/work/", "/farm/", "files.pythonhosted", "pypi.org/simple", "registry.npmjs")
    kept = [p for p in ROOT.rglob("*") if p.is_file() and not SKIPPED & set(p.parts)]
    text = [p for p in kept if p.suffix in {".py", ".md", ".yaml", ".j2", ".lock", ".toml", ".txt", ""}]
    wrong = [
        f"{p.relative_to(ROOT)}: {word}"
        for p in text
        for word in told
        if p != Path(__file__) and word in p.read_text(encoding="utf-8", errors="ignore")
    ]
    assert not wrong
