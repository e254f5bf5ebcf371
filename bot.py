#!/usr/bin/env python3
"""The one command: wires the advisor and starts what is asked for. `bot.py --help` lists it all."""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from advisor.clock import SHANGHAI
from advisor.commands import CouldNotError

if TYPE_CHECKING:
    from advisor.desk import Desk
    from advisor.limits import Limits
    from advisor.message import Sms
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
    from advisor.channels.terminal import Terminal, transcript
    from advisor.commands.attaching import files
    from advisor.commands.counting import hand_over
    from advisor.message import Message
    from advisor.store import StoreError
    from advisor.tally import Tally

    tally = Tally()
    desk = open_desk(args.db, args.now, tally.observe)
    terminal = Terminal(desk.answer_now, args.person, desk.delivered, Watch(desk), StoreError, files(desk))
    if args.at:
        from advisor.commands.standing import stand

        stand(desk, args.person, args.at[0], dict(pair(item) for item in args.at[1:]))
    try:
        with folder_for(args.files, needed=args.json) as terminal.folder:
            if args.json:
                terminal.serve_json(stdin_lines())
            else:
                terminal.talk(Message(args.person, "继续"), desk.undelivered(args.person))
    finally:
        hand_over(tally, desk.store)
        desk.close()
        if args.record:
            now = desk.clock().strftime("%Y-%m-%dT%H:%M")
            Path(args.record).write_text(transcript("录下的对话", now, terminal.heard, args.at or ()), encoding="utf-8")
    return DONE


@contextmanager
def folder_for(name: str, *, needed: bool) -> Iterator[Path | None]:
    """Give the folder where files are put: the one named, else one that goes with the process, where it is needed."""
    if name:
        try:
            Path(name).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CouldNotError(f"文件夹 {name} 建不了：{error.strerror}") from error
        yield Path(name)
    elif needed:
        with TemporaryDirectory() as folder:
            yield Path(folder)
    else:
        yield None


class Watch:
    """Loads the content anew when a file of it was saved, and keeps the old one when the new has mistakes."""

    def __init__(self, desk: "Desk") -> None:
        """Watch for `desk`."""
        from advisor.commands.following import stamp

        self._desk, self._stamp, self._seen = desk, stamp, stamp(ROOT)

    def __call__(self) -> str:
        """Give a line to show, or nothing."""
        now = self._stamp(ROOT)
        if now == self._seen:
            return ""
        self._seen = now
        from advisor.checks import check as check_content

        report = check_content(ROOT, self._desk.clock().date())
        if report.problems:
            return "内容有错，先用旧的：\n" + "\n".join(map(str, report.problems[:5]))
        self._desk.take_over(load_advisor())
        return "内容已重新读入。"


def stdin_lines() -> Iterator[str]:
    """Read standard input as UTF-8 whatever the locale; what is not UTF-8 becomes a replacement sign."""
    for line in sys.stdin.buffer:
        yield line.decode("utf-8", "replace")


def pair(text: str) -> tuple[str, str]:
    """Read slot=value."""
    name, sign, value = text.partition("=")
    if not sign:
        raise CouldNotError(f"“{text}”要写成 名称=值")
    return name, value


MOST_TOLD = 50  # messages that are told one by one; of more, only what they are together


def analyze(args: argparse.Namespace) -> int:
    """Read SMS and tell what they are."""
    from advisor.channels.terminal import read_sms
    from advisor.message import Sms

    advisor = load_advisor()
    now = clock(args.now)()
    source = sys.stdin.buffer if args.file == "-" else open_file(args.file)
    text = source.read().decode("utf-8-sig", "replace")
    failed = False
    if not args.json:
        messages = [Sms(paragraph.strip()) for paragraph in filter(str.strip, text.split("\n\n"))]
        for number, sms in enumerate(messages, 1) if len(messages) <= MOST_TOLD else ():
            print(f"[{number}] " * (len(messages) > 1) + advisor.tell([sms], now), end="\n\n")
        if len(messages) > 1:
            print(advisor.tell(messages, now))
        return DONE
    for line in filter(str.strip, text.splitlines()):
        try:
            data = json.loads(line)
            result: dict[str, Any] = {"id": data.get("id"), **reading(advisor, read_sms(data), now)}
        except (ValueError, AttributeError) as error:
            failed, result = True, {"error": {"code": "bad_line", "message": str(error)}}
        print(json.dumps(result, ensure_ascii=False))
    return NO if failed else DONE


def open_file(name: str) -> Any:
    """Open a file to read, or say that it cannot be."""
    try:
        return open(name, "rb")
    except OSError as error:
        raise CouldNotError(f"打不开 {name}：{error.strerror}") from error


def reading(advisor: "Advisor", sms: "Sms", now: datetime) -> dict[str, Any]:
    """Give a reading in the form that other programs are written against."""
    from advisor.smssentences import sentences

    found = advisor.reader.read(sms, {}, now)
    on = (sms.received_at or now).date()
    cited = [(slug, advisor.words.register.cite(slug, on, on, now.date())) for slug in found.laws]
    return {
        "kind": found.kind,
        "sure": found.sure,
        "grade": found.grade,
        "findings": [
            {"id": f.id, "quote": f.quote, "start": f.start, "end": f.end, "because": f.because, "signal": f.signal}
            for f in found.findings
        ],
        "routes": list(found.routes),
        "laws": [{"slug": slug, "citation": citation.newest.name} for slug, citation in cited if citation],
        "ask": found.ask,
        "evidence": [{"signal": name, "weight": weight, "quote": quote} for name, weight, quote in found.evidence],
        "sentences": [
            {"quote": one.quote, "told_as": one.told_as, "because": list(one.because)}
            for one in sentences(sms.text, found)
        ],
    }


def serve(args: argparse.Namespace) -> int:
    """Serve the page, and every messenger that is configured, in one process."""
    from advisor.commands.serving import serve as serve_all

    url = database(args.db)
    folder = Path(url.removeprefix("sqlite:///")).parent if url.startswith("sqlite:///") else Path("data")
    serve_all(ROOT, folder, load_advisor, lambda observe, limits: open_desk(url, args.now, observe, limits))
    return DONE


def letter(args: argparse.Namespace) -> int:
    """List the letters, or draft one from the facts given; what speaks against it goes to standard error."""
    from advisor.turn.outside import against, picture

    advisor = load_advisor()
    letters = advisor.content.letters
    if not args.name:
        for one in letters.values():
            front = one.front
            print(f"{one.name}  {front.title}（交给：{front.to}）  需要：{'、'.join(front.needs)}")
        return DONE
    if args.name not in letters:
        raise CouldNotError(f"没有“{args.name}”这份文书；有：{'、'.join(letters)}")
    facts, today = dict(pair(item) for item in args.facts), clock(args.now)().date()
    text = advisor.draft(args.name, facts, today)
    for words in against(advisor, args.name, facts, today):
        print(words, file=sys.stderr)
    if args.format == "txt":
        body = (text + "\n").encode()
    else:
        from advisor import documents
        from advisor.charts import png

        make = documents.docx if args.format == "docx" else printed
        table = picture(advisor, args.name, facts, today)
        body = make(letters[args.name].front.title, text, picture=png(table) if table else None)
    try:
        if args.out:
            Path(args.out).write_bytes(body)
        else:
            sys.stdout.buffer.write(body)
    except OSError as error:
        raise CouldNotError(f"写不到 {args.out}：{error.strerror}") from error
    return DONE


def printed(title: str, text: str, picture: bytes | None = None) -> bytes:
    """Give a letter as a PDF."""
    from advisor.documents import pdf

    try:
        return pdf(title, text, picture=picture)
    except FileNotFoundError as error:
        raise CouldNotError(f"没有 DOCUMENT_FONT 里写的字体：{error}") from error


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
    from advisor.content.load import BASE

    advisor = load_advisor()
    register, today = advisor.words.register, clock(args.now)().date()
    words = "".join(args.words)
    first, _, last = args.on.partition("/")
    try:
        days = (date.fromisoformat(first), date.fromisoformat(last or first)) if first else (today, today)
    except ValueError as error:
        raise CouldNotError(f"--on 要写日期，例如 2026-01-01 或 2025-12-01/2026-02-01，现在是 {args.on}") from error
    if words in register or not words:
        slugs = [words] if words else register.slugs()
    else:
        slugs = advisor.hearing(BASE).lookup.find(words, *days)[:3]
    for slug in slugs:
        print(f"{slug}  {register.provision(slug).about}")
        if words:
            print(f"  {advisor.words.cite(slug, days, today)}\n")
        if words == slug:
            from advisor.checks.citing import citing
            from advisor.checks.subject import Subject

            print("用在：", *citing(Subject(advisor.content, today), slug), sep="\n  ")
    return DONE if slugs else NO


def check(args: argparse.Namespace) -> int:
    """Prove the content."""
    from advisor.checks import check as check_content

    if args.diff:
        return differ(args.root or ROOT, args.diff, clock(args.now)().date())
    report = check_content(args.root or ROOT, clock(args.now)().date())
    for problem in [*report.problems, *report.notes]:
        print(problem)
    print(f"{len(report.problems)} 处要改，{len(report.notes)} 处提醒" if report.problems or report.notes else "都对")
    return NO if report.problems else DONE


def differ(root: Path, revision: str, today: date) -> int:
    """Show every text that people get in other words than in `revision`, a commit of git."""
    import subprocess
    import tarfile
    from io import BytesIO

    from advisor.checks.citing import changed
    from advisor.checks.subject import Subject
    from advisor.content import ContentError, load

    command = ["git", "-C", str(root), "archive", revision, "flows", "templates", "knowledge"]
    try:
        archive = subprocess.run(command, capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        raise CouldNotError(f"取不到 {revision} 那一版，要在 git 仓库里，版本要写对") from error
    with TemporaryDirectory() as folder:
        with tarfile.open(fileobj=BytesIO(archive)) as archived:
            archived.extractall(folder, filter="data")
        try:
            before = Subject(load(Path(folder)), today)
            found = list(changed(before, Subject(load(root), today)))
        except ContentError as error:
            raise CouldNotError(f"{revision} 那一版的内容，现在的程序读不了") from error
    print("\n\n".join(found) or "说的话和那一版一样")
    return DONE


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
