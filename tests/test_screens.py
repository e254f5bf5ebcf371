"""The lines of a screen become the messages that were on it; the places are those of drawn screens."""

from datetime import datetime, time, timedelta

import pytest

from advisor.clock import SHANGHAI
from advisor.evidence.imported import Imported
from advisor.evidence.lines import Line, Picture, join
from advisor.evidence.screens import messages
from advisor.evidence.stamps import Stamp, read_stamp, taken_at
from tests.screens.draw import TAKEN, Said, Shot, Time, draw
from tests.screens.shots import LINKED, NUMBER, PRESSED, SHOTS, SHOWN

TODAY = TAKEN.date()


def bare(message: Imported) -> tuple[str, str, str, datetime | None, bool, bool]:
    text = "".join(message.text.split())
    return text, message.sender, message.recipient, message.at, message.sent, message.whole_day


@pytest.mark.parametrize("shot", SHOTS, ids=lambda shot: shot.name)
def test_each_message_is_read_as_it_was_drawn(shot: Shot) -> None:
    drawn = draw(shot)
    assert [bare(one) for one in messages(drawn.picture(), TAKEN)] == [bare(one) for one in drawn.truth]


@pytest.mark.parametrize("shift", (0.5, 2.0))
def test_the_size_of_the_picture_changes_nothing(shift: float) -> None:
    drawn = draw(next(shot for shot in SHOTS if shot.name == "ios talk"))
    whole = drawn.picture()
    lines = tuple(Line(o.text, o.score, *(shift * x for x in (o.left, o.top, o.right, o.bottom))) for o in whole.lines)
    other = Picture(int(shift * whole.width), int(shift * whole.height), lines)
    assert messages(other, TAKEN) == messages(whole, TAKEN)


def test_links_amounts_and_numbers_that_were_broken_are_whole() -> None:
    text = "\n".join(one.text for shot in SHOTS for one in messages(draw(shot).picture(), TAKEN))
    for whole in ("https://m.kuaidb-pay.cn/h5/repay?id=a8Kx92", "23,500.00元", "6222021001116245702", "43,314.88元"):
        assert whole in text
    assert "\n1、本金9,000元\n2、利息1,237.40元\n" in text, "a list keeps its lines"


def test_english_words_stay_apart() -> None:
    drawn = draw(next(shot for shot in SHOTS if shot.name == "english"))
    assert [one.text for one in messages(drawn.picture(), TAKEN)] == [one.text for one in drawn.truth]


def test_yesterday_is_the_day_before_the_screenshot() -> None:
    drawn = draw(Shot("", (Time("昨天 21:30"), Said(PRESSED)), NUMBER, SHOWN)).picture()
    early, late = (messages(drawn, TAKEN - timedelta(days=days))[0].at for days in (3, 0))
    assert early and late and late - early == timedelta(days=3)


def test_a_time_to_come_is_no_time() -> None:
    drawn = draw(Shot("", (Time("23:50"), Said(PRESSED)), NUMBER, SHOWN)).picture()
    assert [one.at for one in messages(drawn, TAKEN)] == [None]


def test_pieces_of_a_line_are_put_together() -> None:
    drawn = draw(Shot("", (Time("昨天 21:30"), Said(LINKED)), NUMBER, SHOWN)).picture()
    lines = []
    for line in drawn.lines:
        half = len(line.text) // 2
        middle = (line.left + line.right) / 2
        cut = line.text.startswith("【")
        lines += [
            Line(line.text[:half], 1, line.left, line.top, middle - 3, line.bottom),
            Line(line.text[half:], 1, middle + 3, line.top + 2, line.right, line.bottom + 1),
        ] if cut else [line]  # fmt: skip
    split = messages(Picture(drawn.width, drawn.height, tuple(lines)), TAKEN)
    assert split == messages(drawn, TAKEN)


def test_an_empty_picture_has_no_messages() -> None:
    assert messages(Picture(1080, 2340, ()), TAKEN) == []


@pytest.mark.parametrize(
    ("shown", "day", "clock"),
    (
        ("昨天 21:30", "2026-11-24", time(21, 30)),
        ("昨天21：30", "2026-11-24", time(21, 30)),
        ("前天 06:05", "2026-11-23", time(6, 5)),
        ("11月23日 周一 02:13", "2026-11-23", time(2, 13)),
        ("11月23日周—02:13", "2026-11-23", time(2, 13)),
        ("11月25日 周二 02:13", "2025-11-25", time(2, 13)),  # a Tuesday one year before
        ("2026年11月23日 上午9:05", "2026-11-23", time(9, 5)),
        ("2026年11月23日星期一", "2026-11-23", None),
        ("星期三 18:20", "2026-11-18", time(18, 20)),  # today would be called so
        ("周二 下午3:07", "2026-11-24", time(15, 7)),
        ("今天", "2026-11-25", None),
        ("18:20", None, time(18, 20)),
        ("上午12:05", None, time(0, 5)),
        ("下午12:05", None, time(12, 5)),
        ("中午12:40", None, time(12, 40)),
        ("2026-11-21 21:05:33", "2026-11-21", time(21, 5)),
        ("11/24 06:44", "2026-11-24", time(6, 44)),
        ("12月30日 21:00", "2025-12-30", time(21, 0)),
        ("昨天 10:26 · 中国联通", "2026-11-24", time(10, 26)),
        ("短信 今天 10:26", "2026-11-25", time(10, 26)),
        ("Yesterday 9:30 PM", "2026-11-24", time(21, 30)),
        ("Mon, Nov 23 at 9:05 AM", "2026-11-23", time(9, 5)),
        ("Nov 23, 2026 12:10 AM", "2026-11-23", time(0, 10)),
        ("Today", "2026-11-25", None),
        ("Thursday 18:20", "2026-11-19", time(18, 20)),
    ),
)
def test_time_lines_are_read(shown: str, day: str | None, clock: time | None) -> None:
    meant = datetime.fromisoformat(day).date() if day else None
    assert read_stamp(shown, TODAY) == Stamp(meant, clock)


@pytest.mark.parametrize(
    "text",
    (
        "",
        "请于昨天 21:30",
        "1",
        "短信",
        "13918260457",
        "23,500.00",
        "25:70",
        "13月40日",
        "还款日11月28日",
        "移动",
        "2026",
    ),
)
def test_other_lines_are_no_time(text: str) -> None:
    assert read_stamp(text, TODAY) is None


@pytest.mark.parametrize(
    "name",
    ("Screenshot_20261123_213005.png", "Screenshot_2026-11-23-21-30-05-88_com.mms.jpg", "截屏2026-11-23 21.30.05.png"),
)
def test_a_phone_names_when_it_took_a_screenshot(name: str) -> None:
    assert taken_at(name) == datetime(2026, 11, 23, 21, 30, tzinfo=SHANGHAI)


@pytest.mark.parametrize("name", ("photo.jpg", "Screenshot_20261399_999999.png", "微信图片_20261123213005.jpg"))
def test_other_names_tell_nothing(name: str) -> None:
    assert taken_at(name) is None


def test_a_link_over_two_english_lines() -> None:
    first = Line("https://pay.harbor-credit.com/r/", 1, 50, 0, 800, 50)
    assert (
        join([first, Line("Q7x2?a=1 today", 1, 50, 60, 400, 110)]) == "https://pay.harbor-credit.com/r/Q7x2?a=1 today"
    )
    assert join([first, Line("or call us", 1, 50, 60, 400, 110)]) == "https://pay.harbor-credit.com/r/ or call us"


def test_the_comma_in_an_amount_is_no_chinese_one() -> None:
    lines = [Line("您本期应还12，", 1, 50, 0, 800, 50), Line("846.53元，逾期3，5天内", 1, 50, 60, 700, 110)]
    assert join(lines) == "您本期应还12,846.53元，逾期3，5天内"
