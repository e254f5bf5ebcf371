"""Telephone numbers in a text, and what must be masked in it: ID numbers, bank cards, verification codes."""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from advisor.numerals import flatten

Kind = Literal["mobile", "landline", "service", "bulk", "abroad"]


@dataclass(frozen=True, slots=True)
class Phone:
    """A telephone number in digits (with + when abroad, * or x where it was masked) and its place."""

    number: str
    start: int
    end: int
    kind: Kind


@dataclass(frozen=True, slots=True)
class Secret:
    """The place of something that nobody but the person should see."""

    kind: Literal["id", "card", "code"]
    start: int
    end: int


_ALONE = r"(?<![0-9a-z*+.])"
_HERE = r"(?![0-9*]|[xa-z][0-9]|\.[0-9])"
_HOME = r"(?:(?:\+|00)?86[ -]?)?"
# Lines that everybody may call; 10000 and the three figures of 110 are sums as well, so they need a word.
_SERVICES = (
    "12110|12123|12306|12309|12315|12318|12321|12329|12333|12335|12338|12345|12348|12355|12356|12358|12363"
    "|12365|12366|12368|12369|12377|12378|12380|12381|12385|12386|12388|12389|12398|10010|10016|10085|10086"
    "|10099|11183|11185"
)
_GRAMMAR: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        "bulk",
        re.compile(
            rf"{_ALONE}106(?:[0-9]{{5,17}}|[0-9](?:[ -][0-9]{{4}}){{1,4}}"
            rf"|[0-9]{{0,14}}[*x]{{2,14}}[0-9]{{0,8}}){_HERE}"
        ),
    ),
    (
        "mobile",
        re.compile(
            rf"{_ALONE}{_HOME}(?P<number>1[3-9][0-9]"
            rf"(?:[ -]?[0-9]{{4}}[ -]?[0-9]{{4}}|[ -]?[*x]{{2,8}}[ -]?[0-9]{{2,4}})){_HERE}"
        ),
    ),
    (
        "landline",
        re.compile(
            rf"{_ALONE}(?P<number>\(?0(?:10|2[0-9]|[3-9][0-9]{{2}})(?:\) ?|[ -])?[0-9*]{{3,4}}[ -]?[0-9*]{{4}}){_HERE}"
            r"(?:-[0-9]{1,6}(?![0-9]))?"
        ),
    ),
    (
        "landline",
        re.compile(rf"{_ALONE}(?:\+|00)86[ -]?(?P<number>(?:10|2[0-9]|[3-9][0-9]{{2}})[ -]?[0-9]{{7,8}}){_HERE}"),
    ),
    (
        "service",
        re.compile(
            rf"{_ALONE}[48]00(?:-?[0-9]{{7}}|-[0-9]{{3}}-[0-9]{{4}}|-[0-9]{{4}}-[0-9]{{3}}"
            rf"|[0-9]-[0-9]{{3}}-[0-9]{{3}}| [0-9]{{3}} [0-9]{{4}}| [0-9]{{7}}){_HERE}"
        ),
    ),
    (
        "abroad",
        re.compile(
            r"(?<![0-9a-z*+])(?:\+(?!86)|00(?=852|853|886|1[ -]|44|60|61|62|63|65|66|81|82|84|855|856|95))"
            r"[1-9](?:[ -]?[0-9]){6,14}(?![0-9])"
        ),
    ),
    ("service", re.compile(rf"{_ALONE}(?P<number>9[56][0-9]{{3,8}}|{_SERVICES}){_HERE}")),
    ("service", re.compile(rf"{_ALONE}(?P<number>110|119|120|122|10000|10001){_HERE}")),
)
_BEGINS = re.compile(r"[0-9(+]")
_DIALLED = re.compile(r"(?:打|拨|拨打|报警|报|找|电话|客服|热线|电信|来电)[了过:是为给\s(]{0,3}$")
# 95000 and 12345 with a word of money beside them are sums
_SUM_BEFORE = re.compile(
    r"(?:欠[款了]?|借了?|还了?|贷款?|共|¥|款|额|约|剩|付了?|转了?|花了?|亏了?|交了?)[是为:\s]{0,2}$"
)
_SUM_AFTER = re.compile(r"\s?(?:元|块|万|千|多|左右|rmb|[,，][0-9]{3}|%|[个条次天年月期人])")

_ID = re.compile(
    r"(?<![0-9])[1-9][0-9]{5}[ -]?((?:19|20)[0-9]{2})(0[1-9]|1[0-2])([0-3][0-9])[ -]?[0-9]{3}[0-9x](?![0-9])"
)
_ID_SAID = re.compile(r"身份证(?:号码?|是|为|号是|[:\s]){0,4}([0-9]{14,17}[0-9x])(?![0-9])")
_CARD = re.compile(
    r"(?<![0-9*+])(?:[0-9]{13,19}|[0-9]{4}(?:[ -][0-9]{4}){2,3}(?:[ -]?[0-9]{1,3})?)(?![0-9*]|[ -][0-9]{4})"
)
_CARD_SAID = re.compile(
    r"(?:卡号|账号|帐号|账户|帐户|户号|银行卡|储蓄卡|信用卡|借记卡|卡)"
    r"[^0-9，。；\n]{0,8}([0-9](?:[ -]?[0-9]){12,18})(?![0-9*])"
)
_CODE_SAID = re.compile(
    r"(?:验证码|校验码|动态码|动态口令|激活码|随机码|确认码|授权码|提取码|code)"
    r"[^0-9a-z，。；\n拨打电]{0,6}([0-9](?: ?[0-9]){3,7})(?![0-9*])"
    r"|(?:密码|口令)(?:是|为|就是|改成|[:\s「“\"(]){0,3}([0-9a-z@#$!_.-]{4,20})(?![0-9a-z])"
)
_CODE_BEFORE = re.compile(
    r"(?<![0-9.])([0-9]{4,8})[\s,，(（【]{0,2}(?:是|为)?(?:你|您|我)?的?[^0-9，。；\n]{0,6}?"
    r"(?:验证码|校验码|动态码|激活码)"
)


def find_phones(text: str) -> list[Phone]:
    """Find every telephone number, in order; numbers of cards and of ID documents are none."""
    flat = flatten(text)
    secret = _cover(text, find_secrets(text))
    found: list[Phone] = []
    at = 0
    while begin := _BEGINS.search(flat, at):
        at = begin.start()
        phone = _phone_at(flat, at)
        if phone and not any(secret[phone.start : phone.end]):
            found.append(phone)
            at = phone.end
        else:
            at += 1
    return found


def read_phone(text: str) -> Phone | None:
    """Read the one telephone number in the text; a text that is nothing but 110 or 10000 counts too."""
    found = find_phones(text)
    short = re.fullmatch(r"\s*(110|119|120|122|10000|10001|95[0-9]{3})\s*", flatten(text[:40]))
    if short and not found:
        return Phone(short.group(1), short.start(1), short.end(1), "service")
    return found[0] if len({p.number for p in found}) == 1 else None


def _cover(text: str, secrets: list[Secret]) -> bytearray:
    covered = bytearray(len(text))
    for secret in secrets:
        covered[secret.start : secret.end] = b"1" * (secret.end - secret.start)
    return covered


def _phone_at(flat: str, at: int) -> Phone | None:
    for kind, pattern in _GRAMMAR:
        if (said := pattern.match(flat, at)) and _is_dialled(flat, said, kind):
            return Phone(_in_digits(said), at, said.end(), kind)
    return None


def _in_digits(said: re.Match[str]) -> str:
    number = re.sub(r"[ ()-]", "", said.groupdict().get("number") or said.group())
    if number.startswith("00"):
        return "+" + number[2:]
    abroad_area = re.match(r"(?:\+|00)86", said.group()) and re.match(r"[2-9]|10", number)
    return "0" + number if abroad_area and len(number) >= 9 else number


def _is_dialled(flat: str, said: re.Match[str], kind: Kind) -> bool:
    """Short numbers are sums as often as telephones: look at the words on both sides."""
    number = said.group()
    before = flat[max(0, said.start() - 8) : said.start()]
    if kind != "service" or len(number) > 6:
        return True
    if _DIALLED.search(before):
        return True
    if len(number) == 3 or number in ("10000", "10001", "95000", "96000"):
        return False
    return not _SUM_BEFORE.search(before) and not _SUM_AFTER.match(flat, said.end())


def find_secrets(text: str) -> list[Secret]:
    """Find ID numbers, card numbers and codes, in order and without overlap."""
    flat = flatten(text)
    found: list[Secret] = []
    covered = _cover(flat, [])
    for secret in (*_ids(flat), *_cards(flat), *_codes(flat)):
        if not any(covered[secret.start : secret.end]):
            found.append(secret)
            covered[secret.start : secret.end] = b"1" * (secret.end - secret.start)
    return sorted(found, key=lambda s: s.start)


def mask(text: str) -> str:
    """Replace the middle of each secret by ＊, keeping the length; of a code nothing is left to see."""
    signs = list(text)
    for secret in find_secrets(text):
        shown = {"id": (3, 2), "card": (4, 4), "code": (0, 0)}[secret.kind]
        for i in range(secret.start + shown[0], secret.end - shown[1]):
            signs[i] = "＊"
    return "".join(signs)


def _ids(flat: str) -> Iterator[Secret]:
    for said in _ID.finditer(flat):
        year, month, day = (int(part) for part in said.groups())
        if 1 <= day <= monthrange(year, month)[1]:
            yield Secret("id", *said.span())
    for said in _ID_SAID.finditer(flat):
        yield Secret("id", *said.span(1))


def _cards(flat: str) -> Iterator[Secret]:
    for said in _CARD_SAID.finditer(flat):
        yield Secret("card", *said.span(1))
    for said in _CARD.finditer(flat):
        digits = re.sub("[ -]", "", said.group())
        # no Chinese card begins with 0, 1, 2 or 7: bulk senders, mobiles and times of day do
        likely = 13 <= len(digits) <= 19 and digits[0] in "345689" and not _is_mobile(digits)
        if likely and _passes_luhn(digits):
            yield Secret("card", *said.span())


def _is_mobile(digits: str) -> bool:
    return re.fullmatch("861[3-9][0-9]{9}", digits) is not None


def _codes(flat: str) -> Iterator[Secret]:
    for said in _CODE_SAID.finditer(flat):
        yield Secret("code", *said.span(1 if said.group(1) else 2))
    for said in _CODE_BEFORE.finditer(flat):
        yield Secret("code", *said.span(1))


def _passes_luhn(digits: str) -> bool:
    """Check the last digit as card makers do."""
    total = 0
    for i, c in enumerate(reversed(digits)):
        step = int(c) * (1 + i % 2)
        total += step - 9 if step > 9 else step
    return total % 10 == 0
