"""The `imports` bench: an export read message by message beside `ElementTree.parse` of the whole file.

Each reader runs in a process of its own, held to core 0; the rounds are interleaved, and ratios are taken round by
round. MESSAGES (50000) and ROUNDS (5) from the environment. One message in fifty has a picture of 40 kB, as MMS have.
`python -m tests.bench.imports VARIANT 1` prints the messages read a second and what the process holds at most beyond
its start, in MB; the file is $BENCH_EXPORT.
"""

import csv
import math
import os
import statistics
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from time import perf_counter
from xml.sax.saxutils import quoteattr

from . import rig
from .dialog import where

MODULE = "tests.bench.imports"
ABOUT = {
    "ours": "XML as a stream, hostile files refused, times and sides read",
    "parse": "ElementTree.parse of the whole XML, text and time of each message",
    "table": "ours, the same messages as CSV",
    "csv": "csv.DictReader, the texts only",
}
TEXT = "【某某金融】尊敬的客户，您的借款已逾期{}天，请于今日内还款。\n如已还款，请忽略“本短信”。"
BEGAN = datetime.fromisoformat("2026-01-01T08:00:00+08:00")


def run() -> int:
    """Measure and print; 1 only when a reader broke, never because of a figure."""
    rounds = max(1, int(os.environ.get("ROUNDS", "5")))
    found: dict[str, list[list[float]]] = {name: [] for name in ABOUT}
    with rig.scratch() as folder:
        files = workload(folder, int(os.environ.get("MESSAGES", "50000")))
        try:
            for number in range(1, rounds + 1):
                print(f"round {number} of {rounds}", file=sys.stderr, flush=True)
                for name in ABOUT:
                    settings = {"BENCH_EXPORT": str(files[name in ("table", "csv")])}
                    found[name].append(rig.figures(sys.executable, MODULE, name, 1, settings))
        except (rig.LeftOutError, rig.FailedError) as why:
            print(f"FAILED: {why}")
            return 1
    table(found)
    return 0


def workload(folder: Path, count: int) -> tuple[Path, Path]:
    """Write the same messages as XML and as CSV."""
    as_xml, as_csv = folder / "sms.xml", folder / "sms.csv"
    picture = "/9j/4AAQSkZJRgABAQ" * (40_000 // 18)
    with as_xml.open("w", encoding="utf-8") as xml, as_csv.open("w", encoding="utf-8", newline="") as rows:
        write = csv.writer(rows).writerow
        write(("号码", "时间", "类型", "内容"))
        xml.write(f"<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>\n<smses count=\"{count}\">\n")
        for i in range(count):
            at, text, number = BEGAN + timedelta(minutes=7 * i), TEXT.format(i % 90), f"1069{i % 500:07}"
            write((number, f"{at:%Y/%m/%d %H:%M:%S}", "接收", text))
            told = f'address="{number}" date="{int(at.timestamp() * 1000)}"'
            body = quoteattr(text, {"\n": "&#10;"})
            if i % 50:
                xml.write(f'<sms protocol="0" {told} type="1" body={body} read="1" status="-1" />\n')
            else:
                parts = f'<part ct="image/jpeg" data="{picture}"/><part ct="text/plain" text={body}/>'
                xml.write(f'<mms {told} msg_box="1"><parts>{parts}</parts><addrs/></mms>\n')
        xml.write("</smses>\n")
    sizes = " and ".join(
        f"{path.stat().st_size / 1e6:.0f} MB of {path.suffix[1:].upper()}" for path in (as_xml, as_csv)
    )
    print(f"\n{count:,} messages, {sizes}, {where()}")
    return as_xml, as_csv


def table(found: dict[str, list[list[float]]]) -> None:
    """Print for each reader its rate and its memory, and how ours compares."""
    line = "{:8}{:>30}{:>10}  {}"
    print("\n" + line.format("reader", "messages/s (min–max)", "MB more", "what"))
    for name, about in ABOUT.items():
        rates = [one[0] for one in found[name]]
        spread = f"{statistics.median(rates):,.0f} ({min(rates):,.0f}–{max(rates):,.0f})"
        print(line.format(name, spread, f"{statistics.median(one[1] for one in found[name]):,.1f}", about))
    for mine, theirs in (("ours", "parse"), ("table", "csv")):
        pairs = list(zip(found[mine], found[theirs], strict=True))
        speed = statistics.median(a[0] / b[0] for a, b in pairs)
        memory = statistics.median(a[1] / max(b[1], 0.1) for a, b in pairs)
        print(f"{mine} beside {theirs}: {speed:.2f} x the rate, {memory:.2f} x the memory")


def ours() -> Callable[[Path], int]:
    from advisor.clock import SHANGHAI
    from advisor.content import load
    from advisor.evidence.imports import read

    words, now = load(rig.ROOT).exports, datetime(2026, 11, 23, 20, 30, tzinfo=SHANGHAI)

    def count(path: Path) -> int:
        with path.open("rb") as file:
            return sum(1 for _ in read(file, path.name, now, words))

    return count


def parse() -> Callable[[Path], int]:
    from xml.etree import ElementTree

    def told(message: ElementTree.Element) -> tuple[str, datetime]:
        text = message.get("body") or "\n".join(part.get("text", "") for part in message.iter("part"))
        return text, datetime.fromtimestamp(int(message.attrib["date"]) / 1000, BEGAN.tzinfo)

    return lambda path: sum(1 for message in ElementTree.parse(path).getroot() if told(message))


def table_of_csv() -> Callable[[Path], int]:
    def count(path: Path) -> int:
        with path.open(encoding="utf-8", newline="") as file:
            return sum(1 for row in csv.DictReader(file) if row["内容"])

    return count


READERS = {"ours": ours, "table": ours, "parse": parse, "csv": table_of_csv}


def held() -> float:
    """Tell the most memory that this process has held, in MB; NaN where the system does not tell it of one program."""
    status = Path("/proc/self/status")  # `ru_maxrss` would begin with what the starting process held
    lines = status.read_text(encoding="ascii").splitlines() if status.is_file() else []
    return next((int(line.split()[1]) / 1000 for line in lines if line.startswith("VmHWM:")), math.nan)


def main() -> None:
    count, path = READERS[sys.argv[1]](), Path(os.environ["BENCH_EXPORT"])
    before, began = held(), perf_counter()
    read = count(path)
    taken = perf_counter() - began
    print(read / taken, held() - before)


if __name__ == "__main__":
    main()
