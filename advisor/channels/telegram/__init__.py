"""The advisor in Telegram: python-telegram-bot sends, polls and gives the types; what is kept, the desk keeps."""

import os

os.environ.setdefault("PTB_TIMEDELTA", "1")  # else python-telegram-bot warns of itself when told to wait
from telegram.error import BadRequest, InvalidToken

from advisor.channels.telegram.bot import Telegram
from advisor.channels.telegram.face import Face

__all__ = ["BadRequest", "Face", "InvalidToken", "Telegram"]
