"""What a reading of one message says."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from advisor.content.signals import SORTS
from advisor.message import Sms
from advisor.reading import Reader
from advisor.readings import Reading
from advisor.smsdigest import most_in_a_day, read_many
from advisor.smssender import class_of
from advisor.smssentences import sentences

from .evaluate_reading import NOW, the_reader

READER = the_reader()
SIGNALS = READER.signals


def read(text: str, **known: Any) -> Reading:
    return READER.read(Sms(text), known, NOW)


def found(reading: Reading) -> set[str]:
    return {one.id for one in reading.findings}


def test_a_polite_reminder_comes_out_as_polite() -> None:
    reading = read("【云岭消费金融】您的贷款已逾期3天，应还1,208.55元，请尽快还款。如有困难可致电官方客服协商。")
    assert (reading.kind, reading.sure, reading.grade, reading.findings) == ("collection", True, "plain", ())
    assert reading.routes[:2] == ("budget_plan", "negotiate")
    assert reading.facts["lender"].value == "云岭消费金融"
    assert reading.facts["amount"].value == Decimal("1208.55")
    assert reading.facts["overdue_on"].value == (NOW - timedelta(days=3)).date()
    assert reading.facts["overdue_on"].about


def test_a_threat_to_life_is_danger_and_goes_to_the_police() -> None:
    reading = read("再不还钱我弄死你")
    assert reading.grade == "danger"
    assert reading.routes[0] == "police_report"
    assert "threat_to_safety" in reading.laws
    assert reading.facts["words"].value == "再不还钱我弄死你"


def test_a_fraud_in_progress_is_danger() -> None:
    reading = read("我是某东金融客服，您的校园贷账户需要注销，请下载会议软件打开屏幕共享")
    assert (reading.kind, reading.grade) == ("scam", "danger")
    assert {"anti_fraud", "verify_debt"} <= set(reading.routes)


def test_an_official_voice_is_to_be_checked_and_not_called_false() -> None:
    reading = read("【江北区人民法院】您的案件（2026）江0102民初3321号已立案，可拨打12368查询。")
    assert found(reading) == {"impersonation"}
    assert reading.grade == "plain"
    assert "verify_debt" in reading.routes


def test_suing_and_reporting_alone_is_no_finding() -> None:
    assert read("您已逾期60天，我司将依法起诉，并上报征信，请尽快还款。").findings == ()


def test_warnings_that_quote_threats_are_harmless() -> None:
    reading = read("【江北公安】收到“爆通讯录”“弄死你”等催收短信，请保存截图，及时报警。")
    assert (reading.kind, reading.findings, reading.grade) == ("other", (), "plain")


def test_the_hour_counts_for_collection_only() -> None:
    late = datetime(2026, 11, 20, 23, 30)
    assert "night_time" in found(READER.read(Sms("您的借款已逾期，请尽快还款", None, late), {}, NOW))
    assert READER.read(Sms("晚安，早点睡", None, late), {}, NOW).findings == ()


def test_what_a_rule_excuses_is_not_heard_by_likeness() -> None:
    excused = {
        key: rule.model_copy(update={"unless_anywhere": (*rule.unless_anywhere, "凭此短信取号")})
        for key, rule in SIGNALS.items()
        if rule.finding == "impersonation" and rule.patterns
    }
    excusing = Reader({**SIGNALS, **excused}, READER.learned)
    text = "【江北区人民法院】您的案件（2026）江0102民初3321号已立案，可拨打12368查询。"
    assert "impersonation" in found(excusing.read(Sms(text), {}, NOW))
    assert "impersonation" not in found(excusing.read(Sms(text + "，凭此短信取号"), {}, NOW))


# ---- what is known beside the words ----


def test_who_never_borrowed_there_is_warned_rather_than_reminded() -> None:
    text = "您的借款已逾期，请点击 dk.yq-pay.top/1 还款"
    assert read(text, ever_borrowed="never").kind == "scam"


def test_a_courts_notice_from_its_own_line_is_no_swindle() -> None:
    text = "您的案件（2026）江0102民初3321号已立案，请登录指定网站查看材料"
    assert READER.read(Sms(text, "12368"), {}, NOW).kind == "other"


def test_a_company_does_not_write_from_a_foreign_number() -> None:
    text = "【东方商城】您的会员将自动续费800元，取消请回电客服"
    assert READER.read(Sms(text, "+85261234567"), {}, NOW).kind == "scam"


@pytest.mark.parametrize("to", ["我妈", "公司同事", "mother"])
def test_a_message_that_another_received_has_found_a_third_person(to: str) -> None:
    sms = Sms("您的借款已逾期，请尽快还款", to=to)
    assert "third_party" in found(READER.read(sms, {}, NOW))
    assert "third_party" not in found(READER.read(Sms(sms.text, to="本人"), {}, NOW))


def test_more_than_six_in_a_day_is_too_often_even_over_several_occasions() -> None:
    day = datetime(2026, 11, 20, 9)
    seven = [Sms("您的借款已逾期，请尽快还款", None, day + timedelta(hours=hour)) for hour in range(7)]
    assert "over_frequency" in found(read_many(READER, seven, {}, NOW).merged)
    before = read_many(READER, seven[:6], {}, NOW)
    assert "over_frequency" not in found(before.merged)
    last = read_many(READER, seven[6:], {}, NOW, before.pressed_at)
    assert "over_frequency" in found(last.merged)
    assert (last.count, last.most_in_a_day) == (1, 7)
    assert read_many(READER, seven[:6], {}, NOW, before.pressed_at).most_in_a_day == 6


def test_company_tells_what_a_bare_message_is() -> None:
    pressing = [Sms(f"再不还钱就把你欠款的事发给通讯录，第{number}次", "13800138000") for number in "一二三"]
    bare = Sms("别装死", "13800138000")
    assert read_many(READER, [*pressing, bare], {}, NOW).kinds["collection"] == 4


# ---- several messages ----


def test_many_messages_are_one_digest() -> None:
    day = datetime(2026, 11, 20, 9)
    many = [Sms("再不还钱就爆你通讯录", "13800138000", day + timedelta(hours=hour)) for hour in range(5)]
    many.append(Sms("晚上回家吃饭吗", None, day))
    digest = read_many(READER, many, {}, NOW)
    assert (digest.count, digest.repeats, digest.strangers, digest.pressing) == (6, 0, 1, 5)
    assert "threat_exposure" in found(digest.merged)
    assert digest.first is not None and digest.last is not None and digest.last > digest.first


def test_a_message_that_comes_twice_counts_once_and_no_concern_of_ours_counts_nothing() -> None:
    day = datetime(2026, 11, 20, 9)
    debt = Sms("您的稻田分期借款已逾期，请尽快还款", "13800138000", day)
    parcel = Sms("【驿站】您的包裹已到，取件码 3-1-2", "13900139000", day - timedelta(days=3))
    digest = read_many(READER, [debt, parcel, debt, Sms(debt.text)], {}, NOW)
    assert (digest.count, digest.repeats, digest.strangers, digest.pressing) == (4, 2, 1, 1)
    assert (digest.most_in_a_day, digest.senders, digest.first, digest.last) == (1, 1, digest.first, digest.first)
    again = Sms(debt.text, debt.sender, day + timedelta(hours=2))
    other_number = Sms(debt.text, "13700137000", day)
    digest = read_many(READER, [debt, again, other_number], {}, NOW)
    assert (digest.repeats, digest.pressing, digest.most_in_a_day, digest.senders) == (0, 3, 2, 2)


def test_no_messages_are_a_digest_too() -> None:
    assert read_many(READER, [], {}, NOW).count == 0


def test_a_day_is_any_24_hours() -> None:
    day = datetime(2026, 11, 20, 22)
    assert most_in_a_day([day, day + timedelta(hours=3), day + timedelta(hours=23), day + timedelta(hours=25)]) == 3


@pytest.mark.parametrize(
    ("sender", "sort"),
    [
        ("106980095588", "service"),
        ("95588", "bank"),
        ("12368", "hotline"),
        ("138 0013 8000", "private"),
        ("+8613800138000", "private"),
        ("0571-88888888", "landline"),
        ("+85212345678", "foreign"),
        (None, None),
        ("178****", None),
    ],
)
def test_sorts_of_senders(sender: str | None, sort: str | None) -> None:
    assert class_of(sender) == sort


# ---- sentence by sentence ----


def test_each_sentence_says_what_it_is() -> None:
    text = "您好，您在我司的借款已逾期。今天不还就通知你村委和通讯录。我们还要报警抓你坐牢！点击 a.hk-pay.top 还款。"
    told = sentences(text, read(text))
    assert [one.told_as for one in told] == ["ordinary", "improper", "empty", "fraud"]
    assert all(len(reason) < 30 for one in told for reason in one.because)
    assert {one.told_as for one in told} <= set(SORTS)


def test_a_polite_reminder_is_ordinary_throughout() -> None:
    text = "【云岭消费金融】您的贷款已逾期3天，应还1,208.55元，请尽快还款。如有困难可致电官方客服协商。"
    assert {one.told_as for one in sentences(text, read(text))} == {"ordinary"}


def test_a_reader_without_rules_reads_too() -> None:
    assert Reader({}).read(Sms("您好"), {}, NOW).kind == "other"
