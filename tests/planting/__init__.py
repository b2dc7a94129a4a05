"""Plants defects of known kind, place and size into a sound map of cells, each with its cells to itself."""

from collections.abc import Callable, Sequence

from tests.planting.borders import across, gap, near, open_strip, overlap, sliver_cell, sliver_gap, sliver_overlap
from tests.planting.garden import Garden
from tests.planting.inside import detached_part, hole_in_cell, missing_cell
from tests.planting.judging import judged
from tests.planting.maps import communities_of, wavy_town
from tests.planting.rows import (
    invalid_ring,
    island,
    no_beat,
    same_code,
    same_row,
    same_shape,
    unclosed_ring,
    wrong_code,
)  # fmt: skip

__all__ = ["SORTS", "Garden", "communities_of", "judged", "plant", "wavy_town"]

SORTS: tuple[Callable[[Garden], bool], ...] = (
    gap, overlap, sliver_gap, sliver_overlap, open_strip, sliver_cell, near, across, hole_in_cell, missing_cell,
    detached_part, island, same_shape, same_row, same_code, invalid_ring, unclosed_ring, wrong_code, no_beat,
)  # fmt: skip


def plant(garden: Garden, sorts: Sequence[Callable[[Garden], bool]], most: int) -> int:
    """Plant sorts in turn while there is room; the number planted."""
    before = len(garden.planted)
    for sort in sorts:
        if len(garden.planted) - before < most and garden.free:
            sort(garden)
    return len(garden.planted) - before
