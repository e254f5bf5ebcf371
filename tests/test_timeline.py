"""The timeline of an evidence file: what is counted, in which order, under which law, and what is still missing."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.evidence.timeline import NEW_POLICE_LAW, Timeline, shortened
from advisor.exhibit import Exhibit
from tests.conversation import advisor
from tests.exhibits import CASE, at, exhibit, read_as

TODAY = date(2026, 1, 6)


def told(template: str, exhibits: list[Exhibit], language: str = "zh", today: date = TODAY) -> str:
    timeline = Timeline.of(exhibits, today)
    return advisor().words.say(template, language, today, timeline=timeline, lost=[])


def numbers(entries: object) -> list[int]:
    return [one.number for one in entries]  # type: ignore[attr-defined]


def test_acts_stand_in_order_of_time_and_those_without_a_day_last() -> None:
    assert numbers(Timeline.of(reversed(CASE), TODAY).acts) == [8, 1, 7, 5, 2, 6]


def test_acts_are_counted_by_sender_day_and_hour() -> None:
    timeline = Timeline.of(CASE, TODAY)
    assert timeline.by_kind == {"sms": 4, "call": 1, "visit": 1}
    assert timeline.by_sender == {"13800000000": 2, "": 2, "10690001234567890": 1, "95588": 1}
    assert timeline.by_day == {date(2025, 11, 3): 1, date(2025, 12, 30): 1, date(2025, 12, 31): 2, date(2026, 1, 2): 1}
    assert timeline.by_hour == {9: 1, 21: 1, 22: 1, 23: 1}


def test_an_advertisement_is_no_act() -> None:
    timeline = Timeline.of(CASE, TODAY)
    assert 9 in numbers(timeline.entries) and 9 not in numbers(timeline.acts)


def test_a_correction_counts_and_what_it_corrects_does_not() -> None:
    timeline = Timeline.of([*CASE, replace(CASE[7], number=10, corrects=8, at=at(2025, 11, 4, 9))], TODAY)
    assert timeline.replaced == {4: 10, 8: 10}
    assert timeline.first is not None and timeline.first.number == 10
    assert "后天" in told("evidence_file/timeline", CASE) and "明天" not in told("evidence_file/timeline", CASE)


def test_what_proves_a_corrected_act_proves_the_correction() -> None:
    recording = exhibit(10, "recording", of=4)
    assert next(one for one in Timeline.of([*CASE, recording], TODAY).acts if one.number == 8).proofs == (10,)


@pytest.mark.parametrize(("hour", "night"), [(7, True), (8, False), (21, False), (22, True)])
def test_a_night_is_from_ten_to_eight(hour: int, night: bool) -> None:
    acts = [exhibit(1, "sms", at(2026, 1, 2, hour))]
    assert bool(Timeline.of(acts, TODAY).nights) is night
    assert not Timeline.of([replace(acts[0], whole_day=True)], TODAY).nights
    assert not Timeline.of([replace(acts[0], known_by="forward")], TODAY).nights


def test_most_in_a_day_goes_over_midnight() -> None:
    acts = [exhibit(n, "call", at(2026, 1, 1, 20) + timedelta(hours=3 * n)) for n in range(1, 6)]
    assert Timeline.of(acts, TODAY).most_in_a_day == 5
    assert Timeline.of([replace(one, whole_day=True) for one in acts], TODAY).most_in_a_day == 4
    assert Timeline.of([], TODAY).most_in_a_day == 0


def test_findings_name_their_exhibits_the_gravest_first() -> None:
    found = Timeline.of(CASE, TODAY).findings
    assert list(found.items()) == [("threat_violence", (1,)), ("threat_exposure", (2,)), ("insult", (2,))]


def test_acts_under_the_old_and_the_new_law_stand_apart() -> None:
    timeline = Timeline.of(CASE, TODAY)
    assert numbers(timeline.under_old_law) == [8, 1, 7, 5]
    assert (numbers(timeline.under_new_law), numbers(timeline.undated)) == ([2], [6])


def test_the_day_of_the_new_law_is_that_of_the_register() -> None:
    assert NEW_POLICE_LAW in advisor().words.register.provision("harassing_messages").versions


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_statement_cites_for_each_act_the_law_of_its_own_day(language: str) -> None:
    statement = told("evidence_file/statement", CASE, language)
    old, _, rest = statement.partition("2026年1月1日以后" if language == "zh" else "From 1 January 2026")
    assert "第四十二条第（一）项" in old and "第五十条" not in old
    assert "第五十条第一款第（五）项" in rest and "第五十条第一款第（六）项" in rest and "第四十二条" not in rest


def test_the_statement_asks_for_a_receipt_and_leaves_blanks() -> None:
    statement = told("evidence_file/statement", CASE)
    assert "受案回执" in statement and "登记" in statement and statement.count("＿＿＿") > 5
    assert "“打断你的腿， 全家小心”" in statement


def test_what_is_missing_is_named_by_exhibit() -> None:
    missing = Timeline.of(CASE, TODAY).missing
    assert {code: numbers(gaps) for code, gaps in missing.items()} == {
        "no_recording": [8], "no_picture": [5], "no_screenshot": [1, 6], "no_time": [6], "no_hour": [5],
    }  # fmt: skip
    words = told("evidence_file/gaps", CASE)
    assert "11月3日" in words and "通话详单" in words


def test_nothing_is_missing_where_all_is_proved() -> None:
    proved = [exhibit(1, "call", at(2026, 1, 2, 9), of=2), exhibit(2, "recording")]
    assert not Timeline.of(proved, TODAY).gaps
    assert "每一件都有证明" in told("evidence_file/gaps", proved)


def test_six_months_are_counted_from_the_last_wrong_act_not_from_a_reminder() -> None:
    threat = replace(CASE[0], at=at(2025, 8, 10, 9))
    reminder = exhibit(2, "sms", at(2026, 1, 2, 9), reading=read_as("plain"))
    assert "2026年2月10日" in told("evidence_file/summary", [threat, reminder])
    later = told("evidence_file/summary", [threat, reminder], today=date(2026, 3, 1))
    assert "已经过了" in later and "连着算" in later


def test_the_summary_is_short_and_names_the_standing_of_the_guideline() -> None:
    many = [replace(CASE[n % 2], number=n, at=at(2026, 1, 2, 23), of=0, kind="call", seen=1) for n in range(1, 400)]
    words = told("evidence_file/summary", many)
    assert len(words) <= 600
    assert "推荐性国家标准，不是法律" in words and "399次" in words


@given(st.lists(st.tuples(st.integers(0, 5000), st.sampled_from(["sms", "call", "visit", "note"]), st.booleans())))
def test_whatever_is_kept_is_counted_once(found: list[tuple[int, str, bool]]) -> None:
    begin = at(2025, 11, 1)
    kept = [
        exhibit(n, kind, begin + timedelta(hours=hours) if known else None)
        for n, (hours, kind, known) in enumerate(found, 1)
    ]
    timeline = Timeline.of(kept, TODAY)
    assert sorted(numbers(timeline.entries)) == [one.number for one in kept]
    assert sum(timeline.by_day.values()) + len(timeline.undated) == len(timeline.acts)
    assert len(timeline.under_old_law) + len(timeline.under_new_law) == len(timeline.dated)
    assert all(a.day <= b.day for a, b in pairwise(timeline.dated) if a.day and b.day)


@given(st.text())
def test_a_quotation_is_one_short_line(text: str) -> None:
    assert len(shortened(text)) <= 60 and "\n" not in shortened(text)
