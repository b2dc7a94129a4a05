"""Places told by roads alone: where two roads cross (A路与B路路口), or a stretch between two others."""

import re

ROAD = "[^\\W\\d_路街]{1,7}?(?:公路|大道|支路|路支路|路|大街|街(?!道)|胡同)"
_JOIN = "(?:与|和|及|跟|、|-|近|靠近|靠|沿|到|至)"
_END = (
    "(?:的)?(?:交叉路口|十字路口|丁字路口|交叉口|交界口|交汇处|交汇口|交界处|交会处|路口|交叉|交界|交汇"
    "|转角|拐角|夹角|口)"
)
_CROSSING = re.compile(f"({ROAD})(?:{_JOIN}({ROAD})(?:{_END})?|({ROAD})(?:{_END}|$|(?=\\()))")
_BETWEEN = re.compile(f"({ROAD})[(、]?(?:在|的)?({ROAD}){_JOIN}({ROAD})(?:的)?之?(?:间|中间)")


def take_crossing(text: str) -> tuple[str, tuple[str, ...], str] | None:
    """(road, the one or two roads that it meets, what is left), or None when the text names no crossing."""
    found = _BETWEEN.match(text)
    if found:
        return found[1], (found[2], found[3]), text[found.end() :]
    found = _CROSSING.match(text)
    if found and found[1] != (found[2] or found[3]):
        return found[1], (found[2] or found[3],), text[found.end() :]
    return None
