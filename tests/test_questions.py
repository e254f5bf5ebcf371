"""Questions are found in other words than ours; what is not sure is offered, what is not ours is declined."""

from datetime import datetime

import pytest

from advisor.message import Message, Reply
from advisor.session import Session
from advisor.turn import turn
from tests.conversation import SHANGHAI, advisor
from tests.evaluate_questions import figures
from tests.figures import tell

NOW = datetime(2026, 11, 29, 20, 30, tzinfo=SHANGHAI)


def said(session: Session, text: str = "", choice: str | None = None) -> tuple[Session, Reply]:
    after, reply = turn(advisor(), session, Message("p", text, choice), NOW)
    return after or Session(), reply


def words(reply: Reply) -> str:
    return "\n".join(bubble.text for bubble in reply.bubbles)


def labels(reply: Reply) -> list[str]:
    return [choice.label for choice in reply.bubbles[-1].choices]


def test_other_people_s_words_are_understood() -> None:
    found = figures()
    tell(str(found))
    assert found.first >= 0.90 and found.in_three >= 0.95
    assert found.right >= 0.70 and found.wrong <= 0.02
    assert found.declined >= 0.99


def test_there_is_an_answer_to_what_borrowers_ask() -> None:
    questions = advisor().content.questions
    assert len(questions) >= 150
    assert {name for name, question in questions.items() if len(question.says) < 10} == set()
    assert len({question.label for question in questions.values()}) == len(questions)


UNSURE = "我月薪4000欠9万还能买房吗"


def test_what_is_not_sure_is_offered_and_a_tap_gets_the_answer() -> None:
    session, reply = said(Session(consent="no", noticed=True), UNSURE)
    questions = {question.label: question for question in advisor().content.questions.values()}
    offered = [label for label in labels(reply) if label in questions]
    assert len(offered) == 3 and "拿不准" in words(reply) and "12348" in words(reply)
    key = next(key for key, label in session.offered.items() if label == offered[0])
    session, reply = said(session, choice=key)
    answer = advisor().words.say(questions[offered[0]].answer, "zh", NOW.date(), reading=None, received=NOW.date(),
                                 human="", keep_days=210, at_night=False, promised=0)  # fmt: skip
    assert answer.split("\n")[0] in words(reply)


@pytest.mark.parametrize("text", ["房贷利率现在多少", "怎么申请信用卡提额", "红烧肉怎么做才不腻", "工伤赔偿怎么算"])
def test_what_others_answer_is_declined_and_the_open_question_stays(text: str) -> None:
    session, _ = said(Session(consent="no", noticed=True), "想协商")
    after, reply = said(session, text)
    assert "这个我不懂" in words(reply) and after.state == session.state == "negotiate.lender"


def test_a_value_is_never_taken_for_a_question() -> None:
    session = Session(state="negotiate.card_term", consent="no", noticed=True)
    session.case.history.append(session.state)
    for text in ("分三年吧", "三年吧", "36期"):
        assert said(session, text)[0].state != session.state


def test_answers_follow_what_is_known() -> None:
    """The same question is answered by the kind of lender and the day of the conduct where the law does."""
    questions = advisor().content.questions
    depending = [name for name, question in questions.items() if question.depends_on]
    assert len(depending) >= 20
