"""Shows when the acts of an evidence file came, and how grave they are; what it shows stands in the timeline too."""

from advisor.charts import Point, days_png
from advisor.content.signals import GRADES
from advisor.evidence.timeline import Timeline
from advisor.reading import rank
from advisor.render import Words

FOLDER = "evidence_file"
NAMES = f"{FOLDER}/words"  # the template that holds what things are called


def chart(timeline: Timeline, words: Words, language: str) -> bytes | None:
    """Give the picture as PNG, always the same for the same acts; None when no act has a day."""
    points = [
        Point(one.day, one.at.hour + one.at.minute / 60 if one.at else None, rank(one.grade))
        for one in timeline.acts
        if one.day
    ]
    if not points:
        return None
    said = words.module(NAMES, language)
    title, hours, no_hour = str(said.chart()).split("|")
    return days_png(title, hours, no_hour, points, [str(said.grade(grade)) for grade in GRADES])
