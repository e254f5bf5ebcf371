"""Puts what comes in into the evidence file, and what is told; nothing before the person has agreed to that."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from advisor.clock import SHANGHAI
from advisor.evidence.timeline import Timeline
from advisor.exhibit import Exhibit, Kind, KnownBy, Original, in_force
from advisor.forwarded import split_forward
from advisor.message import Attachment, Sms
from advisor.readings import Reading
from advisor.turn.advisor import TOLD_SLOT, untappable
from advisor.turn.talk import Talk

KIND, ON, WHO, WORDS, NUMBER = (
    "happened_kind",
    "happened_on",
    "happened_who",
    TOLD_SLOT,
    "exhibit_number",
)  # the slots that tell of an act, and which exhibit is meant
TO_ME = str.maketrans("我俺咱", "你你你")  # what was said to somebody, as it was said
STEP = "file_step"
LATEST = 5  # exhibits that are shown one by one
OFFERED_FROM = 2  # messages that came before the evidence file is offered


def keep_files(talk: Talk) -> None:
    """Keep the files that came in, as they are; of an export of a phone only the messages that matter are kept."""
    for file in talk.message.files:
        if file.body is not None and _is_kept(file):
            _keep(talk, of_file(file, file.body, talk.now))


def _is_kept(file: Attachment) -> bool:
    return file.body is not None and not file.refused and file.kind != "export"


def keep_messages(talk: Talk, messages: Sequence[Sms], readings: Sequence[Reading]) -> None:
    """Keep messages with what was read in them; those that are nobody's business here are not kept."""
    came = talk.original.sms or tuple(Sms(text) for text in split_forward(talk.original.text).sms)
    whole = came if len(came) == len(messages) else messages  # nothing covered in evidence
    kept = [number for number, file in enumerate(talk.message.files, 1) if _is_kept(file)]
    pictures = dict(zip(kept, (-at for at, one in enumerate(talk.kept, 1) if one.original), strict=False))
    for sms, reading in zip(whole, readings, strict=False):
        if reading.kind != "other" or reading.findings:
            of = pictures.get(sms.picture, 0)
            source = "picture" if of else "export" if sms.picture else "forward" if sms.origin else "paste"
            _keep(talk, of_sms(sms, reading, of, source, talk.now))


def _keep(talk: Talk, exhibit: Exhibit) -> bool:
    """Keep an exhibit, and tell whether the person has agreed to that."""
    agreed = talk.session.consent == "yes"
    if agreed:
        talk.kept.append(exhibit)
    elif exhibit.source != "told":
        talk.not_kept += 1
    return agreed


def of_sms(sms: Sms, reading: Reading, of: int, source: str, now: datetime) -> Exhibit:
    """Make an exhibit of a message; `of` is the exhibit that it was read from. A forward's date is not the SMS's."""
    known_by: KnownBy = "" if not sms.received_at else "picture" if source == "picture" else "export"
    return Exhibit(
        "sms",
        now,
        sms.text,
        sms.sender or "",
        sms.to or "",
        sms.received_at,
        known_by,
        sms.whole_day,
        source=source,
        of=of,
        reading={"kind": reading.kind, "grade": reading.grade, "findings": _findings(reading)},
    )


def of_file(file: Attachment, body: bytes, now: datetime) -> Exhibit:
    """Make an exhibit of a file."""
    kinds: Mapping[str, Kind] = {"photo": "picture", "picture": "picture", "recording": "recording", "paper": "paper"}
    return Exhibit(
        kinds.get(file.kind, "file"),
        now,
        source="forward" if file.origin else "paste",
        original=Original.of(file.name, file.media_type, body),
    )


def tell_kept(talk: Talk) -> None:
    """Say once that things are kept now, or could be; and of the first that may show others, to cover them."""
    if talk.flow.urgent or talk.alarmed or talk.deleted:
        return
    session, lines = talk.session, []
    received = [exhibit for exhibit in talk.kept if exhibit.source != "told"]
    if received and not session.filed:
        lines.append(talk.say("shell/filed"))
    if any(map(_shows_others, received)) and not any(map(_shows_others, talk.exhibits)):
        lines.append(talk.say("shell/of_others"))
    if talk.not_kept and not session.consent:
        before, session.not_kept = session.not_kept, session.not_kept + talk.not_kept
        if before < OFFERED_FROM <= session.not_kept:
            lines.append(talk.say("shell/may_file"))
    talk.add("\n".join(lines))


def _shows_others(exhibit: Exhibit) -> bool:
    return bool(exhibit.original or exhibit.recipient)


def act(talk: Talk, action: str) -> dict[str, Any]:
    """Do what a step does with the evidence file, and give what its words are handed besides.

    These are the exhibits in force before this turn, the latest of them, what they tell, the one worked on, and those
    that were struck with it.
    """
    exhibit = ACTIONS[action](talk) if action in ACTIONS else None
    if not talk.session.state.endswith(f".{talk.flow.start}"):  # there it is still to be done
        talk.forget(STEP)
    if talk.session.consent != "yes":
        talk.choices.append(("!consent_yes", talk.edition.everywhere["consent_yes"].label))
    exhibits = in_force(talk.exhibits)
    latest = [_readable(talk, one) for one in exhibits[-LATEST:]]
    timeline = Timeline.of(talk.exhibits, talk.today)
    shown = exhibit and _readable(talk, exhibit)
    with_it = [one for one in exhibits if exhibit and one.number in talk.struck and one.number != exhibit.number]
    return {"exhibits": exhibits, "latest": latest, "exhibit": shown, "timeline": timeline, "with_it": with_it}


def _readable(talk: Talk, exhibit: Exhibit) -> Exhibit:
    """Give an exhibit as it may be shown: its secrets covered, no link to tap."""
    return replace(exhibit, text=untappable(talk.advisor.mask.cover(exhibit.text).text))


def _add(talk: Talk) -> Exhibit | None:
    """Add an act that was told: a call, a visit, a promise; None when nothing was told or may be kept."""
    told = {name: talk.facts[name].value for name in (KIND, ON, WHO, WORDS) if name in talk.facts}
    for name in told:
        talk.forget(name)
    if not any(told.values()):
        return None
    exhibit = Exhibit(
        told.get(KIND) or "note",
        talk.now,
        told.get(WORDS) or "",
        told.get(WHO) or "",
        at=_day(told.get(ON)),
        known_by="told" if told.get(ON) else "",
        whole_day=True,
        source="told",
        reading=_told(talk, told.get(WORDS) or ""),
    )
    return exhibit if _keep(talk, exhibit) else None


def _told(talk: Talk, words: str) -> dict[str, Any]:
    """Read what an act was told with, as a message is read: what was said on the telephone can be a threat, too.

    He will come to my house, where a message says yours: for the reading one stands for the other, sign for sign.
    """
    reading = talk.advisor.reader.read(Sms(words.translate(TO_ME)), {}, talk.now) if words else None
    if reading is None or not reading.findings:
        return {}
    found = [
        one | {"quote": words[f.start : f.end]} for one, f in zip(_findings(reading), reading.findings, strict=True)
    ]
    return {"kind": "collection", "grade": reading.grade, "findings": found}


def _findings(reading: Reading) -> list[dict[str, str]]:
    return [{"id": one.id, "quote": one.quote, "because": one.because} for one in reading.findings]


def _date(talk: Talk) -> Exhibit | None:
    """Say when something happened: a new exhibit that takes the place of the old."""
    old, on = _meant(talk), talk.facts.get(ON)
    talk.forget(NUMBER)
    talk.forget(ON)
    if old is None or on is None or not on.value:
        return None
    told: dict[str, Any] = {"at": _day(on.value), "known_by": "told", "whole_day": True}
    right = replace(old, added_at=talk.now, corrects=old.number, number=0, seen=1, **told)
    return right if _keep(talk, right) else None


def _strike(talk: Talk) -> Exhibit | None:
    """Take an exhibit out for good, and what was read from it."""
    gone = _meant(talk)
    talk.forget(NUMBER)
    if gone is not None:
        going = [gone, *_read_from(talk, gone)]
        talk.struck += [one.number for one in going]
        _forget_read(talk, going)
    return gone


def _read_from(talk: Talk, gone: Exhibit) -> list[Exhibit]:
    """Give the messages in force that were read from a picture, and did not come in another way besides."""
    whole = _with_corrected(talk, gone)
    numbers, came = {one.number for one in whole}, max(one.seen for one in whole)
    read = [one for one in in_force(talk.exhibits) if one.of in numbers]
    return [one for one in read if max(other.seen for other in _with_corrected(talk, one)) <= came]


def _with_corrected(talk: Talk, exhibit: Exhibit) -> list[Exhibit]:
    """Give an exhibit and all that it put right, newest first."""
    known, whole = {one.number: one for one in talk.exhibits}, [exhibit]
    while (before := known.get(whole[-1].corrects)) and before.number < whole[-1].number:
        whole.append(before)
    return whole


def _forget_read(talk: Talk, gone: Sequence[Exhibit]) -> None:
    """Let go of what the case knows from exhibits: their reading, the facts quoted from them, the note of a file."""
    numbers, files = {one.number for one in gone}, [one.original for one in gone if one.original]
    text = "\n".join(_readable(talk, one).text for one in gone)
    left = [_readable(talk, one).text for one in in_force(talk.exhibits) if one.number not in numbers]

    def only_there(quote: str) -> bool:
        return bool(quote) and quote in text and not any(quote in other for other in left)

    for case in (talk.case, *talk.session.old_cases):
        if any(map(only_there, _quotes(case.reading))):
            case.reading = {}
        for shelf in (talk.session.person, case.facts, *case.debts):
            for name in [name for name, fact in shelf.items() if fact.source == "sms" and only_there(fact.said)]:
                del shelf[name]
        for file in files:
            came = [(one.get("name"), one.get("size")) == (file.name, file.size) for one in case.received]
            case.received = [one for one, same in zip(case.received, came, strict=True) if not same]


def _quotes(reading: Mapping[str, Any]) -> list[str]:
    """Give the words of messages that a reading quotes."""
    told = [one["quote"] for key in ("findings", "sentences", "serious") for one in reading.get(key, ())]
    return [*told, *reading.get("why", ())]


def _meant(talk: Talk) -> Exhibit | None:
    told = talk.facts.get(NUMBER)
    numbers = {str(exhibit.number): exhibit for exhibit in in_force(talk.exhibits)}
    return numbers.get(told.value) if told and told.value else None


def _day(value: str | None) -> datetime | None:
    return datetime.combine(date.fromisoformat(value), time(), SHANGHAI) if value else None


ACTIONS: dict[str, Callable[[Talk], Exhibit | None]] = {"add": _add, "date": _date, "strike": _strike}
