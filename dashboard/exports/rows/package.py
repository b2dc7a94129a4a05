"""Rows as a GeoPackage: points, the cells they lie in with their counts, and a table that says what they are."""

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from dashboard.exports.rows.table import PIECE
from dashboard.language import speaker
from dashboard.reading.desk import Desk
from dashboard.reading.rows import Found
from dashboard.reading.rows_about import about
from db import drill

CRS = "EPSG:4326"


def write_package(found: Found, desk: Desk, out: Path) -> None:
    """Write layers "rows" (points), "cells" (areas of today, how many rows lie in each) and "about" (no shapes).

    Column point says what a row's point is: "placed" (where its report was placed), "centroid" (a point inside of its
    cell, where nothing was placed), "none". Columns have the names of db.drill.told; instants are UTC.
    """
    cells = _cells(desk)
    inside = cells.set_index("cell").geometry.representative_point()
    pieces = [*found.pieces(PIECE)] or [(0, 0)]
    rows = pd.concat([_points(found, *piece, inside) for piece in pieces], ignore_index=True)
    gpd.GeoDataFrame(rows, crs=CRS).to_file(out, layer="rows", driver="GPKG", engine="pyogrio")
    lies = "report_cell" if "report_cell" in rows else "cell"
    counted = cells.assign(rows=cells["cell"].map(rows[lies].value_counts()).fillna(0).astype("int64"))
    counted.to_file(out, layer="cells", driver="GPKG", engine="pyogrio")
    lang = found.wanted.view.lang
    said = pd.DataFrame(about(found, desk, speaker(lang), lang), columns=["what", "value"])
    gpd.GeoDataFrame(said).to_file(out, layer="about", driver="GPKG", engine="pyogrio")


def _points(found: Found, first: int, end: int, inside: gpd.GeoSeries) -> gpd.GeoDataFrame:
    part = found.part(first, end)
    lon, lat = drill.points(found.asked, part, found.figure.table)
    frame, placed = found.frame(first, end), np.isfinite(lon)
    shapes = np.full(len(frame), None, dtype=object)
    shapes[placed] = shapely.points(lon[placed], lat[placed])
    lies = frame["report_cell" if "report_cell" in frame else "cell"]
    centre = inside.reindex(lies).to_numpy()
    from_cell = ~placed & np.array([each is not None for each in centre], np.bool_)
    shapes[from_cell] = centre[from_cell]
    point = np.where(placed, "placed", np.where(from_cell, "centroid", "none"))
    hidden = (frame["number"].isna() & frame.get("report", frame["number"]).isna()).to_numpy()
    shapes[hidden], point[hidden] = None, "none"  # what row-level security does not show has no place either
    words = frame.select_dtypes(object)
    texts = {str(name): words[name].astype("str").where(words[name].notna(), None) for name in words}
    return gpd.GeoDataFrame(frame.assign(**texts, point=point), geometry=shapes, crs=CRS)


def _cells(desk: Desk) -> gpd.GeoDataFrame:
    """The cells of today that the reader may look at: cell, name, beat, geometry."""
    geometry = desk.geometry()
    own = set(geometry.within(None, desk.facts())["cell"])
    features = [each for each in json.loads(geometry.cells)["features"] if each["id"] in own]
    told = [(each["id"], each["properties"]) for each in features]
    rows = [(cell, facts.get("name"), facts.get("beat")) for cell, facts in told]
    shapes = shapely.from_geojson([json.dumps(each["geometry"]) for each in features])
    return gpd.GeoDataFrame(pd.DataFrame(rows, columns=["cell", "name", "beat"]), geometry=shapes, crs=CRS)
