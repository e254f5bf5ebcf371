"""Stage 3, the references: whatever is named by its name exists, and nothing lies about unused."""

from collections.abc import Iterator

from advisor.caps import TIMES, YEARLY
from advisor.checks.handed import BY_NAME, PROGRAM, READ, exists, occasions
from advisor.checks.names import literal_calls, other_templates, slugs_in_condition
from advisor.checks.subject import Subject, at_template, suggest
from advisor.content import Problem
from advisor.content.load import BASE


def said_templates_exist(subject: Subject) -> Iterator[Problem]:
    """Whatever a state says, and whatever answers a question, is a template."""
    known, hint = subject.templates(), f"建立 templates/{BASE}/ 下的同名 .j2 文件"
    for flow, name, state in subject.states():
        if state.say and not exists(subject, state.say):
            what = f"没有“{state.say}”这个模板"
            yield subject.at_state(f"{flow}.{name}", ("say",), what, suggest(state.say, known, hint))
    for flow, name, say in subject.asides():
        if not exists(subject, say):
            what = f"没有“{say}”这个模板"
            yield subject.at_flow(flow, ("aside", name), what, suggest(say, known, hint))
    for key, guard in subject.content.guards.items():
        if not exists(subject, guard.say):
            what = f"没有“{guard.say}”这个模板"
            loc = ("guards", key, "say")
            yield subject.content.problem("knowledge/guards.yaml", loc, what, suggest(guard.say, known, hint))
    for key, question in subject.content.questions.items():
        if not exists(subject, question.answer):
            loc = ("questions", key, "answer")
            file = subject.content.owners[f"questions.{key}"]
            what = f"没有“{question.answer}”这个模板"
            yield subject.content.problem(file, loc, what, suggest(question.answer, known, hint))


def program_templates_exist(subject: Subject) -> Iterator[Problem]:
    """The templates that the program itself says are there."""
    for name in (*PROGRAM, *READ, *BY_NAME):
        if not exists(subject, name):
            yield Problem(
                f"templates/{BASE}/{name}.j2", 1, 1, f"没有“{name}”这个模板，程序要用到它", "建立它，或从版本库里取回"
            )


def included_templates_exist(subject: Subject) -> Iterator[Problem]:
    """Whatever a template includes or takes from exists."""
    for language, name, tree in subject.trees:
        for other, line in other_templates(tree):
            folder, _, rest = other.partition("/")
            if not exists(subject, rest, folder):
                known = [f"{language}/{one}" for one in subject.templates(language)]
                yield at_template(
                    language, name, line, f"没有“{other}”这个模板", suggest(other, known, "改成已有的模板")
                )


def letters_exist(subject: Subject) -> Iterator[Problem]:
    """Every letter that a state gives exists."""
    for flow, name, state in subject.states():
        if state.letter and state.letter not in subject.content.letters:
            hint = suggest(state.letter, subject.content.letters, f"建立 templates/{BASE}/letters/{state.letter}.j2")
            yield subject.at_state(f"{flow}.{name}", ("letter",), f"没有“{state.letter}”这份文书", hint)


def cited_law_exists(subject: Subject) -> Iterator[Problem]:
    """Every provision that is cited stands in knowledge/law."""
    content, known = subject.content, subject.words.register.slugs()

    def wrong(slug: str) -> tuple[str, str] | None:
        hint = suggest(slug, known, "登记到 knowledge/law，或改正名字")
        return None if slug in subject.words.register else (f"没有登记“{slug}”这条法", hint)

    for language, name, tree in subject.trees:
        for call in ("law", "last_day"):
            for slug, line in literal_calls(tree, call):
                if found := wrong(slug):
                    yield at_template(language, name, line, *found)
    for flow, name, branch, text in subject.conditions():
        for slug in slugs_in_condition(subject.expressions, text):
            if found := wrong(slug):
                yield subject.at_state(f"{flow}.{name}", ("next", branch, "if"), *found)
    for letter in content.letters.values():
        for number, slug in enumerate(letter.front.law):
            if found := wrong(slug):
                yield content.problem(letter.file, ("law", number), *found)
    for kind, number, measure in subject.measures():
        for place, slug in enumerate(measure.law):
            if found := wrong(slug):
                yield content.problem("knowledge/rates.yaml", ("measures", kind, number, "law", place), *found)
    for part, key in (("questions", "law"), ("signals", "laws")):
        for name, entry in getattr(content, part).items():
            for number, slug in enumerate(getattr(entry, key)):
                if found := wrong(slug):
                    yield content.problem(content.owners[f"{part}.{name}"], (part, name, key, number), *found)


def measures_have_figures(subject: Subject) -> Iterator[Problem]:
    """The first provision of a measure has the figure that its way needs, in every version."""
    for kind, number, measure in subject.measures():
        needed = {"ceiling": TIMES, "segments": ""}.get(measure.way, YEARLY)
        if not needed or measure.law[0] not in subject.words.register:
            continue
        versions = subject.words.register.provision(measure.law[0]).versions.values()
        if any(not version.repealed and needed not in version.figures for version in versions):
            loc = ("measures", kind, number, "law", 0)
            what = f"“{measure.law[0]}”的 figures 里没有 {needed}，{measure.way} 要用到它"
            yield subject.content.problem("knowledge/rates.yaml", loc, what, "把有数的那一条放在 law 的第一个")


def channels_exist(subject: Subject) -> Iterator[Problem]:
    """Every public number that is named stands in channels.yaml."""
    for language, name, tree in subject.trees:
        for slug, line in literal_calls(tree, "channel"):
            if slug not in subject.content.channels:
                hint = suggest(slug, subject.content.channels, "登记到 knowledge/channels.yaml，或改正名字")
                yield at_template(language, name, line, f"没有登记“{slug}”这个渠道", hint)


def question_facts_exist(subject: Subject) -> Iterator[Problem]:
    """The facts that an answer depends on are slots."""
    for key, question in subject.content.questions.items():
        for number, slot in enumerate(question.depends_on):
            if slot not in subject.content.all_slots:
                file, loc = subject.content.owners[f"questions.{key}"], ("questions", key, "depends_on", number)
                hint = suggest(slot, subject.content.all_slots, "改成已有的 slot")
                yield subject.content.problem(file, loc, f"没有叫“{slot}”的 slot", hint)


def templates_are_used(subject: Subject) -> Iterator[Problem]:
    """Every template is said by something."""
    if any(said_templates_exist(subject)):
        return  # a slip in a name would be told twice
    used = {*BY_NAME, *READ, *PROGRAM, *(letter.template for letter in subject.content.letters.values())}
    used |= {state.say for flow in subject.content.flows.values() for state in flow.states.values()}
    used |= {occasion.template for occasion in occasions(subject) if occasion.kind == "picture"}
    used |= {say for _, _, say in subject.asides()}
    used |= {guard.say for guard in subject.content.guards.values()}
    used |= {question.answer for question in subject.content.questions.values()}
    used |= {other.partition("/")[2] for _, _, tree in subject.trees for other, _ in other_templates(tree)}
    for name in subject.templates():
        if name not in used:
            yield at_template(BASE, name, 1, f"没有哪一步说“{name}”", "在流程里用 say 说它，或删去这个文件")


def letters_are_used(subject: Subject) -> Iterator[Problem]:
    """Every letter is given by a state, chosen from a menu, or asked for by a phrase."""
    if any(letters_exist(subject)):
        return
    graph = subject.graph
    reached = {
        way.target.partition(".")[0]
        for ways in graph.ways.values()
        for way in ways
        if way.source.partition(".")[0] in subject.content.own_flows
    }
    given = {state.letter for _, _, state in subject.states()}
    for letter in subject.content.letters.values():
        if letter.name not in given and f"letter_{letter.name}" not in reached and not letter.front.enter:
            yield subject.content.problem(
                letter.file,
                ("title",),
                f"没有哪一步给出文书“{letter.name}”",
                f"在状态里写 letter: {letter.name}，或在 flows/letters.yaml 的 menu 里加 letter_{letter.name}",
            )


RULES = (
    said_templates_exist,
    program_templates_exist,
    included_templates_exist,
    letters_exist,
    cited_law_exists,
    measures_have_figures,
    channels_exist,
    question_facts_exist,
    templates_are_used,
    letters_are_used,
)
