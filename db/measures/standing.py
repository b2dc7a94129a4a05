"""How matters stand now: open, overdue and for how long, what escaped, which revisits fall due."""

from datetime import timedelta

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from db.facts import Filter
from db.measures.instants import times
from db.measures.question import Question
from db.readmodel.asking import Asked, ask, one_name_a_key, places_of
from db.readmodel.columns import BAD_REVISIT, GOOD_REVISIT, Array
from db.readmodel.scope import View
from grids.levels import LEVELS
from grids.outcomes.followups import REVISIT_DAYS, following
from grids.policies import POLICIES, Policy
from grids.step_columns import NEVER

LATE_DAYS = (1, 3, 7)
SOON = timedelta(hours=24)
STANDING = ["key", "label", "opened", "closed", "open", "overdue", "due_soon", *(f"late_{n}" for n in LATE_DAYS)]
LATEST = ["severity", "category", "station", "late_days"]
ESCAPES = ["at", "severity", "category", "level", "station"]


def standing(conn: Connection, view: View, flt: Filter, *, by: str | None = None) -> pd.DataFrame:
    """STANDING: matters opened and closed in the period; and at its end those open, past their deadline, due in SOON.

    late_n: of the overdue those that are so for more than n days.
    """
    asked = Question(conn, view, flt, by)
    opened, still = ask(view, "matter", flt, by=by), _open(asked)
    ended = ask(view, "matter", flt, by=by, at=None)
    since = asked.view.about.ticks.first_from(flt.start)
    shut = asked.standing()[ended.rows]
    counts = [
        opened.table({"opened": np.ones(len(opened), np.bool_)}),
        ended.table({"closed": (shut >= since) & (shut <= asked.looked)}),
        still.table({"open": np.ones(len(still), np.bool_), **_lateness(asked, still)}),
    ]
    found = counts[0]
    for each in counts[1:]:
        found = found.merge(each.drop(columns="label"), on="key", how="outer")
    labels = {key: label for frame in counts for key, label in zip(frame["key"], frame["label"], strict=True)}
    found = found.assign(label=pd.Series([labels.get(key) for key in found["key"]], dtype=object))
    return found.fillna(dict.fromkeys(STANDING[2:], 0)).astype(dict.fromkeys(STANDING[2:], "int64"))[STANDING]


def longest_overdue(conn: Connection, view: View, flt: Filter, *, most: int = 8) -> pd.DataFrame:
    """LATEST: the open matters that are overdue longest at the period's end; late_days: how long, in days."""
    asked = Question(conn, view, flt)
    late = _open(asked)
    late = late.where(late["due"] <= asked.looked)
    late = late.where(_first(-late["due"].astype(np.int64), most))
    days = (asked.looked - late["due"].astype(np.int64)) * view.about.ticks.us / 86_400_000_000
    told = {"severity": (late["grades"] >> 2) & 3, "category": _category(late), "station": _station(asked, late)}
    return pd.DataFrame({**told, "late_days": days})[LATEST].sort_values(
        "late_days", ascending=False, ignore_index=True
    )


def escapes(
    conn: Connection, view: View, flt: Filter, *, policy: Policy = POLICIES["QD"], most: int | None = None
) -> pd.DataFrame:
    """ESCAPES: matters that rose above the ceiling of their grade in the period, newest first.

    level: the highest at which the lead was held by the period's end.
    """
    asked = Question(conn, view, flt, policy=policy)
    matters = ask(view, "matter", flt, at=None)
    matters = matters.where(asked.contains(matters["category"]) & (matters["opened"] <= asked.looked))
    crossed = asked.first_beyond(matters.rows, policy.ceilings)
    inside = (crossed >= view.about.ticks.first_from(flt.start)) & (crossed <= asked.looked)
    matters, crossed = matters.where(inside), crossed[inside].astype(np.int64)
    newest = _first(crossed, most or len(crossed))
    matters, crossed = matters.where(newest), crossed[newest]
    reached = asked.reached(matters.rows) < NEVER
    top = reached.shape[1] - 1 - np.argmax(reached[:, ::-1], axis=1) if len(matters) else np.empty(0, np.int64)
    told = {"at": times(crossed, view.about.ticks), "severity": (matters["grades"] >> 2) & 3}
    told |= {
        "category": _category(matters),
        "level": np.array(LEVELS, object)[top],
        "station": _station(asked, matters),
    }
    return pd.DataFrame(told)[ESCAPES].sort_values("at", ascending=False, ignore_index=True)


def revisits_due(
    conn: Connection, view: View, flt: Filter, *, by: str | None = None, soon_days: int = 3
) -> pd.DataFrame:
    """key, label, waiting, soon, missed: closings that stand at the period's end and nobody has asked about yet.

    waiting: their term of REVISIT_DAYS still runs; soon: of these it ends within `soon_days`; missed: it ended within
    the last REVISIT_DAYS.
    """
    asked, term = Question(conn, view, flt, by), timedelta(days=REVISIT_DAYS)
    closings = ask(view, "closing", flt, by=by, at=None)
    closed = closings["closed"].astype(np.int64)
    since = asked.looked - 2 * asked.ticks_of(term)
    closings = closings.where((closed > since) & (closed <= asked.looked) & (closings["reopened"] > asked.looked))
    closed = closings["closed"].astype(np.int64)
    end = closed + asked.ticks_of(term)
    unasked = _first_revisit(view, closings, closed) > asked.looked
    waiting, soon = end > asked.looked, end <= asked.looked + asked.ticks_of(timedelta(days=soon_days))
    return closings.table(
        {"waiting": unasked & waiting, "soon": unasked & waiting & soon, "missed": unasked & ~waiting}
    )


def _open(asked: Question) -> Asked:
    """Matters opened by the period's end, whenever, that do not stand closed then."""
    matters = ask(asked.view, "matter", asked.flt, by=asked.by, at=None)
    shut = asked.standing()[matters.rows]
    return matters.where((matters["opened"] <= asked.looked) & (shut > asked.looked))


def _lateness(asked: Question, matters: Asked) -> dict[str, Array]:
    due = matters["due"].astype(np.int64)
    late = due <= asked.looked
    ages = {f"late_{n}": due <= asked.looked - asked.ticks_of(timedelta(days=n)) for n in LATE_DAYS}
    return {"overdue": late, "due_soon": ~late & (due <= asked.looked + asked.ticks_of(SOON))} | ages


def _first_revisit(view: View, closings: Asked, closed: Array) -> Array:
    """The first revisit after each closing (ticks), NEVER where there is none."""
    told = view.rows("followup")
    low = int(np.searchsorted(told["at"], closed.min())) if len(closed) else len(told)
    wanted = np.isin(told["kind"][low:], (GOOD_REVISIT, BAD_REVISIT))
    at, row = (told[name][low:][wanted].astype(np.int64) for name in ("at", "matter_row"))
    if not len(at):
        return np.full(len(closed), NEVER)
    return following(closings["matter_row"].astype(np.int64), closed, row, at)


def _first(values: Array, most: int) -> Array:
    """Flags of the `most` largest values."""
    flags = np.zeros(len(values), np.bool_)
    flags[np.argsort(-values, kind="stable")[:most]] = True
    return flags


def _category(matters: Asked) -> Array:
    names: Array = matters.view.about.words.category("name").astype(object)
    return names[matters["category"]]


def _station(asked: Question, matters: Asked) -> list[str | None]:
    places, column = places_of(asked.view, asked.flt, "then", asked.flt.end)
    codes, names = one_name_a_key(*places.named("station"))
    return [names[code][1] for code in codes[matters[column]]]
