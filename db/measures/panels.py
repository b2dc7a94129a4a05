"""两降一升 and 三降一升: what their lines need, counted for a period and the one it is held against."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from db.facts import Filter
from db.measures.exposure import person_days, residents
from db.measures.figures import figure
from db.measures.periods import length, other, reaches_back_to
from db.measures.question import Question
from db.readmodel import View
from grids.scorecards.panels import judge_panel, panel


def panels(
    conn: Connection, view: View, flt: Filter, code: str = "2down1up", *, against: str = "previous"
) -> pd.DataFrame:
    """One row a line of the panel (index measure), as grids.scorecards.panels.judge_panel tells it.

    Each period is judged at its own end; boundaries are as they were. A rate over a time that the record does not
    reach back to is unknown.
    """
    chosen = panel(code)
    periods = {"now": flt, "before": other(flt, view.about.zone, against)}
    rows = []
    for line in chosen.lines:
        row: dict[str, object] = {"measure": line.measure}
        for when, each in periods.items():
            numerator, denominator = LINES[line.measure](Question(conn, view, each))
            row |= {f"{when}_numerator": numerator, f"{when}_denominator": denominator}
        rows.append(row)
    return judge_panel(chosen, pd.DataFrame(rows))


def _repeat_rate(asked: Question) -> tuple[float, float]:
    return _share(asked, "repeat")


def _efficiency(asked: Question) -> tuple[float, float]:
    return _share(asked, "on_time")


def _incident_rate(asked: Question) -> tuple[float, float]:
    reports = float(figure(asked, "reports")["count"].sum())
    days = length(asked.flt) if asked.flt.start >= reaches_back_to(asked.view) else 0.0
    return reports, residents(asked.conn, asked.flt) * days


def _load_per_head(asked: Question) -> tuple[float, float]:
    """Matters on which somebody began to work in the period, and person-days on duty."""
    charge = asked.ask("charge")
    return float(len(np.unique(charge["matter_row"]))), person_days(asked.conn, asked.flt, asked.view.about.zone)


def _share(asked: Question, code: str) -> tuple[float, float]:
    found = figure(asked, code).iloc[0]
    return float(found["numerator"]), float(found["denominator"])


LINES: Mapping[str, Callable[[Question], tuple[float, float]]] = MappingProxyType(
    {
        "repeat_rate": _repeat_rate,
        "incident_rate": _incident_rate,
        "load_per_head": _load_per_head,
        "efficiency": _efficiency,
    }
)
