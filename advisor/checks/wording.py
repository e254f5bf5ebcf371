"""Says in plain Chinese what the template library says in English."""

import re

_SAYINGS = (
    (r"unexpected 'end of .*'", "没有写完"),
    (r"expected token '.+', got 'end of .+'", "没有写完"),
    (r"can only concatenate.*", "文字和数不能相加"),
    (r"'(.+?)' is undefined", r"那时还没有“\1”"),
    (r"'.*' has no attribute '(.+?)'", r"取不到“\1”"),
    (r".*has no element (.+)", r"里面没有第 \1 个"),
    (r"law\(…, on=…\) takes a day or days.*", "law() 的 on 要给日期"),
    (
        r"[Uu]nexpected end of template.*innermost block that needs to be closed is '(\w+)'.*",
        r"到末尾还没有写 {% end\1 %}",
    ),
    (r"[Uu]nexpected end of template.*", "没有写完就到了末尾"),
    (r"expected token 'end of (?:print statement|statement block)', got '(.+)'", r"“\1”前面多了或少了什么"),
    (r"expected token '(.+)', got '(.+)'", r"这里要“\1”，却是“\2”"),
    (r"Encountered unknown tag '(\w+)'.*", r"没有“{% \1 %}”这种写法，或它前面少了开头"),
    (r"unexpected '(.+)'", r"“\1”不该在这里"),
    (r"unexpected char '(.+)' at \d+", r"“\1”不该在这里"),
    (r"unsupported operand type\(s\).*", "这样的两个值不能相加减"),
)


def in_chinese(message: str) -> str:
    """Give a message of the template library in the words of the reports; one that is not known stays as it is."""
    message = " ".join(message.split())
    for pattern, saying in _SAYINGS:
        if match := re.fullmatch(pattern, message):
            return match.expand(saying)
    return message
