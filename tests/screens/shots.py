"""The screens that are drawn: what phones show of collection, fraud and ordinary messages; all texts are invented."""

from random import Random

from tests.screens.draw import Finish, Said, Shot, Style, Time

BANK = (
    "【沿海银行】尊敬的客户，您尾号3307的信用卡本期应还12,846.53元，最低还款1,284.66元，还款日11月"
    "28日，如已还款请忽略。"
)
PRESSED = (
    "【安融催收】最后通知：您在快贷宝的借款已逾期47天，欠款合计23,500.00元。今日18点前未处理，将派人上门并通"
    "知您的单位和家人。电话021-60517788"
)
LINKED = "【快贷宝】您的借款8,200.50元已逾期，点击 https://m.kuaidb-pay.cn/h5/repay?id=a8Kx92 立即还款，退订回T"
SUED = (
    "您好，您与某消费金融公司借款纠纷一案（2026）沪0115民初20847号已由法院受理，请于3日内联系1391826"
    "0457协商，否则依法缺席判决。"
)
POLICE = (
    "我是公安局李警官，警号038817，您名下银行卡涉嫌洗钱案，请立即将56,000元转入安全账户6222021001116245702配合清查。"
)
REFUND = "【退款中心】您好，您的会员服务今日到期将自动扣费每月800元，取消请致电客服4008213579，逾期不办后果自负！"
CODE = "【云梯科技】验证码：849201，5分钟内有效，请勿泄露给任何人。"
POINTS = (
    "【移动积分】您的话费积分12580分即将于11月30日过期，请登录 http://10086.jf-vip.top/x8a 兑换现金礼品，拒收请回复R"
)
PARCEL = "【驿站】您有包裹已到幸福路88号店，取件码6-2-3018，请于今日22:00前取走。"
FAMILY = "请转告你同事王某某，让他赶紧还钱，不然全公司的人都会知道他是老赖！"
THREAT = "躲是没用的，你老婆单位和你儿子学校我都知道，今晚8点前不打5000过来你等着。"
WAIVED = "您好，平台推出一次性结清减免活动，本金18,600元，减免后只需还11,160元，名额仅今天有效，需要请回复1。"
LIST = "您的账单：\n1、本金9,000元\n2、利息1,237.40元\n3、违约金860元\n合计11,097.40元，请核对。"
WEEKDAY_TEXT = "明天上午9:00之前必须把6,800元打到对公账户，逾期按合同处理。"
ASK = "你们是哪家公司的？请出示授权委托书。"
PLAN = "我现在每月最多能还1500元，可以分期吗？"
NO_CALLS = "请不要再打我家人的电话，我会投诉。"
EN_DUE = (
    "[Harbor Credit] Your instalment of RMB 3,480.75 was due on Nov 20. Pay today at https://pay.harbor-c"
    "redit.com/r/Q7x2 or call 400-620-1188."
)
EN_ASK = "Which contract is this about? Please send me the statement."
EN_THREAT = "Final notice: we will visit your employer tomorrow unless you transfer 9,500 yuan before 6 pm."
LONG = (
    "【信和资产】本机构受委托就您名下贷款事宜正式告知：截至2026年11月24日，您尚欠本金35,000.00元、利息6,214.88元、"
    "违约金2,100.00元，合计43,314.88元。请您于2026年11月27日17:00前将上述款项存入原还款账户；"
    "如有困难可拨打0571-88126630或登录https://www.xinhe-zc.com/plan/apply?case=HZ20261124007申请分期。"
    "逾期未处理的，我方将保留通过诉讼等方式主张权利。本短信不代表司法机关立场。"
)
NUMBER, SHOWN = "106980095188", "1069 8009 5188"
Y2130, M0213 = Time("昨天 21:30", "2026-11-24T21:30"), Time("11月23日 周一 02:13", "2026-11-23T02:13")
NINE = Time("2026年11月23日 上午9:05", "2026-11-23T09:05")
WED, TODAY = Time("星期四 18:20", "2026-11-19T18:20"), Time("今天 08:15", "2026-11-25T08:15")

SHOTS = (
    Shot("light", (Y2130, Said(PRESSED)), NUMBER, SHOWN),
    Shot("dark", (M0213, Said(THREAT)), "13918260457", "139 1826 0457", dark=True),
    Shot("large type", (Y2130, Said(LINKED)), NUMBER, SHOWN, size=60),
    Shot("large dark", (NINE, Said(BANK), TODAY, Said(REFUND)), "95588", dark=True, size=56),
    Shot("several", (Y2130, Said(BANK), Said(LINKED), TODAY, Said(PRESSED), Said(CODE)), NUMBER, SHOWN),
    Shot("small type", (M0213, Said(SUED), NINE, Said(POINTS), TODAY, Said(PARCEL)), NUMBER, SHOWN, size=34),
    Shot("ios", (M0213, Said(PRESSED), Y2130, Said(LINKED)), NUMBER, SHOWN, style="ios", words=True, size=46),
    Shot("ios dark", (WED, Said(SUED), Said(WAIVED)), "02160517788", "021 6051 7788", style="ios", dark=True, size=46),
    Shot("ios tight", (NINE, Said("在吗"), Said("还钱"), Said(FAMILY)), "张经理", style="ios", size=46),
    Shot(
        "ios talk",
        (Y2130, Said(THREAT), Said(ASK, True), Said(PLAN, True), Said(WAIVED)),
        "13918260457",
        "139 1826 0457",
        style="ios",
        size=46,
        words=True,
    ),
    Shot("android talk", (TODAY, Said(WAIVED), Said(PLAN, True), Said(WEEKDAY_TEXT)), "13761150982", "137 6115 0982"),
    Shot("android dark talk", (Y2130, Said(FAMILY), Said(NO_CALLS, True)), "17021936655", "170 2193 6655", dark=True),
    Shot(
        "wechat",
        (Time("昨天 晚上9:12", "2026-11-24T21:12"), Said(WAIVED), Said(PLAN, True), Said(ASK, True)),
        "信和小陈",
        style="wechat",
    ),
    Shot(
        "wechat times",
        (
            Time("星期一 14:08", "2026-11-23T14:08"),
            Said(THREAT),
            Time("18:20", "2026-11-25T18:20"),
            Said(NO_CALLS, True),
            Said("随便你"),
        ),
        "催收老吴",
        style="wechat",
    ),
    Shot(
        "wechat dark",
        (Time("11月20日 早上8:01", "2026-11-20T08:01"), Said(LIST), Said("知道了", True)),
        "贷后管理部",
        style="wechat",
        dark=True,
    ),
    Shot(
        "wechat link", (Time("2026年10月3日 中午12:40", "2026-10-03T12:40"), Said(LINKED)), "还款助手", style="wechat"
    ),
    Shot("long", (NINE, Said(LONG)), NUMBER, SHOWN),
    Shot("long words", (NINE, Said(LONG)), NUMBER, SHOWN, words=True, style="ios", size=46),
    Shot("list", (Time("今天", "2026-11-25"), Said(LIST), Said(PARCEL)), NUMBER, SHOWN),
    Shot("police", (Time("周二 下午3:07", "2026-11-24T15:07"), Said(POLICE)), "+85268213345", "+852 6821 3345"),
    Shot("whole day", (Time("2026年11月22日星期日", "2026-11-22"), Said(BANK)), "955330"),
    Shot("no time", (Said(POINTS), Said(CODE)), NUMBER, SHOWN),
    Shot(
        "samsung",
        (
            Time("2026年11月23日 星期一", "2026-11-23"),
            Said(SUED, time=Time("14:02", "2026-11-23T14:02")),
            Said(WAIVED, time=Time("19:48", "2026-11-23T19:48")),
        ),
        NUMBER,
        SHOWN,
        style="samsung",
    ),
    Shot("cropped", (Y2130, Said(PRESSED)), style="cropped", height=900),
    Shot("cropped bubble", (Said(THREAT), Said(ASK, True)), style="cropped", height=760),
    Shot(
        "last year",
        (
            Time("2025年12月30日 23:58", "2025-12-30T23:58"),
            Said(FAMILY),
            Time("1月4日 周日 07:05", "2026-01-04T07:05"),
            Said(PRESSED),
        ),
        NUMBER,
        SHOWN,
    ),
    Shot(
        "numeric",
        (
            Time("2026/11/21 21:05", "2026-11-21T21:05"),
            Said(REFUND),
            Time("11-24 06:44", "2026-11-24T06:44"),
            Said(LINKED),
        ),
        NUMBER,
        SHOWN,
        dark=True,
    ),
    Shot("with card", (Time("昨天 10:26 中国联通", "2026-11-24T10:26"), Said(POINTS)), NUMBER, SHOWN),
    Shot(
        "english",
        (Time("Yesterday 9:30 PM", "2026-11-24T21:30"), Said(EN_DUE), Said(EN_ASK, True)),
        "Harbor Credit",
        words=True,
        english=True,
    ),
    Shot(
        "english ios",
        (
            Time("Mon, Nov 23 at 9:05 AM", "2026-11-23T09:05"),
            Said(EN_DUE),
            Time("Today 12:10 AM", "2026-11-25T00:10"),
            Said(EN_THREAT),
        ),
        "106575520188",
        "1065 7552 0188",
        style="ios",
        words=True,
        english=True,
        size=46,
    ),
    Shot(
        "two senders",
        (
            Said(
                "【安融催收】您的借款已逾期47天，欠款23,500.00元，请立即处理…",
                sender=SHOWN,
                time=Time("21:02", "2026-11-25T21:02"),
            ),
            Said("躲是没用的，你老婆单位我都知道…", sender="139 1826 0457", time=Time("昨天", "2026-11-24")),
        ),
        style="inbox",
    ),
    Shot(
        "two senders dark",
        (
            Said(CODE, sender=SHOWN, time=Time("星期一", "2026-11-23")),
            Said(
                "【沿海银行】尊敬的客户，您尾号3307的信用卡本期应还12,846.53元…",
                sender="沿海银行",
                time=Time("11月19日", "2026-11-19"),
            ),
        ),
        style="inbox",
        dark=True,
    ),
    Shot("rotated", (Y2130, Said(PRESSED), Said(ASK, True)), NUMBER, SHOWN, finish="rotated"),
    Shot("q35", (M0213, Said(LINKED), Y2130, Said(BANK)), NUMBER, SHOWN, finish="q35"),
    Shot("half", (NINE, Said(POINTS), TODAY, Said(SUED)), NUMBER, SHOWN, finish="half"),
    Shot("half dark words", (M0213, Said(LONG)), NUMBER, SHOWN, finish="half", dark=True, words=True),
    Shot(
        "stitched",
        (
            M0213,
            Said(PRESSED),
            Said(LINKED),
            NINE,
            Said(LONG),
            Y2130,
            Said(SUED),
            Said(POLICE),
            TODAY,
            Said(REFUND),
            Said(WAIVED),
            Said(PLAN, True),
            Said(LONG),
        ),
        NUMBER,
        SHOWN,
        height=6200,
    ),
)

TEXTS = (BANK, PRESSED, LINKED, SUED, POLICE, REFUND, CODE, POINTS, PARCEL, FAMILY, THREAT, WAIVED, WEEKDAY_TEXT)
OWN = (ASK, PLAN, NO_CALLS, "好", "你哪位", "我没有借过这笔钱，你们打错了。")
CONTACTS = (
    (NUMBER, SHOWN), ("95533", "95533"), ("13918260457", "139 1826 0457"), ("+8615521087730", "+86 155 2108 7730"),
    ("沿海银行", "沿海银行"), ("10655920018203117", "10655920018203117"), ("02788310025", "027-8831 0025"),
    ("老周", "老周"),
)  # fmt: skip
STYLES: tuple[Style, ...] = ("android", "ios", "wechat")
FINISHES: tuple[Finish, ...] = ("", "", "", "q35", "half", "rotated")
TIMES = (
    Y2130, M0213, NINE, WED, TODAY, Time("前天 23:04", "2026-11-23T23:04"), Time("星期二 07:55", "2026-11-24T07:55"),
    Time("20:11", "2026-11-25T20:11"), Time("11月8日 周日 晚上10:40", "2026-11-08T22:40"),
    Time("2025年6月1日", "2025-06-01"), Time("10-02 13:31", "2026-10-02T13:31"),
    Time("昨天 凌晨1:15", "2026-11-24T01:15"),
)  # fmt: skip


def mixed(seed: int, count: int) -> list[Shot]:
    """Put screens together by chance: nothing was tuned on them."""
    chance = Random(seed)
    shots = []
    for number in range(count):
        items: list[Time | Said] = []
        for time in chance.sample(TIMES, chance.randint(1, 2)):
            items.append(time)
            for text in chance.sample(TEXTS, chance.randint(1, 2)):
                items += [Said(text), *([Said(chance.choice(OWN), True)] if chance.random() < 0.4 else [])]
        contact, shown = chance.choice(CONTACTS)
        style = chance.choice(STYLES)
        size = chance.choice((34, 38, 42, 46, 52))
        dark, words = chance.random() < 0.4, chance.random() < 0.5
        finish = chance.choice(FINISHES)
        shots.append(
            Shot(
                f"{seed}/{number} {style}",
                tuple(items),
                contact,
                shown,
                style,
                dark,
                size,
                words,
                finish=finish,
                height=3200,
            )
        )
    return shots
