"""The three grades of a matter, each with names and with a colour that a shape always accompanies."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from geo.errors import InputError


@dataclass(frozen=True)
class Severity:
    """One grade: its code in every file and table, its names, and how it is drawn."""

    code: int
    zh: str
    en: str
    colour: str
    shape: str


# The shape repeats what the colour says, for readers who cannot tell the colours apart.
SEVERITIES: Mapping[int, Severity] = MappingProxyType(
    {
        1: Severity(1, "一般", "ordinary", "blue", "circle"),
        2: Severity(2, "复杂", "complex", "yellow", "triangle"),
        3: Severity(3, "疑难", "hard", "red", "square"),
    }
)


def checked_severity(code: int) -> int:
    """The code itself; InputError unless it is 1, 2 or 3."""
    if code not in SEVERITIES:
        raise InputError(f"Write the grade as 1 (一般), 2 (复杂) or 3 (疑难), not {code!r}.")
    return code
