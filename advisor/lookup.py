"""Finds provisions in the register by article and short name of the law, or by plain words, in the version of the day.

Numbers are compared as figures, whichever way they are written: 第五十条 and 50条, 十五天 and 15日.
"""

import math
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from advisor.law import Register
from advisor.normal import normalise
from advisor.numerals import read_whole

_NUMERAL = re.compile("(?:[零一二三四五六七八九十千]|百(?!分之))+")
_PERCENT = re.compile("百分之([0-9]+)")
_ARTICLES = re.compile("第([0-9]+)条(之1)?(?:至第([0-9]+)条)?")
_ASKED = re.compile(  # a bare 50条 may count messages: then a noun follows
    "(?P<law>.*?)(?:第(?P<full>[0-9]{1,4})(?:条|$)|(?P<short>[0-9]{1,4})条(?=$|[之第款项是说讲管的])"
    "|(?P<bare>[0-9]{2,4})(?=$|之1$))(?:条?(?P<one>之1))?"
)
_ARTICLE_NOW, _ARTICLE_ONCE = 2, 1
_LOOSEST = 3  # times its own length: how far the characters of a short name may lie apart in the title
_NOT_IN_FORCE = 0.25  # of the score: what does not hold on the day is still found when nothing else is as near
_SAID, _TITLE = 0.4, 0.2  # what a pair of characters counts there; in `about` and `asks` it counts 1


@dataclass(frozen=True, slots=True)
class _Entry:
    """One provision as it is compared: all in plain figures."""

    title: str
    about: str
    asks: tuple[str, ...]
    says: str
    articles: str  # those of all versions

    def weight(self, pair: str) -> float:
        """Say how much a pair of characters counts by the place where it stands."""
        if pair in self.about or any(pair in ask for ask in self.asks):
            return 1.0
        return _SAID if pair in self.says else _TITLE if pair in self.title else 0.0


class Lookup:
    """Looks provisions up."""

    def __init__(self, register: Register) -> None:
        """Take the register, and count how rare each pair of characters is in it."""
        self._register = register
        self._entries: dict[str, _Entry] = {}
        for slug in register.slugs():
            provision = register.provision(slug)
            versions = [version for version in provision.versions.values() if not version.repealed]
            self._entries[slug] = _Entry(
                _plain(register.title(slug)),
                _plain(provision.about),
                tuple(map(_plain, provision.asks)),
                _plain(versions[-1].says),
                " ".join(_article(version.article) for version in versions),
            )
        count = Counter(pair for e in self._entries.values() for pair in _pairs(e.title, e.about, e.says, *e.asks))
        self._rarity = {pair: math.log(1 + len(self._entries) / times) for pair, times in count.items()}

    def find(self, words: str, first: date, last: date) -> list[str]:
        """Name the provisions nearest to `words` by what holds from `first` to `last`, the nearest first."""
        plain = _plain(words)
        scores = self._by_article(plain, first, last) or {slug: self._nearness(plain, slug) for slug in self._entries}
        ranked = [
            (score * (1 if self._register.cite(slug, first, last, last) else _NOT_IN_FORCE), slug)
            for slug, score in scores.items()
            if score > 0
        ]
        return [slug for _, slug in sorted(ranked, key=lambda pair: -pair[0])]

    def _by_article(self, plain: str, first: date, last: date) -> Mapping[str, float]:
        """Score the provisions under the article that is asked for; none when no article is asked for or known."""
        asked = _ASKED.match(plain)
        if asked is None:
            return {}
        number = int(asked["full"] or asked["short"] or asked["bare"])
        holding: dict[str, int] = {}
        for slug, entry in self._entries.items():
            if _holds(entry.articles, number, asked["one"]):
                citation = self._register.cite(slug, first, last, last)
                versions = citation.versions if citation else ()
                now = any(_holds(_article(version.article), number, asked["one"]) for version in versions)
                holding[slug] = _ARTICLE_NOW if now else _ARTICLE_ONCE
        windows = {slug: window for slug, e in self._entries.items() if (window := _window(asked["law"], e.title))}
        nearest = min((windows[slug] for slug in holding if slug in windows), default=None)
        if windows and nearest is None:
            return {}  # the law that is named has no such article here: another's must not pass for it
        found = [slug for slug in holding if nearest is None or windows.get(slug) == nearest]
        told = Counter(self._entries[slug].title for slug in found)  # the law that says most under the number first
        rest = _pairs(_article(plain[asked.start() + len(asked["law"]) :]))
        return {
            slug: 1000 * holding[slug]
            + 10 * told[self._entries[slug].title]
            + sum(pair in self._entries[slug].articles for pair in rest)
            - max(one.count("条") for one in self._entries[slug].articles.split())  # what stands in it alone first
            for slug in found
        }

    def _nearness(self, plain: str, slug: str) -> float:
        """Count the pairs of characters that words and provision share, rare ones most; whole keywords count more."""
        entry = self._entries[slug]
        score = 4.0 * max((_likeness(plain, ask) for ask in entry.asks), default=0.0)
        return score + sum(self._rarity.get(pair, 0.0) * entry.weight(pair) for pair in _pairs(plain))


def _plain(text: str) -> str:
    """Write a text for comparing: simplified, without spaces, its numbers in figures, and 天 as 日."""
    text = _NUMERAL.sub(_figures, "".join(normalise(text).text.split()))
    return _PERCENT.sub(r"\1%", text).replace("天", "日")


def _figures(numeral: re.Match[str]) -> str:
    value = read_whole(numeral.group())
    return numeral.group() if value is None else str(value)


def _article(article: str) -> str:
    return re.sub("[()]", "", _plain(article))


def _pairs(*texts: str) -> set[str]:
    return {text[i : i + 2] for text in texts for i in range(len(text) - 1)}


def _likeness(plain: str, ask: str) -> float:
    """Say how much of a keyword, in characters, is in the words, or of the words in the keyword."""
    if ask in plain:
        return len(ask) + (2.0 if ask == plain else 0.0)
    return len(plain) ** 2 / len(ask) if len(plain) > 1 and plain in ask else 0.0


def _holds(articles: str, number: int, one: str | None) -> bool:
    """Tell whether an article is among those written in `articles`, ranges included."""
    return any(
        (int(low) <= number <= int(high or low)) and (one or "") == first
        for low, first, high in _ARTICLES.findall(articles)
    )


def _window(name: str, title: str) -> tuple[int, int] | None:
    """Give how tightly a short name (治安法, 个保法) lies in a title, the tightest least; None when it does not."""
    if not name:
        return None
    widths = []
    for start in (at for at, char in enumerate(title) if char == name[0]):
        at = start
        for char in name[1:]:
            at = title.find(char, at + 1)
            if at < 0:
                break
        else:
            widths.append(at - start)
    width = min(widths, default=_LOOSEST * len(name))
    return (width, len(title)) if width < _LOOSEST * len(name) else None
