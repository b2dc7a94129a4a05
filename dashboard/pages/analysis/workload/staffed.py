"""Whether the people are there: gaps at the period's end, and the team shapes of places."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
from dash import html

from dashboard.pages.analysis.asking import Asking
from dashboard.pages.analysis.panel import Drawn
from dashboard.reading.records import rows
from dashboard.reporting.work import gaps_table, staffing_table
from db.measures.staffing import GAPS

WORDS: Mapping[str, str] = {
    "beats_without_lead": "警格无牵头人", "cells_without_worker": "网格无网格员",
    "beats_with_nobody_on": "警格无人在岗", "away_without_cover": "请假无人顶班",
}  # fmt: skip
PEOPLE = "away_without_cover"
ANY = "any"


def gaps(told: Asking) -> Drawn:
    """How many gaps of each kind, and where; people on leave are counted, not named, without the right to staff."""
    say, found = told.say, gaps_table(told)
    kinds = {GAPS[code]: code for code in GAPS}
    found = found.assign(code=found["gap"].map(kinds))
    found["gap"] = [say(WORDS[code]) for code in found["code"]]
    if not told.desk.who().may("people"):
        found["key"] = found["key"].mask(found["code"] == PEOPLE, "–")
    found["label"] = [_name(told, row.code, row.key) for row in rows(found)]
    counted = found["code"].value_counts()
    tiles = [
        html.Div([html.B(f"{counted.get(code, 0):,}"), html.Span(say(WORDS[code]))], className="gap-tile")
        for code in GAPS
    ]
    columns = {"gap": say("缺口"), "label": say("哪里"), "station": say("派出所编码")}
    return Drawn(html.Div(tiles, className="gap-tiles"), found, columns)


def _name(told: Asking, code: str, key: str) -> str:
    kind = "cell" if code == "cells_without_worker" else "beat"
    return key if code == PEOPLE else told.facts.name(f"{kind}:{key}")


def shapes(told: Asking) -> Drawn:
    """One row a place and team shape: those that lack most first."""
    say, shape = told.say, told.asked.chosen("shape")
    found = staffing_table(told, None if shape == ANY else shape)
    found = found.sort_values(["vacant", "minutes_per_head"], ascending=False, ignore_index=True)
    found = found.assign(label=[_label(told, row) for row in rows(found)])
    columns = {
        "label": say("名称"), "shape": say("编成"), "needed": say("应有"), "there": say("现有"), "vacant": say("缺"),
        "people": say("总人数"), "residents_per_head": say("人均居民"), "minutes_per_head": say("人均分钟"),
    }  # fmt: skip
    if not len(found):
        return Drawn(None, found, columns)
    full = int((found["vacant"] <= 0).sum())
    note = say("{full} / {n} 处配齐", full=f"{full:,}", n=f"{len(found):,}")
    return Drawn(None, found, columns, notes=(note,))


def _label(told: Asking, row: Any) -> str:
    return "–" if pd.isna(row.key) else told.facts.name(f"{row.kind}:{row.key}")
