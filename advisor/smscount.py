"""Counts how many SMS a phone makes of a text."""

ALONE, JOINED = 70, 67  # UTF-16 units that fit into one SMS with Chinese in it: alone, or as a part of a longer one


def sms_count(text: str) -> int:
    """Count the SMS that `text` is sent as: a text that is too long for one loses three units a part to joining."""
    units = len(text.encode("utf-16-be")) // 2
    return 1 if units <= ALONE else -(-units // JOINED)
