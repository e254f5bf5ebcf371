"""What WeChat shows and says beside the talk; the words are handed in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Face:
    """What is shown and said.

    `says` gives the word that the key of a menu entry stands for, `links` do so for the scene of a QR code;
    `start` greets who follows the account. `goes_on` are the words by which a person asks for the rest, in small
    letters; `more` tells of them, `away` says that a message was not kept, `letter` says where a draft of an address is
    to be read, each in a language (zh-CN, zh-TW, en; "" when it is not known).
    `menu` gives, for each column, label and key of its entries.
    """

    says: Mapping[str, str]
    links: Mapping[str, str]
    start: str
    goes_on: frozenset[str]
    more: Callable[[str], str]
    away: Callable[[str], str]
    letter: Callable[[str, str], str]
    menu: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)
