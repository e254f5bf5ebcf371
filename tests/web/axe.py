"""The accessibility checker axe-core: `python -m tests.web.axe` has npm install it into a folder of its own."""

import shutil
import subprocess
import sys
from typing import Any

from playwright.sync_api import Page

from tests.conversation import ROOT

FOLDER = ROOT / ".venv-bench" / "axe"
SCRIPT = FOLDER / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def failures(page: Page) -> list[str]:
    """Name what of a page fails WCAG 2.2 AA, with the piece of it."""
    page.add_script_tag(path=SCRIPT)
    found: Any = page.evaluate("(rules) => axe.run({ runOnly: rules })", RULES)
    return [f"{one['id']}: {node['html'][:200]}" for one in found["violations"] for node in one["nodes"]]


def install() -> int:
    """Install it."""
    npm = shutil.which("npm")
    if not npm:
        print("npm is needed", file=sys.stderr)
        return 2
    FOLDER.mkdir(parents=True, exist_ok=True)
    quiet = ["--no-save", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    return subprocess.run([npm, "install", *quiet, "--prefix", str(FOLDER), "axe-core@4"], check=False).returncode


if __name__ == "__main__":
    sys.exit(install())
