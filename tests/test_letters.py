"""What a letter may hold: only what was told, the law, the day and its own words, whoever told it and however."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.blank import BLANK
from advisor.channels.telegram.wording import LONGEST, parts, units
from advisor.checks.handed import ALWAYS
from advisor.checks.names import literal_calls, uses
from advisor.content.flow import Slot
from advisor.documents import docx as as_docx
from advisor.documents import pdf as as_pdf
from advisor.message import Bubble, Reply
from advisor.session import Fact
from advisor.smscount import sms_count
from tests.conversation import ROOT, advisor
from tests.letters import HERE, SAID, TODAY, declared, full, golden, short
from tests.test_documents import bare, read_docx, read_pdf

LETTERS = sorted(advisor().content.letters)
SHORT = [name for name in LETTERS if advisor().content.letters[name].front.short]
SLOTS = advisor().content.all_slots
NOT_SENT_TO_A_DEBTOR_S_OTHER_SIDE = (
    r"法院|派出所|公安|部门（|管理部门|援助|复议|自己"  # kept, or handed to an authority
)


def front(name: str) -> Any:
    return advisor().content.letters[name].front


def drafted(name: str, facts: Mapping[str, Fact], brief: bool = False) -> str:
    return advisor().words.letter(name, "zh", TODAY, SLOTS, facts, brief)


def source(name: str) -> str:
    return (ROOT / f"templates/zh/letters/{name}.j2").read_text(encoding="utf-8").partition("\n---\n")[2]


# ---- the words, one file a letter ----


@pytest.mark.parametrize("name", LETTERS)
def test_a_letter_reads_as_it_was_last_read(name: str) -> None:
    assert (HERE / f"{name}.txt").read_text(encoding="utf-8") == golden(name)


def test_every_file_is_of_a_letter_and_every_fact_of_one() -> None:
    assert {path.stem for path in HERE.glob("*.txt")} == set(LETTERS)
    used = {slot for name in LETTERS for slot in declared(name)}
    assert set(SAID["everywhere"]) == used
    assert all(
        set(said) <= set(declared(name)) | {"lender_kind"} for name, said in SAID.items() if name != "everywhere"
    )


# ---- nothing is said that was not declared ----


@pytest.mark.parametrize("name", LETTERS)
def test_a_letter_speaks_of_what_its_head_declares_and_of_no_less(name: str) -> None:
    named = {use.name for use in uses(advisor().words.expressions, f"zh/letters/{name}")}
    assert named - ALWAYS == set(declared(name))
    tree = advisor().words.expressions.parse_template(f"zh/letters/{name}")
    assert {slug for slug, _ in literal_calls(tree, "law")} == set(front(name).law)


MONEY = ("in_hand", "repaid", "monthly_income", "monthly_essentials", "to_others")


def told(name: str, facts: Mapping[str, Fact]) -> Iterator[str]:
    """Give everything that a number in a letter can come from."""
    yield from (advisor().words.label(SLOTS[slot], fact, "zh") for slot, fact in facts.items())
    yield from (f"{TODAY.year} {TODAY.month} {TODAY.day}", *(one.number for one in advisor().content.channels.values()))
    register = advisor().words.register
    for slug in front(name).law:
        for version in register.provision(slug).versions.values():
            yield from (f"{register.title(slug)} {version.article}", *map(str, version.figures.values()))
    years = register.provision("card_instalments").versions[date(2011, 12, 31)].figures["years_up_to"]
    yield str(int(years) * 12) if name == "card_instalments" else ""
    sums = {slot: float(facts[slot].value) for slot in MONEY if slot in facts and facts[slot].value is not None}
    if name == "loan_account" and {"in_hand", "repaid"} <= sums.keys():
        yield f"{abs(sums['in_hand'] - sums['repaid']):,.2f}".replace(".00", "")
    if name == "negotiate_instalments":
        values = advisor().words.values(SLOTS, facts)
        dealt = [values.get(slot, BLANK) for slot in ("amount", "offer", "first_payment_on")]
        if plan := advisor().words.helpers(TODAY)["schedule"](*dealt):
            ends = plan.ends or TODAY
            yield f"{plan.payments} {plan.last:,.2f} {plan.total:,.2f} {ends.year} {ends.month} {ends.day}".replace(
                ".00", ""
            )
    if name == "hardship_notice" and {*MONEY[2:]} <= sums.keys():
        yield f"{sums['monthly_income'] - sums['monthly_essentials'] - sums['to_others']:,.2f}".replace(".00", "")


def numbers(text: str) -> set[str]:
    own = re.sub(r"^\d{1,2}\. |第\d项", "", text, flags=re.MULTILINE)  # its own numbering
    return set(re.findall(r"\d+(?:[,.]\d+)*", own))


def quoted(text: str) -> set[str]:
    return set(re.findall("“([^“”]*)”", text))


def invented(name: str, facts: Mapping[str, Fact], text: str) -> set[str]:
    """Name the numbers and quotations of a letter that nobody told."""
    known = " ".join(told(name, facts))
    labels = {advisor().words.label(SLOTS[slot], fact, "zh") for slot, fact in facts.items()} | {"＿＿＿＿"}
    own = quoted(source(name))
    return (numbers(text) - numbers(known)) | (quoted(text) - labels - own)


def some(slot: Slot) -> st.SearchStrategy[Any]:
    """Give answers to a slot, as they are kept."""
    days = st.integers(0, 900).map(lambda ago: (TODAY - timedelta(days=ago)).isoformat())
    match slot.type:
        case "choice":
            return st.sampled_from(sorted(slot.choices))
        case "money" | "number" | "percent":
            least, most = int(slot.at_least or 0), int(slot.at_most or 900_000)
            return st.integers(least, most).map(str)
        case "date":
            return days
        case "period_of_days":
            return st.tuples(days, days).map(lambda both: sorted(both))
        case "period":
            return st.tuples(st.integers(0, 36), st.integers(1, 30)).map(list)
        case "phone":
            return st.from_regex(r"1[3-9]\d{9}", fullmatch=True)
        case _:
            return st.text("一二三还款同事<&{}=+", min_size=1, max_size=30)


@st.composite
def letters(draw: st.DrawFn) -> tuple[str, dict[str, Fact]]:
    name = draw(st.sampled_from(LETTERS))
    facts = {}
    for slot in declared(name):
        if draw(st.booleans()):
            facts[slot] = Fact(draw(st.none() | some(SLOTS[slot])), about=draw(st.booleans()))
    return name, facts


@settings(deadline=None, max_examples=400)
@given(letters())
def test_every_number_and_quotation_of_a_letter_was_told(drawn: tuple[str, dict[str, Fact]]) -> None:
    name, facts = drawn
    for text in (drafted(name, facts), *([drafted(name, facts, brief=True)] if front(name).short else [])):
        assert not invented(name, facts, text), text
        assert not re.search(r"None|Undefined|元元|。。|，。|、。|：。|：、|，，|\n\n\n", text), text


def test_an_invented_number_or_quotation_would_be_found() -> None:
    assert invented("police_statement", {}, "打了 7 次，说“等着”，打110") == {"7", "等着"}


@pytest.mark.parametrize("name", LETTERS)
def test_a_letter_without_facts_has_gaps_and_no_numbers(name: str) -> None:
    text = drafted(name, {})
    assert not invented(name, {}, text)
    assert "＿＿" in text or not declared(name)
    assert not re.search(r"(?:已经|都)(?:保存|留着)|我没事|我害怕", text)


# ---- cards only, and what is more than somebody has ----


def test_only_a_card_is_spoken_of_with_the_rule_for_cards() -> None:
    card = golden("card_instalments")
    assert "第七十条" in card and "可以和持卡人平等协商" in card and "60期" in card and "必须" not in card
    loan = advisor().draft("card_instalments", {**full("card_instalments"), "is_card": "贷款"}, TODAY)
    assert "第七十条" not in loan and "信用卡的" not in loan


def test_months_that_do_not_cover_what_is_owed_or_are_too_many_are_not_written() -> None:
    said = full("card_instalments")
    assert "分 48 期" in advisor().draft("card_instalments", said, TODAY)
    for term in ("一年", "六年"):
        assert "期数请贵处" in advisor().draft("card_instalments", {**said, "card_term": term}, TODAY)


def test_an_offer_that_cannot_be_kept_is_not_written_into_a_statement_of_means() -> None:
    said = full("hardship_notice")
    assert "每月还800元" in advisor().draft("hardship_notice", said, TODAY)
    more = {**said, "offer": "801"}
    assert "801" not in advisor().draft("hardship_notice", more, TODAY) + short("hardship_notice", more)


def test_an_answer_that_denies_the_debt_does_not_offer_to_pay_it() -> None:
    for ground in ("我没借过", "已经还了", "钱数不对"):
        text = advisor().draft("answer_points", {**full("answer_points"), "ground": ground}, TODAY)
        assert "每月能还" not in text and "每月到手" not in text


# ---- short forms ----


def test_every_letter_to_the_other_side_or_to_people_has_a_short_form() -> None:
    without = [name for name in LETTERS if name not in SHORT]
    assert [name for name in without if not re.search(NOT_SENT_TO_A_DEBTOR_S_OTHER_SIDE, front(name).to)] == []


@pytest.mark.parametrize("name", SHORT)
def test_a_short_form_is_one_sms_with_usual_facts_and_with_none(name: str) -> None:
    assert sms_count(short(name, full(name))) == 1
    assert sms_count(short(name, {})) == 1


# ---- hostile words ----

HOSTILE = [
    "<b>&amp;</b> _*`[链接](tg://x)", "{{ 7*7 }}{% raw %}{# x #}", "=1+1", "+1 @sum(a)", "#set page() $x$ \\ ]]>",
    "第一行\n一、假的标题\n姓名：张三\n2020年1月1日", "a\u202eb\u2066c\u200fd", "“引号”和《书名》",
]  # fmt: skip


@pytest.mark.parametrize("name", LETTERS)
@pytest.mark.parametrize("said", HOSTILE)
def test_hostile_words_are_only_words(name: str, said: str) -> None:
    texts = [slot for slot in declared(name) if SLOTS[slot].type == "text"]
    fits = [slot for slot in texts if len(said) <= (SLOTS[slot].at_most or 0)]
    plain, facts = advisor().facts(full(name), TODAY), advisor().facts(full(name), TODAY)
    text = drafted(name, {**facts, **{slot: Fact(said) for slot in fits}})
    assert text.count("\n") == drafted(name, plain).count("\n")  # no line more, no line less
    piece = " ".join(said.split()).strip("。.！!，, ")
    usual = {slot for slot in fits if full(name)[slot].strip("。") in drafted(name, plain)}
    assert (piece in text) == bool(usual)


@pytest.mark.parametrize("said", HOSTILE)
def test_hostile_words_are_only_words_on_paper(said: str) -> None:
    facts = {**advisor().facts(full("police_statement"), TODAY), "words": Fact(said)}
    text, title = drafted("police_statement", facts), front("police_statement").title
    seen = bare(re.sub("[\u202e\u2066\u200f]", "", text)).removeprefix(bare(title))
    assert bare(read_docx(as_docx(title, text))) == bare(title) + seen.replace("　", "")
    assert bare(read_pdf(as_pdf(title, text))) == bare(title) + seen


def test_whatever_is_said_has_a_length() -> None:
    texts = {slot for name in LETTERS for slot in declared(name) if SLOTS[slot].type == "text"}
    for slot in texts:
        assert SLOTS[slot].at_most, slot
        with pytest.raises(ValueError, match=SLOTS[slot].label):
            advisor().facts({slot: "很" * 5000}, TODAY)


@pytest.mark.parametrize("name", LETTERS)
@pytest.mark.parametrize("sign", ["字", "&", "😀"])
def test_the_longest_letter_is_posted_in_parts_that_fit(name: str, sign: str) -> None:
    facts = advisor().facts(full(name), TODAY)
    longest = {slot: Fact(sign * int(SLOTS[slot].at_most or 0)) for slot in facts if SLOTS[slot].type == "text"}
    text = drafted(name, {**facts, **longest})
    posted = [unescape(re.sub("</?pre>", "", part.html)) for part in parts(Reply("", (), (Bubble(text, name),)))]
    assert all(units(part) <= LONGEST for part in posted)
    assert bare("".join(posted)) == bare(text)
