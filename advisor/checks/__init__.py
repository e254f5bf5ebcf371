"""Proves the content: reads all of it and reports every mistake that a program can find.

The proofs go in stages, each a list of rules; a stage is run only when the one before found nothing, so
that one slip is not reported five times. Within a stage all mistakes are reported at once.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from advisor.checks import (
    files,
    flows,
    guards_check,
    house,
    lengths,
    pictures,
    printed,
    references,
    rendered,
    secrets_check,
    signals_check,
    slots,
    translated,
    tree,
    ways,
    words,
)
from advisor.checks.subject import Subject
from advisor.content import Problem, load

__all__ = ["STAGES", "Finding", "Report", "Stage", "check", "findings"]

Rule = Callable[[Subject], Iterator[Problem]]
Finding = tuple[bool, Rule, Problem]  # only a note?, the rule that found it, the mistake


@dataclass(frozen=True, slots=True)
class Stage:
    """Rules that are run together; what `notes` find is worth knowing but stops nothing."""

    title: str
    rules: tuple[Rule, ...]
    notes: tuple[Rule, ...] = ()


STAGES = (
    Stage("文件", files.RULES),
    Stage("语言", translated.RULES),
    Stage("流程", (*flows.RULES, *slots.RULES, *guards_check.RULES)),
    Stage("去路", (*ways.RULES, *tree.RULES)),
    Stage("用词", (*words.RULES, *references.RULES, *printed.RULES), (*words.NOTES, *printed.NOTES)),
    Stage("信号", (*signals_check.RULES, *secrets_check.RULES)),
    Stage("规矩", house.RULES),
    Stage("成文", (*rendered.RULES, *lengths.RULES, *pictures.RULES), lengths.NOTES),
)


@dataclass(frozen=True, slots=True)
class Report:
    """What the checker found: problems, which must be put right, and notes, which need not."""

    problems: list[Problem]
    notes: list[Problem]

    @classmethod
    def of(cls, found: Iterable[Finding]) -> "Report":
        """Gather what was found, each mistake once, in the order of the files."""
        found = list(found)
        notes, problems = ({problem for note, _, problem in found if note is wanted} for wanted in (True, False))
        return cls(sorted(problems), sorted(notes))

    def __str__(self) -> str:
        return "\n".join([*map(str, self.problems), *(f"（提醒）{note}" for note in self.notes)])


def check(root: Path, today: date) -> Report:
    """Prove the content under `root` as of `today`."""
    return Report.of(findings(root, today))


def findings(root: Path, today: date) -> Iterator[Finding]:
    """Give each thing found, stage by stage, as long as stages are clean."""
    subject = Subject(load(root), today)
    for stage in STAGES:
        clean = True
        for rule in stage.rules:
            for problem in rule(subject):
                clean = False
                yield False, rule, problem
        if not clean:
            return
        for rule in stage.notes:
            for problem in rule(subject):
                yield True, rule, problem
