"""What is wrong with a set of cells as a map: every defect named once, with place and size; nothing is mended.

`check_cells` answers for a frame of cells, `Tolerances` says how exact borders must be, `Finding` is one answer.
"""

from geo.topology.check import check_cells
from geo.topology.finding import KINDS, Finding, Kind, Severity, errors
from geo.topology.tolerances import Tolerances

__all__ = ["KINDS", "Finding", "Kind", "Severity", "Tolerances", "check_cells", "errors"]
