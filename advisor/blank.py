"""What stands for a fact that is not known, in conditions, in talk and in letters."""

from collections.abc import Callable
from typing import Any


class Blank:
    """What stands for a fact that is not known: nothing compares with it, and it prints as a marked gap."""

    def __str__(self) -> str:
        return "＿＿＿＿"

    def __bool__(self) -> bool:
        return False

    def __eq__(self, other: object) -> bool:
        return False

    def __hash__(self) -> int:
        return 0

    def _never(self, other: object) -> bool:
        return False

    __lt__ = __le__ = __gt__ = __ge__ = _never

    def _blank(self, other: object) -> "Blank":
        return self

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _blank

    def __getattr__(self, name: str) -> "Blank":
        if name.startswith("__"):
            raise AttributeError(name)
        return self


BLANK = Blank()


def blank_safe(calculate: Callable[..., Any]) -> Callable[..., Any]:
    """Let a calculation give a blank when something it takes is not known, and when it has no result."""

    def calculated(*given: Any) -> Any:
        parts = [part for one in given for part in (one if isinstance(one, list | tuple) else [one])]
        result = None if any(isinstance(part, Blank) for part in parts) else calculate(*given)
        return BLANK if result is None else result

    return calculated
