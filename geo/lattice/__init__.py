"""A first draft of cells: an area cut into squares, hexagons, or cells of about equal households along given lines.

Every draft covers the area exactly, without overlaps: all lines are knotted into one network on a grid of 1e-9 degrees
(0.1 mm) and the faces of the network become cells, so that neighbours share every vertex.
"""

from geo.lattice.blocks import balanced
from geo.lattice.draft import Draft
from geo.lattice.tiles import hexagons, squares

__all__ = ["Draft", "balanced", "hexagons", "squares"]
