"""The words by which the columns of an exported table of messages are known."""

from advisor.content.flow import Reviewed
from advisor.content.source import Entry


class Columns(Entry):
    """The headings of each column, in any language; spaces, signs and capitals do not count.

    `other` is the other side, whoever sent; `name` is how the phone's owner calls it; `way` tells who sent.
    """

    text: list[str]
    sender: list[str]
    recipient: list[str]
    other: list[str]
    name: list[str]
    when: list[str]
    way: list[str]


class Ways(Entry):
    """What stands in the column `way`: a message that came, one that was sent, one that never went out."""

    received: list[str]
    sent: list[str]
    unsent: list[str]


class Exports(Entry):
    """How exported messages are told apart."""

    reviewed: Reviewed
    columns: Columns
    ways: Ways
