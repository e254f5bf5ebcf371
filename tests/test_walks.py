"""People who say and tap anything, in any order: no turn breaks, and every reply keeps the house rules."""

import random
from datetime import datetime

from advisor.message import Message
from advisor.session import Session
from advisor.turn import turn
from tests.conversation import SHANGHAI, advisor
from tests.house_rules import broken_rules

NOW = datetime(2026, 11, 23, 20, 30, tzinfo=SHANGHAI)
WORDS = (
    "不知道", "跳过", "上一步", "对", "错了", "两万三", "昨天", "上周三到昨天", "5次", "招联金融", "我妈",
    "没有", "说过", "会坐牢吗", "他们骂我", "想分期", "骗子", "传票", "😭", "金额不对",
    "改一下金额，是三万", "写材料", "短信版", "删除", "不删", "同意保存", "400", "0", "明年2月15号", "还没",
    "没人理", "重新开始", "换一件事", "看上一件事", "谢谢", "?", "【速贷】你欠3500元今天不还爆你通讯录",
    "借呗 三千五 两个月前", "他們天天打電話", "不想活了", "砸门了", "图片",
)  # fmt: skip


def test_no_walk_breaks_a_turn_or_a_rule() -> None:
    chance = random.Random(20261124)
    for _ in range(150):
        session = Session()
        for _ in range(30):
            tap = session.offered and chance.random() < 0.5
            message = (
                Message("x", choice=chance.choice(list(session.offered))) if tap else Message("x", chance.choice(WORDS))
            )
            after, reply = turn(advisor(), session, message, NOW)
            said = session.offered.get(message.choice or "", message.text)
            wrong = list(broken_rules(advisor(), session, after or Session(), reply))
            assert not wrong, f"{session.state}: “{said}” → {wrong}"
            session = after or Session()
