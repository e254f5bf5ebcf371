"""Tells a person's own words from text messages that they pasted into the chat.

It goes by features, each with a weight: who is spoken to, who speaks, how it is written. When in doubt the
words are the person's own, and words of despair in the first person always are: nobody in danger may be
answered as if they had forwarded a message.
"""

import re
from typing import NamedTuple

from advisor.normal import simplify

LONGEST = 20_000
LIST = 3  # numbered lines from which a text is a list
ENOUGH = 2.0  # the weight from which a piece counts as a pasted message

DESPAIR = re.compile(
    r"(?<![你您他])不想(?:再)?活|活不下去|活着(?:没|好累|太累|还有什么)|(?<![你您])(?:想|要|去)(?:自杀|"
    r"死(?!你|他|人|机|心|期|角|活|磕|守)|跳楼|轻生|跳河|割腕)"
    r"|(?:我|只想|干脆|不如)[^，。！？\n]{0,6}(?:死了|去死|一死|了结)|自杀|轻生|了断|撑不(?:住|下去)|"
    r"结束(?:生命|自己)|没有?活路|遗书|安眠药|绝望|死给[你他她]们?看|(?:我|俺|老子|老娘)[^，。！？\n]{0,12}跳下去"
)
_TO_OTHERS = re.compile(r"[你您][^，。！？\n]{0,4}(?:去死|想死|不想活|找死)|(?:你|您)(?:是不是)?(?:活腻|想死)")

_MESSAGE: tuple[tuple[float, re.Pattern[str]], ...] = tuple(
    (weight, re.compile(pattern))
    for weight, pattern in (
        (4.0, r"【[^】\n]{2,20}】|^\[[^\]\n]{2,12}\]|\[[^\]\n]{2,12}\]$"),
        (3.0, r"回复?\s?[TtRrNn][Dd]?\s?(?:退|拒|即)|退订|拒收"),
        (1.5, r"https?://|www\.|[a-z0-9-]{2,}\.(?:cn|com|cc|top|xyz|vip|net|icu|club)\b"),
        (2.5, r"尊敬的|亲爱的(?:客户|用户)|温馨提示|特此(?:通知|告知|函告)|详询|敬请|请知悉|如已还款"),
        (1.8, r"您"),
        (
            1.5,
            r"(?:请|麻烦|务必|限|立即|马上|赶紧|尽快|抓紧)[^我，。\n]{0,10}(?:还款|处理|联系|结清|回电|回复|"
            r"缴|支付|登录|点击|拨打|还清|清偿|还钱|应诉|转告|添加)",
        ),
        (
            2.2,
            r"你(?!们老|好，我想|好我|说|看|觉得|能|可以|帮)[^，。！？\n]{0,10}(?:家|单位|公司|通讯录|爸|妈|"
            r"老婆|老公|孩子|女儿|儿子|住|欠|躲|装死|小心|逾期|还钱|不还|等着|名下|账|门口|楼下|全家|腿|手|脸|村|"
            r"朋友|亲戚|照片|身份证|借|行为|女|男|涉嫌|联系人|领导|同事)",
        ),
        (
            2.0,
            r"(?:今日|今天|今晚|明天|再|下午|限时|[0-9一二三]小时|天内|死活|到期)[^我，。！？\n]{0,8}不(?:还|"
            r"处理|到账|接|回|结清)(?!了$)",
        ),
        (1.8, r"(?:通知|告诉|打给|发给|爆|找|弄死|收拾|堵)[^我，。！？\n]{0,2}你"),
        (3.6, r"[你您]的?(?:爸|妈|老婆|老公|女儿|儿子|孩子|单位|公司|家门|全家|通讯录|照片|身份证|丈母娘|村|领导)"),
        (2.0, r"[你您]等着|走着瞧|请问您?(?:是|认识)|自己掂量|看你怎么|到时候别|别怪我|没跟你开玩笑"),
        (
            1.2,  # a syllable in letters amid the words: nobody speaks so of their own trouble
            r"(?:[一-鿿]|(?<![A-Za-z0-9]))(?:yu|qi|huan|kuan|dai|jiao|fu|cui|shou|zhai|qian|zheng|xin|lv|shi|fa|yuan|su|"
            r"song|cha|bao|lian|ke|jie|zhang|hao|hou|guo|chu|li|tong|xian)(?=[一-鿿，。！])|亻崔|扌寺|氵去|己逾期",
        ),
        (1.5, r"后果自[负付fF]|过时不候|逾期不候|移(?:交|送|jiao)(?:至|到|给)?(?:法务|司法|公安|法院)|否则|^催收通知"),
        (2.0, r"我司|我行|本行|本院|我局|本中心|我方|我公司|本公司|我部|本平台|我平台|贵(?:公司|单位|村|方)"),
        (
            2.0,
            r"我(?:们)?是[^，。！？\n]{0,14}(?:律师|民警|警官|客服|贷后|催收|工作人员|检察|法官|支队|调解员|"
            r"客户经理|分局|派出所)",
        ),
        (
            1.8,
            r"我(?:让|叫|卸|弄|砍|要|把|去|们去|就|已经?把|们的人|知道|给|等)[^，。！？\n]{0,4}你(?!们|说|看|"
            r"听|帮|讲|问)",
        ),
        (
            2.0,
            r"^(?:别|不要)(?:躲|装|跑|以为|逼)|^再不|^给你|^欠(?:债|钱)(?:还钱|不还)|^(?:最后|紧急)(?:一次|"
            r"通知|警告|通牒)|^(?:通知|公告|警告|律师函|催收函)[:：]|信不信|^(?:你个|你他|狗|垃圾|老赖|骗子|贱|畜生|"
            r"王八)",
        ),
        (
            1.0,
            r"\d[\d,.]*\s?元[^我]{0,30}(?:还款|逾期|到期|账单|应还)|(?:逾期|应还|"
            r"账单)[^我]{0,20}\d[\d,.]*\s?元|尾号\d{2,4}",
        ),
        (1.0, r"(?:恭喜|中奖|额度|最高可|年化|放款快|无抵押|日结|点击|领取|验证码)[^我]{4,}"),
        (
            2.4,
            r"(?:停息挂账|征信修复|债务优化|代还|套现|养卡|秒批|当天放款)[^我怎吗]{0,40}(?:微信|电话|联系|"
            r"咨询|收费|加|热线|1[3-9])",
        ),
        (2.0, r"(?:阿姨|叔叔|大姐|领导|嫂子)(?:您好|你好)?，[^我]{0,4}(?:你|您)"),
    )
)
_TALK: tuple[tuple[float, re.Pattern[str]], ...] = tuple(
    (weight, re.compile(pattern))
    for weight, pattern in (
        (
            3.5,
            r"怎么(?:办|回|应对|处理|做|写|样|投诉|报)|咋办|咋整|该不该|能不能|可不可以|是不是真|是真的|"
            r"真的假的|会不会|要不要(?!脸)|什么意思|有(?:没有)?用吗|合法吗|违法吗|算不算|是诈骗吗|靠谱|如何|求助|"
            r"求求|救|帮帮我|帮我(?!转)|请问(?!您是|是|您认识)",
        ),
        (2.0, r"[吗么呢嘛][?？。！!]?\s*$|(?:是不是|为什么|多少钱|几天|多久)[^你您]{0,12}[?？]?\s*$"),
        (
            3.0,
            r"(?:他们|她们|对方|催收(?:员|的人|公司|的)?|那边|那个人|人家|有人|平台|银行|"
            r"客服)(?:们)?[^，。！？\n您]{0,8}(?:说|老|一直|天天|每天|总|还|就|又|要|打|发|骂|威胁|给我|联系|不同意|"
            r"逼|问我|让我|叫我|找)",
        ),
        (
            2.5,
            r"收到(?:了)?(?:一|这|个|好|很多|条|催收|短信|法院|陌生)|发(?:来|了)(?:一|条|短信|个)|这(?:条|个|"
            r"是)(?:短信|什么|信息)|短信(?:说|里|上|轰炸)",
        ),
        (
            2.5,
            r"我(?!司|行(?!动)|局|方|部|院|平台|公司|去你|都清楚|都知道|一清二楚|还?就不走|让你|叫你|弄|卸|砍|"
            r"要你|把你|知道你|就(?:去|打|给|让|把|弄|爆)|已经?把|们(?:的人|去你|将|会)|是(?!借|担|学|被|他|她|债|"
            r"一个|个|真|不|谁|本人|在))(?:[^，。！？\n]{0,3}(?:欠|借|想|没|该|被|怕|还不|还能|真的|现在|不|很|都|"
            r"也|老|爸|妈|家|女|儿|已经还|之前|去年|今年|上|刚|是|一|同事|公司|单位|领导|好|的|有|拿|跟|和|给|打|用|"
            r"在|投|问|觉得|需|应|可)|$|们)",
        ),
        (1.2, r"我(?!司|行|局|方|部|院|去你|都清楚|都知道|就不走|知道你)"),
        (
            1.5,
            r"谢谢(?!配合|支持|您|合作)|你好[，,]?\s*$|在吗|有人吗|不懂|害怕|好怕|睡不着|崩溃|压力|烦|失业|"
            r"没工作|没钱还|还不上(?!钱我)|还不起了",
        ),
        (1.5, r"^[^您你]{0,12}(?:协商|投诉|报警|起诉|坐牢|上征信|减免|停息挂账|证据)[^您你]{0,8}$"),
    )
)
_ANSWER = re.compile(
    r"\s*(?:[0-9零一二三四五六七八九十百千万两半几多.,，~\-—年月日号天次个块元wk点左右大约共到至上下周星期今昨前明晚早午\s]{1,24}|"
    r"跳过|不知道|好的?|是的?|对|都对|没有|有|嗯|"
    r"[一-鿿]{2,8}(?:金融|银行|贷|分期|钱包|白条|花呗|借呗)|1[3-9]\d{9}|[0-9 -]{3,20}|\S{1,3})[。.!！]?\s*"
)
_QUOTED = re.compile(
    r"「([^「」]{6,2000})」|『([^『』]{6,2000})』|“([^“”]{6,2000})”|\"([^\"\n]{6,2000})\"|"
    r"‘([^‘’]{6,2000})’"
)
_ITEM = re.compile(
    r"^\s*(?:[0-9]{1,2}[.、)）．]|[①-⑳]|第[一二三四五六七八九十]条[:：]?|"
    r"[（(][0-9一二三四五六]{1,2}[)）]|[-•·]\s)\s*"
)
_LEAD = re.compile(
    r"^([^【\n]{2,60}?)(?:(?:[：:，,。！!？?\s]|——)\s*|(?<=[信说条容息是的]))(?=【)"
    r"|^([^【\n]{2,40}?)[：:]\s*(?=\S{6})"
)
_NEXT_SIGNED = re.compile(r"(?<=[。！!订R元。T])\s*(?=【[^】\n]{2,16}】\S{8})")
_SENTENCE = re.compile(r"[^。！？!?\n]*[。！？!?\n]?")


_RETOLD = re.compile(r"(?:意思|内容|大概)(?:就|大概)?是说?|(?<![不没别])说(?:的?是)?|写(?:着|的是|了)|讲")


class Forward(NamedTuple):
    """What a person typed, taken apart."""

    own_words: str
    sms: tuple[str, ...]


def weight_as_sms(text: str) -> float:
    """Weigh how much a piece of text looks like a message that somebody else wrote."""
    piece = text.strip()
    if not piece or _ANSWER.fullmatch(piece) or is_despair(piece):
        return -9.0
    weight = sum(points for points, pattern in _MESSAGE if pattern.search(piece))
    weight -= sum(points for points, pattern in _TALK if pattern.search(piece))
    return weight + (0.5 if len(piece) > 60 else 0.0)


def is_despair(text: str) -> bool:
    """Tell whether the words are of somebody's own despair; a curse at another person is not."""
    return bool(DESPAIR.search(text)) and not (_TO_OTHERS.search(text) and not re.search("我", text))


def looks_like_sms(text: str) -> bool:
    """Tell whether the whole text is one pasted message, without words of the person's own."""
    forward = split_forward(text)
    return len(forward.sms) == 1 and not forward.own_words


def split_forward(text: str) -> Forward:
    """Take apart what was typed: the person's own words, and the messages pasted with them, as they were written."""
    text = text[:LONGEST]
    plain = simplify(text)
    if plain == text or len(plain) != len(text):
        return _taken_apart(plain)
    own, sms = _taken_apart(plain)
    written = (text[at : at + len(one)] if (at := plain.find(one)) >= 0 else one for one in sms)
    return Forward(own, tuple(written))


def retold(text: str) -> str:
    """Give what a message is said to say, when somebody tells of it in their own words; empty when nobody does."""
    marker = _RETOLD.search(text[:LONGEST])
    return text[marker.end() : LONGEST].lstrip("：:，, ") if marker else ""


def _taken_apart(text: str) -> Forward:
    own: list[str] = []
    sms: list[str] = []
    if listed := _numbered(text):
        return listed
    for piece in _pieces(text):
        if not _from_quotes(piece, own, sms):
            _from_piece(piece, own, sms)
    return Forward("\n".join(part for part in own if part), tuple(part for part in sms if part))


def _numbered(text: str) -> Forward | None:
    """Take a numbered list for messages, each line one, when one of them is surely a message and none is despair."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    items = [line[match.end() :].strip() for line in lines if (match := _ITEM.match(line))]
    if len(items) < LIST or len(items) < 0.6 * len(lines) or any(map(is_despair, items)):
        return None
    if not any(weight_as_sms(item) >= ENOUGH for item in items):
        return None
    return Forward("\n".join(line for line in lines if not _ITEM.match(line)), tuple(filter(None, items)))


def _pieces(text: str) -> list[str]:
    """Cut at blank lines, at numbers of a list, at a new signature, and where talk turns into a message."""
    pieces: list[str] = []
    fresh = True
    for line in text.splitlines():
        body = line.strip()
        if not body:
            fresh = True
            continue
        item = _ITEM.match(line)
        if item and len(body) > item.end() + 5:
            body, fresh = line[item.end() :].strip(), True
        if fresh or not pieces or body.startswith("【") or _turns(pieces[-1], body):
            pieces.append(body)
        else:
            pieces[-1] += "\n" + body
        fresh = False
    return [part for piece in pieces for part in _NEXT_SIGNED.split(piece) if part.strip()]


def _turns(before: str, after: str) -> bool:
    return (weight_as_sms(before) >= ENOUGH) != (weight_as_sms(after) >= ENOUGH)


def _from_quotes(piece: str, own: list[str], sms: list[str]) -> bool:
    quotes = list(_QUOTED.finditer(piece))
    outside = _QUOTED.sub(" ", piece).strip(" ：:，,。\n")
    if not quotes or not outside:
        return False
    if weight_as_sms(outside) >= ENOUGH:
        return False  # the quotation marks belong to the message
    found = [next(filter(None, match.groups())) for match in quotes]
    found = [one for one in found if weight_as_sms(one) >= 1.5]
    if not found:
        return False
    own.append(outside)
    sms += found
    return True


def _from_piece(piece: str, own: list[str], sms: list[str]) -> None:
    lead = _LEAD.match(piece)
    if lead:
        head, rest = piece[: lead.end()].strip(" ：:，,"), piece[lead.end() :]
        signed = rest.startswith("【")
        if weight_as_sms(rest) >= (1.0 if signed else ENOUGH) and _is_introduction(head, signed):
            own.append(head)
            piece = rest
    body, tail = _peel(piece)
    if weight_as_sms(body) >= ENOUGH:
        sms.append(body)
        own.append(tail)
    else:
        own.append(piece)


def _is_introduction(head: str, signed: bool) -> bool:
    if is_despair(head):
        return True
    said = any(pattern.search(head) for _, pattern in _TALK)
    mentions = re.search("收到|短信|发来|内容|信息|如下|看看|这个|这条|原文", head)
    if signed:
        return bool(said or mentions) and not re.search("您(?!好)", head)
    return bool(mentions and not re.search("[您]", head))


def _peel(piece: str) -> tuple[str, str]:
    """Take the person's own last sentences off a pasted message."""
    sentences = [one for one in _SENTENCE.findall(piece) if one]
    own: list[str] = []
    while len(sentences) > 1 and _is_own_remark(sentences[-1]):
        own.insert(0, sentences.pop())
    return "".join(sentences), "".join(own).strip()


def _is_own_remark(sentence: str) -> bool:
    if is_despair(sentence):
        return True
    if _ANSWER.fullmatch(sentence.strip()) or weight_as_sms(sentence) > -2.0:
        return False
    return any(pattern.search(sentence) for _, pattern in _TALK[:4])  # asks or reports, not only “我”
