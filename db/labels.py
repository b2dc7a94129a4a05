"""How often a source's own beat or cell label agrees with where the point lies: a data-quality report."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from db.bulk import frame_of
from db.cells import dated_cells
from geo.locate import CellIndex

NEAR_M = (1.0, 5.0)


@dataclass(frozen=True)
class LabelReport:
    """Counts over incidents that carry a cell label and coordinates; shares always come with both numbers.

    `unknown`: label → how many incidents carry it though no such cell is in force. `disagreeing`: per labelled cell
    cell, labelled, elsewhere, median_m, most_often_in; the worst first. beat_*: the same for the beat label.
    """

    incidents: int
    with_coordinates: int
    labelled: int
    exact: int
    within_1m: int
    within_5m: int
    unknown: dict[str, int]
    beat_labelled: int
    beat_exact: int
    disagreeing: pd.DataFrame


def label_report(conn: Connection, channel: str | None = None) -> LabelReport:
    """Compare labels with placing, over all incidents or those of a channel."""
    frame = frame_of(conn, INCIDENTS, channel=channel)
    cells = dated_cells(conn)
    live = cells[cells["until"].isna()].reset_index(drop=True)
    index = CellIndex(live["geometry"].to_numpy(), names=list(live["code"]))
    here = frame[frame["lon"].notna() & frame["cell_label"].notna()].reset_index(drop=True)
    position = here["cell_label"].map(pd.Series(live.index, index=live["code"]))
    known = position.notna().to_numpy()
    checked = here[known].reset_index(drop=True)
    lon, lat = checked["lon"].to_numpy(float), checked["lat"].to_numpy(float)
    metres = index.distance_m(lon, lat, position[known].to_numpy(dtype=np.int32))
    beats = frame[frame["beat_label"].notna() & frame["lon"].notna()]
    within = [int((metres <= limit).sum()) for limit in NEAR_M]
    return LabelReport(
        incidents=len(frame),
        with_coordinates=int(frame["lon"].notna().sum()),
        labelled=len(here),
        exact=int((here["cell_label"] == here["cell"]).sum()),
        within_1m=within[0],
        within_5m=within[1],
        unknown={str(label): int(n) for label, n in here.loc[~known, "cell_label"].value_counts().items()},
        beat_labelled=len(beats),
        beat_exact=int((beats["beat_label"] == beats["beat"]).sum()),
        disagreeing=_disagreeing(checked.assign(metres=metres)),
    )


def _disagreeing(checked: pd.DataFrame) -> pd.DataFrame:
    away = checked[checked["cell_label"] != checked["cell"]]
    grouped = away.groupby("cell_label")
    table = pd.DataFrame(
        {
            "labelled": checked.groupby("cell_label").size(),
            "elsewhere": grouped.size(),
            "median_m": grouped["metres"].median().round(1),
            "most_often_in": grouped["cell"].agg(_commonest),
        }
    )
    table = table[table["elsewhere"] > 0].astype({"elsewhere": "int64"})
    return table.sort_values("elsewhere", ascending=False).rename_axis("cell").reset_index()


def _commonest(values: "pd.Series[Any]") -> str | None:
    counts = values.value_counts()
    return None if counts.empty else str(counts.index[0])


INCIDENTS = """
    SELECT i.cell_label, i.beat_label, c.code AS cell, b.code AS beat, ST_X(i.geom) AS lon, ST_Y(i.geom) AS lat
    FROM incident i
    LEFT JOIN cell c ON c.id = i.cell_then
    LEFT JOIN beat_cell bc ON bc.cell_id = i.cell_then AND bc.valid @> i.reported_at
    LEFT JOIN beat b ON b.id = bc.beat_id
    WHERE CAST(:channel AS text) IS NULL OR i.channel = :channel"""
