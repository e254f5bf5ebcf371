"""`bot.py doctor`: says of each setting and each part whether it is there, can be reached and is right; no secret."""

import json
import re
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from ipaddress import ip_address
from pathlib import Path
from typing import Literal

from advisor.channels.wechat.crypto import Sealer
from advisor.checks.due import due
from advisor.codec import Codec, CorruptError, NoKeyError
from advisor.commands.logs import FORMATS
from advisor.content import ContentError, load
from advisor.documents import docx, pdf
from advisor.evidence.pictures import available
from advisor.limits import EACH
from advisor.settings import setting
from advisor.store import Store
from advisor.tally import week_of
from advisor.turn import Advisor

MARKS = {"ok": "好", "missing": "没写", "wrong": "不对"}
SHORTEST_KEPT = 180  # days; the police take up what happened within six months
PATIENCE = 5.0  # seconds for Telegram, and for WeChat
WECHAT = "https://api.weixin.qq.com"
REFUSALS = {
    40013: ("WECHAT_APPID", "不认这个 AppID", "和公众号后台核对"),
    40125: ("WECHAT_SECRET", "不认这个 AppSecret", "和公众号后台核对；重置过就写新的"),
    40164: ("WECHAT_SECRET", "不认这台机器的地址", "把公网地址加进公众号后台的 IP 白名单"),
}  # what the platform says by a number
MOST_DRAIN = 60  # seconds
NO_LIMITS = "不限条数，谁都能占满；压测以外写 60"
_TOKEN = re.compile(r"\d+:[\w-]{20,}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: how it is, what is said of it, and what to do."""

    name: str
    how: Literal["ok", "missing", "wrong"]
    said: str
    do: str = ""

    def __str__(self) -> str:
        line = f"[{MARKS[self.how]}] {self.name}：{self.said}"
        return f"{line}\n    → {self.do}" if self.do else line


@dataclass(frozen=True)
class Doctor:
    """Looks at everything. `open_store` opens the store of the settings, `root` holds the content."""

    root: Path
    today: date
    open_store: Callable[[], Store]

    def findings(self) -> Iterator[Finding]:
        """Give one finding after the other, the parts that need a while last."""
        yield Finding("Python", "ok", sys.version.split()[0])
        yield from self._content()
        yield self._key()
        yield from self._database()
        yield from _people()
        yield from _serving()
        yield _page()
        yield from _documents()
        yield from _telegram()
        yield from _wechat()

    def _content(self) -> Iterator[Finding]:
        try:
            content = load(self.root)
            Advisor.of(content).warm()
            _ = content.rates  # reviewed each month
        except ContentError as error:
            yield Finding("内容", "wrong", str(error.problems[0]), "运行 bot.py check，照它说的改")
            return
        told = f"{len(content.own_flows)} 个流程，{len(content.letters)} 份文书，{len(content.signals)} 条信号"
        yield Finding("内容", "ok", told)
        passed = [file for file, day in due(content) if day < self.today]
        if passed:
            do = "和来源核对后，改 checked 和 review_by；利率每月核一次"
            yield Finding("内容复核", "wrong", f"{len(passed)} 处过了复核日期：{'、'.join(passed)}", do)

    def _key(self) -> Finding:
        keys = setting("DATA_KEY")
        if not keys:
            do = "要加密就按 README 生成一个，另外存好：丢了就打不开"
            return Finding("DATA_KEY", "missing", "存的是明文", do)
        try:
            Codec(keys).decode(Codec(keys).encode([]))
        except ValueError:
            return Finding("DATA_KEY", "wrong", "不是 Fernet 密钥", "按 README 重新生成；几个密钥用逗号隔开")
        return Finding("DATA_KEY", "ok", f"{len([key for key in keys.split(',') if key.strip()])} 个密钥，存的是密文")

    def _database(self) -> Iterator[Finding]:
        try:
            store = self.open_store()
        except Exception as error:  # whatever stands in the way is told in its own sentence, which holds no secret
            yield Finding("DATABASE_URL", "wrong", str(error), "看地址、权限和磁盘；PostgreSQL 看它开着没有")
            return
        try:
            store.count({}, week_of(self.today))
            yield Finding("DATABASE_URL", "ok", "数据库能打开，能写")
            yield from _opened(store)
        except Exception as error:
            yield Finding("DATABASE_URL", "wrong", f"能打开，写不进去：{type(error).__name__}", "看磁盘和权限")
        finally:
            store.close()


def _opened(store: Store) -> Iterator[Finding]:
    """Try the keys on a reply that waits, if one does."""
    for _, _, body in store.undelivered()[:1]:
        try:
            Codec(setting("DATA_KEY")).decode(body)
        except NoKeyError:
            do = "把原来的密钥加回 DATA_KEY，新的写在前面；真丢了见 deploy/README.md"
            yield Finding("DATA_KEY", "wrong", "打不开库里的记录", do)
        except (CorruptError, ValueError):
            yield Finding("DATABASE_URL", "wrong", "有一条记录坏了", "看磁盘；从备份恢复见 deploy/README.md")


def _people() -> Iterator[Finding]:
    if setting("HUMAN_CONTACT"):
        yield Finding("HUMAN_CONTACT", "ok", "要找真人的，给他这个")
    else:
        yield Finding("HUMAN_CONTACT", "missing", "要找真人的，只给公共热线", "有人值班就写上怎样找到你")
    days = setting("RETENTION_DAYS", "210")
    if not days.isascii() or not days.isdigit() or int(days) < 1:
        yield Finding("RETENTION_DAYS", "wrong", days, "写天数，例如 210")
    elif int(days) < SHORTEST_KEPT:
        yield Finding("RETENTION_DAYS", "ok", f"{days} 天", "比六个月短，报警时限没到材料就没了")
    else:
        yield Finding("RETENTION_DAYS", "ok", f"{days} 天")


def _serving() -> Iterator[Finding]:
    host, port = setting("HOST", "127.0.0.1"), setting("PORT", "8080")
    yield Finding("HOST", "ok", host)
    if port.isascii() and port.isdigit() and 0 < int(port) < 65536:
        yield Finding("PORT", "ok", port)
    else:
        yield Finding("PORT", "wrong", port, "写 1 到 65535 的数")
    if setting("METRICS_TOKEN"):
        yield Finding("METRICS_TOKEN", "ok", "看 /metrics 要带它")
    elif _is_local(host):
        yield Finding("METRICS_TOKEN", "missing", "/metrics 不用口令，只有本机看得到")
    else:
        yield Finding("METRICS_TOKEN", "missing", "连得到这个端口的人都能看 /metrics", "写一个口令，或在前面挡住")
    form = setting("LOG_FORMAT", "text")
    if form in FORMATS:
        yield Finding("LOG_FORMAT", "ok", form)
    else:
        yield Finding("LOG_FORMAT", "wrong", form, "写 text 或 json")
    each = setting("MESSAGES_A_MINUTE", str(EACH))
    if each.isascii() and each.isdigit():
        yield Finding(
            "MESSAGES_A_MINUTE", "ok" if int(each) else "missing", f"{each} 条", "" if int(each) else NO_LIMITS
        )
    else:
        yield Finding("MESSAGES_A_MINUTE", "wrong", each, "写条数，例如 60")
    drain = setting("DRAIN_SECONDS", "0")
    if drain.isascii() and drain.isdigit() and int(drain) <= MOST_DRAIN:
        yield Finding("DRAIN_SECONDS", "ok", f"{drain} 秒")
    else:
        yield Finding("DRAIN_SECONDS", "wrong", drain, f"写 0 到 {MOST_DRAIN} 的秒数")


def _page() -> Finding:
    address = setting("PAGE_URL")
    if not address:
        return Finding("PAGE_URL", "missing", "网页前面没有代理，微信里也不给链接")
    if not re.fullmatch(r"https?://[^/\s]+/?", address):
        return Finding("PAGE_URL", "wrong", "地址不对", "写公网 https 地址，只到域名，例如 https://chat.example.org")
    return Finding("PAGE_URL", "ok", address)


def _is_local(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _documents() -> Iterator[Finding]:
    try:
        docx("题目", "内容")
        pdf("题目", "内容")
        font = setting("DOCUMENT_FONT")
        yield Finding("DOCUMENT_FONT", "ok" if font else "missing", font or "用系统里的，没有就用自带的")
        yield Finding("文书", "ok", "能做成文档")
    except FileNotFoundError as error:
        yield Finding("DOCUMENT_FONT", "wrong", f"没有这个字体：{error}", "写系统里有的字体名，或字体文件的路径")
    if available():
        yield Finding("图片", "ok", "能认字")
    else:
        yield Finding("图片", "missing", "不认字，请人打出来", "要认字就装附加件：pip install '.[ocr]'")


def _telegram() -> Iterator[Finding]:
    token, server = setting("TELEGRAM_TOKEN"), setting("TELEGRAM_API_URL", "https://api.telegram.org")
    url, secret = setting("TELEGRAM_WEBHOOK_URL"), setting("TELEGRAM_WEBHOOK_SECRET")
    if not token:
        yield Finding("TELEGRAM_TOKEN", "missing", "不开 Telegram", "要开就向 @BotFather 要一个")
        return
    if not _TOKEN.fullmatch(token):
        yield Finding("TELEGRAM_TOKEN", "wrong", "不像 token", "写 @BotFather 给的整串，数字、冒号、字母")
    elif not server.startswith(("https://", "http://")):
        yield Finding("TELEGRAM_API_URL", "wrong", "不是网址", "不用自己的服务器就别写")
    else:
        yield _reached(server, token)
    if not url:
        yield Finding("TELEGRAM_WEBHOOK_URL", "missing", "用轮询；几个进程一起跑时要用 webhook")
    elif re.fullmatch(r"https?://.+/telegram", url):
        yield Finding("TELEGRAM_WEBHOOK_URL", "ok", "用 webhook")
    else:
        yield Finding("TELEGRAM_WEBHOOK_URL", "wrong", "地址不对", "写公网 https 地址，以 /telegram 结尾")
    if not secret:
        yield Finding("TELEGRAM_WEBHOOK_SECRET", "missing", "由 token 算出")
    elif _SECRET.fullmatch(secret):
        yield Finding("TELEGRAM_WEBHOOK_SECRET", "ok", "写好了")
    else:
        yield Finding("TELEGRAM_WEBHOOK_SECRET", "wrong", "有不能用的字符", "只用字母、数字、_ 和 -，最多 256 个")


def _wechat() -> Iterator[Finding]:
    appid, aes_key = setting("WECHAT_APPID"), setting("WECHAT_AES_KEY")
    if not setting("WECHAT_TOKEN"):
        yield Finding("WECHAT_TOKEN", "missing", "不开微信", "要开就和公众号后台约定一个")
        return
    yield Finding("WECHAT_TOKEN", "ok", "开微信")
    if not appid and (aes_key or setting("WECHAT_SECRET")):
        yield Finding("WECHAT_APPID", "wrong", "没写", "写了 WECHAT_SECRET 或 WECHAT_AES_KEY，就要写它")
    elif aes_key:
        try:
            Sealer(aes_key, appid)
            yield Finding("WECHAT_AES_KEY", "ok", "消息加密")
        except ValueError:
            yield Finding("WECHAT_AES_KEY", "wrong", "不是 43 个字符的密钥", "和公众号后台核对")
    else:
        yield Finding("WECHAT_AES_KEY", "missing", "消息不加密", "公众号选安全模式就写上")
    if not setting("WECHAT_SECRET"):
        yield Finding("WECHAT_SECRET", "missing", "只答不发")
    elif appid:
        yield account(appid, setting("WECHAT_SECRET"))


def account(appid: str, secret: str, server: str = WECHAT) -> Finding:
    """Ask the platform for the account's access token, as it gives it to all who ask: none becomes invalid by that."""
    asked = {"grant_type": "client_credential", "appid": appid, "secret": secret}
    try:
        with urllib.request.urlopen(f"{server}/cgi-bin/stable_token", json.dumps(asked).encode(), PATIENCE) as answer:
            code = json.load(answer).get("errcode", 0)
    except (OSError, ValueError, AttributeError) as error:
        if isinstance(error, urllib.error.HTTPError):
            error.close()
        return Finding("WECHAT_SECRET", "wrong", f"微信连不上：{type(error).__name__}", "看网络，要不要走代理")
    if not code:
        return Finding("WECHAT_SECRET", "ok", "连得上，账号对；答不完的接着发")
    name, said, do = REFUSALS.get(code, ("WECHAT_SECRET", f"答 {code}", "照公众平台的错误码说明查"))
    return Finding(name, "wrong", f"微信{said}", do)


def _reached(server: str, token: str) -> Finding:
    """Ask Telegram who the bot is. The address holds the token, so nothing of it is told."""
    try:
        with urllib.request.urlopen(f"{server}/bot{token}/getMe", timeout=PATIENCE) as answer:
            if json.load(answer).get("ok"):
                return Finding("TELEGRAM_TOKEN", "ok", "连得上，token 对")
    except urllib.error.HTTPError as error:
        error.close()
        if error.code in (401, 404):
            return Finding("TELEGRAM_TOKEN", "wrong", "Telegram 不认这个 token", "向 @BotFather 核对")
        return Finding("TELEGRAM_API_URL", "wrong", f"它答 {error.code}", "过一会儿再试")
    except (OSError, ValueError) as error:
        return Finding("TELEGRAM_API_URL", "wrong", f"连不上：{type(error).__name__}", "看网络，要不要走代理")
    return Finding("TELEGRAM_API_URL", "wrong", "答的不是 Telegram", "核对 TELEGRAM_API_URL")
