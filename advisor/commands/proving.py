"""Proves the content in a process of its own: `python -m advisor.commands.proving ROOT DAY` gives JSON."""

import json
import sys
from datetime import date
from pathlib import Path

from advisor.checks import check
from advisor.content import ContentError


def mistakes(root: Path, today: date) -> list[str]:
    """Give each mistake of the content under `root`."""
    try:
        return [str(problem) for problem in check(root, today).problems]
    except ContentError as error:
        return [str(problem) for problem in error.problems]


if __name__ == "__main__":
    print(json.dumps(mistakes(Path(sys.argv[1]), date.fromisoformat(sys.argv[2]))))
