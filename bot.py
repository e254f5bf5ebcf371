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

if TYPE_CHECKING:
    from advisor.channels.telegram import Face
    from advisor.desk import Desk
    from advisor.message import Files, Sms
    from advisor.turn import Advisor

ROOT = Path(__file__).resolve().parent
DONE, NO, COULD_NOT = 0, 1, 2


class CouldNotError(Exception):
    """The command could not be carried out; the message says why in one sentence."""


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


def open_desk(url: str, now: datetime | None) -> "Desk":
    """Open the desk on the store that `url` names."""
    from datetime import timedelta

    from advisor.codec import Codec
    from advisor.desk import Desk
    from advisor.settings import setting
    from advisor.store_sqlite import SqliteStore

    url = url or setting("DATABASE_URL", "sqlite:///data/advisor.db")
    if not url.startswith("sqlite:///"):
        raise CouldNotError(f"数据库地址要写成 sqlite:///路径，现在是 {url.split(':')[0]}:…")
    advisor = load_advisor()
    desk = Desk(
        advisor,
        SqliteStore(url.removeprefix("sqlite:///")),
        Codec(setting("DATA_KEY")),
        clock(now),
        timedelta(days=advisor.keep_days),
    )
    desk.store.expire(desk.clock())
    return desk


def chat(args: argparse.Namespace) -> int:
    """Hold a talk in the terminal."""
    from advisor.channels.terminal import Terminal, transcript
    from advisor.message import Message
    from advisor.store import StoreError

    desk = open_desk(args.db, args.now)
    terminal = Terminal(desk.answer_now, args.person, desk.delivered, Watch(desk), StoreError, files(desk.advisor))
    if args.at:
        desk.stand(args.person, args.at[0], dict(pair(item) for item in args.at[1:]))
    try:
        with folder_for(args.files, needed=args.json) as terminal.folder:
            if args.json:
                terminal.serve_json(stdin_lines())
            else:
                terminal.talk(Message(args.person, "继续"), desk.undelivered(args.person))
    finally:
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


def files(advisor: "Advisor") -> "Files":
    """Give what makes the files of a bubble."""
    from advisor.attachments import files_of

    return lambda bubble: files_of(bubble, lambda letter: advisor.content.letters[letter].front.title)


class Watch:
    """Loads the content anew when a file of it was saved, and keeps the old one when the new has mistakes."""

    def __init__(self, desk: "Desk") -> None:
        """Watch for `desk`."""
        self._desk, self._seen = desk, self._stamp()

    def _stamp(self) -> int:
        files = (path for folder in ("flows", "templates", "knowledge") for path in (ROOT / folder).rglob("*"))
        return max(path.stat().st_mtime_ns for path in files)

    def __call__(self) -> str:
        """Give a line to show, or nothing."""
        stamp = self._stamp()
        if stamp == self._seen:
            return ""
        self._seen = stamp
        from advisor.checks import check as check_content

        report = check_content(ROOT, self._desk.clock().date())
        if report.problems:
            return "内容有错，先用旧的：\n" + "\n".join(map(str, report.problems[:5]))
        self._desk.advisor = load_advisor()
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
    """Serve every channel that is configured, in one process."""
    import asyncio
    import logging

    from advisor.channels.serving import PortTakenError
    from advisor.channels.serving import serve as serve_channels
    from advisor.channels.telegram import BadRequest, InvalidToken, Telegram
    from advisor.settings import setting
    from advisor.store import StoreError

    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s %(message)s", level=logging.INFO, stream=sys.stderr)
    for library in ("httpx", "httpcore", "telegram", "aiolimiter"):  # they would write addresses with the token
        logging.getLogger(library).setLevel(logging.WARNING)
    token, api_url = setting("TELEGRAM_TOKEN"), setting("TELEGRAM_API_URL", "https://api.telegram.org")
    if not token:
        raise CouldNotError("还没有配置渠道：在环境变量或 .env 里写 TELEGRAM_TOKEN")
    desk = open_desk(args.db, args.now)
    desk.advisor.warm()
    webhook, secret = setting("TELEGRAM_WEBHOOK_URL"), setting("TELEGRAM_WEBHOOK_SECRET")

    async def everything() -> None:
        telegram = Telegram(token, desk, face(desk.advisor), StoreError, api_url, webhook, secret)
        await serve_channels([telegram], setting("HOST", "127.0.0.1"), int(setting("PORT", "8080")), desk.do_due)

    try:
        asyncio.run(everything())
    except InvalidToken as error:
        raise CouldNotError("Telegram 不认这个 TELEGRAM_TOKEN，请核对") from error
    except BadRequest as error:
        raise CouldNotError(f"Telegram 不接受 TELEGRAM_WEBHOOK_URL 或 TELEGRAM_WEBHOOK_SECRET：{error}") from error
    except PortTakenError as error:
        raise CouldNotError(f"端口用不了，换一个 PORT：{error}") from error
    finally:
        desk.close()
    return DONE


def face(advisor: "Advisor") -> "Face":
    """Give what messengers show of the advisor beside the talk."""
    from advisor.channels.telegram import Face
    from advisor.content.load import BASE

    words = [word for word in advisor.content.everywhere.values() if word.command]
    today = clock(None)().date()
    return Face(
        commands={word.command: word.about for word in words},
        says={word.command: word.label for word in words},
        links={flow.link: flow.enter[0] for flow in advisor.content.own_flows.values() if flow.link},
        about=advisor.words.say("shell/about", BASE, today),
        about_short=advisor.words.say("shell/about_short", BASE, today),
        group=advisor.words.say("shell/group", BASE, today),
        files=files(advisor),
    )


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
    """Say whether everything needed is there."""
    print(f"Python {sys.version.split()[0]}")
    desk = open_desk(args.db, args.now)
    desk.advisor.warm()
    content = desk.advisor.content
    print(f"内容：{len(content.own_flows)} 个流程，{len(content.letters)} 份文书，{len(content.signals)} 条信号")
    print("数据库：能打开，能写")
    desk.close()
    printed("题目", "内容")
    print("文书：能做成文档")
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
