"""Questions in the middle of anything: answered, or declined, or the nearest ones offered; then the talk goes on."""

import re

from advisor.answers import ORDINAL
from advisor.content.knowledge import Question
from advisor.dates import Days
from advisor.normal import extent
from advisor.questions import is_put
from advisor.turn.answering import BETWEEN, let_go
from advisor.turn.moves import settle
from advisor.turn.situations import only_numbers, topic
from advisor.turn.talk import Talk

A_STORY = 24  # characters from which a question is also the beginning of a story
NEAREST = 3  # questions to choose from
_NUMBER = "(?:[0-9]{1,4}|[零〇一二三四五六七八九十百千]{1,9})"
_ARTICLE = re.compile(
    rf"(?<![删掉除改加把])第{_NUMBER}条|法[^，。！？]{{0,3}}?{_NUMBER}条|法条|哪一?[条部]法"
    r"|\barticle [0-9]|\bwhich law\b|\blaw (?:on|about)\b|\blaw$",
    re.IGNORECASE,
)


def question(talk: Talk) -> bool:
    """Something asked that is known; the open question follows once more."""
    found = talk.asked
    if not found or only_numbers(talk):
        return False
    if talk.comforting and (found.law or found.routes) and not let_go(talk):
        talk.add(talk.say("shell/you_first"))
        return True
    _take_beside_question(talk)
    tell_answer(talk, found)
    if not talk.waiting and not found.enough and (extent(talk.own_words) > A_STORY or not is_put(talk.own_words)):
        topic(talk)
    return True


def tell_answer(talk: Talk, found: Question) -> None:
    """Answer a question."""
    talk.add(talk.say(found.answer))
    talk.route(found.routes)
    if talk.state.fill:
        settle(talk)


def _take_beside_question(talk: Talk) -> None:
    """Keep the facts told beside a question (没有，会坐牢吗); the asking itself (报警有用吗) chooses nothing."""
    slot = talk.slots.get(talk.state.fill)
    if slot is None or slot.type != "choice":
        talk.take(talk.own_values)
        return
    told = [part for part in BETWEEN.split(talk.own_values) if part and not talk.hearing.questions.find(part)]
    talk.take(talk.own_values, besides=talk.state.fill)
    talk.take(" ".join(told))


def provision(talk: Talk) -> bool:
    """A provision asked for by its article or by the word for it: how it stands today."""
    slot = talk.slots.get(talk.state.fill)
    any_words = slot is not None and slot.type == "text" and not slot.finds
    answers = any_words or (slot is not None and slot.unit == ORDINAL)
    if talk.urgent or answers or not _ARTICLE.search(talk.own_words) or extent(talk.own_words) > A_STORY:
        return False
    on = talk.weighed.get("conduct_on")
    days = (on.first, on.last) if isinstance(on, Days) else (talk.today, talk.today)
    slugs = talk.hearing.lookup.find(talk.own_words, *days)
    if not slugs:
        return False
    talk.add(talk.say("shell/provision", slug=slugs[0]))
    return True


def of_another_field(talk: Talk) -> bool:
    """Something asked that others answer: it is said so, and who may know."""
    if talk.urgent or not talk.elsewhere:
        return False
    talk.add(talk.say("shell/another_field"))
    return True


def likely_question(talk: Talk) -> bool:
    """Something asked that is probably known: the nearest questions to choose from, beside the facts told with it."""
    near, at_a_menu = talk.near, bool(talk.state.menu) and not talk.waiting_at_home
    return near is not None and near.lead > 0 and not near.a_situation and not at_a_menu and nearest_questions(talk)


def nearest_questions(talk: Talk) -> bool:
    """Something asked of which it is not sure what it is: the nearest questions to choose from, once."""
    near = talk.near
    if not near or not near.names or talk.urgent or talk.session.unclear:
        return False
    if told := talk.take(talk.own_values):
        talk.add(talk.say("shell/noted", labels=[talk.slots[name].label for name in told]))
    talk.session.unclear += 1
    questions = talk.edition.questions
    talk.asking = talk.say("shell/nearest_questions")
    talk.choices = [(f"ask:{name}", questions[name].label) for name in near.names[:NEAREST]]
    talk.choices += [(f"!{name}", talk.edition.everywhere[name].label) for name in ("resume", "person")]
    return True
