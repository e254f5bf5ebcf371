"""One lender after another: each has its own case, what is known of the person stays, and one can go back."""

from datetime import datetime

from advisor.message import Message, Reply
from advisor.session import Session
from advisor.turn import turn
from tests.conversation import SHANGHAI, advisor

NOW = datetime(2026, 11, 23, 20, 30, tzinfo=SHANGHAI)


def say(session: Session, *texts: str) -> tuple[Session, Reply]:
    reply = None
    for text in texts:
        after, reply = turn(advisor(), session, Message("x", text), NOW)
        assert after is not None
        session = Session.from_data(after.to_data())
    assert reply is not None
    return session, reply


def first_lender() -> Session:
    session = Session(state="negotiate.lender", noticed=True)
    return say(
        session, "招联金融", "两万", "上个月", "被裁了", "每月还一点", "5000", "4000", "600", "跳过", "承认", "都对"
    )[0]


def words(reply: Reply) -> str:
    return "\n".join(bubble.text for bubble in reply.bubbles)


def test_the_next_lender_keeps_the_person_and_takes_what_is_promised_off() -> None:
    session, reply = say(first_lender(), "下一家")
    assert session.state == "negotiate.lender" and "lender" not in session.case.debts[0]
    assert {"monthly_income", "monthly_essentials", "reason"} <= session.person.keys()
    assert "600元" in words(reply)
    session, reply = say(session, "借呗", "一万", "上个月", "每月还一点", "500")
    assert session.state == "negotiate.still_offer" and "400元" in words(reply)


def test_nothing_is_put_aside_when_no_lender_was_named() -> None:
    session, _ = say(Session(state="negotiate.lender", noticed=True), "下一家")
    assert session.state == "negotiate.lender" and not session.old_cases


def test_one_can_go_back_to_a_lender_and_both_keep_their_facts() -> None:
    session, reply = say(first_lender(), "下一家", "借呗", "一万", "看上一家")
    assert "招联金融" in [choice.label for choice in reply.bubbles[-1].choices]
    before = session.to_data()
    back, _ = say(session, "招联金融")
    assert session.to_data() == before
    assert back.state == "negotiate.desk_reply" and back.case.debts[0]["amount"].value == "20000"
    assert [case.debts[0]["lender"].value for case in back.old_cases] == ["借呗"]


def test_the_end_of_a_talk_with_a_lender_offers_the_next_one() -> None:
    _, reply = say(first_lender(), "他让我先交300手续费")
    assert "下一家" in [choice.label for choice in reply.bubbles[-1].choices]


def test_what_has_become_of_it_is_not_told_twice_in_one_breath() -> None:
    session, _ = say(Session(state="complain.desk_result_later", noticed=True), "不满意，没解决")
    assert session.state == "complain.which_regulator"
