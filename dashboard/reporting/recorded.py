"""Reports counted in the record itself: containment and workload in shares, which the read model does not know."""

from datetime import datetime

import pandas as pd

from dashboard.components.severity import word
from dashboard.reading.desk import Desk
from dashboard.reading.view import View

CONTAINMENT = ["key", "label", "contained", "decided", "share", "low", "high", "escaped", "pending"]
WORKLOAD = ["key", "label", "matters", "minutes", "available", "staff", "load", "flag"]


def containment_report(desk: Desk, view: View, by: str | None, as_of: datetime | None) -> pd.DataFrame:
    """[key, label, contained, decided, share, low, high, escaped, pending], one row a `by`."""
    return named(desk.containment(view, by, as_of), by)[CONTAINMENT]


def workload_report(desk: Desk, view: View, by: str) -> pd.DataFrame:
    """[key, label, matters, minutes, available, staff, load, flag], one row a `by`."""
    return named(desk.workload(view, by), by)[WORKLOAD]


def named(frame: pd.DataFrame, by: str | None) -> pd.DataFrame:
    """Grades under their names; what lies in no cell says so."""
    label = frame["key"].map(lambda grade: word(int(grade), "zh")) if by == "severity" else frame["label"]
    nowhere = frame["key"].isna()
    return frame.assign(label=label.astype(object).mask(nowhere, "未落格" if by else "全部"))
