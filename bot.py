#!/usr/bin/env python3
"""The one command: wires the advisor and starts what is asked for. `bot.py --help` lists it all."""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from advisor.clock import SHANGHAI
from advisor.commands import CouldNotError, pairs

if TYPE_CHECKING:
    from advisor.desk import Desk
    from advisor.limits import Limits
    from advisor.store import Store
    from advisor.tally import Event
    from advisor.turn import Advisor

ROOT = Path(__file__).resolve().parent
DONE, NO, COULD_NOT = 0, 1, 2


def moment(text: str) -> datetime:
    """Read 2026-11-23 or 2026-11-23T20:30 as a time in Shanghai; a date alone is noon."""
    at = datetime.fromisoformat(text)
    at = at.replace(hour=12) if len(text) == 10 else at
    return at if at.tzinfo else at.replace(tzinfo=SHANGHAI)


def clock(now: datetime | None) -> Callable[[], datetime]:
    """Give the clock to go by: the one that was set, or Shanghai's."""
    return lambda: now or datetime.now(SHANGHAI)


def load_advisor() -> "Advisor":
    """Load content and machine."""
    from advisor.content import load
    from advisor.settings import setting
    from advisor.turn import Advisor

    days = setting("RETENTION_DAYS", "210")
    if not days.isascii() or not days.isdigit():
        raise CouldNotError(f"RETENTION_DAYS 要写天数，例如 210，现在是 {days}")
    return Advisor.of(load(ROOT), setting("HUMAN_CONTACT"), int(days))


def open_desk(
    url: str,
    now: datetime | None,
    observe: "Callable[[Event], None] | None" = None,
    limits: "Limits | None" = None,
) -> "Desk":
    """Open the desk on the store that `url` names; `observe` counts what happens, within `limits`."""
    from datetime import timedelta

    from advisor.codec import Codec
    from advisor.desk import Desk
    from advisor.evidence.looking import Looker
    from advisor.settings import setting
    from advisor.tally import ignore

    store = open_store(url)
    advisor = load_advisor()
    codec, keep = Codec(setting("DATA_KEY")), timedelta(days=advisor.keep_days)
    desk = Desk(advisor, store, codec, clock(now), keep, Looker(advisor), observe or ignore, limits)
    desk.store.expire(desk.clock())
    return desk


def database(url: str) -> str:
    """Give the database that `url` names, else that of the settings."""
    from advisor.settings import setting

    return url or setting("DATABASE_URL", "sqlite:///data/advisor.db")


def open_store(url: str) -> "Store":
    """Open the store that `url` names, else that of the settings."""
    url = database(url)
    if url.startswith(("postgresql://", "postgres://")):
        from advisor.store_postgres import PostgresStore

        return PostgresStore(url)
    from advisor.store_sqlite import SqliteStore

    if not url.startswith("sqlite:///"):
        raise CouldNotError(f"数据库地址要写成 sqlite:///路径 或 postgresql://…，现在是 {url.split(':')[0]}:…")
    return SqliteStore(url.removeprefix("sqlite:///"))


def chat(args: argparse.Namespace) -> int:
    """Hold a talk in the terminal."""
    from advisor.commands.chatting import Chat
    from advisor.commands.chatting import chat as talk
    from advisor.tally import Tally

    tally = Tally()
    desk = open_desk(args.db, args.now, tally.observe)
    wanted = Chat(args.person, args.at or (), args.files or "", args.record or "", args.json)
    talk(wanted, desk, tally, ROOT, load_advisor)
    return DONE


def analyze(args: argparse.Namespace) -> int:
    """Read SMS and tell what they are."""
    from advisor.commands.analyzing import readings, told

    advisor, now = load_advisor(), clock(args.now)()
    text = (sys.stdin.buffer.read() if args.file == "-" else read(args.file)).decode("utf-8-sig", "replace")
    if not args.json:
        for words in told(advisor, text, now):
            print(words)
        return DONE
    failed = False
    for reading in readings(advisor, text, now):
        failed = failed or "error" in reading
        print(json.dumps(reading, ensure_ascii=False))
    return NO if failed else DONE


def read(name: str) -> bytes:
    """Read a file, or say that it cannot be."""
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise CouldNotError(f"打不开 {name}：{error.strerror}") from error


def serve(args: argparse.Namespace) -> int:
    """Serve the page, and every messenger that is configured, in one process."""
    from advisor.commands.serving import serve as serve_all
    from advisor.commands.serving import shared_folder

    url = database(args.db)
    serve_all(ROOT, shared_folder(url), load_advisor, lambda observe, limits: open_desk(url, args.now, observe, limits))
    return DONE


def letter(args: argparse.Namespace) -> int:
    """List the letters, or draft one from the facts given; what speaks against it goes to standard error."""
    from advisor.commands.letters import drafted, listed
    from advisor.turn.outside import against

    advisor, facts, today = load_advisor(), pairs(args.facts), clock(args.now)().date()
    if not args.name:
        print(*listed(advisor), sep="\n")
        return DONE
    body = drafted(advisor, args.name, facts, today, args.format)
    for words in against(advisor, args.name, facts, today):
        print(words, file=sys.stderr)
    try:
        if args.out:
            Path(args.out).write_bytes(body)
        else:
            sys.stdout.buffer.write(body)
    except OSError as error:
        raise CouldNotError(f"写不到 {args.out}：{error.strerror}") from error
    return DONE


def evidence(args: argparse.Namespace) -> int:
    """Keep an evidence file: add files to it, list it, export it as a package, delete it."""
    from advisor.commands.evidence import EvidenceCommand

    desk = open_desk(args.db, args.now)
    command = EvidenceCommand(desk, args.person)
    try:
        match args.action:
            case "add":
                if not args.files:
                    raise CouldNotError("写上要放进去的文件，例如 bot.py evidence add 截图.png 短信导出.xml")
                return NO if command.add([Path(name) for name in args.files]) else DONE
            case "export":
                if not args.out:
                    raise CouldNotError("写上放到哪里，例如 --out 证据.zip")
                command.export(Path(args.out))
                print(args.out)
            case "delete":
                print(command.delete())
            case _:
                print(command.list())
    finally:
        desk.close()
    return DONE


def law(args: argparse.Namespace) -> int:
    """Look up the law: the nearest provision first, in the version of the day."""
    from advisor.commands.laws import found

    today = clock(args.now)().date()
    first, _, last = args.on.partition("/")
    try:
        days = (date.fromisoformat(first), date.fromisoformat(last or first)) if first else (today, today)
    except ValueError as error:
        raise CouldNotError(f"--on 要写日期，例如 2026-01-01 或 2025-12-01/2026-02-01，现在是 {args.on}") from error
    how = NO
    for line in found(load_advisor(), "".join(args.words), days, today):
        how = DONE
        print(line)
    return how


def check(args: argparse.Namespace) -> int:
    """Prove the content."""
    root, today = args.root or ROOT, clock(args.now)().date()
    if args.diff:
        from advisor.commands.checking import differences

        print("\n\n".join(differences(root, args.diff, today)) or "说的话和那一版一样")
        return DONE
    from advisor.checks import check as check_content

    report = check_content(root, today)
    for problem in [*report.problems, *report.notes]:
        print(problem)
    print(f"{len(report.problems)} 处要改，{len(report.notes)} 处提醒" if report.problems or report.notes else "都对")
    return NO if report.problems else DONE


def draw(args: argparse.Namespace) -> int:
    """Draw the tree, or one flow, as Mermaid."""
    from advisor.content import load
    from advisor.drawing import draw_flow, draw_tree

    content = load(ROOT)
    if args.flow and args.flow not in content.flows:
        raise CouldNotError(f"没有“{args.flow}”这个流程；有：{'、'.join(content.own_flows)}")
    print(draw_flow(content, args.flow) if args.flow else draw_tree(content))
    return DONE


def schema(_: argparse.Namespace) -> int:
    """Write the JSON Schema of the content files."""
    from advisor.content.schema import schemas

    print(json.dumps(schemas(), ensure_ascii=False, indent=2))
    return DONE


def doctor(args: argparse.Namespace) -> int:
    """Say of each setting and part whether it is there, can be reached and is right."""
    from advisor.commands.doctor import Doctor

    found = []
    for finding in Doctor(ROOT, clock(args.now)().date(), lambda: open_store(args.db)).findings():
        print(finding, flush=True)
        found.append(finding.how)
    print(f"{found.count('wrong')} 处不对" if "wrong" in found else "都好")
    return NO if "wrong" in found else DONE


def report(args: argparse.Namespace) -> int:
    """Count, of nobody in particular: situations, where people leave, what is not understood, kinds of SMS."""
    from advisor.commands.report import report as worded
    from advisor.content import load

    store = open_store(args.db)
    try:
        print(worded(store.counts(), {name: flow.title for name, flow in load(ROOT).flows.items()}))
    finally:
        store.close()
    return DONE


def parser() -> argparse.ArgumentParser:
    """Describe the command line."""
    whole = argparse.ArgumentParser(prog="bot.py", description=__doc__)
    commands = whole.add_subparsers(dest="command", metavar="command")

    def command(run: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
        one = commands.add_parser(run.__name__, help=(run.__doc__ or "").strip(), description=run.__doc__)
        one.set_defaults(run=run)
        one.add_argument("--now", "--today", type=moment, metavar="TIME", help="2026-11-23 or 2026-11-23T20:30")
        return one

    one = command(chat)
    one.add_argument("--db", default="", metavar="URL", help="sqlite:///data/advisor.db")
    one.add_argument("--person", default="terminal", metavar="ID")
    one.add_argument("--at", nargs="+", metavar="flow.state", help="begin here, with slot=value …")
    one.add_argument("--record", metavar="FILE", help="write the talk as a test conversation")
    one.add_argument("--json", action="store_true", help="one JSON object a line, in and out")
    one.add_argument("--files", metavar="DIR", help="where files of replies are put")
    one = command(analyze)
    one.add_argument("--json", action="store_true", help="JSON Lines in and out")
    one.add_argument("file", nargs="?", default="-", metavar="FILE")
    one = command(letter)
    one.add_argument("name", nargs="?", metavar="NAME")
    one.add_argument("facts", nargs="*", metavar="slot=value")
    one.add_argument("--format", choices=["txt", "docx", "pdf"], default="txt")
    one.add_argument("--out", metavar="FILE")
    one = command(evidence)
    one.add_argument("action", choices=["add", "list", "export", "delete"])
    one.add_argument("files", nargs="*", metavar="FILE")
    one.add_argument("--out", default="", metavar="FILE.zip")
    one.add_argument("--person", default="terminal", metavar="ID")
    one.add_argument("--db", default="", metavar="URL", help="sqlite:///data/advisor.db")
    one = command(law)
    one.add_argument("words", nargs="*", metavar="WORDS|SLUG")
    one.add_argument("--on", default="", metavar="DATE[/DATE]")
    command(serve).add_argument("--db", default="", metavar="URL")
    one = command(check)
    one.add_argument("--root", type=Path, metavar="DIR", help="the content of another folder")
    one.add_argument("--diff", default="", metavar="REV", help="what is said otherwise than in that commit")
    command(draw).add_argument("flow", nargs="?", metavar="FLOW")
    command(schema)
    command(doctor).add_argument("--db", default="", metavar="URL")
    command(report).add_argument("--db", default="", metavar="URL")
    return whole


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    words = list(sys.argv[1:] if argv is None else argv)
    whole = parser()
    if not words or (words[0].startswith("-") and words[0] not in ("-h", "--help")):
        words.insert(0, "chat")
    args = whole.parse_args(words)
    from advisor.content import ContentError
    from advisor.store import StoreError

    try:
        code: int = args.run(args)
    except ContentError as error:
        print(error, file=sys.stderr)
        return COULD_NOT
    except (CouldNotError, StoreError, ValueError) as error:
        print(error, file=sys.stderr)
        return COULD_NOT
    except BrokenPipeError:
        return DONE
    return code


if __name__ == "__main__":
    sys.exit(main())
