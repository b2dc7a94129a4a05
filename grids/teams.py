"""Team shapes 队伍配置: how many of whom a beat or a community should have, and who is missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from grids.levels import Name

POLICE = ("beat_lead", "police")
GRID = ("grid_worker",)


@dataclass(frozen=True)
class Shape:
    """A shape: for which place, and the least number of each group of roles (any role of a group counts)."""

    name: Name
    place: str
    needs: tuple[tuple[Name, tuple[str, ...], int], ...]


# N means as many as there are, at least one.
SHAPES: Mapping[str, Shape] = MappingProxyType(
    {
        "1+1+N": Shape(
            Name("1+1+N（民警+辅警+网格员）", "1+1+N: officer, auxiliary, grid workers"), "beat",
            ((Name("民警", "officer"), POLICE, 1), (Name("辅警", "auxiliary"), ("auxiliary",), 1),
             (Name("网格员", "grid worker"), GRID, 1)),
        ),
        "4+N": Shape(
            Name("4+N（警辅、网格长、调解员+N）", "4+N: officer, auxiliary, grid lead, mediator, others"), "community",
            ((Name("民警", "officer"), POLICE, 1), (Name("辅警", "auxiliary"), ("auxiliary",), 1),
             (Name("网格长", "grid lead"), ("grid_lead",), 1),
             (Name("调解员", "mediator"), ("mediator", "lawyer", "counsellor"), 1),
             (Name("网格员或志愿者", "grid worker or volunteer"), ("grid_worker", "volunteer"), 1)),
        ),
        "1+2": Shape(
            Name("1+2（一警两辅）", "1+2: officer and two auxiliaries"), "beat",
            ((Name("民警", "officer"), POLICE, 1), (Name("辅警", "auxiliary"), ("auxiliary",), 2)),
        ),
    }
)  # fmt: skip


@dataclass(frozen=True)
class Lack:
    """Who a team lacks: `there` of `needed` people of the group `who`."""

    who: Name
    there: int
    needed: int

    def __str__(self) -> str:
        return f"{self.who.en} {self.there} of {self.needed}"


def lacking(shape: Shape, people: Mapping[str, int]) -> tuple[Lack, ...]:
    """What a team of `people` (role → how many persons) lacks of a shape; a complete team lacks nothing."""
    there = [(who, sum(people.get(role, 0) for role in roles), needed) for who, roles, needed in shape.needs]
    return tuple(Lack(*group) for group in there if group[1] < group[2])
