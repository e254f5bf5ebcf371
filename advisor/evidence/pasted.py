"""Reads messages that were copied into a text, as far as it tells them apart.

A message begins after a blank line, and at a line that begins with a time and a number. What stands before it, in a
line of its own or at its beginning, tells who sent it and when; so do lines like “发件人：106…”.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from advisor.content.exports import Exports
from advisor.dates import find_days
from advisor.evidence.imported import LONGEST, Imported, Summary
from advisor.evidence.tables import plain, roles_of
from advisor.evidence.times import read_time
from advisor.phones import find_phones, read_phone

FRONT = 80  # characters of a line in which its time and its number stand
_GAP = re.compile(r"[\s\[\]()（）<>|｜,，:：;\-—]*")
_MAY_BEGIN = re.compile(r"[\s\[(（<]*[0-9+今昨前]")
_LABEL = re.compile(r"\s*([^:：]{1,12})[:：]\s*")
_WITH_WEEKDAY = re.compile(
    r"([\s\[(（<]*[0-9]{1,4}[0-9年月日./\-]{3,10})\s*[(（]?(?:星期|周|礼拜)[一二三四五六日天][)）]?"
)
_FULL_DAY = re.compile(r"[\s\[(（<]*(?:19|20)[0-9]{2}[^0-9]")


@dataclass(frozen=True, slots=True)
class Front:
    """What a line tells before its text: the time as written, the number, and the text that is left."""

    when: str
    sender: str
    rest: str
    parted: bool  # a space or a sign stands between it and the text


@dataclass(slots=True)
class Draft:
    """A message on the way: its lines, their length, and what was told before them."""

    lines: list[str] = field(default_factory=list)
    size: int = 0
    told: dict[str, str] = field(default_factory=dict)

    def add(self, line: str) -> None:
        """Add a line; of a text too long to be a message no more is held than shows that."""
        if self.size <= LONGEST:
            self.lines.append(line)
        self.size += len(line)


def read_pasted(lines: Iterable[str], now: datetime, words: Exports, summary: Summary) -> Iterator[Imported]:
    """Give the messages of a text in order."""
    labels = {label: role for label, role in roles_of(words.columns).items() if role not in ("way", "name")}
    draft = Draft()
    for line in lines:
        body = line.strip()
        if not body:
            if draft.lines:
                yield from _message(draft, now, summary)
                draft = Draft()
            continue
        front = _front(body, now)
        if front and _opens(front, body, fresh=not draft.lines):
            if draft.lines:
                yield from _message(draft, now, summary)
                draft = Draft()
            elif front.when and "when" in draft.told:
                summary.skipped["no_text"] += 1
                draft = Draft()
            draft.told |= {role: told for role, told in (("when", front.when), ("sender", front.sender)) if told}
            body = front.rest
        elif not draft.lines and (label := _labelled(body, labels)):
            role, body = label
            if role != "text":
                draft.told[role] = body
                continue
        else:
            body = line.rstrip()
        if body:
            draft.add(body)
    if draft.lines:
        yield from _message(draft, now, summary)
    elif draft.told:
        summary.skipped["no_text"] += 1


def _message(draft: Draft, now: datetime, summary: Summary) -> Iterator[Imported]:
    text = "\n".join(draft.lines)
    if summary.takes(text):
        told = draft.told
        at, whole_day = read_time(told.get("when", ""), now)
        yield Imported(text, told.get("sender", told.get("other", "")), told.get("recipient", ""), at, False, whole_day)


def _front(body: str, now: datetime) -> Front | None:
    """Take time and number off the beginning of a line, in either order."""
    if not _MAY_BEGIN.match(body):
        return None
    if named := _WITH_WEEKDAY.match(body):  # read as a day of its own otherwise
        body = f"{named[1]} {body[named.end() :]}"
    line = body[:FRONT]
    days = {day.start: day for day in find_days(line, now.date()) if day.side == "on"}
    phones = {phone.start: phone for phone in find_phones(line)}
    when = sender = ""
    end, at = 0, _gap(line, 0)
    while True:
        if not when and at in days:
            end = days[at].end
            when = line[at:end]
        elif not sender and at in phones:
            end, sender = phones[at].end, phones[at].number
        else:
            break
        at = _gap(line, end)
    return Front(when, sender, body[at:], at > end) if when or sender else None


def _gap(line: str, at: int) -> int:
    gap = _GAP.match(line, at)
    return gap.end() if gap else at


def _opens(front: Front, body: str, *, fresh: bool) -> bool:
    """Tell whether a line begins a message; a day or a number alone may be the message's own words."""
    if front.when and front.sender:
        return True
    alone, clock = not front.rest, ":" in front.when or "：" in front.when
    if front.when and not fresh:
        return alone and clock
    if front.when:
        return alone or (clock and front.parted and bool(_FULL_DAY.match(body)))
    after = body[: len(body) - len(front.rest)].rstrip()
    return fresh and (alone or after.endswith((":", "：")))


def _labelled(body: str, labels: dict[str, str]) -> tuple[str, str] | None:
    """Read “发件人：106…”: the role, and what is told; an address is one only when it is a number."""
    label = _LABEL.match(body)
    role = labels.get(plain(label[1])) if label else None
    if label is None or role is None or (role == "other" and not read_phone(body[label.end() :])):
        return None
    return role, body[label.end() :]
