"""The measures: each counts what its formula in `grids` needs, from a view of the read model.

MEASURES names them all. Each is called as f(conn, view, flt, **options) and returns a table: conn is a reading
transaction of who acts, for what the model does not hold; view comes from `db.readmodel.scoped`; flt says which facts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from types import MappingProxyType
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from db.facts import Filter
from db.readmodel import View


@dataclass(frozen=True)
class Measure:
    """A function by its module and name, read when it is first called; options: what it is asked by default."""

    module: str
    function: str
    options: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def __call__(self, conn: Connection, view: View, flt: Filter, **options: Any) -> pd.DataFrame:
        """The table of the measure; its options are those of the function."""
        function = getattr(import_module(f"db.measures.{self.module}"), self.function)
        found: pd.DataFrame = function(conn, view, flt, **{**self.options, **options})
        return found


MEASURES: Mapping[str, Measure] = MappingProxyType(
    {
        "containment": Measure("containment", "containment"),
        "containment of a cohort": Measure("containment", "containment", {"dating": "cohort"}),
        "three policies": Measure("containment", "side_by_side"),
        "outcomes": Measure("outcomes", "outcomes"),
        "flow": Measure("travel", "flow"),
        "regrades": Measure("travel", "regrades"),
        "diversions": Measure("diversions", "diversions"),
        "acceptance": Measure("acceptance", "acceptance"),
        "bounce reasons": Measure("acceptance", "bounce_reasons"),
        "reports": Measure("repeats", "reports"),
        "chains": Measure("repeats", "chains"),
        "one community": Measure("outcomes", "outcome_counts", {"code": "one_community"}),
        "change": Measure("change", "change"),
        "trend": Measure("change", "trend"),
        "two down, one up": Measure("panels", "panels"),
        "three down, one up": Measure("panels", "panels", {"code": "3down1up"}),
        "workload": Measure("workload", "workload"),
        "workload by month": Measure("workload", "monthly"),
        "load of people": Measure("load", "load_of_people"),
        "fairness over beats": Measure("fairness", "fairness_of_stations", {"over": "beat"}),
        "fairness over people": Measure("fairness", "fairness_of_stations", {"over": "officer"}),
        "staffing": Measure("staffing", "staffing"),
        "staffing gaps": Measure("staffing", "staffing_gaps"),
        "clock": Measure("clock", "clock"),
        "hot cells": Measure("hotspots", "hot_spots"),
        "surface": Measure("hotspots", "surface"),
        "peaks": Measure("hotspots", "surface_peaks"),
        "repeat addresses": Measure("addresses", "repeat_addresses"),
        "pareto of addresses": Measure("addresses", "pareto"),
        "near repeats": Measure("near_repeat", "near_repeat"),
        "expected today": Measure("expected", "expected_today"),
        "expected by hour": Measure("expected", "expected_hours"),
        "standing": Measure("standing", "standing"),
        "longest overdue": Measure("standing", "longest_overdue"),
        "escapes": Measure("standing", "escapes"),
        "revisits due": Measure("standing", "revisits_due"),
        "scorecard": Measure("scorecards", "scorecards"),
        "scorecard lines": Measure("scorecards", "scorecard_lines"),
    }
)
