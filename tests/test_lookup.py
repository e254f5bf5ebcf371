"""The law is found by article, in any way of writing it, and by plain words, in the version of the day."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from advisor.content.knowledge import LawFile
from advisor.law import Register
from advisor.lookup import Lookup
from tests.conversation import advisor

TODAY = date(2026, 11, 23)
ROWS = yaml.safe_load((Path(__file__).parent / "law_lookup.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def lookup() -> Lookup:
    return Lookup(advisor().words.register)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['say']} {row.get('day', '')}".strip())
def test_the_right_provision_comes_first(lookup: Lookup, row: dict[str, object]) -> None:
    day = row.get("day", TODAY)
    assert isinstance(day, date) and isinstance(row["first"], list)
    assert lookup.find(str(row["say"]), day, day)[:1][0] in row["first"]


def test_what_is_nowhere_in_the_register_finds_nothing(lookup: Lookup) -> None:
    assert lookup.find("zzz", TODAY, TODAY) == []
    assert lookup.find("", TODAY, TODAY) == []


@pytest.mark.parametrize("number", ["第五十条", "50条", "第50条", "第５０條", "治安法50", "治安管理处罚法 第五十条"])
def test_an_article_is_the_same_however_it_is_written(lookup: Lookup, number: str) -> None:
    found = lookup.find(number, TODAY, TODAY)
    assert found[0] == lookup.find("治安管理处罚法第五十条", TODAY, TODAY)[0]


def test_an_article_of_another_law_does_not_pass_for_that_of_the_law_that_is_named(lookup: Lookup) -> None:
    register = advisor().words.register
    first = lookup.find("刑法第五十条", TODAY, TODAY)[0]
    citation = register.cite(first, TODAY, TODAY, TODAY)
    assert citation is None or "第五十条" not in citation.newest.article


def test_a_number_of_things_is_no_article(lookup: Lookup) -> None:
    assert lookup.find("泄露了50条信息", TODAY, TODAY)[0] != lookup.find("第50条", TODAY, TODAY)[0]


def test_every_article_in_the_register_is_found_by_its_law_and_number(lookup: Lookup) -> None:
    register = advisor().words.register
    for slug in register.slugs():
        citation = register.cite(slug, TODAY, TODAY, TODAY)
        if citation and citation.newest.article:
            asked = f"{register.title(slug)}{citation.newest.article}"
            assert slug in lookup.find(asked, TODAY, TODAY), asked


def test_every_provision_is_found_by_what_it_is_about(lookup: Lookup) -> None:
    register = advisor().words.register
    for slug in register.slugs():
        if register.cite(slug, TODAY, TODAY, TODAY):
            assert slug in lookup.find(register.provision(slug).about, TODAY, TODAY)[:3], slug


def test_what_holds_on_the_day_comes_before_what_does_not() -> None:
    two = {
        "title": "某法", "kind": "statute", "source": "x", "checked": {"on": "2026-11-23", "by": "x"},
        "reviewed": {"on": "2026-11-23", "by": "x"}, "review_by": "2027-01-01",
        "provisions": {
            "old": {"about": "退票", "versions": {"2000-01-01": {"says": "旧", "sure": "statute"}, "2020-01-01": {}}},
            "new": {"about": "退票", "versions": {"2020-01-01": {"says": "新", "sure": "statute"}}},
        },
    }  # fmt: skip
    lookup = Lookup(Register({"x": LawFile.model_validate(two)}))
    before = date(2019, 1, 1)
    assert lookup.find("退票", before, before)[0] == "old"
    assert lookup.find("退票", TODAY, TODAY)[0] == "new"
