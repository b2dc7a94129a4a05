"""The compiled loops of geo.raster: laying edges into squares, packing their lists, asking points.

Frame (float64 row of 7): west, south, squares per unit of x, of y, columns, rows, offset in `codes`.
Code of a square: a cell's position, -1 for none, or -2 - k for a list that begins at lists[k].
List: one block a cell, lowest position first: cell, 2 * edges + parity, code that follows when the point is not in
the cell (-2: the next block stands behind this one), then per edge 4 * (its first vertex) + 2 * (sink at its second
vertex) + (sink at its first). A block that begins with -1 names a finer frame instead.

A cell holds a point when a ray to the right of it crosses the cell's outline an odd number of times (even-odd rule).
Edges that do not touch the square lie wholly left or right of it in its row. Those on the right are counted
beforehand, in the parity, but for their ends inside the row: such an end counts for points below it alone. It is
shared with an edge that does touch the square, or with another on the right, where the two cancel. So an edge of the
list carries a *sink* at a vertex when the neighbouring edge there stays right of the square.
"""

from geo.kernels.asking import ask
from geo.kernels.laying import fill
from geo.kernels.lists import DOUBT, pack, unfold

__all__ = ["DOUBT", "are_quick", "ask", "fill", "pack", "prepare", "unfold"]

LOOPS = (fill, pack, unfold, ask)


def are_quick() -> bool:
    """Whether all loops are loaded, or kept on disk, so that nobody waits for a compiler."""
    return all(loop.is_quick() for loop in LOOPS)


def prepare() -> None:
    """Load all loops; compile and keep those that are not on disk (some seconds, once an installation)."""
    for loop in LOOPS:
        loop.load()
