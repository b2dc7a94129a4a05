"""Chinese numerals before a counter (一百二十三号) read as digits; those inside names (潍坊七村) stay."""

import re

_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
# A counter makes a numeral of what stands before it. 村, 路, 街, 坊 and 期 are names more often than counters.
_COUNTED = re.compile(
    "([零〇一二两三四五六七八九十百千]{1,9})(?=支弄|弄|号|幢|栋|单元|室|组|队|层)|(?<=[0-9号])之([一二三四五六七八九十]{1,3})"
)


def with_digits(text: str) -> str:
    """The text with every counted Chinese numeral in Arabic digits: 一百二十三弄三号 → 123弄3号."""
    return _COUNTED.sub(_replaced, text)


def value_of(numeral: str) -> int:
    """The number that a Chinese numeral names: 一百二十三 and 一二三 are both 123."""
    if not any(character in _UNITS for character in numeral):
        return int("".join(str(_DIGITS[character]) for character in numeral))
    total, digit = 0, 0
    for character in numeral:
        if character in _UNITS:
            total += (digit or (1 if total == 0 or character == "十" else 0)) * _UNITS[character]
            digit = 0
        else:
            digit = _DIGITS[character]
    return total + digit


def _replaced(found: re.Match[str]) -> str:
    return str(value_of(found[1])) if found[1] else "-" + str(value_of(found[2]))
