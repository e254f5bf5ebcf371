"""Answers as people give them: options, several facts in one sentence, and what is refused."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.answers import Heard, Unclear, fold, hear, named_beside, picked_number, plain, typed
from advisor.blank import BLANK
from advisor.content.flow import Slot
from advisor.harvest import harvest
from tests.conversation import advisor

TODAY = date(2026, 11, 23)
SLOTS = advisor().content.all_slots


def slot(**data: object) -> Slot:
    return Slot.model_validate({"label": "x", **data})


WHO = slot(
    type="choice",
    choices={
        "family": {"label": "家人", "hears": ["妈", "爸", "亲戚"]},
        "colleague": {"label": "同事或单位", "hears": ["公司", "领导"]},
        "nobody": {"label": "没有别人", "hears": ["没别人"]},
    },
)


@pytest.mark.parametrize(
    ("said", "option"),
    [
        ("家人", "family"), ("我妈", "family"), ("是我们领导", "colleague"), ("没别人", "nobody"),
        ("没有联系我妈，是打到公司", "colleague"), ("family", "family"), ("家人吧。", "family"),
        ("隔壁老王", None), ("", None), ("8", None),
    ],
)  # fmt: skip
def test_an_option_is_heard_by_label_synonym_or_id_and_not_when_negated(said: str, option: str | None) -> None:
    heard = hear(WHO, said, TODAY)
    assert (heard.value if isinstance(heard, Heard) else None) == option


def test_words_that_are_only_an_answer_are_not_heard_in_passing() -> None:
    whose = slot(type="choice", choices={"spouse": {"label": "配偶", "hears": ["老公欠"], "answers": ["老公"]}})
    answer = hear(whose, "我老公的", TODAY)
    assert isinstance(answer, Heard) and answer.value == "spouse"
    assert harvest({"whose": whose}, "我欠了钱，老公不知道", TODAY) == {}
    assert harvest({"whose": whose}, "是我老公欠的", TODAY)["whose"].value == "spouse"


@pytest.mark.parametrize(
    ("said", "number"),
    [("2", 2), ("２", 2), ("二", 2), ("第二个", 2), ("选2", 2), ("②", 2), ("2.", 2),
     ("20", None), ("2个月", None), ("我", None)],
)  # fmt: skip
def test_the_number_of_a_choice_is_nothing_but_that(said: str, number: int | None) -> None:
    assert picked_number(said) == number


@pytest.mark.parametrize(
    ("name", "said", "value"),
    [
        ("amount", "大概三万五吧", "35000"), ("amount", "1,200.50", "1200.5"), ("amount", "3个月", None),
        ("dependants", "没有", "0"), ("dependants", "两个", "2"), ("card_term", "三年", [36, 0]),
        ("monthly_income", "没有", "0"), ("monthly_income", "现在没收入", "0"),
        ("repaid", "还没还过", "0"), ("repaid", "一分都没还", "0"), ("monthly_income", "0", "0"),
        ("amount", "没有", None), ("times", "五六次", "5"), ("times", "一天好几个", None), ("times", "20多次", "20"),
        ("conduct_on", "上周三到昨天", ["2026-11-18", "2026-11-22"]), ("conduct_on", "明天", None),
        ("conduct_on", "从11月3号骂到昨天", ["2026-11-03", "2026-11-22"]),
        ("conduct_on", "从去年12月20号一直骂到现在", ["2025-12-20", "2026-11-23"]),
        ("overdue_on", "三个月前", "2026-08-23"), ("overdue_on", "逾期俩月了", "2026-09-23"),
        ("until", "明年2月15号", "2027-02-15"), ("until", "昨天", None), ("sender", "138 0013 8000", "13800138000"),
        ("sender", "没号码", None), ("lender", "青苗消金", "青苗消金"),
    ],
)  # fmt: skip
def test_a_value_is_taken_or_refused(name: str, said: str, value: object) -> None:
    heard = hear(SLOTS[name], said, TODAY)
    assert (heard.value if isinstance(heard, Heard) else None) == value


@pytest.mark.parametrize(
    ("name", "said", "why"),
    [
        ("amount", "三千和五千", "several"), ("amount", "不少", "nothing"), ("amount", "0", "too_small"),
        ("times", "999999", "too_large"), ("conduct_on", "明天", "future"), ("until", "昨天", "past"),
        ("reason", "很长" * 300, "too_long"),
    ],
)  # fmt: skip
def test_what_is_refused_says_why(name: str, said: str, why: str) -> None:
    assert hear(SLOTS[name], said, TODAY) == Unclear(why)


def test_each_value_goes_to_the_question_whose_word_stands_beside_it() -> None:
    story = "工资4500，房租吃饭一个月要花3000，每月能还800，欠招联金融三万五，从8月15号逾期的，打给我妈五次了"
    facts = {name: heard.value for name, heard in harvest(SLOTS, story, TODAY).items()}
    wanted = {"monthly_income": "4500", "monthly_essentials": "3000", "offer": "800", "lender": "招联金融",
              "amount": "35000", "overdue_on": "2026-08-15", "contacted": "family", "times": "5"}  # fmt: skip
    assert wanted.items() <= facts.items()


@pytest.mark.parametrize("said", ["我妈住院了", "必须一次性还清", "360借条", "真不知道咋办", "你好", "。。。"])
def test_words_in_passing_are_no_facts(said: str) -> None:
    facts = harvest(SLOTS, said, TODAY)
    assert not {"contacted", "times", "amount", "refused", "signed"} & facts.keys()


@pytest.mark.parametrize(
    ("said", "beside"),
    [("老婆和领导都收到了", "colleague"), ("就我妈", ""), ("我妈，没打给同事", ""), ("同事和我爸", "colleague")],
)
def test_the_second_option_of_one_answer_is_named_too(said: str, beside: str) -> None:
    assert named_beside(advisor().content.all_slots["contacted"], said, "family") == beside


def test_a_fact_is_kept_as_plain_text_and_read_back_as_it_was() -> None:
    for name, said in (("amount", "1200.50"), ("conduct_on", "昨天"), ("overdue_on", "昨天"), ("times", "5次")):
        heard = hear(SLOTS[name], said, TODAY)
        assert isinstance(heard, Heard)
        assert plain(typed(SLOTS[name], heard.value)) in (heard.value, int(heard.value) if name == "times" else None)


def test_what_is_not_known_compares_with_nothing_and_prints_as_a_gap() -> None:
    assert not BLANK and str(BLANK) == "＿＿＿＿"
    assert not (BLANK > 3 or BLANK < 3 or BLANK == 3 or BLANK == BLANK)
    assert not (BLANK - 3 <= 0)
    assert typed(SLOTS["amount"], None) is BLANK


@given(st.sampled_from(sorted(SLOTS)), st.text(max_size=300))
def test_no_text_breaks_a_question(name: str, said: str) -> None:
    heard = hear(SLOTS[name], said, TODAY)
    assert isinstance(heard, Heard | Unclear)
    if isinstance(heard, Heard):
        typed(SLOTS[name], heard.value)


@given(st.text(max_size=500))
def test_no_text_breaks_a_sentence(said: str) -> None:
    for name, heard in harvest(SLOTS, said, TODAY).items():
        typed(SLOTS[name], heard.value)
    fold(said)


@pytest.mark.parametrize(
    "said", ["莫得签过", "没有给他担保", "冇签过字", "没替他做过担保", "木有担保", "没得 我啥子都没签"]
)
def test_whoever_signed_nothing_is_not_heard_as_having_signed(said: str) -> None:
    assert hear(SLOTS["own_signature"], said, TODAY) == Heard("nothing", False, said)


@pytest.mark.parametrize("said", ["给别人担保过", "我签过担保", "帮别人做的担保"])
def test_whoever_signed_for_another_is_heard(said: str) -> None:
    assert hear(SLOTS["own_signature"], said, TODAY) == Heard("guarantee", False, said)


@pytest.mark.parametrize(
    ("said", "role"),
    [
        ("我娃儿在外头借了网贷", "parent"), ("老公信用卡欠了11万", "spouse"), ("妹夫在外面欠一屁股债", "relative"),
        ("店里洗碗工欠了网贷", "colleague"), ("儿子知道我欠钱了", None), ("媳妇背着我在外面网贷", "spouse"),
        ("催收打给我老婆说我逾期", None),
    ],
)  # fmt: skip
def test_who_owes_is_heard_across_a_few_words(said: str, role: str | None) -> None:
    heard = harvest({"role": SLOTS["role"]}, said, TODAY).get("role")
    assert (heard.value if heard else None) == role
