"""Two plans side by side: where they differ cell by cell, and what each costs and brings."""

from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from db.planning.board import Boards, Sitting
from db.planning.costs import Cost, cost_of, total_row
from db.readmodel import View

FIGURES = ("cells", "demand", "load", "fair", "compactness", "travel_minutes", "expected")


@dataclass(frozen=True)
class Comparison:
    """totals: figure, today (of the first plan), one, other. cells: cell, today, one, other, where the two differ; a
    cell that a plan says nothing of stays where it is. beats: beat and each of FIGURES with _one and _other."""

    one: Sitting
    other: Sitting
    totals: pd.DataFrame
    cells: pd.DataFrame
    beats: pd.DataFrame


def compare(conn: Connection, boards: Boards, view: View, code: str, other: str) -> Comparison:
    """Two plans by their codes. Raises NotFound for one that is not there."""
    sides = [boards.sit(conn, view, each) for each in (code, other)]
    costs = [cost_of(sitting) for sitting in sides]
    lines = {"today": _flat(total_row(costs[0].before)), "one": _flat(total_row(costs[0].after))}
    table = pd.DataFrame(lines | {"other": _flat(total_row(costs[1].after))}).rename_axis("figure").reset_index()
    one, two = (_beats(cost, side) for cost, side in zip(costs, ("one", "other"), strict=True))
    joined = one.join(two, how="outer").rename_axis("beat").reset_index()
    return Comparison(sides[0], sides[1], table, _cells(sides[0], sides[1]), joined)


def _beats(cost: Cost, side: str) -> pd.DataFrame:
    after = cost.beats.set_index("beat")[[f"{name}_after" for name in FIGURES]]
    return after.set_axis([f"{name}_{side}" for name in FIGURES], axis=1)


def _cells(one: Sitting, other: Sitting) -> pd.DataFrame:
    today = {**other.draft.base, **one.draft.base}
    rows: list[tuple[Any, ...]] = []
    for cell, held in sorted(today.items()):
        sides = [each.draft.assignment.get(cell, held) for each in (one, other)]
        if sides[0] != sides[1]:
            rows.append((cell, held, *sides))
    return pd.DataFrame(rows, columns=["cell", "today", "one", "other"])


def _flat(line: dict[str, Any]) -> pd.Series:
    goes = {f"moved_{name}": value for name, value in line.pop("goes").items()}
    return pd.Series(line | goes, dtype="float64")
