"""Pieces of messages, of every sort and broken ones too, from which whole texts are put together by chance."""

from hypothesis import strategies as st

PIECES = st.sampled_from(
    [
        "亻崔收",
        "爆 通-讯-录",
        "弄死你",
        "全家",
        "还錢",
        "您的贷款已逾期",
        "点击 a.top/1",
        "【某贷】",
        "验证码发我",
        "，",
        "。",
        "\n",
        "上门",
        "法院",
        "坐牢",
        "狗东西",
        "🔴",
        "\u200b",
        "12345元",
        "你妈",
        "转我微信",
        "\ud800",
        "\x00",
        "裸照",
        "冻结",
        "共享屏幕",
    ]
)
