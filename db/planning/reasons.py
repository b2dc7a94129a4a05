"""Why a cell went where it did: who moved it and with what words, what the move changed, and what bars it elsewhere."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd

from db.planning.board import Sitting
from geo.errors import NotFound
from grids.planning.drafts import Edit
from grids.planning.findings import ERRORS, findings
from grids.workload import Fairness, fairness

COLUMNS = ["cell", "name", "gives", "takes", "by", "at", "reason", "zh", "en", "cv_gain", "peak_gain"]


@dataclass(frozen=True)
class Why:
    """A cell of a draft. by, at, reason: of the edit that moved it, None for one that stays.

    zh, en: in a sentence. effect: cv_without, cv_with, peak_without, peak_with (max/mean) of the plan without this one
    move and with it, and loads {beat: (without, with)}. barred: (beat, zh, en), why it may not go to a beat beside it.
    """

    cell: str
    beat_before: str
    beat_after: str
    by: str | None
    at: datetime | None
    reason: str | None
    zh: str
    en: str
    effect: dict[str, Any]
    barred: list[tuple[str, str, str]]


def explain(sitting: Sitting, cell: str) -> Why:
    """Why a cell is where the draft has it. NotFound for a cell that is not of this plan."""
    if cell not in sitting.draft.base:
        raise NotFound(f"There is no cell {cell!r} in this plan: check the code.")
    before, after = sitting.draft.base[cell], sitting.draft.assignment[cell]
    effect, edit = _effect(sitting, sitting.board.ground.cell_at[cell]), _edit(sitting, cell)
    by, at, reason = (edit.by, edit.at, edit.reason) if edit else (None, None, None)
    zh, en = _sentence(before, after, effect) if before != after else _stays(sitting, cell, before)
    return Why(cell, before, after, by, at, reason, zh, en, effect, _barred(sitting, cell))


def reasons(sitting: Sitting) -> pd.DataFrame:
    """COLUMNS, one row a moved cell: who moved it, why, and what this one move brings; by the beats that take.

    cv_gain, peak_gain: how much higher CV and max/mean of the loads would be without it.
    """
    rows = []
    for cell, (gives, takes) in sitting.draft.moves.items():
        place = sitting.board.ground.cell_at[cell]
        effect, edit = _effect(sitting, place), _edit(sitting, cell)
        told = (edit.by, edit.at, edit.reason) if edit else (None, None, None)
        gains = (effect[f"{name}_without"] - effect[f"{name}_with"] for name in ("cv", "peak"))
        name = sitting.board.cells["name"].iloc[place]
        rows.append((cell, name, gives, takes, *told, *_sentence(gives, takes, effect), *gains))
    return pd.DataFrame(rows, columns=COLUMNS).sort_values(["takes", "gives", "cell"], ignore_index=True)


def _edit(sitting: Sitting, cell: str) -> Edit | None:
    number = sitting.draft.moved_by.get(cell)
    found = [edit for edit in sitting.draft.edits if edit.no == number]
    return found[0] if found and cell in sitting.draft.moves else None


def _effect(sitting: Sitting, cell: int) -> dict[str, Any]:
    """The plan with the cell where it was, and where it goes: only the loads of two beats differ."""
    ground, gives, takes = sitting.board.ground, int(sitting.before[cell]), int(sitting.after[cell])
    with_it = sitting.board.loads(sitting.after)
    without = with_it.copy()
    if gives != takes:
        # An unstaffed beat has no minutes, and its load stays unknown.
        part = sitting.board.land.demand[cell] / np.where(ground.staffed, ground.minutes, np.nan)
        without[gives] += part[gives]
        without[takes] -= part[takes]
    sides: dict[str, Fairness] = {"without": fairness(without), "with": fairness(with_it)}
    told: dict[str, Any] = {f"cv_{side}": fair.cv for side, fair in sides.items()}
    told |= {f"peak_{side}": fair.max_over_mean for side, fair in sides.items()}
    codes = sitting.board.beats["code"].to_numpy(object)
    return told | {"loads": {str(codes[beat]): (float(without[beat]), float(with_it[beat])) for beat in {gives, takes}}}


def _sentence(gives: str, takes: str, effect: dict[str, Any]) -> tuple[str, str]:
    """What the move changes, in Chinese and English."""
    loads = effect["loads"]
    told = [f"{beat} {_percent(loads[beat][0])} → {_percent(loads[beat][1])}" for beat in (gives, takes)]
    cv = f"CV {effect['cv_without']:.3f} → {effect['cv_with']:.3f}"
    return f"负荷：{told[0]}，{told[1]}；{cv}", f"Load of {told[0]}, of {told[1]}; {cv}."


def _stays(sitting: Sitting, cell: str, beat: str) -> tuple[str, str]:
    if cell in sitting.draft.locked_cells:
        return f"已锁定，留在警格{beat}", f"It is locked and stays in beat {beat}."
    if beat in sitting.draft.locked_beats:
        return f"警格{beat}已锁定", f"Beat {beat} is locked."
    return f"留在警格{beat}", f"It stays in beat {beat}."


def _barred(sitting: Sitting, cell: str) -> list[tuple[str, str, str]]:
    """Beats that the cell touches and may not go to, each with the first rule that this would break."""
    ground = sitting.board.ground
    place = ground.cell_at[cell]
    own, rules = int(sitting.after[place]), ground.rules(sitting.draft)
    here = {(each.rule, each.beat) for each in findings(rules, sitting.before, sitting.after)}
    found = []
    for beat in np.unique(sitting.after[ground.graph.beside(place)]).tolist():
        if beat == own:
            continue
        there = sitting.after.copy()
        there[place] = beat
        wrong = [each for each in findings(rules, sitting.before, there) if each.rule in ERRORS]
        fresh = [each for each in wrong if (each.rule, each.beat) not in here]
        if fresh:
            found.append((str(ground.beats["code"].iloc[beat]), fresh[0].zh, fresh[0].en))
    return found


def _percent(load: float) -> str:
    return "–" if np.isnan(load) else f"{load:.0%}"
