"""The advisor's side of the `dialog` bench: `python -m tests.bench.ours VARIANT N` prints turns per second.

VARIANT is `memory`, or `durable` (SQLite, WAL, synchronous=FULL, in a file under $BENCH_SCRATCH).
Still to be written: the engine is not there yet.  Exit code 69 tells the runner to leave the row out
and to print the message; any other failure makes the run fail.
"""

import sys


def main() -> int:
    print("tests/bench/ours.py is a stub: the engine is not there yet", file=sys.stderr)
    return 69


if __name__ == "__main__":
    raise SystemExit(main())
