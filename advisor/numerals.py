"""How people write numbers: 两万三, 2W5, 廿五, 贰仟叁佰, 3。5万, and which of them have one clear value."""

import re
from dataclasses import dataclass
from decimal import Decimal

# Nothing longer is a number that somebody means; it also keeps hostile text (100 kB of 零) cheap to refuse.
LONGEST = 32

_WIDE = {c: c - 0xFEE0 for c in range(0xFF01, 0xFF5F) if c != ord("，")}
_FLAT = str.maketrans(
    {chr(c): chr(w) for c, w in _WIDE.items()}
    | dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz", strict=True))
    | {chr(ord(c) + 0xFEE0): c.lower() for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
    | dict(zip("〇○萬億圓圆俩￥\u3000－−–—～〜", "零零万亿元元两¥ ----~~", strict=True))
)
_FORMAL = str.maketrans("壹贰貳叁叄肆伍陆陸柒捌玖拾佰仟", "一二二三三四五六六七八九十百千")
# 陆续, 收拾, 队伍 are words: a formal numeral counts only beside another one, or before 元 or 万
_FORMAL_RUN = re.compile("[壹贰貳叁叄肆伍陆陸柒捌玖拾佰仟零万亿]{2,}|[壹贰貳叁叄肆伍陆陸柒捌玖拾](?=[元万])")

_DIGITS = {c: Decimal(i) for i, c in enumerate("零一二三四五六七八九")} | {"两": Decimal(2)}
_UNITS = {"十": 10, "百": 100, "千": 1000, "k": 1000, "万": 10**4, "w": 10**4, "亿": 10**8}

_TOKEN = re.compile(
    r"(?P<figure>[0-9]{1,3}(?:[,，][0-9]{3}){1,4}(?![0-9])(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?"
    r"|半(?=[万亿w]))"
    r"|(?P<digit>[一二三四五六七八九两])|(?P<zero>零)|(?P<unit>[十百千万亿]|[wk](?![a-z]))"
    r"|(?P<score>[廿卅])|(?P<some>[几数])|(?P<odd>多|余(?![额下])|来(?=[万亿块元个天次条年家百千w]))"
)
# 三点五万 and 3。5万 are decimals only before a unit: 三点五十 is ten to four
_SPOKEN = re.compile(
    r"([一二三四五六七八九两十零]{1,3})点([零一二三四五六七八九]{1,4})(?=[万亿w块元])"
    r"|([0-9]{1,3})。([0-9]{1,2})(?=[万w])"
)
_HOUR_BEFORE = re.compile("(?:上午|下午|中午|晚上|早上|凌晨|半夜|夜里|傍晚|昨晚|今晚|今早)$")

# 三万五 ends a number, but 三万五个月, 三万一直 and 三千一天 do not: what follows the last digit decides
_COUNTED = re.compile(
    r"(?:个(?!人)|次(?![日月要])|天(?!天|猫)|年(?![底前初后化末利息率终中货关])|期(?![限间望货末])"
    r"|条(?![件款约])|家(?![里人长庭属中乡])|笔|张|遍|封|周|星期|礼拜|小时|分钟|平台)"
)
_TORN = re.compile("个人|[年月点号日期]|手|楼|成|折")
_GOES_ON_WITH_ONE = re.compile("[直共下起些样定般边旦会辈早晚路并切份口头度向律概齐同致半面旁方心生家笔]")


@dataclass(frozen=True, slots=True)
class Numeral:
    """One written number; its value is None when the words leave it open (两三千, 几百, 2万50)."""

    value: Decimal | None
    start: int
    end: int
    about: bool = False
    scale: int = 1  # the largest unit written: 10 十, 100 百, 1000 千, 10000 万
    words: bool = False  # written in Chinese, at least in part
    bare_unit: bool = False  # begins with its unit: 万五, 千把


def flatten(text: str) -> str:
    """Write the text with plain digits and small letters, each character in its old place."""
    flat = text.translate(_FLAT)
    return _FORMAL_RUN.sub(lambda run: run.group().translate(_FORMAL), flat)


def read_numeral(flat: str, at: int) -> Numeral | None:
    """Read the number that begins at this place of a flattened text."""
    spoken = _SPOKEN.match(flat, at)
    if spoken and not _HOUR_BEFORE.search(flat[max(0, at - 4) : at]):
        return _Reader(flat, at).read(spoken)
    return _Reader(flat, at).read(None)


def read_whole(words: str) -> int | None:
    """Read a small whole number that is all of the words (月, 日 and lengths of time need it)."""
    if len(words) > LONGEST:
        return None
    number = read_numeral(words, 0)
    if number is None or number.value is None or number.about or number.end != len(words):
        return None
    return int(number.value) if number.value == int(number.value) else None


class _Reader:
    """The walk over one number: finished sections, the section in hand, the digit not yet placed."""

    def __init__(self, flat: str, at: int) -> None:
        self.flat, self.start, self.end = flat, at, at
        self.total = self.section = Decimal(0)
        self.digit: Decimal | None = None
        self.figure = ""  # the digit as written when it was in Arabic figures
        self.unit = self.section_unit = 0  # the last unit; the last one within the section
        self.big = 10**12
        self.gap = self.about = self.open = self.fraction = self.bare_unit = self.words = False
        self.scale = 1
        self.tail = at  # where the unplaced digit begins

    def read(self, spoken: re.Match[str] | None) -> Numeral | None:
        if spoken:
            self._take_spoken(spoken)
        while self.end - self.start <= LONGEST and (token := _TOKEN.match(self.flat, self.end)):
            kind = token.lastgroup or ""
            if not self._take(kind, token.group(), token.end()):
                break
            self.words = self.words or kind not in ("figure", "odd")
            self.end = token.end()
        if self.end == self.start:
            return None
        if self.end - self.start > LONGEST:
            self.open = True
        self._finish()
        value = None if self.open else self.total + self.section
        return Numeral(value, self.start, self.end, self.about, self.scale, self.words, self.bare_unit)

    def _take_spoken(self, spoken: re.Match[str]) -> None:
        whole, part = spoken.group(1) or spoken.group(3), spoken.group(2) or spoken.group(4)
        count = read_whole(whole)
        figures = "".join(str(_DIGITS.get(c, c)) for c in part)
        self.open = count is None
        self.digit, self.figure = Decimal(f"{count or 0}.{figures}"), "0.0"
        self.fraction = self.words = True
        self.end = spoken.end()

    def _take(self, kind: str, written: str, end: int) -> bool:
        """Take one token; False when it belongs to what comes after the number."""
        first = self.end == self.start
        match kind:
            case "figure":
                return self._take_figure(written)
            case "digit":
                return self._take_digit(_DIGITS[written], end)
            case "zero":
                if self.figure:
                    return False
                self.open = self.open or self.digit is not None
                self.gap, self.digit = True, Decimal(0) if first else self.digit
                self.tail = self.end
                return True
            case "score":
                return self._take_digit(Decimal("廿卅".index(written) + 2), end) and self._take_unit("十")
            case "unit":
                return self._take_unit(written)
            case "some":
                if self.digit is not None and not self.figure:
                    return False
                self._place()
                self.open, self.about = self.open or first, True
                return True
        if self.digit is not None and not self.figure:
            return False  # 三多, 五来: the next word begins here
        if first:
            return False
        self._place()
        self.about = True
        return True

    def _take_figure(self, written: str) -> bool:
        if self.about or (self.digit is not None and not (self.gap and self.digit == 0)):
            return False  # 三千多5000: two numbers
        plain = "0.5" if written == "半" else written.replace(",", "").replace("，", "")
        if self.fraction or (self.unit and "." in plain):
            self.open = True
        self.fraction = self.fraction or "." in plain
        self.digit, self.figure, self.tail = Decimal(plain[:LONGEST]), plain, self.end
        return True

    def _take_digit(self, value: Decimal, end: int) -> bool:
        if self.about or (self.figure and self.digit is not None):
            return False  # 3000三个月, 三千多一个月: a new number
        if self.digit is not None and not (self.gap and self.digit == 0):
            apart = value - self.digit
            if self.unit and apart not in (1, 2) and _COUNTED.match(self.flat, end):
                return False  # 一千五一个月
            self.open = True  # 两三千, 一万五六, 一三八
        if self.fraction:
            self.open = True
        self.digit, self.figure, self.tail = value, "", self.end
        return True

    def _take_unit(self, written: str) -> bool:
        size = _UNITS[written]
        if written in "wk" and self.end == self.start:
            return False
        self.scale = max(self.scale, size)
        if size >= 10**4:
            return self._close_section(size)
        count = self._coefficient(size)
        if self.section_unit and size >= self.section_unit:
            # 三百几十 may name the unit again, 三百五百 is two numbers run together
            self.open = True
        if count >= 10 and (size < 1000 or self.unit):
            self.open = True
        self.section += count * size
        self.digit, self.figure, self.gap = None, "", False
        self.unit = self.section_unit = size
        return True

    def _coefficient(self, size: int) -> Decimal:
        if self.digit is not None:
            return self.digit
        if self.about and self.end > self.start:
            return Decimal(0)  # 一万几千: the 千 only says how odd
        if self.end == self.start and size > 10:
            self.bare_unit = True
        elif size > 10:
            self.open = True
        return Decimal(1)

    def _close_section(self, size: int) -> bool:
        hanging = self.digit is not None and self.section_unit > 10 and not self.gap
        if hanging or size >= self.big:
            self.open = True  # 一百二万; 三万亿
        counted = self.digit is not None
        self._place()
        if self.section == 0 and not counted:
            if self.end > self.start:
                self.open = self.open or not self.about
            else:
                self.section, self.bare_unit = Decimal(1), True
        self.total += self.section * size
        self.section, self.section_unit, self.gap = Decimal(0), 0, False
        self.big = self.unit = size
        return True

    def _place(self) -> None:
        """Put the digit in hand where it stands by itself."""
        if self.digit is not None:
            self.section += self.digit
        self.digit, self.figure = None, ""

    def _finish(self) -> None:
        if self.gap and self.digit is None:
            self.about = True  # 三千零蚊, Cantonese for a bit over
        if self.digit is None or self.unit in (0, 10) or self.gap:
            self._place()
        elif self.figure and len(self.figure) > 1:
            room = len(str(self.unit)) - 1  # 2万3000 and 2万500 are plain, 2万50 is not
            self.open = self.open or self.unit > 10**4 or not (min(room, 3) <= len(self.figure) <= room)
            self._place()
        else:
            self._finish_short()
        if self.bare_unit and self.scale == 100 and self.section_unit == 10:
            self.about = True  # 百八十
        if self.bare_unit and re.match("千八百|万八千", self.flat[self.start : self.start + 3]):
            self.open = True  # “nearly a thousand”, not 1800
        if self.bare_unit and self.flat.startswith("把", self.end):
            self.about, self.end = True, self.end + 1

    def _finish_short(self) -> None:
        """三万五 is 35000: the last digit is of the next unit down, if it belongs to the number at all."""
        rest = self.flat[self.end : self.end + 4]
        is_one = self.flat[self.tail] == "一"
        if self.flat[self.tail] == "两" or _COUNTED.match(rest) or (is_one and _GOES_ON_WITH_ONE.match(rest)):
            self.end = self.tail
            return
        if _TORN.match(rest) or not self.digit or self.fraction:
            self.open = True
        self.section += (self.digit or Decimal(0)) * self.unit / 10
