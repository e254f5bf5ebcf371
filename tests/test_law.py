"""The law is that of the day, tells how sure it is, and an overdue review withholds the number."""

from datetime import date

import pytest

from advisor.content.knowledge import LawFile
from advisor.law import Register
from tests.conversation import advisor

TODAY = date(2026, 11, 23)
OLD, NEW = date(2025, 12, 31), date(2026, 1, 1)


def words(slug: str, on: date | tuple[date, date], today: date = TODAY) -> str:
    return advisor().words.cite(slug, on if isinstance(on, tuple) else (on, on), today)


@pytest.mark.parametrize("slug", ["threat_to_safety", "public_insult", "harassing_messages", "privacy_spread"])
def test_article_42_until_2025_and_article_50_from_2026(slug: str) -> None:
    assert "第四十二条" in words(slug, OLD) and "第五十条" not in words(slug, OLD)
    assert "第五十条" in words(slug, NEW) and "第四十二条" not in words(slug, NEW)
    assert "500元" in words(slug, OLD) and "1000元" in words(slug, NEW)


def test_a_span_across_the_change_gives_both_the_newer_first() -> None:
    both = words("harassing_messages", (date(2025, 12, 1), date(2026, 2, 1)))
    assert both.index("第五十条") < both.index("第四十二条")
    assert "由公安机关决定" in both


def test_every_citation_says_since_when_and_when_checked() -> None:
    assert "2026年1月1日起施行，2026年11月23日核对" in words("harassing_messages", NEW)


def test_a_day_before_the_rule_has_nothing_to_cite() -> None:
    assert "那时没有这一条" in words("no_contact_order", OLD)


def test_an_overdue_review_withholds_the_number_and_says_so() -> None:
    late = words("harassing_messages", NEW, today=date(2027, 12, 1))
    assert "第五十条" not in late and "条号到期未复核" in late


def test_each_grade_of_certainty_is_told_in_its_own_way() -> None:
    register = advisor().words.register
    for slug in register.slugs():
        citation = register.cite(slug, TODAY, TODAY, TODAY)
        if citation is None:
            continue
        said = words(slug, TODAY)
        match citation.newest.sure:
            case "unchecked":
                assert "还没有核实" in said and citation.newest.says not in said
            case "several" | "one":
                assert "据公开信息" in said
            case "inferred":
                assert "一般来说" in said
            case _:
                assert "据公开信息" not in said and "一般来说" not in said


def test_a_standard_and_a_guideline_are_never_told_as_law() -> None:
    assert "不是法律" in words("standard_night", TODAY)
    assert "不是法律" in words("bank_guideline_night", TODAY)


def test_a_repealed_rule_has_nothing_to_cite() -> None:
    assert advisor().words.register.cite("guideline_2024", TODAY, TODAY, TODAY) is None


def test_a_rule_holds_from_its_publishing_at_the_earliest() -> None:
    register, before = advisor().words.register, date(2026, 1, 29)
    assert register.cite("bank_guideline_night", before, before, TODAY) is None
    assert "2026年1月30日发布" in words("bank_guideline_night", TODAY)


def test_a_version_whose_beginning_is_unknown_holds_before_it_too() -> None:
    data = {
        "title": "某规定", "kind": "regulation", "source": "x", "checked": {"on": "2026-11-23", "by": "x"},
        "reviewed": {"on": "2026-11-23", "by": "x"}, "review_by": "2027-01-01",
        "provisions": {"rule": {"about": "x", "versions": {
            "2011-12-31": {"says": "旧", "sure": "one", "since_unknown": "true"}, "2020-01-01": {}}}},
    }  # fmt: skip
    register = Register({"x": LawFile.model_validate(data)})
    early, late = date(2005, 1, 1), date(2021, 1, 1)
    cited = register.cite("rule", early, early, TODAY)
    assert cited is not None and cited.newest.says == "旧"
    assert register.cite("rule", late, late, TODAY) is None


@pytest.mark.parametrize(
    ("slug", "since", "last"),
    [
        ("court_answer_deadline", date(2026, 11, 20), date(2026, 12, 5)),  # 15 days from the day after
        ("payment_order", date(2026, 12, 25), date(2027, 1, 9)),  # over the turn of the year
        ("arbitral_award_set_aside", date(2026, 11, 30), date(2027, 2, 28)),  # three months, a shorter one at the end
        ("credit_five_years", date(2024, 2, 29), date(2029, 2, 28)),
    ],
)
def test_a_period_ends_on_a_day(slug: str, since: date, last: date) -> None:
    cited = advisor().words.register.cite(slug, since, since, TODAY)
    assert cited and cited.newest.last_day(since) == last


def test_a_period_that_nobody_verified_ends_on_no_day() -> None:
    before = date(2026, 2, 1)  # the older period of arbitration is marked 待核
    cited = advisor().words.register.cite("arbitral_award_set_aside", before, before, TODAY)
    assert cited and cited.newest.last_day(before) is None


def test_a_provision_without_a_period_ends_on_no_day() -> None:
    cited = advisor().words.register.cite("court_default", TODAY, TODAY, TODAY)
    assert cited and cited.newest.last_day(TODAY) is None
