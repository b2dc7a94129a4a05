"""Placing rows on their way in: by their point, or by their address, whole or in doubt between cells."""

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from db.addresses import standard_addresses
from db.cells import dated_cells, incident_density
from geo.gazetteer import Gazetteer
from grids.placing import NOWHERE, DatedCells

# An address known no better than this would be spread over half a district: it waits for a person instead.
FARTHEST_M = 1_500.0


class Placer:
    """Places chunks of incidents on one state of boundaries and addresses, read once."""

    def __init__(self, snap_m: float) -> None:
        self._snap_m = snap_m
        self._cells: DatedCells | None = None
        self._addresses: pd.DataFrame | None = None
        self._gazetteer: Gazetteer | None = None

    def place(self, conn: Connection, rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Rows with their placing, and the candidate cells (line, cell_id, probability) of those in doubt.

        rows: index line; lon, lat, radius_m, address, reported_at. Added: cell_then, cell_now, placed_by, snapped_m,
        score, matched, ambiguous; a row without coordinates whose address is found takes over lon, lat, radius_m.
        """
        if self._cells is None:
            cells = dated_cells(conn)
            self._cells = DatedCells(cells.assign(density=cells["id"].map(incident_density(conn)).fillna(0.0)))
        rows = self._geocoded(conn, rows)
        lon, lat, radius = (rows[name].to_numpy(float, na_value=np.nan) for name in ("lon", "lat", "radius_m"))
        placed = self._cells.place(lon, lat, rows["reported_at"], self._snap_m)
        found = self._cells.candidates(lon, lat, radius, rows["reported_at"])
        likeliest = found.drop_duplicates("point")
        then, placed_by = placed.cell, placed.placed_by
        then[likeliest["point"]] = likeliest["cell"]
        by_address = rows["score"].notna().to_numpy() & (then != NOWHERE)
        placed_by[by_address] = "address"
        placed_by[(then != NOWHERE) & (placed_by == "none")] = "point"
        doubtful = found[found.duplicated("point", keep=False)]
        ambiguous = np.zeros(len(rows), dtype=bool)
        ambiguous[doubtful["point"]] = True
        columns = {"placed_by": placed_by, "snapped_m": placed.snapped_m, "ambiguous": ambiguous}
        held = {"cell_then": _ids(then, rows.index), "cell_now": _ids(self._now(then, lon, lat), rows.index)}
        return rows.assign(**held, **columns), _candidates(doubtful, rows.index)

    def _now(self, then: np.ndarray, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
        """The present cell: that of the time, unless it has been redrawn since."""
        assert self._cells is not None
        now = then.copy()
        stale = ~self._cells.current(now)
        now[stale] = self._cells.place_now(lon[stale], lat[stale], self._snap_m)
        return now

    def _geocoded(self, conn: Connection, rows: pd.DataFrame) -> pd.DataFrame:
        """Coordinates for rows that have only an address; score and matched say how they were found."""
        rows = rows.assign(score=np.nan, matched=pd.Series(None, index=rows.index, dtype=object))
        bare = rows.index[rows["lon"].isna() & rows["address"].notna()]
        if not len(bare):
            return rows
        if self._addresses is None:
            self._addresses = standard_addresses(conn)
        if self._addresses.empty:
            return rows
        if self._gazetteer is None:
            self._gazetteer = Gazetteer(self._addresses)
        found = self._gazetteer.locate(rows.loc[bare, "address"].tolist()).set_axis(bare)
        near = found[found["radius_m"] <= FARTHEST_M]
        for name in ("lon", "lat", "radius_m", "score", "matched"):
            rows.loc[near.index, name] = near[name]
        return rows


def _candidates(doubtful: pd.DataFrame, lines: pd.Index) -> pd.DataFrame:
    chosen = lines.to_numpy()[doubtful["point"].to_numpy()]
    probability = doubtful["probability"].to_numpy()
    return pd.DataFrame({"line": chosen, "cell_id": doubtful["cell"].to_numpy(), "probability": probability})


def _ids(values: np.ndarray, index: pd.Index) -> pd.Series:
    return pd.Series(values, index=index, dtype="Int64").replace(NOWHERE, pd.NA)
