"""A plan in plain values: what never changes while it is edited, and what does."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
import shapely

from dashboard.design.tokens import BEAT_TINTS
from dashboard.planning.tinting import tints, touching
from dashboard.reading.records import plain
from db.planning.board import Sitting
from db.planning.costs import cost_of, cost_rows
from db.planning.problems import problems
from geo.errors import Refused
from grids.planning.drafts import Draft, redoable, undoable
from grids.planning.effects import COUNTS
from grids.planning.life import STEPS, PlanState
from grids.rights import Who

HEAD = (
    "code", "name", "state", "place", "began_at", "allow_outside", "effective_at", "created_at", "created_by",
    "submitted_by", "approved_by",
)  # fmt: skip
LAST_EDITS = 200


def head(plan: Any) -> dict[str, Any]:
    """Who made a plan for what, and how far it is."""
    return {name: plain(getattr(plan, name)) for name in HEAD}


def steps_of(who: Who, state: PlanState, submitted_by: str | None) -> list[str]:
    """Steps of life that somebody may take now."""
    return [
        name for name, step in STEPS.items()
        if state in step.since and who.may(step.right) and name != "supersede"
        and not (step.another and who.name == submitted_by)
    ] + (["roll_back"] if state == "published" and who.may("plan") else [])  # fmt: skip


def board_of(sitting: Sitting, names: Mapping[str, str]) -> dict[str, Any]:
    """What a browser keeps while a plan is edited: columns of cells and beats, and pairs of neighbours.

    cells: code, name, community, a point inside, base (position of a beat), demand (minutes of a year), counts. beats:
    code, name, community, led, lead, waiting (only keeps cells that nobody has drawn yet), minutes (available; null for
    nobody), tint. edges: positions of neighbours.
    """
    cells, beats, land = sitting.board.cells, sitting.board.beats, sitting.board.land
    graph = land.graph
    once = graph.tails < graph.heads
    near = touching(graph, (sitting.before, sitting.after), len(beats))
    shown = {"code": list(cells["code"]), "name": list(cells["name"]), "community": _numbers(cells["community_id"])}
    shown["community_name"] = [names.get(code, code) for code in cells["code"]]
    shown |= {"base": sitting.before.tolist(), "demand": _floats(land.demand), **_points(cells["geometry"])}
    shown |= {name: _floats(land.counts[name]) for name in COUNTS if name in land.counts}
    held = {
        "code": list(beats["code"]), "name": list(beats["name"]), "community": _numbers(beats["community_id"]),
        "led": [bool(each) for each in beats["led"]], "lead": plain(list(beats["lead"])),
        "waiting": sitting.board.ground.waiting.tolist(),
        "minutes": _floats(sitting.board.minutes), "tint": tints(near, len(BEAT_TINTS)),
    }  # fmt: skip
    edges = np.column_stack([graph.tails[once], graph.heads[once]]).tolist()
    return {"cells": shown, "beats": held, "edges": edges}


def standing(sitting: Sitting, who: Who) -> dict[str, Any]:
    """The plan as its edits have it now, what that costs, and what is wrong with it."""
    draft, plan = sitting.draft, sitting.plan
    return {
        "plan": head(plan),
        "edit": draft.edits[-1].no if draft.edits else 0,
        "moves": {cell: pair[1] for cell, pair in draft.moves.items()},
        "locked_cells": sorted(draft.locked_cells),
        "locked_beats": sorted(draft.locked_beats),
        "problems": plain([vars(each) for each in problems(sitting)]),
        "costs": cost_rows(cost_of(sitting)),
        "may_edit": plan.state == "draft" and who.may("plan"),
        "steps": steps_of(who, plan.state, plan.submitted_by),
        "undo": _can(undoable, draft, who),
        "redo": _can(redoable, draft, who),
        "edits": [_edit(edit, edit.no in draft.standing) for edit in draft.edits[-LAST_EDITS:]],
    }


def _can(turn: Callable[[Draft, str], int], draft: Draft, who: Who) -> bool:
    try:
        turn(draft, who.name)
    except Refused:
        return False
    return True


def _edit(edit: Any, stands: bool) -> dict[str, Any]:
    told = {name: plain(getattr(edit, name)) for name in ("no", "by", "at", "kind", "beat", "target", "reason")}
    return told | {"cells": len(edit.cells), "stands": stands}


def _points(shapes: pd.Series) -> dict[str, list[float]]:
    inside = shapely.point_on_surface(shapes.to_numpy())
    return {"lon": shapely.get_x(inside).round(6).tolist(), "lat": shapely.get_y(inside).round(6).tolist()}


def _numbers(column: pd.Series) -> list[int | None]:
    return [None if pd.isna(each) else int(each) for each in column]


def _floats(values: Any) -> list[float | None]:
    return [float(each) if np.isfinite(each) else None for each in np.round(np.asarray(values, np.float64), 2)]
