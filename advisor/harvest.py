"""Takes every fact that a sentence names beside the answer: each value goes to the question whose word stands near."""

import re
from collections.abc import Iterator, Mapping, Set
from datetime import date
from typing import Any

from advisor.amounts import counts_a_day, find_amounts
from advisor.answers import LONGEST, Heard, is_latin, mentions, named_in, plain, spoken, stands_in, within
from advisor.content.flow import Slot
from advisor.dates import find_days, find_periods, overdue_since, read_days, read_until
from advisor.normal import extent
from advisor.phones import find_phones
from advisor.rates import find_rates

NEAR = 10  # characters between a value and the word that says what it is
UNSURE = {"unsure", "unknown"}  # options that are “don't know”: an answer to their question, never heard in passing
_NOT_YET = re.compile(  # asked or threatened, not done
    r"会不会|是不是|[吗么]$|要不要|如果|要是|万一|(?:说|扬言|威胁|准备|打算|说是)要"
    r"|(?:不敢|没脸|不想|不好意思)(?:告诉|跟|和|让)|瞒着|怕.{0,4}知道"
    r"|[会再就要](?:通知|告诉|群发|发给|打给|联系|找|去找)"
    r"|\b(?:will|would|gonna|going to|threaten(?:s|ed|ing)? to|if|might|may|did they|have they|want to|afraid)\b"
)
# 续了三次, 分两次交: how often something was paid, which counts no calls
_PAID_TIMES = re.compile(
    r"(?:续|展|分|交|付|转|借|还|贷)(?:了|过|期|成|款|咗|钱|账|给他|给她)*(?:有|大概|大约|差不多)?$"
)
_ITS_COST = re.compile(r"(?:就|要|得|收|交|还|付|给|我|他)*\s?[0-9一二两三四五六七八九十百千万几]")
_EACH_TIME = re.compile(r"[一每]次(?:就|要|得|收|交|还|付|给|我|他)*\s?$")  # 一次五百: what each time costs, a sum
LONGEST_TOLD = 24  # characters of a clause that tells a fact in passing
_BECAUSE = re.compile(r"^(?:主要|都|就)?(?:原因)?(?:就?是)?(?:因为|由于)?")
_NOT_TOLD = re.compile(r"怎么|怎样|如何|咋|吗|么$|呢$|多久|哪|没有?(?:被|失|下|住|生|离)|不是|怕|担心|他们?说|[?？]")
LEAST_BARE = 100  # yuan from which a number that stands alone may be a sum
_AROUND_A_SUM = re.compile(
    r"(?:大概|大约|差不多|可能|一共|总共|拢共|也就|就|有|是|还剩?|左右|多|的|吧|了|样子|那笔|\s)*"
)
_CLAUSE = re.compile(r"[^，。；！？,;!?\n]+")


NO_SLOTS: Mapping[str, Slot] = {}


def harvest(
    slots: Mapping[str, Slot], text: str, today: date, every: Mapping[str, Slot] = NO_SLOTS
) -> dict[str, Heard]:
    """Take every fact that names itself in a sentence: a value counts when a word of its slot stands beside it.

    A slot without `hears` (on itself or on its options) is never filled this way; a choice that has `hears` of
    its own is only filled by a clause that holds one of them. A sum may also stand beside a name of the slot
    that its own slot stands `beside`, which is looked for among `every` slot.
    """
    found: dict[str, Heard] = {}
    text = text[:LONGEST]
    called = {word for slot in every.values() if slot.type == "text" for word in slot.hears}
    for name, slot in slots.items():
        if slot.type == "choice":
            words = _without_names(slot, text, called)
            clauses = [words]
            if slot.hears:
                clauses = [
                    c
                    for c in _CLAUSE.findall(words)
                    if any(stands_in(w, c) for w in slot.hears) and not _NOT_YET.search(c)
                ]
            options = {k: o for k, o in slot.choices.items() if o.hears and k not in UNSURE}
            names = {option for clause in clauses for _, _, option in mentions(options, clause)}
            if len(names) == 1:
                found[name] = Heard(names.pop(), False, text)
        elif slot.type == "text" and (word := named_in(slot, text) or _clause_that_tells(slot, text)):
            found[name] = Heard(word, False, word)
    named = {name: slot for name, slot in slots.items() if slot.hears and slot.type not in ("choice", "text")}
    for name, slot in named.items():
        if slot.beside in every:
            named[name] = slot.model_copy(update={"hears": [*slot.hears, *_names_in(every[slot.beside], text)]})
    before = ""
    for clause in _CLAUSE.findall(text) if named else ():
        bare = _is_bare_sum(clause)
        takers = {name: slot for name, slot in named.items() if slot.type == "money"} if bare else named
        for name, heard in _clause_values(takers, clause, today, before if bare else "").items():
            found.setdefault(name, heard)
        before += clause
    return found


def _without_names(slot: Slot, text: str, names: Set[str]) -> str:
    """“分期乐”: cover the names that hold a word of a choice, unless the choice is about whose names they are."""
    hears = {word for option in slot.choices.values() for word in option.hears}
    if hears & names:
        return text
    for name in sorted((name for name in names if name in text), key=len, reverse=True):
        if any(word in name for word in hears):
            text = text.replace(name, "＿")
    return text


def _clause_that_tells(slot: Slot, text: str) -> str:
    """“四月断的，厂里裁员了”: the clause that holds one of the words by which a text slot is told in passing."""
    for clause in _CLAUSE.findall(text) if slot.tells else ():
        told = extent(clause) <= LONGEST_TOLD and any(stands_in(word, clause) for word in slot.tells)
        if told and not _NOT_YET.search(clause) and not _NOT_TOLD.search(clause):
            return _BECAUSE.sub("", clause.strip())
    return ""


def _names_in(slot: Slot, text: str) -> list[str]:
    """Give the name that a text says of a slot, as a word beside which a sum may stand."""
    return [name] if (name := named_in(slot, text)) else []


def _is_bare_sum(clause: str) -> bool:
    """“我欠微粒贷的，18000”: a clause that is one sum and nothing else goes with the words before it."""
    sums = [a for a in find_amounts(clause) if a.unit in ("money", "") and a.value >= LEAST_BARE]
    rest = len(sums) == 1 and clause[: sums[0].start] + clause[sums[0].end :]
    return isinstance(rest, str) and _AROUND_A_SUM.fullmatch(rest) is not None


def _clause_values(slots: Mapping[str, Slot], clause: str, today: date, before: str = "") -> dict[str, Heard]:
    """Give each value of a clause to the slot whose word stands nearest to it, there or in what was said `before`."""
    found: dict[str, tuple[tuple[int, bool], Heard]] = {}
    whole, ahead = before + clause, len(before)
    for kinds, start, end, value, about in _values({slot.type for slot in slots.values()}, clause, today):
        near = [
            (_distance(slot, whole, ahead + start, ahead + end), name)
            for name, slot in slots.items()
            if slot.type in kinds
        ]
        distance, name = min(near, default=((NEAR + 1, False), ""))
        if distance[0] <= NEAR and (name not in found or distance < found[name][0]):
            if slots[name].not_before and (until := read_until(clause[start:end], today)):
                value = until.days.first  # 12月9号开庭: the one that is still to come
            heard = within(slots[name], Heard(plain(value), about, whole.strip()), today)
            if isinstance(heard, Heard):
                found[name] = distance, heard
    return {name: heard for name, (_, heard) in found.items()}


Value = tuple[tuple[str, ...], int, int, Any, bool]


def _values(kinds: set[str], clause: str, today: date) -> Iterator[Value]:
    """Find the values of a clause that slots of these kinds could take: kinds, start, end, value, about."""
    if kinds & {"money", "number"}:
        for a in (a for a in find_amounts(clause) if clause[a.end : a.end + 1] != "性"):  # 一次性 counts nothing
            each = a.value == 1 and _ITS_COST.match(clause, a.end)
            if a.unit == "次" and (each or counts_a_day(clause) or _PAID_TIMES.search(clause[: a.start])):
                continue
            costs = not a.unit and _EACH_TIME.search(clause[: a.start])
            takers = ("money",) if a.unit == "money" or costs else ("number",) if a.unit else ("number", "money")
            yield takers, a.start, a.end, a.value, a.about
    if "percent" in kinds:
        for r in find_rates(clause):
            yield ("percent",), r.start, r.end, r.value, r.about
    if kinds & {"date", "period_of_days"}:
        days = find_days(clause, today)
        if days and (whole := read_days(clause, today)):
            yield ("period_of_days",), days[0].start, days[-1].end, whole, whole.about
        for d in (d for d in days if d.side != "before"):
            yield ("date",), d.start, d.end, d.days.first, d.days.about
        if not days and (since := overdue_since(clause, today)):
            yield ("date",), since.start, since.end, since.days.first, True
    if "period" in kinds:
        for p in find_periods(clause):
            yield ("period",), p.start, p.end, [p.months, p.days], p.about
    if "phone" in kinds:
        for phone in find_phones(clause):
            yield ("phone",), phone.start, phone.end, phone.number, False


def _distance(slot: Slot, clause: str, start: int, end: int) -> tuple[int, bool]:
    """Count the characters to the nearest word of a slot; of two as near, the word before the value names it."""
    best = NEAR + 1, False
    for word in slot.hears:
        for match in spoken(word).finditer(clause) if word[0] in clause or is_latin(word[0]) else ():
            if match.start() <= start and end < match.end():
                continue  # the 360 of 360借条 is a piece of the name
            between = clause[match.end() : start] or clause[end : match.start()]
            gap = extent(between.strip())
            best = min(best, (gap, match.start() >= end))
    return best
