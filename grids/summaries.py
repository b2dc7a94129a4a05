"""The state of hundreds of thousands of matters at once: `casework.replay` written with whole columns."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from grids.diversions import PASSED_ON
from grids.levels import LEVELS
from grids.step_columns import KIND, NEVER, TAKES_LEAD, Ints, StepColumns, read_steps
from grids.steps import OFFERS, UNSETTLES, WITHDRAWS

REVISIT_DAYS = 14  # 化解后 14 日内回访
_REVISIT_US = REVISIT_DAYS * 86_400 * 1_000_000


@dataclass(frozen=True)
class Summary:
    """The derived state of many matters.

    `matters`: index matter (sorted); reached_cell … reached_city, severity_at, closed_at (of the closure that
    stands), last_at, settled_at, revisit_due_at, supervised_at as datetime64[us, UTC] or NaT; lead_level, lead_unit,
    offered_level, offered_unit str or missing; severity_initial, severity_now, severity, steps int64; grade_asked,
    satisfaction Int64. `closures`: matter, closed_at, reopened_at in order of matter and time. `parts`:
    matter, unit (code), part: "lead", "offered", or "kept" for those that led before or passed it on.
    """

    matters: pd.DataFrame
    closures: pd.DataFrame
    parts: pd.DataFrame


def summarise(frame: pd.DataFrame) -> Summary:
    """The state of every matter in `frame`, equal to `casework.replay` of its steps; rows in any order.

    `frame`: matter, at (aware), no, kind, level (or null), severity (or null), initial (default grade, the
    same in every row of a matter); optional: unit, to (codes of units or null), satisfaction (1..5 or null). A row
    whose kind is null says that the matter exists and adds no step, as a left join of matters to steps yields it.
    Raises InputError naming the first matter whose step cannot be read.
    """
    index, initial, steps, units = read_steps(frame)
    closures = _closures(steps.where(np.isin(steps.kind, [KIND["close"], KIND["reopen"]])))
    matters = _matters(steps, initial, closures, index)
    matters = pd.concat([matters, _travelled(steps, units, len(index)).set_index(index)], axis=1)
    return Summary(matters, _closure_frame(closures, index), _parts(steps, units, matters))


def _matters(steps: StepColumns, initial: Ints, closures: tuple[Ints, Ints, Ints], index: pd.Index) -> pd.DataFrame:
    n = len(index)
    leads = steps.where(TAKES_LEAD[steps.kind])
    grades = steps.where(steps.kind == KIND["grade"])
    reached = [_first(leads.where(leads.level == code), n) for code in range(len(LEVELS))]
    fixed = _fix_moment(reached, _first(grades, n), _first(steps.where(steps.kind == KIND["close"]), n))
    counted = grades.where(grades.at <= fixed[grades.matter])
    matter, closed, reopened = closures
    stands = reopened == NEVER
    columns = {f"reached_{level}": _times(at) for level, at in zip(LEVELS, reached, strict=True)}
    columns["lead_level"] = _level_names(_last(leads.matter, leads.level, np.full(n, -1)))
    columns["severity_initial"] = pd.Series(initial)
    columns["severity_now"] = pd.Series(_last(grades.matter, grades.severity, initial))
    columns["severity"] = pd.Series(_last(counted.matter, counted.severity, initial))
    columns["severity_at"] = _times(fixed)
    columns["closed_at"] = _times(_last(matter[stands], closed[stands], np.full(n, NEVER)))
    columns["last_at"] = _times(_last(steps.matter, steps.at, np.full(n, NEVER)))
    columns["steps"] = pd.Series(np.bincount(steps.matter, minlength=n).astype(np.int64))
    return pd.DataFrame(columns).set_index(index)


def _travelled(steps: StepColumns, units: pd.Index, n: int) -> pd.DataFrame:
    """Lead, offer, asked grade, settling, supervision and satisfaction: each told by the last step of some kinds."""
    leads = steps.where(TAKES_LEAD[steps.kind])
    offer = _telling(steps, OFFERS | WITHDRAWS, OFFERS)
    asked = _telling(steps, {"grade_ask", "grade", "grade_refuse"}, {"grade_ask"})
    settled = _telling(steps, {"settle", *UNSETTLES}, {"settle"})
    due = _telling(steps, {"settle", "revisit", *UNSETTLES}, {"settle"})
    supervised = _telling(steps, {"supervise"}, {"supervise"})
    content = steps.where(steps.satisfaction > 0)
    none, nothing, never = np.full(n, -1), np.zeros(n, np.int64), np.full(n, NEVER)
    return pd.DataFrame(
        {
            "lead_unit": _names(units, _last(leads.matter, leads.unit, none)),
            "offered_level": _level_names(_last(offer.matter, offer.level, none)),
            "offered_unit": _names(units, _last(offer.matter, offer.to, none)),
            "grade_asked": _or_missing(_last(asked.matter, asked.severity, nothing)),
            "settled_at": _times(_last(settled.matter, settled.at, never)),
            "revisit_due_at": _times(_last(due.matter, due.at + _REVISIT_US, never)),
            "supervised_at": _times(_last(supervised.matter, supervised.at, never)),
            "satisfaction": _or_missing(_last(content.matter, content.satisfaction, nothing)),
        }
    )


def _parts(steps: StepColumns, units: pd.Index, matters: pd.DataFrame) -> pd.DataFrame:
    """Which units have a part by holding the lead, being offered it, or having had it."""
    passed = np.isin(steps.kind, [KIND[kind] for kind in PASSED_ON])
    had = steps.where((TAKES_LEAD[steps.kind] | passed) & (steps.unit >= 0))
    named = pd.DataFrame({"matter": matters.index[had.matter], "unit": _names(units, had.unit)}).drop_duplicates()
    kept = named[named["unit"].ne(named["matter"].map(matters["lead_unit"])).to_numpy(bool, na_value=True)]
    told = [kept.assign(part="kept")]
    for column, part in (("lead_unit", "lead"), ("offered_unit", "offered")):
        unit = matters[column].dropna()
        told.append(pd.DataFrame({"matter": unit.index, "unit": unit.to_numpy(), "part": part}))
    return pd.concat(told, ignore_index=True)


def _telling(steps: StepColumns, kinds: Collection[str], telling: Collection[str]) -> StepColumns:
    """Of each matter the last step among `kinds`, where it is one of those that tell something."""
    chosen = steps.where(np.isin(steps.kind, [KIND[kind] for kind in kinds]))
    is_last = np.ones(len(chosen.matter), dtype=bool)
    is_last[:-1] = chosen.matter[1:] != chosen.matter[:-1]
    return chosen.where(is_last & np.isin(chosen.kind, [KIND[kind] for kind in telling]))


def _names(units: pd.Index, codes: Ints) -> pd.Series:
    return pd.Series(np.array([*units, None], dtype=object)[codes], dtype="str")


def _or_missing(values: Ints) -> pd.Series:
    return pd.Series(values).astype("Int64").where(values > 0)


def _fix_moment(reached: Sequence[Ints], graded: Ints, closed: Ints) -> Ints:
    """When each grade was fixed: the lead left the cell with a grade approved, or else the first closing."""
    left = np.minimum.reduce([at for level, at in zip(LEVELS, reached, strict=True) if level != "cell"])
    return np.minimum(np.where(graded <= left, left, NEVER), closed)


def _closures(steps: StepColumns) -> tuple[Ints, Ints, Ints]:
    """(matter, closed, reopened) of every closing, from the close and reopen steps alone.

    Whether a matter is closed before such a step depends only on the kind of the one before it, so a step
    counts where its kind differs from that one's; a matter starts open. What counts then alternates.
    """
    closing = steps.kind == KIND["close"]
    follows = np.zeros(len(closing), dtype=bool)
    follows[1:] = steps.matter[1:] == steps.matter[:-1]
    was_closed = follows & np.roll(closing, 1)
    counted = steps.where(closing != was_closed)
    reopened = np.full(len(counted.at), NEVER)
    paired = counted.matter[1:] == counted.matter[:-1]
    reopened[:-1][paired] = counted.at[1:][paired]
    closes = counted.kind == KIND["close"]
    return counted.matter[closes], counted.at[closes], reopened[closes]


def _closure_frame(closures: tuple[Ints, Ints, Ints], index: pd.Index) -> pd.DataFrame:
    matter, closed, reopened = closures
    return pd.DataFrame({"matter": index[matter], "closed_at": _times(closed), "reopened_at": _times(reopened)})


def _first(steps: StepColumns, n: int) -> Ints:
    """The time of each matter's first step among `steps`, or never."""
    return _last(steps.matter[::-1], steps.at[::-1], np.full(n, NEVER))


def _last(matter: Ints, values: Ints, default: Ints) -> Ints:
    """For each matter the last of its `values`, else its default: of repeated indices the last wins."""
    result = default.astype(np.int64, copy=True)
    result[matter] = values
    return result


def _times(at: Ints) -> pd.Series:
    nat = np.iinfo(np.int64).min
    return pd.Series(np.where(at == NEVER, nat, at).view("datetime64[us]")).dt.tz_localize("UTC")


def _level_names(codes: Ints) -> pd.Series:
    return pd.Series(np.array([*LEVELS, None], dtype=object)[codes], dtype="str")
