"""Cites the law of the right day, and says how sure it is, since when it holds and when it was checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from advisor.content.edition import LawInWords
from advisor.content.knowledge import LawFile, Provision, Version
from advisor.dates import later


@dataclass(frozen=True, slots=True)
class Cited:
    """One version of a provision, ready to be told.

    `sure` is the grade of the source (statute, several, one, inferred, unchecked); `expired` says that the
    day of review has passed, so that the number of the article must not be printed.
    """

    slug: str
    title: str
    kind: str
    article: str
    says: str
    about: str
    since: date
    until: date | None
    checked: date
    sure: str
    expired: bool
    figures: Mapping[str, str]
    since_unknown: bool = False
    published: bool = False
    called: str = ""

    @property
    def name(self) -> str:
        """Give law and article as they are written: 《…》第…条, without the article when it is withheld."""
        return f"《{self.title}》{self.article if self.numbered else ''}"

    @property
    def numbered(self) -> bool:
        """Tell whether the number of the article may be printed."""
        return bool(self.article) and not self.expired and self.sure != "unchecked"

    def last_day(self, since: date) -> date | None:
        """Give the last day of the period of this provision, counted from the day after `since`.

        A last day that is a holiday is not moved: the law moves it, but nobody should wait for that. None
        when the provision has no period, or one that nobody has verified.
        """
        period = {unit: int(self.figures[unit]) for unit in ("days", "months", "years") if unit in self.figures}
        return later(since, **period) if period and self.sure != "unchecked" else None


@dataclass(frozen=True, slots=True)
class Citation:
    """What holds on a day or over a span: one version, or the newer and the older one."""

    versions: tuple[Cited, ...]

    @property
    def newest(self) -> Cited:
        """Give the version that holds at the end of the span."""
        return self.versions[0]

    @property
    def spans(self) -> bool:
        """Tell whether the span lies on both sides of a change."""
        return len(self.versions) > 1


class Register:
    """The register of law: every provision by its slug, in all its versions."""

    def __init__(self, files: Mapping[str, LawFile]) -> None:
        """Take the files of law as they were read."""
        self._found = {slug: (law, provision) for law in files.values() for slug, provision in law.provisions.items()}

    def __contains__(self, slug: str) -> bool:
        return slug in self._found

    def slugs(self) -> list[str]:
        """Name all provisions."""
        return list(self._found)

    def provision(self, slug: str) -> Provision:
        """Give the provision; an unknown slug raises KeyError."""
        return self._found[slug][1]

    def title(self, slug: str) -> str:
        """Name the law that the provision stands in."""
        return self._found[slug][0].title

    def cite(self, slug: str, first: date, last: date, today: date) -> Citation | None:
        """Give what holds from `first` to `last`, the newer version first; None when nothing is in force.

        A day before the first version gives the first one only when that version's beginning is not known.
        """
        law, provision = self._found[slug]
        days = list(provision.versions)
        ends: list[date | None] = [*days[1:], None]
        cited = [
            self._cited(slug, law, since, until, provision.versions[since], today)
            for since, until in zip(days, ends, strict=True)
            if not provision.versions[since].repealed
            and (since <= last or provision.versions[since].since_unknown)
            and (until is None or first < until)
        ]
        return Citation(tuple(reversed(cited))) if cited else None

    def _cited(self, slug: str, law: LawFile, since: date, until: date | None, version: Version, today: date) -> Cited:
        return Cited(
            slug,
            law.title,
            law.kind,
            version.article,
            version.says,
            self._found[slug][1].about,
            since,
            until,
            law.checked.on,
            version.sure or "unchecked",
            today > law.review_by,
            version.figures,
            version.since_unknown,
            version.published,
            law.called if isinstance(law, LawInWords) else "",
        )
