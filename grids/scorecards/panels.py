"""Panels of what should fall and what should rise (两降一升, 三降一升): data, and verdicts by an honest test."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

from geo.errors import InputError, NotFound
from grids.levels import Name
from grids.trends import count_z, direction, share_z

Kind = Literal["share", "rate"]
_COLUMNS = ["measure", "now_numerator", "now_denominator", "before_numerator", "before_denominator"]


class Line(NamedTuple):
    """One figure of a panel: a share (part of a whole) or a rate (events per exposure), and where it should go.

    `per` says how many units of the denominator the shown value is about.
    """

    measure: str
    name: Name
    kind: Kind
    wanted: Literal["down", "up"]
    numerator: Name
    denominator: Name
    per: float = 1.0


@dataclass(frozen=True)
class Panel:
    """Lines that belong together under one name."""

    code: str
    name: Name
    lines: tuple[Line, ...]


REPEATS = Line(
    "repeat_rate", Name("重复警情率", "repeat rate"), "share", "down",
    Name("重复警情", "repeat calls"), Name("全部警情", "all calls"),
)  # fmt: skip
INCIDENTS = Line(
    "incident_rate", Name("万人日均发案", "incidents per 10,000 residents and day"), "rate", "down",
    Name("警情", "incidents"), Name("居民·天", "resident-days"), 10_000.0,
)  # fmt: skip
LOAD = Line(
    "load_per_head", Name("人均日处置量", "matters handled per person and day"), "rate", "down",
    Name("处置事项", "matters handled"), Name("在岗人·天", "person-days on duty"),
)  # fmt: skip
EFFICIENCY = Line(
    "efficiency", Name("按期办结率", "share closed on time"), "share", "up",
    Name("按期办结", "closed by their deadline"), Name("期限已到", "deadline fell in the period"),
)  # fmt: skip

PANELS: Mapping[str, Panel] = MappingProxyType(
    {
        "2down1up": Panel("2down1up", Name("两降一升", "two down, one up"), (REPEATS, INCIDENTS, EFFICIENCY)),
        "3down1up": Panel("3down1up", Name("三降一升", "three down, one up"), (REPEATS, INCIDENTS, LOAD, EFFICIENCY)),
    }
)


def panel(code: str) -> Panel:
    """The shipped panel of that code; NotFound lists the codes there are."""
    found = PANELS.get(code)
    if found is None:
        raise NotFound(f"There is no panel {code!r}: choose one of {', '.join(PANELS)}.")
    return found


def judge_panel(chosen: Panel, figures: pd.DataFrame) -> pd.DataFrame:
    """One row a line of the panel (index measure): its figures, now, before, z, wanted, direction, reached.

    now and before are per × numerator / denominator.

    `figures`: measure, now_numerator, now_denominator, before_numerator, before_denominator; one row for each
    measure of the panel, others are ignored. `reached` is True when the line moved past the flag as wanted, False
    when it did not, missing where the change is unknown. Raises InputError when a measure is absent or twice there.
    """
    table = _figures_of(chosen, figures)
    now, before = _values(table, "now"), _values(table, "before")
    z = np.array([_z(line, row) for line, row in zip(chosen.lines, table.to_numpy(), strict=True)])
    moved = direction(z)
    wanted = np.array([line.wanted for line in chosen.lines])
    reached = pd.array(moved == wanted, dtype="boolean")
    reached[moved == "unknown"] = pd.NA
    per = np.array([line.per for line in chosen.lines])
    return table.assign(now=now * per, before=before * per, z=z, wanted=wanted, direction=moved, reached=reached)


def is_reached(judged: pd.DataFrame) -> bool | None:
    """Whether every line of a judged panel went as wanted; None while one of them is unknown and none failed."""
    if (judged["reached"] == False).any():  # noqa: E712 - missing values are not failures
        return False
    return None if judged["reached"].isna().any() else True


def _figures_of(chosen: Panel, figures: pd.DataFrame) -> pd.DataFrame:
    wanted = [line.measure for line in chosen.lines]
    counted = figures["measure"].value_counts().reindex(wanted, fill_value=0)
    for measure, rows in counted.items():
        if rows != 1:
            raise InputError(f"Give one row of figures for {measure!r}, not {rows}.")
    return figures[_COLUMNS].set_index("measure").loc[wanted].astype("float64")


def _values(table: pd.DataFrame, when: str) -> pd.Series:
    denominator = table[f"{when}_denominator"]
    return table[f"{when}_numerator"] / denominator.where(denominator > 0)


def _z(line: Line, figures: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> float:
    k_now, n_now, k_before, n_before = figures
    if line.kind == "share":
        return float(share_z(k_now, n_now, k_before, n_before))
    return float(count_z(k_now, k_before, n_now, n_before))
