"""`python -m tests.bench [NAME ...]`: run the named benches, or all; `make bench` runs all.

A bench is a module of this package with `run() -> int`, 0 when it could measure; it is listed in BENCHES.
Nothing here fails because of a time: figures and aims are printed, and a person judges them.
"""

import argparse
import signal
import sys
from collections.abc import Callable

from . import dialog, growth, imports, page, passive, reading, stores, webhook

BENCHES: dict[str, Callable[[], int]] = {
    "dialog": dialog.run,
    "growth": growth.run,
    "imports": imports.run,
    "page": page.run,
    "passive": passive.run,
    "reading": reading.run,
    "stores": stores.run,
    "webhook": webhook.run,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Run the benches.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"default all: {', '.join(BENCHES)}")
    names: list[str] = parser.parse_args().names
    for name in names:
        if name not in BENCHES:
            parser.error(f"no bench named {name}; there are: {', '.join(BENCHES)}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is ended
    return max([BENCHES[name]() for name in names or BENCHES])


if __name__ == "__main__":
    raise SystemExit(main())
