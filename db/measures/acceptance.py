"""How long diverted matters wait to be taken, and why units send them back."""

from datetime import datetime

import numpy as np
import pandas as pd
from sqlalchemy import Connection, func, select

from db.bulk import frame_of
from db.facts import Filter
from db.measures.diversions import lines_of
from db.measures.question import Boundaries, Question
from db.readmodel import View
from db.readmodel.columns import Array
from db.tables import Step

WITHIN_H = (1, 4, 8, 24, 72)  # an answer within the hour, half a day's work, a working day, a day, three days
US_AN_HOUR = 3_600_000_000
SLOW = 0.9


def acceptance(
    conn: Connection, view: View, flt: Filter, *, by: str | None = "to_unit", as_of: datetime | None = None,
    boundaries: Boundaries = "then",
) -> pd.DataFrame:  # fmt: skip
    """key, label, diverted, diverted_accepted, within_1 … within_72, later, median_h, slow_h.

    Lines sent in the period; within_N: accepted within N hours and not within the step before it. median_h, slow_h: the
    middle and the ninth tenth of the hours that accepted lines waited, NaN where none was.
    """
    asked = Question(conn, view, flt, by, as_of, boundaries=boundaries)
    counted = lines_of(asked)
    hours, accepted = _hours(asked, counted.rows["sent"], counted.rows["accepted"])
    edges = (0, *WITHIN_H, np.inf)
    names = [*(f"within_{end}" for end in WITHIN_H), "later"]
    steps = zip(names, edges, edges[1:], strict=False)
    flags = {name: accepted & (hours > low if low else hours >= 0) & (hours <= high) for name, low, high in steps}
    kept = {name: counted.flags[name] for name in ("diverted", "diverted_accepted")}
    found = counted.rows.table(kept | flags)
    return found.join(_spread(found["key"], counted.rows.key, counted.rows.names, hours, accepted))


def _hours(asked: Question, sent: Array, accepted: Array) -> tuple[Array, Array]:
    """How long each line waited, and whether it had been accepted when judged."""
    taken = accepted <= asked.looked
    waited = np.where(taken, accepted.astype(np.int64) - sent.astype(np.int64), 0)
    return waited * asked.view.about.ticks.us / US_AN_HOUR, taken


def _spread(
    keys: pd.Series, key: Array, names: list[tuple[object, object]], hours: Array, taken: Array
) -> pd.DataFrame:
    waited = pd.Series(hours[taken]).groupby(key[taken])
    place = {each: n for n, (each, _label) in enumerate(names)}
    spread = {"median_h": waited.median(), "slow_h": waited.quantile(SLOW)}
    told = [place[None if each != each else each] for each in keys]
    return pd.DataFrame({name: list(found.reindex(told)) for name, found in spread.items()}, index=keys.index)


def bounce_reasons(
    conn: Connection, view: View, flt: Filter, *, as_of: datetime | None = None, boundaries: Boundaries = "then"
) -> pd.DataFrame:
    """reason, bounced: lines sent in the period that came back, by the words of whoever sent them back; most first.

    reason None: nothing was written. The words are free text: show them to who may see cases.
    """
    asked = Question(conn, view, flt, as_of=as_of, boundaries=boundaries)
    lines = lines_of(asked).where(["diverted_bounced"])
    ids = np.unique(view.rows("matter")["id"][lines["matter_row"]])
    query = (
        select(Step.result.label("reason"), func.count().label("bounced"))
        .where(Step.matter_id.in_([int(each) for each in ids]), Step.kind == "divert_bounce")
        .where(Step.at >= flt.start, Step.at <= (as_of or flt.end))
        .group_by(Step.result)
        .order_by(func.count().desc(), Step.result)
    )
    return frame_of(conn, query)
