"""The drill: from a figure to the rows behind it, chosen by the very masks that counted it.

FIGURES names what can be opened. `behind` finds the rows of one figure under one key in the read model; `told` says of
some of them what a reader may see, which row-level security decides.
"""

from db.drill.behind import behind
from db.drill.cards import against
from db.drill.figures import FIGURES, Figure, figure_of
from db.drill.ordering import SORTS, in_order
from db.drill.told import columns_of, points, told

__all__ = ["FIGURES", "SORTS", "Figure", "against", "behind", "columns_of", "figure_of", "in_order", "points", "told"]
