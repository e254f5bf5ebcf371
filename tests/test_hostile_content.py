"""Content that was put in to do harm is refused, and no words make a pattern of the content take for ever."""

import subprocess
import sys

import pytest

from advisor.content.signals import lint_pattern
from advisor.content.source import DEEPEST, read_yaml
from tests.conversation import ROOT

LAUGHS = "\n".join(["a: &a [ha, ha]", *(f"{after}: &{after} [*{one}, *{one}]" for one, after in zip("abcdefghijklm", "bcdefghijklmn", strict=True))])  # fmt: skip  # noqa: E501


@pytest.mark.parametrize(
    "text",
    ["a: !!python/object/apply:os.system ['id']", "!!python/name:os.system", "a: !!binary aGk=", "a: !<tag:x> b"],
)
def test_a_tag_that_would_build_something_is_refused(text: str) -> None:
    document = read_yaml(text, "x.yaml")
    assert [problem.what for problem in document.problems] == ["这里不用 YAML 的标签（!）"]
    assert document.data in ("", {"a": ""})


@pytest.mark.parametrize("text", [LAUGHS, "a: &a [*a]", "&a [*a]", "a: &a {b: *a}", "a: &a x\nb: *a"])
def test_aliases_are_refused_and_never_followed(text: str) -> None:
    document = read_yaml(text, "x.yaml")
    assert {problem.what for problem in document.problems} == {"这里不用 YAML 的引用（& 和 *）"}
    assert len(str(document.data)) < 1000


@pytest.mark.parametrize("sign", ["[", "{a: ", "- ", "? "])
@pytest.mark.parametrize("depth", [DEEPEST + 1, 100_000])
def test_what_is_nested_without_end_is_refused(sign: str, depth: int) -> None:
    (problem,) = read_yaml(sign * depth, "x.yaml").problems
    assert problem.what == "一层套一层，套得太深"


@pytest.mark.parametrize(
    "pattern",
    ["(a+)+", "(?:a*)*b", "(?:a|a)+(?:b+)+", ".*.*=", r"(\d+|\w+)+", "(?:(?:x{1,200}){1,200}){1,200}", r"(.)\1+", "("],
)
def test_a_pattern_that_could_take_for_ever_is_refused(pattern: str) -> None:
    assert lint_pattern(pattern)


EVERY_PATTERN = """
import re
from advisor.content import load
from pathlib import Path
content, found = load(Path(".")), set()
for signal in content.signals.values():
    found |= {*signal.patterns, *signal.needs, *signal.unless, *signal.unless_anywhere}
for alarm in content.alarms.values():
    found |= {*alarm.patterns, *alarm.unless}
for secret in content.secrets.values():
    found |= {*secret.patterns}
for slot in content.all_slots.values():
    found |= {*slot.finds}
found |= {*content.meanings.values()}
examples = [hit for signal in content.signals.values() for hit in signal.hits]
hostile = ["1", "验证码", "a", " ", "还", "催收还款法院起诉", "1-", "\\n", "【】", "a@", "".join(examples)]
hostile += examples[::40]
for words in hostile:
    text = (words * 20_000)[:20_000]
    for pattern in sorted(found):
        for _ in re.compile(pattern).finditer(text):
            pass
print(len(found))
"""


def test_no_hostile_words_make_a_pattern_of_the_content_take_for_ever() -> None:
    """A process of its own, so that it can be ended: half an hour, where it takes seconds."""
    ran = subprocess.run(
        [sys.executable, "-c", EVERY_PATTERN], cwd=ROOT, capture_output=True, text=True, timeout=1800, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert int(ran.stdout) > 500
