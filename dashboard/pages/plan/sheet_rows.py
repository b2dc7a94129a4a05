"""The rows of a plan's printed sheets: figures as they are read, names instead of codes."""

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from dashboard.language import Say, one_of
from dashboard.live.stamp import local
from dashboard.pages.beat.words import ROLES
from dashboard.pages.plan.sheet_maps import Maps
from dashboard.reading.records import rows
from db.planning.costs import Cost, total_row
from db.planning.sheet import Sheet
from grids.levels import LEVEL_NAMES

UNKNOWN = "–"
PARTS = (
    ("residents", "居民"), ("households", "户数"), ("key_places", "重点场所"),
    ("open_matters", "在办事项"), ("revisits_due", "待回访"),
)  # fmt: skip
PAIRS = (
    ("max_over_mean", "最大÷平均负荷", 3), ("cv", "负荷变异系数", 3), ("unstaffed", "无人警格", 0),
    ("compactness", "紧凑度（平均）", 3), ("diameter_m", "最大跨度（米）", 0),
    ("travel_minutes", "平均路程（分钟）", 1),
)  # fmt: skip
Row = dict[str, Any]


def pairs_of(cost: Cost, say: Say) -> list[Row]:
    """Figures of the whole plan before and after."""
    before, after = total_row(cost.before), total_row(cost.after)
    return [
        {"name": say(title), "before": number(before.get(name), digits), "after": number(after.get(name), digits)}
        for name, title, digits in PAIRS
    ]


def replayed(containment: pd.DataFrame, say: Say) -> list[Row]:
    """The year's containment before and under the plan, each share with its counts."""
    found = []
    for row in containment.to_dict("records"):
        sides = {side: _share(row[f"contained_{side}"], row[f"decided_{side}"]) for side in ("before", "after")}
        found.append({"name": say("过去一年按此方案的化解率"), **sides})
    return found


def _share(k: float, n: float) -> str:
    return f"{k / n:.1%} ({k:,.0f}/{n:,.0f})" if n else "–"


def parts_of(sheet: Sheet, say: Say) -> list[Row]:
    """What moves, out of how much there is."""
    after, land = sheet.cost.after, sheet.sitting.board.land
    told = [(say("网格"), float(after.moved), float(len(land.demand)))]
    told.append((say("工作量（小时）"), after.moved_minutes / 60, float(land.demand.sum()) / 60))
    told += [(say(title), after.goes.get(name, 0.0), float(land.counts[name].sum())) for name, title in PARTS]
    found = [{"name": name, "k": number(k), "of": f"{k / n:.1%} / {n:,.0f}" if n else "–"} for name, k, n in told]
    return [*found, {"name": say("换警格的专职人员"), "k": number(len(sheet.cost.ties)), "of": "–"}]


def beats_of(cost: Cost, drawn: Maps, say: Say) -> list[Row]:
    """Beats that give or take a cell, with their number on the maps."""
    found = []
    for row in cost.beats[cost.beats["changed"]].to_dict("records"):
        hours = [number(row[f"{name}_after"] / 60) for name in ("expected", "low", "high")]
        found.append({
            "no": drawn.labels.get(row["beat"], ""), "name": row["name"], "lead": row["lead"] or say("无警格长"),
            "cells": _pair(row, "cells"), "residents": _pair(row, "residents"), "fair": _pair(row, "fair", 2),
            "next": f"{hours[0]} ({hours[1]}–{hours[2]})" if hours[0] != UNKNOWN else UNKNOWN,
        })  # fmt: skip
    return found


def _pair(row: Mapping[Any, Any], name: str, digits: int = 0) -> str:
    return f"{number(row[f'{name}_before'], digits)} → {number(row[f'{name}_after'], digits)}"


def reasons_of(sheet: Sheet, lang: str) -> list[Row]:
    """A row a moved cell: from, to, why."""
    names = _beat_names(sheet)
    return [
        {
            "cell": row.cell, "name": row.name, "gives": names.get(row.gives, row.gives), "by": row.by,
            "takes": names.get(row.takes, row.takes), "why": one_of(lang, row.zh, row.en), "reason": row.reason,
        }
        for row in rows(sheet.reasons)
    ]  # fmt: skip


def story_of(sheet: Sheet) -> list[str]:
    """What was said of the plan, in order."""
    told = sheet.events[
        sheet.events["note"].notna() & sheet.events["what"].isin(["comment", "submit", "approve", "return"])
    ]
    return [f"{local(row.at, sheet.zone)} {row.by}：{row.note}" for row in rows(told)]


def hands(sheet: Sheet, lang: str) -> list[Row]:
    """A part for each pair of beats: cells and matters that go from the one to the other."""
    names, lists = _beat_names(sheet), sheet.handover
    found = []
    for pair, cells in lists["cells"].groupby(["takes", "gives"]):
        takes, gives = map(str, pair)
        matters = lists["matters"]
        going = matters[(matters["takes"] == takes) & (matters["gives"] == gives)]
        first = cells.iloc[0]
        found.append({
            "takes": names.get(takes, takes), "gives": names.get(gives, gives), "giver": _known(first["giver"]),
            "taker": _known(first["taker"]), "cells": [_cell(row) for row in cells.to_dict("records")],
            "matters": [_matter(row, sheet.zone, lang) for row in going.to_dict("records")],
        })  # fmt: skip
    return found


def _known(code: object) -> str:
    return code if isinstance(code, str) else "–"


def _cell(row: dict[Any, Any]) -> Row:
    return {"cell": row["cell"], "name": row["name"], **{name: number(row.get(name)) for name, _ in PARTS}}


def _matter(row: dict[Any, Any], zone: str, lang: str) -> Row:
    due = {"due": local(row["due_at"], zone, "%m-%d %H:%M"), "revisit": local(row["revisit_due_at"], zone, "%m-%d")}
    return {name: row[name] for name in ("number", "category", "cell")} | due | {"lead": _lead(row, lang)}


def _lead(row: dict[Any, Any], lang: str) -> str:
    """Who holds the lead: a level, with the unit where it is above the beat, since there it stays."""
    level = row["lead_level"]
    if not isinstance(level, str):
        return "–"
    name = one_of(lang, LEVEL_NAMES[level].zh, LEVEL_NAMES[level].en)  # type: ignore[index]
    return f"{name} {_known(row['lead_unit'])}" if level not in ("cell", "beat") else name


def contacts(sheet: Sheet, say: Say) -> list[Row]:
    """Everybody posted to a beat that gives or takes, and whoever goes along with a cell."""
    names, told = _beat_names(sheet), sheet.handover["contacts"].drop_duplicates(["beat", "cell", "officer", "role"])
    return [
        {
            "beat": names.get(row.beat, row.beat), "officer": row.officer, "role": say(ROLES.get(row.role, row.role)),
            "cell": row.cell if isinstance(row.cell, str) else "",
        }
        for row in rows(told.sort_values(["beat", "cell"], na_position="first"))
    ]  # fmt: skip


def _beat_names(sheet: Sheet) -> dict[str, str]:
    beats = sheet.sitting.board.beats
    return dict(zip(beats["code"], beats["name"], strict=True))


def number(value: float | None, digits: int = 0) -> str:
    """A number as it is read, a dash for what is not known."""
    return UNKNOWN if value is None or math.isnan(value) else f"{value:,.{digits}f}"
