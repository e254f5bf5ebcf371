"""Tells in which language somebody writes, by script and by the small words that only one language has."""

import re

_HAN = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"[a-z]+(?:['’][a-z]+)?")
# words of English that are no syllables of Chinese in Latin letters
_COMMON = """
a about afraid after again agent all also am and any anyone are arrest at back bank be because been before borrow
borrowed but by call called calling can't cant card cheat collector collectors company could credit day days debt
did didn't do does doesn't don't dont english every family father for friend from get got had has have haven't he
help her here him his how husband i i'd i'll i'm i've if im interest into is isn't it it's jail job just keep know
late lawyer legal loan lost me message messages money month more mother much my need never new no not now number of
one online or our out over overdue owe paid parents pay people phone please police problem received repay report
said say scam sent she should sms so someone sorry still stop sued text than that the their them then there these
they they're this those threat threaten threatened threatening time to today tomorrow translate truth two understand
up us very was we week were what when where which who why wife will with without won't work would wrong year years
yes yesterday you your
"""
_ENGLISH = frozenset(_COMMON.split())
_CHINESE = re.compile(r"[我你您他她俺咱]|[的了吗呢吧么嘛]|[是在有没不]|怎么|什么|多少")
_SYLLABLES = frozenset(("a", "an", "can", "he", "her", "long", "me", "men", "so", "you"))  # of Chinese, or near it
LEAST = 2  # words of English that make a sentence English
SHARE = 4  # one word of so many is known


def is_english(text: str) -> bool:
    """Tell whether a text is English: two words of English or more among its Latin ones, and hardly any Chinese."""
    words = _WORD.findall(text.lower().replace("’", "'"))
    known = [word for word in words if word in _ENGLISH]
    sure = len(known) >= LEAST and SHARE * len(known) >= len(words) and not _SYLLABLES.issuperset(known)
    return sure and len(_HAN.findall(text)) < len(words)


def is_chinese(text: str) -> bool:
    """Tell whether a text is a Chinese sentence, not only a Chinese name or a word of it among English ones."""
    return not _WORD.search(text.lower()) and _CHINESE.search(text) is not None
