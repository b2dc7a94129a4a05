"""Many ways of writing one address made one: widths, blanks, dashes, traditional characters, numerals."""

import re
import unicodedata

from geo.address.numerals import with_digits
from geo.address.traditional import SIMPLIFIED, TRADITIONAL

# Signs that addresses use for one another. Blanks and control characters say nothing between Chinese characters.
_SIGNS = {
    **dict.fromkeys("‐‑‒–—―−－﹣~～〜〰", "-"),
    **dict.fromkeys("，,；;｜|／/＼\\·・•．", "、"),
    **dict.fromkeys("（﹙〔【[［{〈《", "("),
    **dict.fromkeys("）﹚〕】]］}〉》", ")"),
    **dict.fromkeys("＃#", "号"),
    **dict.fromkeys(" \t\r\n\v\f\u00a0\u3000\u200b\u200c\u200d\u2060\ufeff\ufe0f\"'“”‘’「」。:：*", ""),
    **{chr(0xFF10 + digit): str(digit) for digit in range(10)},
}
_CHARACTERS = str.maketrans(_SIGNS | dict(zip(TRADITIONAL, SIMPLIFIED, strict=True)))
# Looking for something to change is cheaper than changing each character into itself.
_ODD = re.compile(f"[{re.escape(''.join(map(chr, _CHARACTERS)))}]")
_PLAIN = re.compile("[0-9\u4e00-\u9fff]*")
# 号 came of # before 楼 or a letter, twice when both were written.
_TIDY = re.compile("号(?=号)|(?<=-)-+|(?<=、)、+")


def normalise(text: str) -> str:
    """The address in one way of writing: half width, simplified, no blanks, counted numerals in digits.

    Doing it twice changes nothing. Digits keep their order; none is lost.
    """
    if _ODD.search(text):
        text = text.translate(_CHARACTERS)
    if _PLAIN.fullmatch(text):
        return with_digits(text)
    while (again := _once(text)) != text:
        text = again
    return text


def _once(text: str) -> str:
    return _TIDY.sub("", with_digits(unicodedata.normalize("NFKC", text).translate(_CHARACTERS)))
