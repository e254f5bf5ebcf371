"""The advisor on a web page: a chat made on the server, which one small script makes smoother."""

from advisor.channels.web.channel import Web
from advisor.channels.web.face import Face

__all__ = ["Face", "Web"]
