"""Places that were there in a period, so that those where nothing happened stand in a table with 0."""

from dataclasses import replace
from datetime import datetime

import numpy as np
import pandas as pd

from db.facts import Filter
from db.readmodel.asking import Draft, one_name_a_key, places_of
from db.readmodel.columns import Array, microseconds
from db.readmodel.keys import chosen
from db.readmodel.scope import View


def live_places(
    view: View, flt: Filter, by: str, *, boundaries: str | Draft = "then", redrawn: datetime | None = None
) -> pd.DataFrame:
    """key, label, station of the places of a kind in the filter's place that the reader may see, by key.

    Those that held a cell at any time of the period ("then"), or as of `redrawn` under the boundaries of now or a
    draft. station: that of the place's last holding, None for none.
    """
    places, where = places_of(view, flt, boundaries, redrawn)
    table, scope = places.spots.table, view.parts()[0][3]
    # A draft has spots of its own, one a cell of today: its cells are in reach where those of the record are.
    seen = scope[places.rows] if places.spots is view.about.spots else _cells_seen(view, scope, places.spots.table)
    wanted = chosen(view.about, replace(flt, categories=(), channels=(), shares=False), places).places & seen
    rows = table.iloc[places.rows]
    held = rows["beat"].notna().to_numpy() & wanted
    if where == "spot":
        since, until = (rows[name].to_numpy(np.int64) for name in ("since", "until"))
        held &= (since < microseconds(flt.end)) & (until > microseconds(flt.start))
    codes, names = one_name_a_key(*places.named(by))
    stations = dict(zip(codes[held].tolist(), rows["station"].to_numpy()[held], strict=True))
    found = [(*names[code], None if pd.isna(stations[code]) else stations[code]) for code in sorted(stations)]
    frame = pd.DataFrame([row for row in found if row[0] is not None], columns=["key", "label", "station"])
    return frame.sort_values("key", ignore_index=True)


def with_zeros(frame: pd.DataFrame, live: pd.DataFrame, counts: list[str]) -> pd.DataFrame:
    """Rows of `frame` and of the live places that it lacks, whose counts are 0; by key, nothing last."""
    absent = live[~live["key"].isin(frame["key"])][["key", "label"]]
    both = pd.concat([frame, absent], ignore_index=True).fillna(dict.fromkeys(counts, 0))
    kinds = {name: frame[name].dtype for name in counts}
    return both.astype(kinds).sort_values("key", na_position="last", ignore_index=True)


def _cells_seen(view: View, scope: Array, draft: pd.DataFrame) -> Array:
    own = view.about.spots.table["cell_id"].to_numpy(np.int64)
    return np.isin(draft["cell_id"].to_numpy(np.int64), own[scope])
