"""The operator's settings, from the environment or a file `.env`; the environment goes first."""

import os
from pathlib import Path


def setting(name: str, default: str = "", folder: Path = Path()) -> str:
    """Give one setting; empty counts as not set."""
    return os.environ.get(name) or _file(folder / ".env").get(name) or default


def _file(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    pairs = (
        line.split("=", 1)
        for line in path.read_text(encoding="utf-8").splitlines()
        if "=" in line and not line.lstrip().startswith("#")
    )
    return {name.strip(): value.strip().strip("\"'") for name, value in pairs}
