"""The contiguity graph: who borders whom, with declared links over water and to islands."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from geo.datums import FloatArray
from geo.errors import InputError

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]


@dataclass(frozen=True)
class Graph:
    """n cells in compressed rows: the neighbours of cell i are heads[starts[i]:starts[i + 1]], ascending.

    `tails` names i for each of them, `borders` the shared border in metres (0 for a declared link). Every
    edge stands twice, once from each end.
    """

    starts: Longs
    heads: Ints
    tails: Ints
    borders: FloatArray

    def __len__(self) -> int:
        return len(self.starts) - 1

    def beside(self, cell: int) -> Ints:
        """The neighbours of a cell."""
        return self.heads[self.starts[cell] : self.starts[cell + 1]]

    def parts(self, held: Ints) -> Ints:
        """For each cell the number of the connected piece of its beat that it lies in, when held[i] is its beat."""
        same = held[self.tails] == held[self.heads]
        pairs = (np.ones(int(same.sum()), np.int8), (self.tails[same], self.heads[same]))
        labels: Ints = connected_components(csr_array(pairs, shape=(len(self), len(self))), directed=False)[1]
        return labels


def make_graph(
    neighbours: Mapping[int, Mapping[int, float]], links: Iterable[tuple[int, int]] = (), count: int | None = None
) -> Graph:
    """The graph of what geo.adjacency.neighbours returns, and of links: pairs of positions that count as neighbours.

    `count`: how many cells there are, when not every one is a key. Raises InputError for a link to itself or
    to a cell that is not there.
    """
    size = count if count is not None else len(neighbours)
    borders = {(one, other): length for one, row in neighbours.items() for other, length in row.items()}
    for one, other in links:
        if one == other or not (0 <= one < size and 0 <= other < size):
            raise InputError(f"The link {one}–{other} joins no two of the {size} cells: give two positions.")
        borders.setdefault((one, other), 0.0)
        borders.setdefault((other, one), 0.0)
    pairs = np.array(sorted(borders), np.int32).reshape(-1, 2)
    starts = np.searchsorted(pairs[:, 0], np.arange(size + 1)).astype(np.int64)
    lengths = np.array([borders[one, other] for one, other in pairs.tolist()], np.float64)
    return Graph(starts, np.ascontiguousarray(pairs[:, 1]), np.ascontiguousarray(pairs[:, 0]), lengths)


def hops(graph: Graph, sources: Longs) -> Longs:
    """Steps from the nearest of the source cells to each cell; n where none leads there."""
    away = np.full(len(graph), len(graph), np.int64)
    away[sources] = 0
    frontier, step = sources, 0
    while len(frontier):
        step += 1
        reached = np.unique(np.concatenate([graph.beside(int(cell)) for cell in frontier]))
        frontier = reached[away[reached] > step].astype(np.int64)
        away[frontier] = step
    return away
