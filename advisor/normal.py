"""Undoes the disguises that senders use, and remembers where every character came from.

亻崔収, 律-师-函, ｄａｉｋｕａｎ, traditional characters, emoji digits: all of these are read as the plain
word, while a quotation is always cut out of the message as it arrived. The result is for matching only and
is never shown, so a rare wrong guess here costs nothing but a match.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

MASK = "0"  # one sign for every anonymised number, whoever masked it: a digit, as it would have been
NAME = "*"  # one sign for a masked name or place; between characters it goes like any inserted sign
LINK = "§"  # one sign for an address that was masked

_HAN = "\u3400-\u4dbf\u4e00-\u9fff"


@dataclass(frozen=True, slots=True)
class Normal:
    """The text as it is matched; `spans` holds start and end in the original for each of its characters."""

    text: str
    spans: Sequence[int]

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """Give the place in the original (code points, end excluded) of the slice [start:end]."""
        if not 0 <= start < end <= len(self.text):
            at = self.spans[2 * start] if 0 <= start < len(self.text) else 0
            return at, at
        return self.spans[2 * start], self.spans[2 * end - 1]


# ---- one character at a time ----

_SIGNS = {
    "❶": "1", "❷": "2", "❸": "3", "❹": "4", "❺": "5", "❻": "6", "❼": "7", "❽": "8", "❾": "9", "⓿": "0",
    "➊": "1", "➋": "2", "➌": "3", "➍": "4", "➎": "5", "➏": "6", "➐": "7", "➑": "8", "➒": "9",
    "➀": "1", "➁": "2", "➂": "3", "➃": "4", "➄": "5", "➅": "6", "➆": "7", "➇": "8", "➈": "9",
    "⺅": "亻", "⺘": "扌", "⺡": "氵", "⻈": "讠", "⻖": "阝", "⻏": "阝", "⻌": "辶", "⻍": "辶", "⺾": "艹",
    "💰": "钱", "💵": "钱", "💴": "钱", "🐶": "狗", "🐕": "狗", "🐷": "猪", "🐖": "猪", "💳": "卡", "🔪": "刀",
    "📱": "手机", "☎": "电话", "📞": "电话", "🏠": "家", "🏡": "家", "👮": "警察", "💣": "炸", "🩸": "血",
    "収": "收", "囙": "回", "歀": "款", "貸": "贷", "欵": "款", "囯": "国", "仩": "上", "門": "门", "著": "着",
    "査": "查", "録": "录", "経": "经", "済": "济", "亍": "行", "馿": "驴", "冂": "门", "忟": "文", "怩": "呢",
    "?": "？", "!": "！", ";": "；", "➕": "加", "✚": "加",
    "“": '"', "”": '"', "‘": "'", "’": "'", "「": '"', "」": '"',
    "『": '"', "』": '"', "〖": "【", "〗": "】", "〔": "(", "〕": ")", "﹒": ".", "●": "·", "•": "·", "・": "·",
}  # fmt: skip
_KEPT_WIDE = set("。？！；，、")  # sentence signs stay Chinese: rules are written with them


class _Characters(dict[str, str]):
    """What each character becomes; filled as characters are met, and never past a bound."""

    def __missing__(self, char: str) -> str:
        plain = _plain(char)
        if len(self) < 20_000:
            self[char] = plain
        return plain


def _plain(char: str) -> str:
    if char in _KEPT_WIDE:
        return char
    if char in _SIGNS:
        return _SIGNS[char]
    if char in "\n\r\u2028\u2029\x85":
        return "\n"
    if char == "\t":
        return " "
    kind = unicodedata.category(char)
    if kind in ("Cf", "Cc", "Cs", "Mn", "Me", "Co"):
        return ""
    if kind in ("So", "Sk"):
        folded = unicodedata.normalize("NFKC", char)
        return folded.lower() if folded[0].isalnum() else "\u2022"  # an ornament: dropped between characters
    folded = unicodedata.normalize("NFKC", char).lower()
    return "".join(map(_simplified, folded))


# traditional characters that the simplified standard has too, for names and old words
_IN_BOTH = str.maketrans("徵乾後於夥菸著捱摺", "征干后于伙烟着挨折")


def simplify(text: str) -> str:
    """Give the text in simplified characters, each in its old place."""
    text = text.translate(_IN_BOTH)
    try:
        text.encode("gb2312")
    except UnicodeEncodeError:
        return "".join(map(_simplified, text))
    return text


def _simplified(char: str) -> str:
    if char < "\u3400" or not ("\u3400" <= char <= "\u9fff"):
        return char
    try:
        char.encode("gb2312")  # a character of the simplified standard; only others are worth the converter
    except UnicodeEncodeError:
        simple = converter("t2s").convert(char)
        return simple if len(simple) == 1 else char
    return char


@cache
def converter(kind: str) -> Any:
    """Give the converter of characters of this kind: t2s to simplified, s2tw to traditional."""
    import opencc  # here, because most processes meet simplified text only and start faster without it

    return opencc.OpenCC(kind)


_CHARACTERS = _Characters()

# ---- several characters at a time ----

_SPLIT = {      # a character written as its two halves; the left half never stands alone in ordinary writing
    "亻崔": "催", "亻昔": "借", "亻责": "债", "亻言": "信", "亻尔": "你", "亻介": "价", "亻呆": "保", "亻弋": "代",
    "亻代": "代", "亻贷": "贷", "扌甲": "押", "扌氐": "抵", "扌旦": "担", "扌句": "拘", "扌甫": "捕", "扌爪": "抓",
    "扌丁": "打", "扌殳": "投", "扌是": "提", "扌喿": "操", "扌非": "排", "氵去": "法", "氵匚": "汇", "氵夬": "决",
    "氵票": "漂", "讠斥": "诉", "讠正": "证", "讠寸": "讨", "讠乍": "诈", "讠卂": "讯", "讠公": "讼", "讠人": "认",
    "讠果": "课", "讠周": "调", "讠射": "谢", "讠舌": "话", "阝完": "院", "彳聿": "律", "彳正": "征", "彳亍": "行",
    "彳行": "行", "钅戋": "钱", "钅艮": "银", "钅行": "银", "钅昔": "错", "辶俞": "逾", "辶不": "还", "辶寸": "过",
    "辶甬": "通", "辶米": "迷", "忄生": "性", "纟合": "给", "纟充": "统", "饣反": "饭", "犭句": "狗", "罒贝": "买",
    "刂开": "刑", "开刂": "刑", "至刂": "到", "匚贝": "贷", "弋贝": "贷", "马扁": "骗", "石马": "码", "代贝": "贷",
    "贝长": "账", "贝戋": "贱", "车专": "转", "氵匚票": "发票", "言正": "证", "女且": "姐",
}  # fmt: skip
_CARD = re.compile("(?!信用卡)[信兴][用拥庸佣][卡咔佧咖]")  # every way seen of not writing 信用卡
_SPLIT_RE = re.compile("|".join(sorted(_SPLIT, key=len, reverse=True)))
_HALVES = re.compile("[亻扌氵讠阝彳钅辶忄纟饣犭罒刂匚弋马石贝车言女代]")

_VARIANTS = {       # look-alikes and sound-alikes that are no word of their own
    "崔收": "催收", "摧收": "催收", "璀收": "催收", "漼收": "催收", "嗺收": "催收", "催首": "催收", "信用咔": "信用卡",
    "信佣卡": "信用卡", "货款逾期": "贷款逾期", "逾斯": "逾期", "愈期": "逾期", "逾欺": "逾期", "还欵": "还款",
    "薇信": "微信", "徽信": "微信", "威信号": "微信号", "胃信": "微信", "溦信": "微信", "嶶信": "微信", "v信": "微信",
    "微芯": "微信", "扣扣": "qq", "企鹅号": "qq", "通迅录": "通讯录", "通汛录": "通讯录", "同讯录": "通讯录",
    "启诉": "起诉", "绿师": "律师", "征芯": "征信", "怔信": "征信", "征信修覆": "征信修复", "停息掛账": "停息挂账",
    "停息挂帐": "停息挂账", "帐号": "账号", "帐户": "账户", "帐单": "账单",
    "登陆": "登录", "甙款": "贷款", "贷歀": "贷款",
    "待款": "贷款", "袋款": "贷款", "岱款": "贷款", "刷丹": "刷单", "涮单": "刷单", "佘额": "余额",
    "草泥马": "操你妈", "尼玛": "你妈", "泥马": "你妈", "沙比": "傻逼", "煞笔": "傻逼", "傻b": "傻逼", "傻x": "傻逼",
    "sb": "傻逼", "cnm": "操你妈", "tmd": "他妈的", "他妈": "他妈", "nmd": "你妈的", "特么": "他妈",
}  # fmt: skip
_VARIANT_RE = re.compile(
    "|".join(
        rf"(?<![a-z0-9./@])({re.escape(k)})(?![a-z0-9./@])" if k.isascii() else re.escape(k)
        for k in sorted(_VARIANTS, key=len, reverse=True)
    )
)

_PINYIN = {         # key words written in letters, wholly or in part: 停xi挂zhang, 贷kuan
    "催收": "cui shou", "贷款": "dai kuan", "网贷": "wang dai", "征信": "zheng xin", "通讯录": "tong xun lu",
    "还款": "huan kuan", "逾期": "yu qi", "起诉": "qi su", "律师": "lv shi", "法院": "fa yuan", "微信": "wei xin",
    "支付宝": "zhi fu bao", "信用卡": "xin yong ka", "银行": "yin hang", "套现": "tao xian", "诈骗": "zha pian",
    "停息挂账": "ting xi gua zhang", "债务": "zhai wu", "欠款": "qian kuan", "身份证": "shen fen zheng",
    "上门": "shang men", "曝光": "bao guang", "代还": "dai huan", "提额": "ti e", "黑户": "hei hu", "修复": "xiu fu",
    "借款": "jie kuan", "还钱": "huan qian", "欠钱": "qian qian", "立案": "li an", "坐牢": "zuo lao", "傻逼": "sha bi",
    "老赖": "lao lai", "群发": "qun fa", "裸照": "luo zhao", "弄死": "nong si", "杀": "sha", "死": "si",
}  # fmt: skip
_SHORT = {"zx": "征信", "vx": "微信", "wx": "微信", "zfb": "支付宝", "txl": "通讯录", "xyk": "信用卡", "dk": "贷款"}


def _pinyin_rule(word: str, letters: str) -> str:
    syllables = letters.split()
    if len(syllables) == 1:  # a lone syllable counts only inside a Chinese phrase
        return rf"(?<=[{_HAN}]){letters}(?=[{_HAN}])"
    mixed = "[ -]?".join(f"(?:{char}|{sound})" for char, sound in zip(word, syllables, strict=True))
    return rf"(?<![a-z0-9./@])(?!{word}){mixed}(?![a-z0-9./@])"


_PINYIN_WORDS = list(_PINYIN)
_PINYIN_RE = re.compile("|".join(f"({_pinyin_rule(word, letters)})" for word, letters in _PINYIN.items()))
_SHORT_RE = re.compile(
    rf"(?<![a-z0-9./@])({'|'.join(_SHORT)})(?=[{_HAN}:：0-9])|(?<=[{_HAN}])({'|'.join(_SHORT)})(?![a-z0-9./@])"
)
_RUN = re.compile("[a-z]{2,}")
_SOUNDS = {        # every run of letters that can belong to a key word: without one, the slow patterns are not tried
    "".join(parts[i:j]) for parts in map(str.split, _PINYIN.values())
    for i in range(len(parts)) for j in range(i + 1, len(parts) + 1)
}  # fmt: skip

# what may be pushed between two Chinese characters without changing what a reader reads
_INSERTED = re.compile(rf"(?<=[{_HAN}])[ \u2022·.\-–—_~*^/\\|+=`'#]{{1,5}}(?=[{_HAN}])")
_MASKS = re.compile(r"\*{2,}|(?<![a-zA-Z.])[xX×]{2,}(?![a-zA-Z.])|\*(?=\d)|(?<=\d)\*|某某|××")
_TOKENS = re.compile(r"CELLPHONE|BANKCARD|DIGIT|URL|NAME|PLACE|PHONE|WECHAT|DATE|TIME|MONEY|EMAIL|IDCARD")
_LETTER_DIGITS = re.compile(r"(?<![a-z0-9])(?=[0-9lo]*\d)[0-9lo]{3,12}(?=元|块|万|千)")


class _Builder:
    """The text under work, with the place of each character."""

    def __init__(self, text: str, starts: list[int], ends: list[int]) -> None:
        self.text, self.starts, self.ends = text, starts, ends

    def put(self, pattern: re.Pattern[str], replace: Callable[[re.Match[str]], str]) -> None:
        """Replace every match; equal length keeps places one to one, else all share the whole place."""
        parts: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        done = 0
        for match in pattern.finditer(self.text):
            start, end = match.span()
            new = replace(match)
            parts += (self.text[done:start], new)
            starts += self.starts[done:start]
            ends += self.ends[done:start]
            if len(new) == end - start:
                starts += self.starts[start:end]
                ends += self.ends[start:end]
            else:
                starts += [self.starts[start]] * len(new)
                ends += [self.ends[end - 1]] * len(new)
            done = end
        if done:
            self.text = "".join((*parts, self.text[done:]))
            self.starts = starts + self.starts[done:]
            self.ends = ends + self.ends[done:]


def _pinyin_word(match: re.Match[str]) -> str:
    return _PINYIN_WORDS[(match.lastindex or 1) - 1]


def _short_word(match: re.Match[str]) -> str:
    return _SHORT[match.group(0)]


def _token(match: re.Match[str]) -> str:
    word = match.group(0)
    return LINK if word == "URL" else NAME if word in ("NAME", "PLACE", "WECHAT", "EMAIL") else MASK


def normalise(text: str) -> Normal:
    """Give the text for matching: simplified, half width, lower case, without disguises and masks."""
    build = _Builder(text, list(range(len(text))), list(range(1, len(text) + 1)))
    if _MASKS.search(text):
        build.put(_MASKS, lambda _: MASK)
    if _TOKENS.search(text):
        build.put(_TOKENS, _token)
    plain = [_CHARACTERS[char] for char in build.text]
    new = "".join(plain)
    if len(new) != len(plain) or "" in plain:
        build.starts = list(_repeat(build.starts, plain))
        build.ends = list(_repeat(build.ends, plain))
    build.text = new
    if _INSERTED.search(new):
        build.put(_INSERTED, lambda _: "")
    if _HALVES.search(build.text) and _SPLIT_RE.search(build.text):
        build.put(_SPLIT_RE, lambda match: _SPLIT[match.group(0)])
    letters = set(_RUN.findall(build.text))
    if letters & _SOUNDS:
        build.put(_PINYIN_RE, _pinyin_word)
    if letters & _SHORT.keys():
        build.put(_SHORT_RE, _short_word)
    if any(word in build.text for word in _VARIANTS):
        build.put(_VARIANT_RE, lambda match: _VARIANTS[match.group(0)])
    if _CARD.search(build.text):
        build.put(_CARD, lambda _: "信用卡")
    if ("l" in build.text or "o" in build.text) and _LETTER_DIGITS.search(build.text):
        build.put(_LETTER_DIGITS, lambda match: match.group(0).replace("l", "1").replace("o", "0"))
    spans = [0] * (2 * len(build.text))
    spans[0::2], spans[1::2] = build.starts, build.ends
    return Normal(build.text, spans)


def _repeat(places: list[int], plain: Iterable[str]) -> Iterable[int]:
    for place, chars in zip(places, plain, strict=True):
        if len(chars) == 1:
            yield place
        else:
            yield from [place] * len(chars)


_LATIN_WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)? ?")


def extent(text: str) -> int:
    """Give how much is said in a text, in Chinese characters: a Latin word counts as two."""
    return len(_LATIN_WORD.sub("字字", text))


def plainly_written(text: str) -> str:
    """Give a text in simplified characters, its apostrophes straight."""
    return simplify(text).replace("’", "'")
