"""One defect of a map of cells: its kind, place, size, and a sentence that says what to do."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

from shapely.geometry.base import BaseGeometry

Kind = Literal[
    "invalid",
    "unclosed",
    "duplicate",
    "overlap",
    "code",
    "across",
    "gap",
    "hole",
    "sliver",
    "near",
    "island",
    "beatless",
]
Severity = Literal["error", "warning"]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True)
class Finding:
    """A defect that somebody can go and look at.

    An error leaves a place with two cells or none, or a cell nobody can use; a warning may be meant so. `cells` are
    codes ("row N" where there is none) and `rows` their positions in the checked frame, most concerned first.
    `geometry` is the faulty ground, line or cell in WGS-84, (lon, lat) a point of it; `area_m2` its ground and
    `length_m` how far it runs: half the outline of ground, the length of a line.
    """

    kind: Kind
    severity: Severity
    cells: tuple[str, ...]
    geometry: BaseGeometry
    area_m2: float
    length_m: float
    lon: float
    lat: float
    sentence: str
    rows: tuple[int, ...] = ()


@dataclass(frozen=True)
class Defect:
    """A finding before it is measured and worded: geometry in the flat plane, or None when it has no place at all.

    `detail` fills the sentence of its kind, `variant` chooses among several sentences.
    """

    kind: Kind
    rows: tuple[int, ...]
    geometry: BaseGeometry | None
    variant: str = ""
    detail: str = ""


def errors(findings: Iterable[Finding]) -> list[Finding]:
    """Those findings that keep a map from being loaded."""
    return [finding for finding in findings if finding.severity == "error"]
