"""The words around a number: what it counts (元, 次, 个月), or that it counts nothing (第, 号, %)."""

import re

from advisor.numerals import Numeral

# Shapes of digits that are something else: dates, times, phones, version numbers, cards, masked numbers,
# and the words that only look like numbers (一直, 十分, 万一, 五一).
NO_NUMBER = re.compile(
    r"(?:19|20)[0-9]{2}年(?:[0-9]{1,2}月)?|[0-9]{2}年(?=[0-9]{1,2}月)|[一二][零九][零一二三四五六七八九]{2}年"
    r"|[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?|[0-9]{1,2}/[0-9]{1,2}(?![0-9])"
    r"|[0-9]{1,14}(?:[.:/-][0-9]{1,14}){2,8}|[0-9]{4}(?: [0-9]{4}){2,4}|1[3-9][0-9] [0-9]{4} [0-9]{4}"
    r"|[0-9]{3,4}-[0-9]{7,8}|[0-9]{0,20}[*_@#][0-9*_@#]{0,20}|[0-9]{1,20}x{2,8}[0-9]{0,8}"
    r"|(?:[0-9]{1,2}|[一二三四五六七八九十]{1,2})月[份底初中末]?"
    r"(?:(?:[0-9]{1,2}|[一二三四五六七八九十廿]{1,3})"
    r"(?:[号日]|(?![0-9一二三四五六七八九十百千万亿wk元块个天次条期笔.,])))?"
    r"|[百千万]分之[零一二三四五六七八九十百点]{1,8}|[一二三四五六七八九十]分之[一二三四五六七八九十]"
    r"|[五六]一(?![百千万个次天年条块元])|一[直些样定般起边旦旁切律概向致]|十分|万一|百分百|万分(?!之)"
    r"|十万火急|十万八千里|百万富翁|千万?(?=[别不要记])|千方|百姓|百度|半[天夜]"
    r"|1(?:10|19|20|22)(?=报警|电话|急救)"
)
MONEY = re.compile(r"\s?(?:块钱|块|元|蚊|人民币|rmb(?![a-z])|cny(?![a-z])|yuan|大洋|¥)(?:整|正|钱|大洋|人民币)?")
# 一块 is one yuan, or “together”: only with something that settles it
TOGETHER = re.compile(r"一块(?!钱|[0-9零一二三四五六七八九两半多]|左右|[\s，。,.;；！!？?]|$)")
CENTS = re.compile(
    r"零?([0-9一二三四五六七八九两])[毛角](?:钱|([0-9一二三四五六七八九])分?(?:钱)?)?"
    r"|([0-9一二三四五六七八九])(?![0-9.,:%*/a-z块元毛角一二三四五六七八九十百千万亿"
    r"个天次条年月号日点期家笔张遍封周星小起直下共样些])"
)
JIAO = re.compile(r"[毛角](?:钱|([0-9一二三四五六七八九])(?![0-9个天次])分?(?:钱)?)?")
CENT = re.compile("分钱")
HALF_YUAN = re.compile("半(?=块)")
HALF_MORE = re.compile("半(?![年个天月夜])")
LARGE = re.compile(r"个多?(w(?![a-z])|亿)")  # 两个w, 一个亿
FOREIGN = re.compile(
    r"\s?(?:美元|美金|美刀|刀|港[币元纸]|[澳加新][元币]|日[元币]|韩[元币]|欧元?|英镑|台币|新台币|泰铢|卢[比布]"
    r"|越南盾|比特币|usdt?|hkd|u(?![a-z])|\$)"
)
COUNTER = re.compile(
    r"个?(?P<odd>[多来])?(?P<half>半)?(?P<long>月(?!薪)|季度|星期|礼拜|小时|钟头|工作日)"
    r"|(?P<plain>平台|分钟|个(?!税)|次(?![日月要])|条(?![件款约])|天(?!天|猫)"
    r"|年(?![底初后化末利息率终中货关])|期(?![限间望货末])|周(?![末转])|秒|家(?![里人长庭属中乡])|间(?![接隔断谍])|笔(?!记)"
    r"|张|遍|回(?![家来去款复电])|通(?![过知常])|封(?!号)|人(?![民家工均])|位(?!于)|名(?![下字义声])|岁"
    r"|页|份|句|台(?!湾)|套(?!路)|辆|只(?![是有能要还够剩])|件|轮|趟|户(?!口)|斤|公里|亩)"
    r"(?P<after>半|多(?!次))?"
)
UNIT_NAMES = {"礼拜": "周", "星期": "周", "钟头": "小时"}
ABOUT_BEFORE = re.compile(
    r"(?:大概|大约|约|差不多|估计|可能|好像|应该|大致|将近|接近|(?<![最附])近|快|小(?=$)|不到|不足|超过|至少|起码|最少"
    r"|最多|顶多|几乎|似乎|貌似|大抵|不止|靠|~|上下|成(?=$))[^0-9，。,;；！!？?\n]{0,6}$"
)
ABOUT_AFTER = re.compile(
    r"\s?(?:左右|上下|的?样子|光景|出头|冒头|开外|不到|以上|以内|以下|之内|多点|多一点|不止|挂零|多(?![次少])"
    r"|吧?\s?(?:大概|差不多)(?=$|[，。！!吧])|几(?![个次天百千万])|好几|\+(?!\s?[0-9]))"
)
# 一分钱都没有 and 一百块也拿不出 name no sum
NOT_EVEN = re.compile(r"\s?钱?(?:[都也](?:没|不|拿不|出不|还不|凑不|借不)|没[有还])")
EACH = re.compile(r"(?:各|每[个家张笔台人])[是欠借有还了]{0,2}$")  # of 两张卡各一万 the sum was not said
DENIED = re.compile(r"(?:不是|没有|并非|负|(?<!-)-)\s?$")

# What follows shows that the number counts nothing: a rate, a day, an hour, a floor, a model name.
_RATE = re.compile(r"\s?[%‰℃]|倍|分之|个(?:百分)?点|[a-z_@*#°]")
_PLACE = re.compile(r"[号日](?!称)|点(?!击)|时(?!候)|[级度楼层栋室届版]|单元|路(?!费)|年[级代度]|折|成(?![功为都本交])")
_RATE_OF_INTEREST = re.compile("分(?!期|钟|[0-9一二三四五六七八九十])")
_BORN_AFTER = re.compile("后(?!来)")
_LABEL = re.compile(
    r"(?:第|双|尾号|卡号|账号|帐号|户号|编号|工号|案号|单号|房号|号码|合同号|代码|证号|邮编|电话|手机号?|热线"
    r"|客服|致电|拨打?|验证码|校验码|密码|qq|微信号?|报警)(?:[是为:(\[\s「“\"]|末|后|四位|的){0,4}$"
)
_YEAR_OF_BIRTH = re.compile("[5-9][0-9]年")
_OF_MONEY = re.compile("[欠借还付转息价费款约共交收]了?$")
_DIALLED = re.compile(r"(?:打|报|找|call)\s?$")
_SERVICE = re.compile(r"1[12][0-9]|12[1-3][0-9]{2}|9[56][0-9]{3}|100[0-9]{2}")
_WEEKDAY = re.compile(r"(?:周|星期|礼拜|初|[0-9一二三四五六七八九十]月)$")
_LISTED = re.compile(r"(?:^|\n)\s{0,4}$")
_ATTACHED = re.compile(r"[a-z_.@*#/\\]$")
_MAY_BE_A_DAY = re.compile(r"(?:1[0-2]|[1-9])\.(?:[12][0-9]|3[01]|[1-9])")


def is_rate(flat: str, at: int) -> bool:
    """Tell whether a percentage, a multiple or a foreign letter follows."""
    return _RATE.match(flat, at) is not None


def is_labelled(before: str) -> bool:
    """Tell whether the number is the name of something: 第3, 尾号1234, 拨打95588."""
    return _LABEL.search(before) is not None


def counts_nothing(before: str, after: str, number: Numeral, written: str) -> bool:
    """Tell whether the words around a number without unit show that it is no amount."""
    value = number.value
    if is_rate(after, 0) or _ATTACHED.search(before):
        return True
    if value is not None and value < 1000 and _PLACE.match(after):
        return True
    if value is not None and value <= 100 and _RATE_OF_INTEREST.match(after):
        return True
    if _WEEKDAY.search(before) and (value is None or value <= 31) and number.words:
        return True
    if re.fullmatch("[05-9][05]", written) and _BORN_AFTER.match(after):
        return True  # 90后
    if written.isdigit() and _YEAR_OF_BIRTH.fullmatch(written + after[:1]):
        return True
    if _LISTED.search(before) and len(written) <= 2 and re.match(r"[、.)]\s?[^0-9]", after):
        return True  # the “1、” of a list
    if _DIALLED.search(before) and _SERVICE.fullmatch(written):
        return True
    return len(written) >= 9 and written.isdigit()


def is_timid(before: str, written: str, number: Numeral) -> bool:
    """Small Chinese numerals hide in words (张三, 李四), 10.3 may be a day, 12378 a telephone."""
    if number.words or number.bare_unit:
        return number.scale < 100 or number.bare_unit
    if _MAY_BE_A_DAY.fullmatch(written):
        return not _OF_MONEY.search(before)
    return len(written) == 5 and not written.endswith("00") and _SERVICE.fullmatch(written) is not None


def is_well_grouped(flat: str, number: Numeral, *, money: bool) -> bool:
    """1.200元, 007, 12 000 and 500，600 may be read in two ways."""
    written = flat[number.start : number.end]
    if len(written.partition(".")[2]) > 2 or re.match(r"0[0-9]", written) or len(written) > 15:
        return False
    if re.match(r" [0-9]{3}(?![0-9])", flat[number.end : number.end + 5]):
        return False
    before = flat[max(0, number.start - 5) : number.start]
    if len(written) == 3 and re.search(r"(?<![0-9])[0-9]{1,3} $", before):
        return False
    if re.fullmatch(r"[0-9]{3}[,，][0-9]{3}", written) and not written.endswith("000"):
        return money and "，" not in written
    return True
