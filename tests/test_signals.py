"""The rules of the reader prove themselves by their own examples, and none can be slow."""

import pytest
import yaml

from advisor.content.signals import Signal, lint_pattern, required_words

from .evaluate_reading import ROOT, the_reader

READER = the_reader()
SIGNALS = READER.signals


@pytest.mark.parametrize("key", SIGNALS)
def test_each_rule_hits_its_hits_and_misses_its_misses(key: str) -> None:
    signal: Signal = SIGNALS[key]
    assert [text for text in signal.hits if not READER.matches(key, text)] == []
    assert [text for text in signal.misses if READER.matches(key, text)] == []


@pytest.mark.parametrize("key", SIGNALS)
def test_each_pattern_is_bounded_and_has_a_literal_to_look_for(key: str) -> None:
    signal: Signal = SIGNALS[key]
    for pattern in (*signal.patterns, *signal.needs, *signal.unless, *signal.unless_anywhere):
        assert lint_pattern(pattern) is None, pattern
    assert all(required_words(pattern) for pattern in signal.patterns)


@pytest.mark.parametrize("pattern", ["(a+)+b", "(?:a*)*", "(a|b", r"(x)\1", "(?:a{0,5}b?){2,9}", ".*还.*钱.*"])
def test_dangerous_patterns_are_refused(pattern: str) -> None:
    assert lint_pattern(pattern)


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("还钱", {"还钱"}),
        ("(?:还|欠)钱", {"还钱", "欠钱"}),
        ("爆[^。]{0,3}通讯录", {"通讯录"}),
        ("[0-9]{3}", set()),
        ("上门?", {"上"}),
    ],
)
def test_words_that_a_match_must_hold(pattern: str, words: set[str]) -> None:
    assert required_words(pattern) == words


def test_every_law_that_a_rule_names_is_in_the_register() -> None:
    known = {
        slug
        for path in (ROOT / "knowledge" / "law").glob("*.yaml")
        for slug in yaml.safe_load(path.read_text("utf-8")).get("provisions", {})
    }
    if not known:
        pytest.skip("the register of law is not there")
    assert {law for signal in SIGNALS.values() for law in signal.laws} <= known
