"""`bot.py serve`: the page always, and every messenger that is configured, in one process."""

import asyncio
import hashlib
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time
from functools import lru_cache, partial
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from advisor.channels.serving import Channel, PortTakenError
from advisor.channels.serving import serve as serve_channels
from advisor.channels.web import Face, Web
from advisor.clock import SHANGHAI
from advisor.commands import CouldNotError
from advisor.commands.attaching import files
from advisor.commands.watched import Watched
from advisor.content.load import BASE
from advisor.desk import Desk
from advisor.expressions import for_pages
from advisor.greeting import edition_of, greet, in_characters_of
from advisor.limits import EACH, Limits
from advisor.message import Bubble, Person, Reply
from advisor.settings import setting
from advisor.store import StoreError
from advisor.talks import Talks
from advisor.tally import Event
from advisor.traditional import traditional
from advisor.turn import Advisor

if TYPE_CHECKING:  # who serves the page alone need not load them
    from advisor.channels.telegram import Face as TelegramFace
    from advisor.channels.telegram import Telegram
    from advisor.channels.wechat import Face as WeChatFace
    from advisor.channels.wechat import WeChat

LETTERS_KEPT = 1024  # links to letters that stay the same while they are given again
NOT_THE_REST = {"算了", "取消", "不删", "不删了"}  # these too go on with the talk, but ask for nothing more to read


def serve(
    root: Path, folder: Path, load: Callable[[], Advisor], open_desk: Callable[[Callable[[Event], None], Limits], Desk]
) -> None:
    """Serve until told to end; raises CouldNotError.

    `root` holds the content that `load` reads, `folder` what several processes share beside the database.
    """
    watched = Watched(setting("LOG_FORMAT", "text"))
    host, port, drain = setting("HOST", "127.0.0.1"), int(setting("PORT", "8080")), int(setting("DRAIN_SECONDS", "0"))
    desk = open_desk(watched.observe, Limits(int(setting("MESSAGES_A_MINUTE", str(EACH)))))
    desk.advisor.warm()
    probes = watched.probes(desk, setting("METRICS_TOKEN"))

    async def everything() -> None:
        own = page(desk, root)
        others = messengers(desk, own, folder)
        needed = not others or any(channel.routes for channel in others)  # else they go on without the page
        beside = watched.beside(desk, root, load)
        await serve_channels([own, *others], host, port, desk.do_due, probes, beside, drain, needed=needed)

    try:
        asyncio.run(everything())
    except PortTakenError as error:
        raise CouldNotError(f"端口用不了，换一个 PORT：{error}") from error
    except Exception as error:
        raise refused_by_telegram(error) or error from error
    finally:
        watched.end(desk)
        desk.close()


def shared_folder(url: str) -> Path:
    """Give the folder for what processes on one database share: beside the file, or where containers may write."""
    if url.startswith("sqlite:///"):
        return Path(url.removeprefix("sqlite:///")).parent
    return Path(tempfile.gettempdir()) / f"advisor-{hashlib.sha256(url.encode()).hexdigest()[:12]}"


def messengers(desk: Desk, own: Web, folder: Path) -> list[Channel]:
    """Give the channels beside the page; they are made in the loop that they are served in."""
    found: list[Channel] = []
    if token := setting("TELEGRAM_TOKEN"):
        found.append(in_telegram(desk, token))
    if token := setting("WECHAT_TOKEN"):
        found.append(in_wechat(desk, token, own, folder))
    return found


def in_telegram(desk: Desk, token: str) -> "Telegram":
    """Give the channel in Telegram."""
    from advisor.channels.telegram import Telegram

    api_url = setting("TELEGRAM_API_URL", "https://api.telegram.org")
    webhook, secret = setting("TELEGRAM_WEBHOOK_URL"), setting("TELEGRAM_WEBHOOK_SECRET")
    return Telegram(token, desk, telegram_face(desk), StoreError, api_url, webhook, secret)


def refused_by_telegram(error: Exception) -> CouldNotError | None:
    """Say in one sentence why Telegram takes no call of ours; None when it was something else."""
    telegram = sys.modules.get("advisor.channels.telegram")
    if telegram and isinstance(error, telegram.InvalidToken):
        return CouldNotError("Telegram 不认这个 TELEGRAM_TOKEN，请核对")
    if telegram and isinstance(error, telegram.BadRequest):
        return CouldNotError(f"Telegram 不接受 TELEGRAM_WEBHOOK_URL 或 TELEGRAM_WEBHOOK_SECRET：{error}")
    return None


def telegram_face(desk: Desk) -> "TelegramFace":
    """Give what Telegram shows of the advisor beside the talk."""
    from advisor.channels.telegram import Face as TelegramFace

    advisor, today = desk.advisor, desk.clock().date()
    return TelegramFace(
        commands={word.command: word.about for word in advisor.content.everywhere.values() if word.command},
        says=says(advisor),
        links=links(advisor),
        about=advisor.words.say("shell/about", BASE, today),
        about_short=advisor.words.say("shell/about_short", BASE, today),
        group=advisor.words.say("shell/group", BASE, today),
        files=files(desk),
    )


def says(advisor: Advisor) -> dict[str, str]:
    """Give the word that each command stands for."""
    return {word.command: word.label for word in advisor.content.everywhere.values() if word.command}


def links(advisor: Advisor) -> dict[str, str]:
    """Give the word that each link stands for: the flow that it leads into."""
    return {flow.link: flow.enter[0] for flow in advisor.content.own_flows.values() if flow.link}


def in_wechat(desk: Desk, token: str, own: Web, folder: Path) -> "WeChat":
    """Give the channel in an official account of WeChat; drafts that are too long for it are shown on the page."""
    from advisor.channels.wechat import Api, FileTokens, WeChat

    secret, appid, aes_key = setting("WECHAT_SECRET"), setting("WECHAT_APPID"), setting("WECHAT_AES_KEY")
    if (secret or aes_key) and not appid:
        raise CouldNotError("写了 WECHAT_SECRET 或 WECHAT_AES_KEY，就要写 WECHAT_APPID")
    address = setting("PAGE_URL").rstrip("/")

    @lru_cache(maxsize=LETTERS_KEPT)
    def link(person: Person, reply_id: str) -> str | None:
        return address + own.link(person, reply_id) if address else None

    api = Api(appid, secret, FileTokens(folder / "wechat_token.json")) if secret else None
    try:
        return WeChat(token, appid, desk, wechat_face(desk), StoreError, aes_key, api, link)
    except ValueError as error:
        raise CouldNotError(f"{error} 不对：是公众平台给的 43 个字符，请核对") from error


def wechat_face(desk: Desk) -> "WeChatFace":
    """Give what WeChat says of the advisor beside the talk."""
    from advisor.channels.wechat import Face as WeChatFace

    advisor, words = desk.advisor, desk.advisor.content.everywhere
    labels = {edition.everywhere["resume"].label for edition in advisor.content.editions.values()}
    goes_on = labels.union(words["resume"].hears) - NOT_THE_REST
    return WeChatFace(
        says=says(advisor),
        links=links(advisor),
        start=words["restart"].label,
        goes_on=frozenset(word.lower() for one in goes_on for word in (one, traditional(one))),
        more=partial(said, desk, "shell/wechat_more"),
        away=partial(said, desk, "shell/wechat_away"),
        letter=lambda language, address: said(desk, "shell/wechat_letter", language, address=address),
    )


def said(desk: Desk, template: str, language: str, **more: Any) -> str:
    """Say something beside the talk in a language as browsers name it, in the base language when that is not known."""
    advisor = desk.advisor
    words = advisor.words.say(template, edition_of(advisor, language), desk.clock().date(), **more)
    return in_characters_of(language, words)


def page(desk: Desk, root: Path) -> Web:
    """Give the page; its frame is in the templates under `root`."""
    talks = Talks(desk)
    # made once for each day, each state of the content and each language
    greeting = lru_cache(maxsize=8)(lambda today, _, language: welcome(desk.advisor, language, today))
    words = lru_cache(maxsize=8)(lambda _, language: page_words(desk.advisor, language))
    shown = Face(
        render=for_pages(root / "templates" / "page"),
        words=lambda language: words(id(desk.advisor), language),
        welcome=lambda language: greeting(desk.clock().date(), id(desk.advisor), language),
        files=files(desk),
        address=setting("PAGE_URL"),
    )
    return Web(desk, talks, talks.key(), shown, StoreError, desk.clock)


def page_words(advisor: Advisor, language: str) -> SimpleNamespace:
    """Give what the page says itself in a language as browsers name it, by name; what takes values is called."""

    def written(one: Any) -> Any:
        if callable(one):
            return lambda *values: written(str(one(*values)))
        return in_characters_of(language, one)

    by_name = vars(advisor.words.module("page", edition_of(advisor, language)))
    return SimpleNamespace(**{name: written(one) for name, one in by_name.items() if not name.startswith("_")})


def welcome(advisor: Advisor, language: str, today: date) -> Reply:
    """Give what somebody new finds on the page: what this is, and the first question with its choices."""
    _, reply = greet(advisor, language, datetime.combine(today, time(12), SHANGHAI))
    question = reply.bubbles[-1]
    choices = tuple(choice for choice in question.choices if not choice.last)
    about = in_characters_of(language, advisor.words.say("shell/about", edition_of(advisor, language), today))
    return replace(reply, bubbles=(Bubble(about), replace(question, choices=choices)))
