"""Writes every expected report anew: `python -m tests.broken.regenerate [mistake ...]`."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from advisor.checks import check
from tests.broken import TODAY, cases, lay


def main(wanted: list[str]) -> None:
    """Regenerate the reports of the named mistakes, or of all."""
    for case in cases():
        if not wanted or case.name in wanted:
            with TemporaryDirectory() as folder:
                report = check(lay(case, Path(folder)), TODAY)
            (case / "expected.txt").write_text(f"{report}\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
