"""What a plan costs and brings: every figure of every beat before and after, fast enough to follow the brush."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.datums import FloatArray
from geo.errors import InputError
from grids.districting.graph import Graph, Ints
from grids.districting.rules import pieces_by_beat
from grids.planning.outlook import LEVELS, Outlook
from grids.workload import Fairness, fairness

Flags = NDArray[np.bool_]
COUNTS = ("residents", "households", "key_places", "open_matters", "revisits_due")
FORECAST = ["expected", *LEVELS]
# Ways by road are this much longer than as the crow flies in China (R. Ballou, H. Rahardja and N. Sakai, "Selected
# country circuity factors for road travel distance estimation", Transportation Research A 36, 2002).
CIRCUITY = 1.33
SPEED_M_A_MINUTE = 15_000 / 60  # an electric bicycle in a city


@dataclass(frozen=True)
class Land:
    """n cells as a plan sees them. demand: minutes of the past year; counts: COUNTS by name (NaN = not known).

    area_m2, perimeter_m: of each cell; xy (n, 2): metres of a point inside it; graph: shared borders in metres.
    ahead: what the next quarter is expected to bring; None where the record is too young to say.
    """

    graph: Graph
    demand: FloatArray
    area_m2: FloatArray
    perimeter_m: FloatArray
    xy: FloatArray
    counts: Mapping[str, FloatArray] = field(default_factory=dict)
    ahead: Outlook | None = None

    def __post_init__(self) -> None:
        n = len(self.graph)
        columns = [self.demand, self.area_m2, self.perimeter_m, *self.counts.values()]
        if any(len(column) != n for column in columns) or self.xy.shape != (n, 2):
            raise InputError(f"Give one figure for each of the {n} cells: a column has another length.")


class Totals(NamedTuple):
    """A plan in one line. fair: of loads; cut_edges: neighbouring cells in different beats, cut_m their borders;
    moved cells with their minutes; goes: COUNTS of the moved cells; unstaffed: beats with cells and without minutes;
    pieces: beats in more than one piece; compactness: mean over beats; diameter_m: of the widest beat;
    travel_minutes: one way from a beat's centre to its work, mean over all demand."""

    fair: Fairness
    cut_edges: int
    cut_m: float
    moved: int
    moved_minutes: float
    goes: dict[str, float]
    unstaffed: int
    pieces: int
    compactness: float
    diameter_m: float
    travel_minutes: float


def beat_figures(land: Land, held: Ints, minutes: FloatArray) -> pd.DataFrame:
    """One row a beat: cells, demand, load, compactness, diameter_m, travel_m, travel_minutes and each of the counts.

    held (n): beat of each cell. minutes (k): available in the year, 0 or NaN for unstaffed, whose load is NaN.
    compactness: Polsby–Popper 4πA/P², 1 for a disc (D. Polsby and R. Popper, Yale Law & Policy Review 9, 1991), of
    all cells of the beat together; diameter_m: longest way between two of its cells' points, as the crow flies;
    travel_m: mean metres from the demand-weighted centre, weighted by demand; travel_minutes: the time that takes by
    CIRCUITY and SPEED_M_A_MINUTE. NaN for a beat without cells.
    """
    k = len(minutes)
    cells = np.bincount(held, minlength=k)
    demand = np.bincount(held, land.demand, minlength=k)
    area = _sums(held, land.area_m2, k)
    some = cells > 0
    staffed = np.isfinite(minutes) & (minutes > 0)
    travel = _travel(land, held, k)
    columns = {
        "cells": cells,
        "demand": demand,
        "load": np.divide(demand, minutes, out=np.full(k, np.nan), where=staffed),
        "compactness": _ratio(4 * np.pi * area, _perimeter(land, held, k) ** 2, some),
        "diameter_m": _diameter(land, held, k),
        "travel_m": travel,
        "travel_minutes": travel * CIRCUITY / SPEED_M_A_MINUTE,
    }
    return pd.DataFrame(columns | {name: np.bincount(held, each, minlength=k) for name, each in land.counts.items()})


def totals(land: Land, before: Ints, after: Ints, told: pd.DataFrame) -> Totals:
    """The plan `after` in one line, with what moves from `before`; loads of unstaffed beats are left out.

    told: `beat_figures` of `after`.
    """
    graph, moved = land.graph, before != after
    cut = (after[graph.tails] != after[graph.heads]) & (graph.tails < graph.heads)
    some, work = told["cells"] > 0, told["demand"].sum()
    return Totals(
        fair=fairness(told["load"]),
        cut_edges=int(cut.sum()),
        cut_m=float(graph.borders[cut].sum()),
        moved=int(moved.sum()),
        moved_minutes=float(land.demand[moved].sum()),
        goes={name: float(each[moved].sum()) for name, each in land.counts.items()},
        unstaffed=int((some & told["load"].isna()).sum()),
        pieces=int((pieces_by_beat(graph, after, len(told)) > 1).sum()),
        compactness=float(told["compactness"].mean()),
        diameter_m=float(told["diameter_m"].max()),
        travel_minutes=float((told["travel_minutes"] * told["demand"]).sum() / work) if work > 0 else float("nan"),
    )


def forecast(land: Land, held: Ints, k: int) -> pd.DataFrame:
    """FORECAST minutes of each beat in the next quarter; all NaN without a forecast."""
    if land.ahead is None:
        return pd.DataFrame({name: np.full(k, np.nan) for name in FORECAST})
    return land.ahead.by_beat(held, k)[FORECAST]


def ties_broken(served: pd.DataFrame, before: Ints, after: Ints) -> pd.DataFrame:
    """Officers whose posted cells leave the beat they serve: officer, cell, beat_before, beat_after.

    served: officer, cell (position) of every posting to a single cell.
    """
    moved = served[(before != after)[served["cell"].to_numpy(np.int64)]]
    cells = moved["cell"].to_numpy(np.int64)
    return moved.assign(beat_before=before[cells], beat_after=after[cells]).reset_index(drop=True)


def _perimeter(land: Land, held: Ints, k: int) -> FloatArray:
    """Outer border of each beat: that of its cells less, from both sides, what two of them share."""
    graph = land.graph
    inside = held[graph.tails] == held[graph.heads]
    shared = np.bincount(held[graph.tails[inside]], graph.borders[inside], minlength=k)
    return _sums(held, land.perimeter_m, k) - shared


def _travel(land: Land, held: Ints, k: int) -> FloatArray:
    demand = _sums(held, land.demand, k)
    centre = np.stack([_ratio(_sums(held, land.demand * axis, k), demand, demand > 0) for axis in land.xy.T], axis=1)
    apart = np.hypot(*(land.xy - centre[held]).T)
    return _ratio(_sums(held, np.where(land.demand > 0, land.demand * apart, 0.0), k), demand, demand > 0)


def _sums(held: Ints, values: FloatArray, k: int) -> FloatArray:
    return np.bincount(held, values, minlength=k).astype(np.float64)


def _diameter(land: Land, held: Ints, k: int) -> FloatArray:
    order = np.argsort(held, kind="stable")
    bounds = np.searchsorted(held[order], np.arange(k + 1))
    found = np.full(k, np.nan)
    for beat in range(k):
        points = land.xy[order[bounds[beat] : bounds[beat + 1]]]
        if len(points):
            found[beat] = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1)).max()
    return found


def _ratio(part: FloatArray, whole: FloatArray, where: Flags) -> FloatArray:
    return np.divide(part, whole, out=np.full(len(whole), np.nan), where=where & (whole > 0))
