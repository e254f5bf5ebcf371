"""Mistakes, one a folder, each beside the exact report it must get.

A folder holds only the files that are wrong, laid over the small correct project in `_base`; `removed.txt`
names files or folders of `_base` that are not there. `expected.txt` is the report, as `bot.py check` words it.
After a change of wording: `python -m tests.broken.regenerate`, then read the difference before committing it.
"""

import shutil
from datetime import date
from pathlib import Path

HERE = Path(__file__).parent
BASE = HERE / "_base"
TODAY = date(2026, 11, 23)
NOT_CONTENT = {"expected.txt", "removed.txt"}


def cases() -> list[Path]:
    """Give the folder of every mistake."""
    return sorted(path for path in HERE.iterdir() if path.is_dir() and path.name[0].isalpha())


def lay(case: Path, folder: Path) -> Path:
    """Lay the mistake over the correct project, in `folder`."""
    root = folder / case.name
    shutil.copytree(BASE, root)
    for path in case.rglob("*"):
        if path.is_file() and path.name not in NOT_CONTENT:
            target = root / path.relative_to(case)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)
    removed = case / "removed.txt"
    for name in removed.read_text(encoding="utf-8").split() if removed.exists() else []:
        gone = root / name
        shutil.rmtree(gone) if gone.is_dir() else gone.unlink()
    return root
