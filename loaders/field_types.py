"""What a field is: its type, whether it must be there, what it may hold, and the column titles it goes by."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

FieldType = Literal["text", "time", "int", "float", "bool", "choice", "list", "geometry", "day", "object"]

_BLANKS = re.compile(r"[\s_\-.·:：/]+")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")


@dataclass(frozen=True)
class Field:
    """One field of a kind of file.

    `choices`: the values allowed (of a geometry: the shapes). `words`: other wordings of a value → our own
    value, by `plain` wording. `low`/`high`: bounds of a number, both allowed. `past`: a time that cannot
    lie in the future. `longest`: characters of a text that serves as a code. `personal`: encrypted at rest.
    `unit`: of a number, in words.
    """

    name: str
    type: FieldType = "text"
    required: bool = False
    choices: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    personal: bool = False
    unit: str | None = None
    low: float | None = None
    high: float | None = None
    past: bool = False
    longest: int | None = None
    words: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


def plain(title: str) -> str:
    """A title or wording without what people vary: width, case, blanks, underscores, hyphens.

    "Reported_At", "reported at" and "ＲＥＰＯＲＴＥＤ－ＡＴ" are one.
    """
    return _BLANKS.sub("", unicodedata.normalize("NFKC", title).casefold())


def without_brackets(title: str) -> str:
    """`plain` without a unit or remark in brackets: "经度（度）" → "经度"."""
    return plain(_BRACKETS.sub("", unicodedata.normalize("NFKC", title)))
