"""How often the same thing was reported: the chains of reports about one matter."""

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from db.facts import Filter
from db.measures.counted import Counted, every
from db.measures.question import Boundaries, Question
from db.readmodel import View
from db.readmodel.columns import DUPLICATE, FIRST, REPEAT
from grids.containment import with_shares

LONGEST = 5  # and more


def chains(
    conn: Connection, view: View, flt: Filter, *, by: str | None = None, boundaries: Boundaries = "then"
) -> pd.DataFrame:
    """key, label, reports, numerator, denominator, share, low, high: of the matters opened in the period, how many
    have 1, 2, 3, 4, or LONGEST and more reports (in the whole record).
    """
    counts = chains_of(Question(conn, view, flt, by, boundaries=boundaries)).table()
    long = counts.melt(["key", "label"], var_name="reports", value_name="numerator").astype({"reports": "int64"})
    long["denominator"] = long.groupby(["key", "label"], dropna=False, sort=False)["numerator"].transform("sum")
    shares = with_shares(
        pd.DataFrame({"contained": long["numerator"], "escaped": long["denominator"] - long["numerator"]})
    )
    told = long.join(shares[["share", "low", "high"]])
    return told.sort_values(["key", "reports"], kind="stable", ignore_index=True, na_position="last")


def reports(
    conn: Connection, view: View, flt: Filter, *, by: str | None = None, boundaries: Boundaries = "then"
) -> pd.DataFrame:
    """key, label, reports, first, duplicates, repeats: the reports of the period by what they were to their matter."""
    return reports_of(Question(conn, view, flt, by, boundaries=boundaries)).table()


def chains_of(asked: Question) -> Counted:
    """The matters of the period, flagged "1" … "5" by how many reports they have."""
    matters = asked.ask("matter")
    length = np.minimum(matters["reports"].astype(np.int64), LONGEST)
    return Counted(matters, {f"{n}": length == n for n in range(1, LONGEST + 1)})


def reports_of(asked: Question) -> Counted:
    """The reports of the period, flagged by what they were to their matter."""
    found = asked.ask("report")
    kind = found["kind"]
    flags = {"reports": every(found), "first": kind == FIRST}
    return Counted(found, flags | {"duplicates": kind == DUPLICATE, "repeats": kind == REPEAT})
