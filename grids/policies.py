"""Containment policies as data: for each grade, the highest level at which a matter may end."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from geo.errors import NotFound
from grids.grading import checked_severity
from grids.levels import Level


@dataclass(frozen=True)
class Policy:
    """One place's promise: `ceilings` maps grade 1..3 to a level; the wordings are how the place says it."""

    code: str
    name_zh: str
    name_en: str
    wording_zh: str
    wording_en: str
    ceilings: Mapping[int, Level] = field(hash=False)

    def ceiling(self, severity: int) -> Level:
        """The highest level at which a matter of this grade may end; InputError on an unknown grade."""
        return self.ceilings[checked_severity(severity)]


POLICIES: Mapping[str, Policy] = MappingProxyType(
    {
        "QD": Policy(
            code="QD",
            name_zh="青岛",
            name_en="Qingdao",
            wording_zh="小事不出网格、大事不出警格、上行不出街道",
            wording_en="Small matters stay in the cell, big ones in the beat, none goes above the street",
            ceilings=MappingProxyType({1: "cell", 2: "beat", 3: "street"}),
        ),
        "JM": Policy(
            code="JM",
            name_zh="金门路",
            name_en="Jinmen Road",
            wording_zh="小事不出网格、大事不出社区、难事不出街道",
            wording_en="Small matters stay in the cell, big ones in the community, hard ones in the street",
            ceilings=MappingProxyType({1: "cell", 2: "community", 3: "street"}),
        ),
        "ZS": Policy(
            code="ZS",
            name_zh="贮水山",
            name_en="Zhushuishan",
            wording_zh="一般不出格、小事不出街、大事不出区",
            wording_en="Ordinary matters stay in the cell, small ones in the street, big in the district",
            ceilings=MappingProxyType({1: "cell", 2: "street", 3: "district"}),
        ),
    }
)


def policy(code: str) -> Policy:
    """The shipped policy of that code (capitals or not); NotFound lists the codes there are."""
    found = POLICIES.get(code.upper())
    if found is None:
        raise NotFound(f"There is no policy {code!r}: choose one of {', '.join(POLICIES)}.")
    return found
