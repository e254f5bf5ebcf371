"""Makes messages of the lines seen on a phone's screen: who, when, and each text whole again.

The lines are told apart by where they stand: the status bar, who the messages are with, times in the middle, bubbles
on the left (received) or on the right (sent), and where new text is typed. All measures are parts of the width of the
screen or of the height of a line, as phones and enlarged type differ.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import zip_longest

from advisor.clock import SHANGHAI
from advisor.evidence.imported import Imported
from advisor.evidence.lines import Line, Picture, join, rows, sign_size
from advisor.evidence.stamps import Stamp, read_stamp

STATUS, HEAD, FOOT = 0.13, 0.45, 0.16  # of the width: where the status bar, the head and the foot of a screen end
TIGHT = 1.85  # of the size of a sign, from line to line: wider apart, they stand in two bubbles
INDENT = 2.3  # of a line's height: how far a line of a bubble may begin from the one before
CENTRE = 0.08  # of the width, from the middle
SENT = 0.08  # of the width, by which a bubble stands nearer to the right edge
AWAY = 0.6  # of a line's height, from where the bubbles at the left begin
SMALL = 0.9  # of the usual height of lines, below which a time may stand beside or below its bubble
SURE = 0.8  # below it, what is one sign is an icon

_STATUS = re.compile(
    r"(?:上午|下午|晚上|早上)?\d{1,2}:\d{2}(?:[ap]m)?|\d{1,3}%?|[2-6]g[+a]?|lte|hd|vo(?:lte|wifi|nr)|wi-?fi|sim\d?"
    r"|中国(?:移动|联通|电信|广电)|china(?:mobile|unicom|telecom)?|mobile|unicom|telecom|无服务|noservice|service"
    r"|[\d.]+[kmg]?b?/s|[^\w\u4e00-\u9fff]+",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"短信|彩信|短信/彩信|信息|文字信息|imessage(?:信息)?|rcs.{0,6}|sms|mms|text\s?message|今天|已送达|已读|已发送|发送失败|未送达"
    r"|delivered|read|sent|not\s?delivered|sms/mms|以上是打招呼的内容|以下是?新消息|以下为新消息|sim\s?[12]|卡\s?[12]"
    r"|.{0,24}(?:撤回了一条消息|现在可以开始聊天了)。?|复制验证码|点击复制",
    re.IGNORECASE,
)
_INPUT = re.compile(
    r"短信|彩信|短信/彩信|信息|文字信息|文本信息|添加文字|添加短信|(?:编辑|编写|写|发)(?:短信|信息|消息)|发送(?:短信|信息|消息)?"
    r"|(?:请|在此|点击)?输入(?:短信|信息|消息|内容|文字)?(?:内容)?(?:\.{2,}|…+)?|回复(?:短信|信息)?"
    r"|按住\s?说话|(?:text|i|type a |sms )?\s?message(?:\.{2,}|…+)?|imessage信息|send|sms",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\+?\(?\d[\d\s()（）-]{1,28}\d")
_SIGNS = re.compile(r"^[<‹〈《←く＜\s]+|[>›〉》→＞…⋯.:：⋮|\s]+$")
_SENTENCE = re.compile(r"[，。！？；,!?;：【】]|\.\s|://")
_BESIDE_NAME = re.compile(
    r"返回|取消|编辑|详情|完成|更多|信息|短信|消息|联系人|back|edit|messages?|\W*|\d{1,2}\+?", re.IGNORECASE
)


def messages(picture: Picture, taken: datetime) -> list[Imported]:
    """Give the messages on a screen, from above; `taken` is when it was, or else now: 昨天 is the day before it."""
    return _Screen(picture, taken).messages()


class _Screen:
    def __init__(self, picture: Picture, taken: datetime) -> None:
        self.width, self.height = picture.width, picture.height
        self.taken = taken.astimezone(SHANGHAI)
        seen = [line for line in picture.lines if line.text.strip() and (len(line.text) > 1 or line.score >= SURE)]
        self.lines = sorted(seen, key=lambda line: (line.middle[1], line.left))
        heights = sorted(line.height for line in self.lines)
        self.usual = heights[len(heights) // 2] if heights else 1.0
        self.sign = sign_size(self.lines) or self.usual / 1.25

    def messages(self) -> list[Imported]:
        lines = list(self._above_input(self._below_status(self.lines)))
        if entries := self._inbox(lines):
            return entries
        whole = rows(lines)
        contact, body = self._head(whole, status=len(lines) < len(self.lines) and lines[:1] != self.lines[:1])
        bubbles = list(self._bubbles(body))
        edge = min((line.left for bubble, _ in bubbles for line in bubble), default=0.0)
        return [self._told(bubble, contact, stamp, edge) for bubble, stamp in bubbles]

    # ---- what is no message --------------------------------------------------------------------------------------

    def _below_status(self, lines: list[Line]) -> list[Line]:
        high = [line for line in lines if line.middle[1] < STATUS * self.width]
        bars = [line for line in high if all(_STATUS.fullmatch(part) for part in _plain(line.text).split())]
        row = [line for line in high if any(line.beside(bar) for bar in bars)]
        if len(row) == 1 and self._centred(row[0]) and self._stamp(row[0]):
            return lines  # a part of a screen that begins with a time
        return [line for line in lines if line not in row]

    def _above_input(self, lines: list[Line]) -> Iterator[Line]:
        """Leave out where text is typed, all below it, and a row of things to tap at the foot."""
        low = [
            line.top - 0.3 * line.height
            for line in lines
            if _INPUT.fullmatch(_plain(line.text).strip("+ "))
            and line.top > 0.55 * self.height
            and not (self._centred(line) and any(line.top < other.top and self._stamp(other) for other in lines))
        ]
        end = min(low, default=self.height)
        for line in lines:
            mates = [other for other in lines if other is not line and line.beside(other)]
            at_foot = line.top > self.height - FOOT * self.width
            tap = at_foot and mates and all(len(one.text) <= 6 for one in (line, *mates))
            if line.top < end and not tap:
                yield line

    def _head(self, lines: list[Line], *, status: bool) -> tuple[str, list[Line]]:
        """Find who the messages are with; give it with the lines that follow."""
        name = number = ""
        at = 0
        for at, line in enumerate(lines):
            bare = _SIGNS.sub("", line.text)
            beside = [other for other in lines if other is not line and line.beside(other)]
            if line.bottom > HEAD * self.width or (self._stamp(line) and not _is_number(bare)):
                break
            if _is_number(bare):
                if number:
                    break
                number = re.sub(r"[^\d+]", "", bare)
            elif _BESIDE_NAME.fullmatch(bare):
                continue
            elif not name and not number and self._is_name(line, lines[at + 1 :], status=status or bool(beside)):
                name = bare
            elif not (status and (name or number) and len(bare) <= 8 and self._apart(line, lines[at + 1 :])):
                break
        else:
            at = len(lines)
        return number or name, lines[at:]

    def _is_name(self, line: Line, below: list[Line], *, status: bool) -> bool:
        if len(line.text) > 24 or _SENTENCE.search(line.text):
            return False
        return (status or self._centred(line)) and self._apart(line, below)

    def _apart(self, line: Line, below: list[Line]) -> bool:
        following = next((other for other in below if not other.beside(line)), None)
        return following is None or following.top - line.bottom > 0.3 * line.height

    # ---- times ---------------------------------------------------------------------------------------------------

    def _centred(self, line: Line) -> bool:
        return abs(line.middle[0] - self.width / 2) < CENTRE * self.width and line.left > 0.12 * self.width

    def _stamp(self, line: Line) -> Stamp | None:
        return read_stamp(line.text, self.taken.date())

    def _when(self, stamp: Stamp | None) -> tuple[datetime | None, bool]:
        """Give the time, and whether it is only the day; a time to come was misread, or is of a day not known."""
        if stamp is None:
            return None, False
        day = stamp.day or self.taken.date()
        at = datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)
        if stamp.clock:
            at = at.replace(hour=stamp.clock.hour, minute=stamp.clock.minute)
        return (at, stamp.clock is None) if at <= self.taken + timedelta(minutes=10) else (None, False)

    # ---- bubbles -------------------------------------------------------------------------------------------------

    def _bubbles(self, lines: list[Line]) -> Iterator[tuple[list[Line], Stamp | None]]:
        bubble: list[Line] = []
        current: Stamp | None = None
        for line in lines:
            stamp = self._stamp(line)
            if stamp and self._centred(line):
                if bubble:
                    yield bubble, current
                bubble, current = [], stamp
            elif stamp and stamp.clock and (line.height < SMALL * self.usual or self._aside(line, bubble)):
                own = replace(stamp, day=stamp.day or (current.day if current else None))
                if bubble:
                    yield bubble, own  # it stands beside or below what it belongs to
                    bubble = []
                else:
                    current = own
            elif _LABEL.fullmatch(_plain(line.text)) and (self._centred(line) or line.height < SMALL * self.usual):
                continue
            elif bubble and self._goes_on(bubble[-1], line):
                bubble.append(line)
            else:
                if bubble:
                    yield bubble, current
                bubble = [line]
        if bubble:
            yield bubble, current

    def _aside(self, line: Line, bubble: list[Line]) -> bool:
        return bool(bubble) and line.left > max(one.right for one in bubble)

    def _goes_on(self, last: Line, line: Line) -> bool:
        near = line.middle[1] - last.middle[1] < TIGHT * self.sign
        return near and abs(line.left - last.left) < INDENT * min(last.height, line.height)

    def _told(self, bubble: list[Line], contact: str, stamp: Stamp | None, edge: float) -> Imported:
        left, right = min(line.left for line in bubble), max(line.right for line in bubble)
        nearer = left - (self.width - right)
        sent = nearer > SENT * self.width or (nearer > 0 and left - edge > AWAY * self.usual)
        at, whole_day = self._when(stamp)
        sides = {"recipient": contact} if sent else {"sender": contact}
        return Imported(join(bubble), at=at, sent=sent, whole_day=whole_day, **sides)

    # ---- a list of conversations ---------------------------------------------------------------------------------

    def _inbox(self, lines: list[Line]) -> list[Imported]:
        """Read a list of conversations: a name with a time at the right edge, and below it how its text begins."""
        tops: list[tuple[Line, Line]] = []
        for line in lines:
            if line.left > 0.55 * self.width and line.right > 0.88 * self.width and self._stamp(line):
                names = [one for one in lines if one is not line and one.beside(line) and one.left < 0.4 * self.width]
                if len(names) == 1 and len(names[0].text) <= 24 and not _SENTENCE.search(names[0].text):
                    tops.append((names[0], line))
        entries = []
        for (name, time), following in zip_longest(tops, tops[1:]):
            end = following[0].top if following else self.height
            text = [line for line in lines if name.bottom - 0.3 * name.height < line.top < end and line is not time]
            text = [
                line for line in text if line.top < end - 0.3 * line.height and abs(line.left - name.left) < name.height
            ]
            if text:
                at, whole_day = self._when(self._stamp(time))
                sender = re.sub(r"[^\d+]", "", name.text) if _is_number(name.text) else name.text
                entries.append(Imported(join(text), sender, at=at, whole_day=whole_day))
        return entries if len(tops) > 1 else []


def _plain(text: str) -> str:
    return text.replace("：", ":").strip()


def _is_number(text: str) -> bool:
    return bool(_NUMBER.fullmatch(text)) and 3 <= len(re.sub(r"\D", "", text)) <= 21
