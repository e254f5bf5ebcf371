"""Stage 1, the languages: what stands in the base language stands in each other one, and nothing else."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from advisor.checks.handed import BY_NAME
from advisor.checks.subject import NOT_LANGUAGES, Subject, at_template, suggest
from advisor.content import ContentError, Problem
from advisor.content.load import BASE
from advisor.content.translation import Translation
from advisor.expressions import nodes

PARTS = (
    "flows",
    "shared",
    "everywhere",
    "letters",
    "law_files",
    "questions",
    "channels",
    "signals",
    "secrets",
    "other_fields",
)
# what an entry has in the base language, it has in every other: one of these keys each
OF_STATES = (("ask",), ("label",))
OF_SLOTS = (("label",), ("ask",), ("example",), ("unit",))
OF_OPTIONS = (("label",), ("hears", "answers"))
OF_WORDS = (("label",), ("about",))
OF_FLOWS = (("title",), ("enter",), ("says",))
OF_CHANNELS = (("name",), ("for_",), ("not_for",), ("hours",), ("have_at_hand",))
OF_QUESTIONS = (("label",), ("says",))
Keys = Sequence[Sequence[str]]
Loc = tuple[str | int, ...]


def translations_are_read(subject: Subject) -> Iterator[Problem]:
    """Every file of a further language is YAML with known keys and fitting values."""
    for words in _translations(subject):
        for part in PARTS:
            try:
                getattr(words, part)
            except ContentError as error:
                yield from error.problems


def _translations(subject: Subject) -> list[Translation]:
    try:
        return list(subject.content.translations.values())
    except FileNotFoundError:
        return []


def _whole(subject: Subject) -> Iterator[Translation]:
    """Give the translations that can be read, when the base language can."""
    if any(True for _ in translations_are_read(subject)):
        return
    try:
        content = subject.content
        _ = content.flows, content.everywhere, content.law_files, content.questions, content.signals, content.channels
        yield from _translations(subject)
    except (ContentError, FileNotFoundError):
        return


def everything_is_translated(subject: Subject) -> Iterator[Problem]:
    """In every further language each flow, slot, word, law, question and number has its sentences, and nothing else."""
    content = subject.content
    for words in _whole(subject):
        at = words.language
        compare = _Comparison(subject, f"flows/{at}/slots.yaml")
        yield from compare.slots(("slots",), content.shared, words.shared)
        compare = _Comparison(subject, f"flows/{at}/everywhere.yaml")
        said: Mapping[str, Any] = {str(name): word for name, word in words.everywhere.words.items()}
        yield from compare.pairs(("words",), content.everywhere, said, OF_WORDS)
        yield from compare.pairs(("meanings",), content.meanings, words.everywhere.meanings, ())
        yield from _flows(subject, words)
        yield from _law(subject, words)
        compare = _Comparison(subject, f"knowledge/{at}/channels.yaml")
        yield from compare.pairs(("channels",), content.channels, words.channels, OF_CHANNELS)
        compare = _Comparison(subject, f"knowledge/{at}/signals.yaml")
        told = {name: signal for name, signal in content.signals.items() if signal.because}
        yield from compare.pairs(("signals",), told, words.signals, (("because",),))
        compare = _Comparison(subject, f"knowledge/{at}/secrets.yaml")
        yield from compare.pairs(("secrets",), content.secrets, words.secrets, (("label",),))
        for file in sorted({content.owners[f"questions.{name}"] for name in content.questions}):
            ours = {name: one for name, one in content.questions.items() if content.owners[f"questions.{name}"] == file}
            there = f"knowledge/{at}/questions/{file.rpartition('/')[2]}"
            here = {name: one for name, one in words.questions.items() if name in ours or name not in content.questions}
            yield from _Comparison(subject, there).pairs(("questions",), ours, here, OF_QUESTIONS)


def _flows(subject: Subject, words: Translation) -> Iterator[Problem]:
    flows = subject.content.own_flows
    for name, flow in flows.items():
        file = f"flows/{words.language}/{name}.yaml"
        said = words.flows.get(name)
        if said is None:
            yield Problem(file, 1, 1, f"缺少“{name}”这个流程的译文", f"照 flows/{name}.yaml 写一份")
            continue
        compare = _Comparison(subject, file)
        yield from compare.entry((), name, flow, said, OF_FLOWS)
        yield from compare.slots(("slots",), flow.slots, said.slots)
        yield from compare.pairs(("states",), flow.states, said.states, OF_STATES)
    for name in sorted(words.flows.keys() - flows.keys()):
        hint = suggest(name, flows, "删去这个文件，或改正文件名")
        yield Problem(f"flows/{words.language}/{name}.yaml", 1, 1, f"没有叫“{name}”的流程", hint)


def _law(subject: Subject, words: Translation) -> Iterator[Problem]:
    files = subject.content.law_files
    for name in sorted(files.keys() | words.law_files.keys()):
        file = f"knowledge/{words.language}/law/{name.rpartition('/')[2]}"
        law, said = files.get(name), words.law_files.get(name)
        if law is None:
            yield Problem(file, 1, 1, "没有同名的法规文件", "删去这个文件，或改正文件名")
        elif said is None:
            yield Problem(file, 1, 1, f"缺少《{law.title}》的译文", f"照 {name} 写一份")
        else:
            compare = _Comparison(subject, file)
            yield from compare.pairs(("provisions",), law.provisions, said.provisions, ())
            for slug in law.provisions.keys() & said.provisions.keys():
                versions = {day: one.says for day, one in law.provisions[slug].versions.items() if one.says}
                ours = {day.isoformat(): text for day, text in versions.items()}
                theirs = {day.isoformat(): text for day, text in said.provisions[slug].says.items()}
                yield from compare.pairs(("provisions", slug, "says"), ours, theirs, ())


class _Comparison:
    """Compares the entries of one file with those of the base language."""

    def __init__(self, subject: Subject, file: str) -> None:
        self._subject, self._file = subject, file

    def _problem(self, loc: Loc, what: str, hint: str) -> Problem:
        return self._subject.content.problem(self._file, loc, what, hint)

    def pairs(self, loc: Loc, ours: Mapping[str, Any], theirs: Mapping[Any, Any], keys: Keys) -> Iterator[Problem]:
        """Each of our entries has one of theirs with the same name and what we say in it; there is no other."""
        said = {str(name): entry for name, entry in theirs.items()}
        for name in sorted(said.keys() - ours.keys()):
            yield self._problem((*loc, name), f"中文里没有“{name}”", suggest(name, ours, "删去它，或改正名字"))
        for name, entry in ours.items():
            if name in said:
                yield from self.entry((*loc, name), name, entry, said[name], keys)
            elif not keys or any(getattr(entry, key, "") for some in keys for key in some):
                yield self._problem((*loc, name), f"缺少“{name}”的译文", f"在 {loc[-1]} 下补上“{name}:”")

    def entry(self, loc: Loc, name: str, ours: Any, theirs: Any, keys: Keys) -> Iterator[Problem]:
        """What we say under one of these keys they say, too."""
        for some in keys:
            if any(getattr(ours, key, "") for key in some) and not any(getattr(theirs, key, "") for key in some):
                key = some[0].rstrip("_")
                yield self._problem(loc, f"“{name}”缺少 {key} 的译文", f"补上“{key}:”")

    def slots(self, loc: Loc, ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> Iterator[Problem]:
        """Each slot has its words, and each of its options."""
        yield from self.pairs(loc, ours, theirs, OF_SLOTS)
        for name in ours.keys() & theirs.keys():
            there = (*loc, name, "choices")
            yield from self.pairs(there, ours[name].choices, theirs[name].choices, OF_OPTIONS)


def templates_are_translated(subject: Subject) -> Iterator[Problem]:
    """Every further language has each template of the base language, and no other; and flows as well."""
    spoken = {p.name for p in (subject.root / "flows").glob("*") if p.is_dir()} - NOT_LANGUAGES
    written = {p.name for p in (subject.root / "templates").glob("*") if p.is_dir()} - NOT_LANGUAGES - {BASE}
    base = set(subject.templates())
    for language in sorted(spoken | written):
        if language not in spoken:
            yield Problem(
                f"flows/{language}", 1, 1, f"有 templates/{language}，却没有 flows/{language}", "补上流程的译文"
            )
        theirs = set(subject.templates(language))
        for folder in sorted({name.rpartition("/")[0] for name in base - theirs}):
            lacking = sorted(n.rpartition("/")[2] for n in base - theirs if n.rpartition("/")[0] == folder)
            where = f"templates/{language}/{folder}".rstrip("/")
            yield Problem(where, 1, 1, f"缺少模板的译文：{'、'.join(lacking)}", f"照 templates/{BASE} 里的同名模板写")
        for name in sorted(theirs - base):
            hint = suggest(name, base, "删去它，或改正文件名")
            yield Problem(f"templates/{language}/{name}.j2", 1, 1, f"中文里没有“{name}”这个模板", hint)


def words_by_name_are_translated(subject: Subject) -> Iterator[Problem]:
    """What a template of the base language holds by name for others to take, it holds in every further language."""
    held = {(language, name): set(_names_in(tree)) for language, name, tree in subject.trees if name in BY_NAME}
    for (language, name), names in held.items():
        if lacking := sorted(held.get((BASE, name), set()) - names):
            hint = f"照 templates/{BASE}/{name}.j2 补上，名字一样"
            yield at_template(language, name, 1, f"缺少译文：{'、'.join(lacking)}", hint)


def _names_in(tree: nodes.Template) -> Iterator[str]:
    for node in tree.body:
        match node:
            case nodes.Macro(name=name) | nodes.AssignBlock(target=nodes.Name(name=name)):
                yield name


RULES = (translations_are_read, everything_is_translated, templates_are_translated, words_by_name_are_translated)
