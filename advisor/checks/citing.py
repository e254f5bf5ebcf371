"""Tells what hangs on a provision, and what a change of the content changes in the words that people get."""

import difflib
from collections.abc import Iterator

from advisor.checks.names import literal_calls
from advisor.checks.rendered import texts
from advisor.checks.subject import Subject
from advisor.content.load import BASE
from advisor.content.source import read_file
from advisor.content.transcript import Transcript


def citing(subject: Subject, slug: str) -> list[str]:
    """Name the files that cite a provision: templates, questions, signals, and the conversations that meet them."""
    content = subject.content
    templates = {
        name
        for language, name, tree in subject.trees
        if language == BASE
        and any(slug == cited for call in ("law", "last_day") for cited, _ in literal_calls(tree, call))
    }
    found = [f"templates/{BASE}/{name}.j2" for name in sorted(templates)]
    for part, key in (("questions", "law"), ("signals", "laws")):
        for name, entry in getattr(content, part).items():
            if slug in getattr(entry, key):
                found.append(f"{content.owners[f'{part}.{name}']}：{name}")
    states = {name for name, state in subject.graph.states.items() if state.say in templates}
    letters = {letter.name for letter in content.letters.values() if letter.template in templates}
    return found + list(_conversations(subject, states, letters))


def _conversations(subject: Subject, states: set[str], letters: set[str]) -> Iterator[str]:
    for path in sorted((subject.root / "tests/conversations").glob("*.yaml")):
        talk = read_file(path, subject.root).read(Transcript)
        if talk and any(step.state in states or step.letter in letters for step in talk.talk):
            yield path.relative_to(subject.root).as_posix()


def changed(before: Subject, after: Subject) -> Iterator[str]:
    """Give for every text that is worded otherwise than before the difference, line by line, with all facts known."""
    old, new = _worded(before), _worded(after)
    for name in sorted(old.keys() | new.keys()):
        lines = difflib.unified_diff(
            old.get(name, "").splitlines(),
            new.get(name, "").splitlines(),
            f"{name}（以前）",
            f"{name}（现在）",
            "",
            "",
            1,
            "",
        )
        if difference := "\n".join(lines):
            yield difference


def _worded(subject: Subject) -> dict[str, str]:
    words: dict[str, str] = {}
    for text in texts(subject):
        key = f"templates/{text.language}/{text.occasion.template}.j2{'（短信版）' if text.short else ''}"
        words.setdefault(key, text.words)
    return words
