"""The compiled loop of grids.districting.search: annealing by boundary moves, chains of moves, and recombination.

A step changes one to three cells (one may be sent home first, so that the number of moved cells can stay), or
redraws two beats that touch by cutting a random spanning tree of both (recombination: DeFord, Duchin & Solomon,
"Recombination: a family of Markov chains for redistricting", 2021). It is kept by the rule of Metropolis and undone
otherwise. A cell leaves a beat only when its neighbours there still reach each other without it, which is sought
from one of them until all are met; so no beat ever falls into more pieces.
"""

from grids.districting.kernels.annealing import anneal
from grids.districting.kernels.sums import BEYOND

__all__ = ["BEYOND", "anneal", "prepare"]


def prepare() -> None:
    """Load the loop; compile and keep it when it is not on disk (some seconds, once an installation)."""
    anneal.load()
