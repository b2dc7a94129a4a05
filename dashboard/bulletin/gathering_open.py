"""What a bulletin says of single matters, without anything personal: open, overdue, reported most often."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from sqlalchemy import text

from dashboard.bulletin.figures import records
from db.bulk import frame_of
from db.measures.question import Question
from db.readmodel.asking import Asked
from db.readmodel.columns import BAD_REVISIT, EPOCH, GOOD_REVISIT, Array
from geo.time_zone import time_zone
from grids.outcomes.followups import REVISIT_DAYS

if TYPE_CHECKING:
    from dashboard.bulletin.gathering import Wanted

Row = dict[str, Any]
MOST = 6
SOON = timedelta(days=7)


def counts(wanted: "Wanted") -> pd.DataFrame:
    """key, label, open, overdue, soon (due within seven days), revisit_waiting, as they stood at the end of the period.

    revisit_waiting: closed in the last fortnight, closed still, and not revisited since.
    """
    matters, told = _question(wanted, wanted.by), {}
    looked = matters.looked
    rows = matters.ask("matter", at=None)
    rows = rows.where(rows["opened"] <= looked)
    standing = matters.standing()[rows.rows]
    is_open, due = standing > looked, rows["due"].astype(np.int64)
    soon = looked + matters.ticks_of(SOON)
    told = {"open": is_open, "overdue": is_open & (due <= looked), "soon": is_open & (due > looked) & (due <= soon)}
    since = looked - matters.ticks_of(timedelta(days=REVISIT_DAYS))
    recent = (standing > since) & (standing <= looked)
    return rows.table(told | {"revisit_waiting": recent & ~_revisited(matters, rows, standing)})


def waiting(wanted: "Wanted") -> list[Row]:
    """The matters longest overdue: no, category, severity, beat, cell (only where small counts are told), due, days."""
    asked = _question(wanted, None)
    rows = asked.ask("matter", at=None)
    late = (
        (rows["opened"] <= asked.looked) & (rows["due"] <= asked.looked) & (asked.standing()[rows.rows] > asked.looked)
    )
    rows = rows.where(late)
    rows = rows.where(np.isin(np.arange(len(rows)), np.argsort(rows["due"], kind="stable")[:MOST]))
    found = _told(wanted, rows).assign(due=_days(wanted, rows["due"]))
    found["days"] = [(wanted.flt.end - at).days for at in _instants(wanted, rows["due"])]
    found = found.sort_values(["days", "no"], ascending=[False, True])
    cells = None if wanted.small else found["cell"]
    return records(found.assign(cell=cells)[["no", "category", "severity", "beat", "cell", "due", "days"]])


def chains(wanted: "Wanted") -> list[Row]:
    """The matters of which most reports came in the period: no, category, beat, reports, first, last (days), open."""
    asked = _question(wanted, None)
    reports = asked.ask("report")
    matter, first, n = np.unique(reports["matter_row"], return_index=True, return_counts=True)
    order = np.lexsort((matter, -n))[:MOST]
    order = order[n[order] > 1]
    if not len(order):
        return []
    last = np.zeros(len(matter), np.int64)
    np.maximum.at(last, np.searchsorted(matter, reports["matter_row"]), reports["at"].astype(np.int64))
    chosen = Asked(
        wanted.view, wanted.view.rows("matter"), matter[order], np.zeros(len(order), np.int64), [(None, None)]
    )
    found = _told(wanted, chosen).assign(
        reports=n[order], first=_days(wanted, reports["at"][first[order]]), last=_days(wanted, last[order]),
        open=asked.standing()[chosen.rows] > asked.looked,
    )  # fmt: skip
    return records(found[["no", "category", "beat", "reports", "first", "last", "open"]])


def _question(wanted: "Wanted", by: str | None) -> Question:
    return Question(wanted.conn, wanted.view, wanted.flt, by, policy=wanted.policy)


def _revisited(asked: Question, rows: Asked, closed: Array) -> Array:
    """Whether each matter was revisited after it was closed, as far as the judging sees."""
    told = asked.view.rows("followup")
    asks = np.isin(told["kind"], (GOOD_REVISIT, BAD_REVISIT)) & (told["at"] <= asked.looked)
    latest = np.full(len(asked.view.rows("matter")), np.iinfo(np.int64).min)
    np.maximum.at(latest, told["matter_row"][asks], told["at"][asks].astype(np.int64))
    found: Array = latest[rows.rows] > closed
    return found


def _told(wanted: "Wanted", rows: Asked) -> pd.DataFrame:
    """no, category, severity, beat, cell (names, as they were) of matters, in the order of `rows`."""
    ids = rows["id"].astype(np.int64)
    found = frame_of(wanted.conn, MATTERS, ids=ids.tolist(), at=wanted.flt.end).set_index("id")
    found = found.reindex(ids).reset_index(drop=True)
    found["severity"] = rows["grades"] >> 2 & 3
    return found.astype(object).where(found.notna(), None)


def _instants(wanted: "Wanted", ticks: Array) -> list[Any]:
    return [EPOCH + timedelta(microseconds=int(tick) * wanted.view.about.ticks.us) for tick in ticks]


def _days(wanted: "Wanted", ticks: Array) -> list[str]:
    zone = time_zone(wanted.view.about.zone)
    return [str(at.astimezone(zone).date()) for at in _instants(wanted, ticks)]


MATTERS = text("""
    SELECT m.id, i.channel || ':' || i.source_no AS no, k.name AS category, b.name AS beat, c.name AS cell
    FROM matter m
    JOIN incident i ON i.id = m.incident_id
    JOIN category k ON k.id = m.category_id
    LEFT JOIN cell c ON c.id = m.cell_id
    LEFT JOIN beat_cell bc ON bc.cell_id = m.cell_id AND bc.valid @> m.opened_at
    LEFT JOIN beat b ON b.id = bc.beat_id
    WHERE m.id = ANY(:ids)""")
