"""Questions before a plan: how many beats a place should have, where a new lead helps most, and a first plan."""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from db.planning.board import Sitting
from db.planning.optimising import problem_of
from geo.errors import InputError, Refused
from grids.districting import beats_curve, first_plan, relief_by_lead

FIRST = "首个方案 (first plan)"  # the reason that the moves of a first plan carry
CURVE = ["beats", "mean", "largest", "max_over_mean", "cv"]
RELIEF = ["beat", "name", "cells", "half_one", "half_other", "largest", "max_over_mean", "cv"]


def how_many_beats(
    sitting: Sitting, counts: Sequence[int], seconds: float = 2.0, seed: int = 1, iterations: int | None = None,
    stop: Callable[[], bool] | None = None,
) -> pd.DataFrame:  # fmt: skip
    """CURVE, one row a number of beats: mean and largest demand (minutes of a year) of the best plan found for it.

    Where the largest stops falling, one more lead buys nothing. Raises InputError for a number that does not fit.
    """
    land = sitting.board.land
    found = beats_curve(
        land.graph, land.demand, counts, xy=land.xy, seconds=seconds, iterations=iterations, seed=seed, stop=stop
    )
    rows = [(each.beats, each.mean, each.largest, each.figures.max_over_mean, each.figures.cv) for each in found]
    return pd.DataFrame(rows, columns=CURVE)


def where_a_lead_helps(sitting: Sitting, iterations: int = 20_000, seed: int = 1) -> pd.DataFrame:
    """RELIEF, one row a beat that could be split for one new lead, the split that helps everybody most first.

    cells: codes that the new lead would take; half_one, half_other, largest: loads afterwards.
    """
    problem, used = problem_of(sitting.board, sitting.draft)
    cells = sitting.board.cells["code"].to_numpy(object)
    beats = sitting.board.beats.iloc[used].reset_index(drop=True)
    rows = [
        (
            beats["code"].iloc[each.beat], beats["name"].iloc[each.beat], [str(cells[cell]) for cell in each.new_cells],
            *each.halves, each.largest, each.figures.max_over_mean, each.figures.cv,
        )
        for each in relief_by_lead(problem, iterations, seed)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=RELIEF)


def first_plan_for(
    sitting: Sitting, seconds: float = 5.0, seed: int = 1, iterations: int | None = None,
    stop: Callable[[], bool] | None = None,
) -> dict[str, str]:  # fmt: skip
    """Cell → beat (codes): a first plan over the beats that have a lead, each inside its community or station.

    For a place that nobody has drawn yet. Raises Refused where no beat has a lead, InputError where beats do not fit.
    """
    ground, land = sitting.board.ground, sitting.board.land
    led = np.flatnonzero(ground.beats["led"].to_numpy(bool))
    if not len(led):
        raise Refused("No beat here has a lead: load beats and postings first, then draw.")
    groups = _groups(sitting, led)
    held = first_plan(
        land.graph, land.demand + 1e-6, len(led), **groups, seconds=seconds, seed=seed, iterations=iterations, stop=stop
    )
    codes = ground.beats["code"].to_numpy(object)[led]
    return {str(cell): str(codes[beat]) for cell, beat in zip(ground.cells["code"], held, strict=True)}


def _groups(sitting: Sitting, led: "np.ndarray[tuple[int], np.dtype[np.int64]]") -> dict[str, list[int] | None]:
    """Communities as groups where every beat and cell has one; none where no cell or no beat has any."""
    ground = sitting.board.ground
    cells, beats = ground.cell_group, ground.beat_group[led]
    if (cells < 0).all() or (beats < 0).all():
        return {"cell_group": None, "beat_group": None}
    if (cells < 0).any() or (beats < 0).any():
        raise InputError("Some cells or beats lie in no community: give them one, or begin the plan with beats free.")
    return {"cell_group": cells.tolist(), "beat_group": beats.tolist()}
