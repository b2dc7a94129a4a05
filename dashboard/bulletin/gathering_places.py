"""A bulletin's cells, clock and map."""

import json
from typing import TYPE_CHECKING, Any

import pandas as pd
import shapely

from dashboard.bulletin.figures import records
from dashboard.bulletin.folding import hide
from dashboard.bulletin.maps import draw_shapes, quantity_classes, share_class
from dashboard.pages.beat.svgmap import backdrop_shapes
from db.measures.clock import clock
from db.measures.containment import containment
from db.measures.hotspots import hot_spots
from db.measures.workload import workload

if TYPE_CHECKING:
    from dashboard.bulletin.gathering import Wanted

Row = dict[str, Any]
COLUMNS = [
    "code", "name", "beat", "reports", "minutes", "demand_class", "contained", "escaped", "decided", "share_class", "z",
    "hot",
]  # fmt: skip


def cells(wanted: "Wanted") -> list[Row]:
    """One row a cell: COLUMNS. Small counts are missing, their classes on the maps are not.

    demand_class: class of `demand_classes`, -1 for no demand; share_class: class of maps.SHARES, -1 where nothing was
    decided, missing where too little was.
    """
    conn, view, flt, small = wanted.conn, wanted.view, wanted.flt, wanted.small
    found = hot_spots(conn, view, flt)[["key", "label", "reports", "z", "kind"]].rename(columns={"kind": "hot"})
    found = found.astype({"key": object})
    demand = workload(conn, view, flt, "cell")[["key", "minutes"]]
    outcome = containment(conn, view, flt, by="cell", policy=wanted.policy)[["key", "contained", "escaped"]]
    for part in (demand, outcome):
        found = found.merge(part.astype({"key": object}), on="key", how="left")
    counts = ["contained", "escaped"]
    found[counts] = found[counts].astype("float64").fillna(0).astype("int64")
    found = found.assign(minutes=found["minutes"].fillna(0.0), decided=found["contained"] + found["escaped"])
    lower = quantity_classes(found["minutes"].tolist())
    found["demand_class"] = [sum(n > 0 and n >= low for low in lower) - 1 for n in found["minutes"]]
    classes = [share_class(k, n, small) for k, n in zip(found["contained"], found["decided"], strict=True)]
    found["share_class"] = pd.Series(classes, index=found.index, dtype=object)
    found = hide(found, small, "contained", "decided", ("escaped",)).drop(columns="suppressed")
    found = hide(found, small, "reports", "reports", ("minutes",)).drop(columns="suppressed")
    beats = wanted.geometry.index.set_index("cell")["beat"]
    names = [wanted.facts.name(f"beat:{beat}") if isinstance(beat, str) else None for beat in found["key"].map(beats)]
    return records(
        found.rename(columns={"key": "code", "label": "name"}).assign(
            beat=pd.Series(names, index=found.index, dtype=object)
        )[COLUMNS]
    )


def demand_classes(wanted: "Wanted") -> list[float]:
    """Lower ends of the map's classes of demand (minutes)."""
    return quantity_classes(
        workload(wanted.conn, wanted.view, wanted.flt, "cell").dropna(subset="key")["minutes"].tolist()
    )


def hours(wanted: "Wanted") -> list[Row]:
    """weekday, hour, reports: 168 rows."""
    return records(clock(wanted.conn, wanted.view, wanted.flt)[["weekday", "hour", "reports"]])


def shapes(wanted: "Wanted") -> Row:
    """The map of the place under today's borders."""
    here = wanted.geometry.within(wanted.flt.place, wanted.facts)
    own = set(here["cell"])
    told = [each for each in json.loads(wanted.geometry.cells)["features"] if each["id"] in own]
    drawn = shapely.from_geojson([json.dumps(each["geometry"]) for each in told])
    kind = "station" if wanted.by == "station" else "beat"
    grouped = [each["properties"].get(kind) or "" for each in told]
    names = {code: wanted.facts.name(f"{kind}:{code}") for code in sorted({*grouped}) if code}
    cells = list(zip((each["id"] for each in told), grouped, drawn, strict=True))
    return draw_shapes(cells, names, backdrop_shapes(wanted.geometry.backdrop))
