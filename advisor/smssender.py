"""Tells what sort of number a message came from. The sort is a hint only: any number can be faked."""

import re

from advisor.content.signals import Sender

_SORTS: tuple[tuple[Sender, re.Pattern[str]], ...] = (
    ("bank", re.compile(r"9(?:5\d{3,9}|6\d{3,6})|400\d{7}|800\d{7}|100\d{2,6}")),
    ("hotline", re.compile(r"12\d{3}|11[0-9]")),
    ("service", re.compile(r"10[67]\d{5,18}")),
    ("private", re.compile(r"(?:\+?86)?1[3-9]\d{9}")),
    ("landline", re.compile(r"0\d{2,3}-?\d{7,8}")),
    ("foreign", re.compile(r"(?:\+|00)(?!86)\d{6,15}")),
)


def class_of(sender: str | None) -> Sender | None:
    """Give the sort of a number, or None when it is unknown or masked."""
    number = re.sub(r"[ \-()（）]", "", sender or "")
    for name, pattern in _SORTS:
        if pattern.fullmatch(number):
            return name
    return None
