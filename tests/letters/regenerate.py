"""Writes every letter anew: `python -m tests.letters.regenerate [letter ...]`."""

import sys

from tests.conversation import advisor
from tests.letters import HERE, golden


def main(wanted: list[str]) -> None:
    """Regenerate the named letters, or all; the files of letters that are gone go too."""
    letters = advisor().content.letters
    for path in HERE.glob("*.txt"):
        if path.stem not in letters:
            path.unlink()
    for name in wanted or letters:
        (HERE / f"{name}.txt").write_text(golden(name), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
