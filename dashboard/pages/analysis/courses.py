"""A figure in steps of time: months, weeks or days, with the interval of each; of the period or of a year before it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.course import course
from dashboard.language import Say
from dashboard.pages.analysis.asking import Asking
from dashboard.pages.analysis.cutoff import cut_off
from db.facts import Filter
from db.measures.figures import COUNTS, figure
from db.measures.periods import length, other, reaches_back_to, reaches_on_to, steps
from db.measures.question import Question
from grids.containment import with_shares
from grids.suppression import suppress
from grids.trends import count_interval

COLUMNS = ["at", "words", "days", "whole", "numerator", "denominator", "value", "low", "high"]
ELEVEN_MONTHS = timedelta(days=334)  # and some days, back from a month's first
FULL_DAYS = {"month": 28, "week": 7, "day": 1}
ROUGHLY = 0.999  # of a day: an hour is lost when clocks change


def course_words(say: Say, *, shares: bool) -> dict[str, str]:
    """The columns of a course as people read them."""
    parts = {"numerator": say("分子"), "denominator": say("分母")} if shares else {}
    value = say("率") if shares else say("件数")
    return {
        "words": say("时间"),
        "value": value,
        **parts,
        "low": say("区间下限"),
        "high": say("区间上限"),
        "days": say("天数"),
    }


def year_course(told: Asking, code: str, behind: str) -> tuple[go.Figure, pd.DataFrame]:
    """The twelve months up to the period's end, drawn, and their figures; behind: the figure whose rows a dot shows."""
    end = told.flt.end.astimezone(told.zone)
    first = (end.replace(day=1, hour=0, minute=0, second=0, microsecond=0) - ELEVEN_MONTHS).replace(day=1)
    longer = replace(told, flt=replace(told.flt, start=first.astimezone(UTC)))
    found = course_of(longer, code, "month")
    return course(found, hrefs_of(longer, found, behind, "month"), told.say, told.theme), found


def hrefs_of(told: Asking, found: pd.DataFrame, behind: str, grain: str, **keys: str) -> list[str | None]:
    """Where each step of a course leads: the rows of that month, week or day."""
    return [_of_step(told, step, behind, grain, keys) for step in found.itertuples()]


def _of_step(told: Asking, step: Any, behind: str, grain: str, keys: dict[str, str]) -> str:
    """The link's own period must hold the step, which a year's course goes beyond."""
    last = step.at + {"month": pd.offsets.MonthEnd(0), "week": pd.Timedelta(days=6), "day": pd.Timedelta(0)}[grain]
    days = {"first": step.at.date(), "last": last.date(), "until": None}
    asked = replace(told.asked, period="custom", **days)
    return replace(told, asked=asked).rows(behind, **keys)


def course_of(told: Asking, code: str, grain: str, by: str | None = None) -> pd.DataFrame:
    """COLUMNS, with key and label: one row a step (and place of kind `by`), oldest first; each judged at its own end.

    at: the step's first local day. whole: it lies in the period with all its days. value: the count, or the share.
    Steps before the record begins or after it has ended are left out: of them it says nothing.
    """
    begun, ended = reaches_back_to(told.view), cut_off(told)
    cut = [(day, flt) for day, flt in steps(told.flt, str(told.zone), grain) if flt.start >= begun]
    cut = cut[: len(cut) - _after(told, grain)]
    parts = [_step(told, code, by, day, flt, grain, ended) for day, flt in cut]
    if not parts:
        return pd.DataFrame(columns=["key", "label", *COLUMNS])
    found = pd.concat(parts, ignore_index=True)
    return _valued(told, code, _quiet_too(found) if by and code in COUNTS else found)


def year_before(told: Asking, code: str, grain: str, at: Sequence[pd.Timestamp]) -> pd.DataFrame:
    """The course a year earlier, each step moved onto the step of this year that it stands beside."""
    flt = replace(told.flt, end=_known_until(told, grain))
    before = replace(told, flt=other(flt, str(told.zone), "last_year"))
    found = course_of(before, code, grain)
    found = found.head(len(found) - _after(told, grain)).tail(len(at))
    return found.assign(at=list(at)[-len(found) :] if len(found) else [])


def _known_until(told: Asking, grain: str) -> datetime:
    """The period's end, or the record's where that lies in the period's last step: a year before counts no longer."""
    last, (_, running) = reaches_on_to(told.view), list(steps(told.flt, str(told.zone), grain))[-1]
    return last if running.start < last < running.end else told.flt.end


def _after(told: Asking, grain: str) -> int:
    """How many steps of the period begin after the record has ended."""
    ended = cut_off(told)
    return sum(flt.start >= ended for _, flt in steps(told.flt, str(told.zone), grain)) if ended else 0


def _step(
    told: Asking, code: str, by: str | None, day: object, flt: Filter, grain: str, ended: datetime | None
) -> pd.DataFrame:
    asked = Question(told.conn, told.view, flt, by, told.as_of, told.policy, told.boundaries)
    found = figure(asked, code).rename(columns={"count": "numerator"})
    days = length(flt)
    at = pd.Timestamp(str(day))
    whole = days > (at.days_in_month if grain == "month" else FULL_DAYS[grain]) * ROUGHLY
    whole = whole and not (ended and flt.end > ended)
    return found.assign(at=at, words=_words(at, grain), days=round(days, 2), whole=whole)


def _quiet_too(found: pd.DataFrame) -> pd.DataFrame:
    """A step in which a place counted nothing counted 0: it has no row of its own."""
    places, times = found[["key", "label"]].drop_duplicates(), found[["at", "words", "days", "whole"]].drop_duplicates()
    every = places.merge(times, how="cross").merge(found[["key", "at", "numerator"]], on=["key", "at"], how="left")
    return every.assign(numerator=every["numerator"].fillna(0).astype("int64")).sort_values("at", kind="stable")


def _words(at: pd.Timestamp, grain: str) -> str:
    return f"{at:%Y-%m}" if grain == "month" else f"{at:%Y-%m-%d}" + ("…" if grain == "week" else "")


def _valued(told: Asking, code: str, found: pd.DataFrame) -> pd.DataFrame:
    if code in COUNTS:
        low, high = count_interval(found["numerator"])
        found = found.assign(denominator=float("nan"), value=found["numerator"].astype("float64"), low=low, high=high)
        pair = ("numerator", "numerator")
    else:
        rest = found["denominator"] - found["numerator"]
        shares = with_shares(pd.DataFrame({"contained": found["numerator"], "escaped": rest}))
        found = found.assign(value=shares["share"], low=shares["low"], high=shares["high"])
        pair = ("numerator", "denominator")
    if told.fewest is not None:
        found = suppress(found, told.fewest, pair, ("value", "low", "high")).drop(columns="suppressed")
    return found[["key", "label", *COLUMNS]]
