"""Work that is no handling of a matter, as data: visits, revisits, mediation, meetings, and the minutes of each."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

import pandas as pd

from geo.errors import NotFound
from grids.levels import Name


class Activity(NamedTuple):
    """A kind of activity: the column of the report it counts in, and its minutes where none were recorded."""

    name: Name
    column: str
    minutes: float


# Ours until a place writes its own: minutes of one event, the way there included.
ACTIVITIES: Mapping[str, Activity] = MappingProxyType(
    {
        "household": Activity(Name("入户走访", "household visit"), "visits", 20.0),
        "venue": Activity(Name("场所检查", "venue visit"), "visits", 30.0),
        "firm": Activity(Name("企业走访", "firm visit"), "visits", 30.0),
        "school": Activity(Name("校园走访", "school visit"), "visits", 40.0),
        "patrol": Activity(Name("巡逻", "patrol"), "visits", 60.0),
        "publicity": Activity(Name("宣传", "publicity"), "visits", 30.0),
        "care": Activity(Name("关爱走访", "care visit"), "visits", 30.0),
        "other": Activity(Name("其他走访", "other visit"), "visits", 20.0),
        "mediation": Activity(Name("调解", "mediation"), "mediation", 60.0),
        "revisit": Activity(Name("回访", "revisit"), "revisits", 15.0),
        "meeting": Activity(Name("警格网格例会", "joint meeting"), "meetings", 60.0),
    }
)
COLUMNS = ("visits", "revisits", "mediation", "meetings")


def activity(kind: str) -> Activity:
    """The activity of that kind; NotFound lists the kinds there are."""
    found = ACTIVITIES.get(kind)
    if found is None:
        raise NotFound(f"There is no activity {kind!r}: choose one of {', '.join(ACTIVITIES)}.")
    return found


def activity_minutes(events: pd.DataFrame) -> pd.DataFrame:
    """visits, revisits, mediation, meetings: minutes of each officer (index, sorted; codes or ids as told).

    `events`: officer (missing: nobody's, left out), kind (of ACTIVITIES), count (events alike in one line), minutes
    (recorded for the whole line, or NaN: count × the minutes of the kind). NotFound for an unknown kind.
    """
    named = events.dropna(subset=["officer"])
    about = {kind: activity(kind) for kind in named["kind"].unique()}
    standard = named["kind"].map({kind: each.minutes for kind, each in about.items()}).astype("float64")
    minutes = named["minutes"].astype("float64").fillna(named["count"].astype("float64") * standard)
    column = named["kind"].map({kind: each.column for kind, each in about.items()})
    table = pd.DataFrame({"officer": named["officer"], "column": column, "minutes": minutes})
    summed = table.groupby(["officer", "column"])["minutes"].sum().unstack(fill_value=0)
    return summed.reindex(columns=list(COLUMNS), fill_value=0).astype("float64").rename_axis(columns=None)
