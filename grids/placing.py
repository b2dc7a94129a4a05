"""Placing 落格: which cell held a point at the instant of its report, on boundaries that change over time."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.locate import CellIndex
from geo.spread import CellSpread

Ids = npt.NDArray[np.int64]
NOWHERE = -1
# Less likely cells are noise in a list that a person reads.
CANDIDATE_FLOOR = 0.01
_FIRST, _LAST = np.iinfo(np.int64).min, np.iinfo(np.int64).max


@dataclass(frozen=True)
class Placed:
    """Cell ids (-1: none), how each was found ("point", "snap", "none"), and metres to a snapped cell (else NaN)."""

    cell: Ids
    placed_by: npt.NDArray[np.object_]
    snapped_m: npt.NDArray[np.float64]


class DatedCells:
    """Cells with the time they were in force; points are placed among those of their own instant."""

    def __init__(self, cells: pd.DataFrame) -> None:
        """cells: id, code, since, until (aware instants or null: open), geometry (WGS-84), in order of id.

        A further column density (what a square metre weighs) serves `candidates`; without it area alone counts.
        """
        self._cells = cells.reset_index(drop=True)
        self._since = _microseconds(self._cells["since"], _FIRST)
        self._until = _microseconds(self._cells["until"], _LAST)
        bounds = np.concatenate([self._since, self._until])
        self._bounds = np.unique(bounds[(bounds != _FIRST) & (bounds != _LAST)])
        self._epochs: dict[int, tuple[Ids, CellIndex]] = {}
        self._spreads: dict[int, tuple[Ids, CellSpread]] = {}

    def __len__(self) -> int:
        return len(self._cells)

    def place(self, lon: npt.ArrayLike, lat: npt.ArrayLike, at: pd.Series, snap_m: float = 0.0) -> Placed:
        """The cell of each point (degrees WGS-84, NaN: no coordinates) at its instant.

        With snap_m > 0 a point outside every cell goes to the nearest within that many metres.
        """
        x, y = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
        instants = _microseconds(at, _LAST)
        placed = _nothing(len(x))
        epochs = np.searchsorted(self._bounds, instants, side="right")
        for epoch in np.unique(epochs):
            chosen = np.flatnonzero(epochs == epoch)
            self._place_in(int(epoch), chosen, x, y, snap_m, placed)
        return placed

    def place_now(self, lon: npt.ArrayLike, lat: npt.ArrayLike, snap_m: float = 0.0) -> Ids:
        """The cell of each point on the boundaries without an end; snap_m as in `place`."""
        x, y = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
        placed = _nothing(len(x))
        self._place_in(len(self._bounds), np.arange(len(x)), x, y, snap_m, placed)
        return placed.cell

    def candidates(
        self, lon: npt.ArrayLike, lat: npt.ArrayLike, radius_m: npt.ArrayLike, at: pd.Series
    ) -> pd.DataFrame:
        """Cells that points known to within radius_m metres may lie in: point (position), cell (id), probability.

        Cells below CANDIDATE_FLOOR are left out and the others scaled to 1; the likeliest comes first. Points without
        coordinates or radius have no rows.
        """
        x, y, radius = (np.asarray(values, dtype=float) for values in (lon, lat, radius_m))
        epochs = np.searchsorted(self._bounds, _microseconds(at, _LAST), side="right")
        parts = [_NO_CANDIDATES]
        for epoch in np.unique(epochs[np.isfinite(x) & np.isfinite(y) & (radius > 0)]):
            chosen = np.flatnonzero(epochs == epoch)
            ids, spread = self._spread(int(epoch))
            found = spread.candidates(x[chosen], y[chosen], radius[chosen])
            parts.append(found.assign(point=chosen[found["point"]], cell=ids[found["cell"]]))
        frame = pd.concat(parts, ignore_index=True).astype({"point": "int64", "cell": "int64"})
        frame = frame[frame["probability"] >= CANDIDATE_FLOOR]
        total = frame.groupby("point")["probability"].transform("sum")
        return frame.assign(probability=frame["probability"] / total).reset_index(drop=True)

    def _spread(self, epoch: int) -> tuple[Ids, CellSpread]:
        if epoch not in self._spreads:
            cells = self._cells[self._alive(epoch)]
            density = cells.get("density")
            spread = CellSpread(cells["geometry"].to_numpy(), density)
            self._spreads[epoch] = (cells["id"].to_numpy(dtype=np.int64), spread)
        return self._spreads[epoch]

    def current(self, cell: Ids) -> npt.NDArray[np.bool_]:
        """Whether each cell id is still in force (false for -1)."""
        open_ended = self._cells.loc[self._until == _LAST, "id"].to_numpy(dtype=np.int64)
        answer: npt.NDArray[np.bool_] = np.isin(cell, open_ended)
        return answer

    def _place_in(self, epoch: int, chosen: Any, x: Any, y: Any, snap_m: float, placed: Placed) -> None:
        ids, index = self._epoch(epoch)
        found = index.locate(x[chosen], y[chosen])
        inside = found >= 0
        placed.cell[chosen[inside]] = ids[found[inside]]
        placed.placed_by[chosen[inside]] = "point"
        outside = chosen[~inside & np.isfinite(x[chosen]) & np.isfinite(y[chosen])]
        if snap_m > 0 and len(outside):
            near, metres = index.nearest(x[outside], y[outside], snap_m)
            hit = near >= 0
            placed.cell[outside[hit]] = ids[near[hit]]
            placed.placed_by[outside[hit]] = "snap"
            placed.snapped_m[outside[hit]] = metres[hit]

    def _epoch(self, epoch: int) -> tuple[Ids, CellIndex]:
        """The cells in force between two neighbouring instants of change."""
        if epoch not in self._epochs:
            cells = self._cells[self._alive(epoch)]
            index = CellIndex(cells["geometry"].to_numpy(), names=list(cells["code"]))
            self._epochs[epoch] = (cells["id"].to_numpy(dtype=np.int64), index)
        return self._epochs[epoch]

    def _alive(self, epoch: int) -> npt.NDArray[np.bool_]:
        start = _FIRST if epoch == 0 else self._bounds[epoch - 1]
        alive: npt.NDArray[np.bool_] = (self._since <= start) & (self._until > start)
        return alive


_NO_CANDIDATES = pd.DataFrame({"point": np.empty(0, int), "cell": np.empty(0, int), "probability": np.empty(0)})


def _nothing(count: int) -> Placed:
    return Placed(np.full(count, NOWHERE, dtype=np.int64), np.full(count, "none", dtype=object), np.full(count, np.nan))


def _microseconds(times: pd.Series, missing: int) -> Ids:
    aware = pd.to_datetime(times, utc=True).astype("datetime64[us, UTC]")
    return np.where(aware.isna(), missing, aware.astype("int64"))
