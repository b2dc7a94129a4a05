"""Tells UTF-8 from GB18030 by the bytes of a text file, and says when it is neither."""

import codecs
import difflib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from geo.errors import InputError

BLOCK = 1 << 22
SAMPLE_LINES = 5_000
TOLERATED = 0.1  # share of lines with bad bytes up to which the rest of the file is worth reading
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"), (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip


@dataclass(frozen=True)
class Encoding:
    """A codec's name; `damaged` when some lines do not follow it (they are read as broken rows)."""

    name: str
    damaged: bool = False


def detect(opened: Callable[[], BinaryIO], name: str) -> Encoding:
    """UTF-8 (with or without BOM) or GB18030, from the whole content; `opened` gives a fresh byte stream.

    Raises InputError naming `--encoding` for anything else.
    """
    with opened() as stream:
        head = stream.read(1 << 16)
    _refuse_wide(head, name)
    utf8 = "utf-8-sig" if head.startswith(codecs.BOM_UTF8) else "utf-8"
    if _decodes(opened, utf8):
        return Encoding(utf8)
    tally = _tally(opened)
    if tally.mostly(tally.utf8):
        return Encoding(utf8, damaged=True)
    if tally.mostly(tally.gb18030) and looks_gb18030(b"".join(tally.sample)):
        return Encoding("gb18030", damaged=tally.gb18030 < tally.lines)
    raise InputError(
        f"{name} is neither UTF-8 nor GB18030 (first in line {tally.first_bad}{_guess(tally)}):"
        " save it as UTF-8, or name its encoding with --encoding."
    )


def declared(opened: Callable[[], BinaryIO], encoding: str, name: str) -> Encoding:
    """The encoding that the user named, if the content follows it; raises InputError if it does not or is
    unknown.
    """
    try:
        "".encode(encoding)
    except (LookupError, UnicodeError):
        known = difflib.get_close_matches(encoding.lower(), _KNOWN, n=3, cutoff=0.5) or [
            "utf-8",
            "gb18030",
            "big5",
        ]
        raise InputError(f"There is no encoding {encoding!r}: try {' or '.join(known)}.") from None
    codec = codecs.lookup(encoding).name
    if _decodes(opened, codec):
        return Encoding("utf-8-sig" if codec == "utf-8" else codec)
    raise InputError(f"{name} is not {encoding} throughout: leave --encoding out or name another.")


_KNOWN = ["utf-8", "utf-16", "gb18030", "gbk", "gb2312", "big5", "latin-1", "cp1252", "shift_jis", "euc-kr"]


def looks_gb18030(data: bytes) -> bool:
    """Whether bytes that decode as GB18030 also look like Chinese in it, rather than Big5 or a Latin code
    page.
    """
    own = _score(data, "gb18030", _gb_weight)
    return own >= 0.3 and own >= _score(data, "big5", _big5_weight)


@dataclass
class _Tally:
    """Lines with bytes above ASCII: how many there are, and how many follow each encoding."""

    lines: int
    utf8: int
    gb18030: int
    first_bad: int
    sample: list[bytes]

    def mostly(self, good: int) -> bool:
        return good > 0 and self.lines - good <= max(1, int(self.lines * TOLERATED)) and good * 2 > self.lines


def _tally(opened: Callable[[], BinaryIO]) -> _Tally:
    tally = _Tally(0, 0, 0, 0, [])
    with opened() as stream:
        for number, line in enumerate(stream, start=1):
            if not line.isascii():
                _count(tally, number, line)
    return tally


def _count(tally: _Tally, number: int, line: bytes) -> None:
    tally.lines += 1
    utf8, gb18030 = _valid(line, "utf-8"), _valid(line, "gb18030")
    tally.utf8 += utf8
    tally.gb18030 += gb18030
    if not utf8 and not tally.first_bad:
        tally.first_bad = number
    if gb18030 and len(tally.sample) < SAMPLE_LINES:
        tally.sample.append(line)


def _valid(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _decodes(opened: Callable[[], BinaryIO], encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with opened() as stream:
        try:
            while block := stream.read(BLOCK):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeError:
            return False
    return True


def _refuse_wide(head: bytes, name: str) -> None:
    marked = next((encoding for mark, encoding in _MARKS if head.startswith(mark)), None)
    if marked is None and head.count(0) * 10 > len(head):
        # Two bytes a character: the zero half of ASCII letters comes second in little-endian text.
        marked = "utf-16-le" if head[1::2].count(0) >= head[0::2].count(0) else "utf-16-be"
    if marked:
        raise InputError(f"{name} looks like {marked.upper()}: save it as UTF-8, or add --encoding {marked}.")


def _score(data: bytes, encoding: str, weigh: Callable[[bytes], float]) -> float:
    """Mean weight of the characters above ASCII; 0 where the bytes do not follow the encoding."""
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return 0.0
    counts = Counter(character for character in text if not character.isascii())
    total = sum(counts.values())
    return sum(weigh(c.encode(encoding)) * n for c, n in counts.items()) / total if total else 0.0


def _gb_weight(code: bytes) -> float:
    """GB 2312-1980 puts the 3,755 common characters in rows B0–D7 and the rare ones in D8–F7."""
    lead, trail = code[0], code[1]
    if len(code) == 4:
        return 0.5
    if trail < 0xA1:
        return 0.1
    if 0xB0 <= lead <= 0xD7 or 0xA1 <= lead <= 0xA3:
        return 1.0
    return 0.6 if 0xD8 <= lead <= 0xF7 else 0.2


def _big5_weight(code: bytes) -> float:
    """Big5 puts its 5,401 common characters in rows A4–C6 and the rare ones in C9–F9."""
    lead = code[0]
    if 0xA4 <= lead <= 0xC6 or 0xA1 <= lead <= 0xA3:
        return 1.0
    return 0.6 if 0xC9 <= lead <= 0xF9 else 0.2


def _guess(tally: _Tally) -> str:
    sample = b"".join(tally.sample)
    if tally.utf8 and tally.gb18030 and tally.utf8 < tally.lines:
        return "; it seems to mix encodings"
    if _score(sample, "big5", _big5_weight) > 0.8:
        return "; it looks like Big5"
    return ""
