"""The advisor in a WeChat official account: answers in the platform's own five seconds, and keeps what did not fit."""

from advisor.channels.wechat.api import Api, FileTokens
from advisor.channels.wechat.bot import WeChat
from advisor.channels.wechat.face import Face

__all__ = ["Api", "Face", "FileTokens", "WeChat"]
