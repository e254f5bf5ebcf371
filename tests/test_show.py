"""What is shown stays within three bubbles, and the open question keeps to itself where it can."""

from advisor.message import Bubble
from advisor.turn.show import MOST_BUBBLES, fit


def test_what_is_said_is_joined_before_the_question_is() -> None:
    said = [Bubble("一" * 150), Bubble("二" * 80), Bubble("三" * 140), Bubble("问？")]
    bubbles = fit(said)
    assert len(bubbles) == MOST_BUBBLES
    assert bubbles[-1].text == "问？"


def test_a_short_word_may_stand_before_the_question() -> None:
    said = [Bubble("一" * 300), Bubble("信", "letter"), Bubble("记下了。"), Bubble("问？")]
    assert fit(said)[-1].text == "记下了。\n\n问？"
