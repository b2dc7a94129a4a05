"""How exact borders must be: widths in metres below which a mismatch has another name, or none."""

from dataclasses import dataclass

from geo.errors import InputError


@dataclass(frozen=True)
class Tolerances:
    """Widths in metres, each smaller than the next. Width = 2 · area / perimeter: that of a long strip, half of the
    side of a square, and half of the height of a flat triangle.

    same_m: a strip thinner than this is the same line (six decimals of a degree are 0.1 m, seven 0.01 m).
    near_m: a thinner strip is a nearly matching border, that is, somebody did not snap.
    sliver_m: a thinner gap, overlap or reach over a community line is a sliver or nothing; a wider one is real ground.
    cell_m: a thinner cell is a sliver. room: a space between cells that has at least this share of the smallest cell
    beside it is a hole in the coverage (a cell is missing), not a gap (a border is off). twin: two cells are
    the same shape when their common ground is at least this share of their joint ground.
    """

    same_m: float = 0.01
    near_m: float = 0.25
    sliver_m: float = 2.0
    cell_m: float = 5.0
    room: float = 0.5
    twin: float = 0.98

    @property
    def grid_m(self) -> float:
        """Overlays are computed on a grid this fine: hairs between borders that differ by rounding alone vanish, and
        GEOS is sure of its answer, which nearly coincident lines can keep it from."""
        return self.same_m / 5

    def __post_init__(self) -> None:
        if not 0 < self.same_m <= self.near_m <= self.sliver_m <= self.cell_m < float("inf"):
            raise InputError("The tolerances are not 0 < same_m ≤ near_m ≤ sliver_m ≤ cell_m: give them in that order.")
        if not (self.room > 0 and 0.5 < self.twin <= 1):
            raise InputError("The shares are out of range: room must be above 0, twin above 0.5 and at most 1.")
