"""Tables of work for commands: demand and load, fairness, staffing, scorecards."""

import pandas as pd

from dashboard.reporting.measured import Reading
from dashboard.reporting.small import blank, hide
from db.measures.workload import demand
from grids.workload import with_ratios

OFFICER = "officer"
LINES = ("denominator", "value", "met", "points", "why_zh", "why_en")


def workload_table(told: Reading, by: str) -> pd.DataFrame:
    """[key, label, matters, minutes, available, staff, load, flag]; by officer the minutes of each kind too."""

    def ask(by: str | None) -> pd.DataFrame:
        return told.measure("workload", by=by, boundaries=told.boundaries)

    if by == OFFICER:
        return ask(by)
    found = told.hidden(lambda by: _whole(told) if by is None else ask(by), by, ("matters", "matters"))
    return blank(found, ("minutes", "load", "flag"))


def monthly_table(told: Reading, by: str) -> pd.DataFrame:
    """month and the columns of `workload_table`: one row a month and key."""
    found = told.measure("workload by month", by=by, boundaries=told.boundaries)
    return found if by == OFFICER else hide(found, told.fewest, "matters", ("minutes", "load", "flag"))


def fairness_table(told: Reading, over: str) -> pd.DataFrame:
    """[key, label (a station), over, n, unstaffed, mean, largest, max_over_mean, cv]."""
    return told.measure(
        f"fairness over {'people' if over == OFFICER else 'beats'}", over=over, boundaries=told.boundaries
    )


def staffing_table(told: Reading, shape: str | None) -> pd.DataFrame:
    """One row a team shape and place: people, needed, there, vacant, residents and demand for a head."""
    return told.measure("staffing", at=told.as_of, shape=shape)


def gaps_table(told: Reading) -> pd.DataFrame:
    """[station, gap, key]: beats without a lead, cells without a worker, nobody on duty, nobody standing in."""
    return told.measure("staffing gaps", at=told.as_of)


def scorecard_table(told: Reading, card: str, by: str | None) -> pd.DataFrame:
    """One row a cell or beat: points, of, percent, lines met and judged, groups earned, rank and star."""
    return told.measure("scorecard", card=card, by=by, policy=told.policy, as_of=told.as_of, boundaries=told.boundaries)


def scorecard_lines_table(told: Reading, card: str, by: str | None) -> pd.DataFrame:
    """One row a place and line, with its counts and why."""
    asked = {"policy": told.policy, "as_of": told.as_of, "boundaries": told.boundaries}
    found = told.measure("scorecard lines", card=card, by=by, **asked)
    return hide(found, told.fewest, "numerator", LINES, "rule")


def _whole(told: Reading) -> pd.DataFrame:
    found = demand(told.view, told.flt, None, boundaries=told.boundaries)
    return with_ratios(found.assign(available=float("nan"), staff=0))
