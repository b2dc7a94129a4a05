"""What a plan costs and brings, from its ground: beats before and after, totals, broken ties."""

from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Connection

from db.bulk import frame_of
from db.planning.ground import PlanGround
from grids.districting.graph import Ints
from grids.planning.drafts import Draft
from grids.planning.effects import Totals, beat_figures, ties_broken, totals

POSTED = """
    SELECT o.code AS officer, c.code AS cell FROM posting p JOIN officer o ON o.id = p.officer_id
    JOIN cell c ON c.id = p.cell_id WHERE p.valid @> now() AND c.code = ANY (:cells) ORDER BY o.code, c.code"""


@dataclass(frozen=True)
class Cost:
    """beats: beat, name and every figure of grids.planning.effects.beat_figures with _before and _after, of beats that
    hold a cell in either. before, after: in one line. ties: officer, cell, beat_before, beat_after (codes)."""

    beats: pd.DataFrame
    before: Totals
    after: Totals
    ties: pd.DataFrame


def cost_of(conn: Connection, ground: PlanGround, draft: Draft) -> Cost:
    """The cost of a draft."""
    before, after = ground.positions(draft.base), ground.positions(draft.assignment)
    return cost_between(ground, before, after, posted(conn, ground))


def cost_between(ground: PlanGround, before: Ints, after: Ints, served: pd.DataFrame) -> Cost:
    """The cost of one assignment (positions) beside another; served: officer, cell (position)."""
    sides = [
        beat_figures(ground.land, held, ground.minutes).add_suffix(suffix)
        for held, suffix in ((before, "_before"), (after, "_after"))
    ]
    beats = pd.concat(
        [ground.beats[["code", "name"]].rename(columns={"code": "beat"}).reset_index(drop=True), *sides], axis=1
    )
    beats = beats[(beats["cells_before"] > 0) | (beats["cells_after"] > 0)].reset_index(drop=True)
    now, then = (totals(ground.land, before, held, ground.minutes) for held in (before, after))
    return Cost(beats, now, then, _named(ground, ties_broken(served, before, after)))


def posted(conn: Connection, ground: PlanGround) -> pd.DataFrame:
    """officer, cell (position) of everybody who is posted to a single cell of the plan now."""
    found = frame_of(conn, POSTED, cells=list(ground.cells["code"]))
    place = {code: number for number, code in enumerate(ground.cells["code"])}
    return found.assign(cell=found["cell"].map(place).astype("int64"))


def _named(ground: PlanGround, ties: pd.DataFrame) -> pd.DataFrame:
    cells, beats = ground.cells["code"].to_numpy(object), ground.beats["code"].to_numpy(object)
    sides = {name: beats[ties[name].to_numpy(int)] for name in ("beat_before", "beat_after")}
    return ties.assign(cell=cells[ties["cell"].to_numpy(int)], **sides)
