"""Tables of change between periods, of months, and of panels."""

import pandas as pd

from dashboard.reporting.measured import Reading
from db.measures.figures import COUNTS
from grids.scorecards.panels import panel


def change_table(told: Reading, code: str, by: str | None, against: tuple[str, ...]) -> pd.DataFrame:
    """The columns of db.measures.change.change: counts or shares of both periods with z and verdict."""

    def ask(by: str | None) -> pd.DataFrame:
        options = {"policy": told.policy, "boundaries": told.boundaries, "against": against}
        found = told.measure("change", code=code, by=by, **options)
        return found if code in COUNTS else found.assign(rest=found["n_before"] - found["k_before"])

    if code in COUNTS:
        return told.hidden(ask, by, ("now", "now"), ("before",), ("against",))
    found = told.hidden(ask, by, ("k_now", "n_now"), ("k_before", "n_before", "rest"), ("against",))
    return found.drop(columns="rest")


def trend_table(told: Reading, code: str, by: str | None) -> pd.DataFrame:
    """The columns of db.measures.change.trend: the figure month by month."""

    def ask(by: str | None) -> pd.DataFrame:
        options = {"policy": told.policy, "boundaries": told.boundaries, "as_of": told.as_of}
        return told.measure("trend", code=code, by=by, **options)

    counts = ("count", "count") if code in COUNTS else ("numerator", "denominator")
    return told.hidden(ask, by, counts, within=("month",))


def panel_table(told: Reading, code: str, against: str) -> pd.DataFrame:
    """measure, name, numerators and denominators of both periods, now, before, z, wanted, direction, reached."""
    found = told.measure("two down, one up", code=code, against=against).reset_index()
    found.insert(1, "name", [line.name.zh for line in panel(code).lines])
    return found
