"""The files of the demo city: which frame goes into which format, in the order of loading."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

import geopandas as gpd
import pandas as pd

from loaders.demo.atlas import DRAWN_ON, Atlas
from loaders.demo.backdrop import make_backdrop
from loaders.demo.catalogue import make_catalogue
from loaders.demo.exports import CHINESE_TITLES, INCIDENT_FIELDS
from loaders.demo.units import make_units
from loaders.demo.write import write_big_csv, write_geojson, write_gpkg, write_text, write_xlsx

BEAT_FIELDS = ["code", "name", "station", "community", "valid_from"]
CELL_FIELDS = ["code", "name", "beat", "community", "kind", "households", "residents", "valid_from", "geometry"]


@dataclass(frozen=True)
class DemoFile:
    """One file to load: its kind, where it is, and options of the load command (profile, crs, sheet, …)."""

    kind: str
    path: Path
    options: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))


def ground_files(folder: Path, atlas: Atlas, roads: gpd.GeoDataFrame, doors: pd.DataFrame) -> list[DemoFile]:
    """Areas, units, beats, cells and the backdrop."""
    write_geojson(atlas.areas, folder / "areas.geojson")
    write_xlsx(make_units(atlas, doors), folder / "units.xlsx", "units")
    community = atlas.communities["code"].to_numpy()
    station = atlas.stations["code"].to_numpy()[atlas.beats["station_no"]]
    beats = atlas.beats.assign(station=station, community=community[atlas.beats["community_no"]], valid_from=DRAWN_ON)
    write_text(beats[BEAT_FIELDS], folder / "beats.csv", encoding="gb18030")
    beat = atlas.beats["code"].to_numpy()[atlas.cells["beat_no"]]
    cells = atlas.cells.assign(beat=beat, community=community[atlas.cells["community_no"]], valid_from=DRAWN_ON)
    write_gpkg(gpd.GeoDataFrame(cells[CELL_FIELDS]), folder / "cells.gpkg", "cells")
    write_geojson(make_backdrop(atlas, roads), folder / "backdrop.geojson")
    names = ["areas.geojson", "units.xlsx", "beats.csv", "cells.gpkg", "backdrop.geojson"]
    return [DemoFile(name.split(".")[0], folder / name) for name in names]


def people_files(folder: Path, officers: pd.DataFrame, postings: pd.DataFrame) -> list[DemoFile]:
    """Officers, postings and the catalogue."""
    write_text(officers[["code", "name", "kind", "unit", "phone"]], folder / "officers.csv")
    write_text(postings, folder / "postings.tsv", delimiter="\t")
    write_xlsx(make_catalogue(), folder / "catalogue.xlsx", "catalogue")
    names = ["officers.csv", "postings.tsv", "catalogue.xlsx"]
    return [DemoFile(name.split(".")[0], folder / name) for name in names]


def incident_files(folder: Path, rows: pd.DataFrame) -> list[DemoFile]:
    """A file a year; the first as an older system would export it: Chinese titles, GB18030."""
    years = rows["at"].dt.year
    paths = {year: folder / f"incidents-{year}.csv" for year in sorted(years.unique())}
    for year, path in paths.items():
        frame = rows.loc[years == year, INCIDENT_FIELDS]
        if year == min(paths):
            write_big_csv(frame.rename(columns=CHINESE_TITLES), path, encoding="gb18030")
        else:
            write_big_csv(frame, path)
    return [DemoFile("incidents", path) for path in paths.values()]


def step_file(folder: Path, rows: pd.DataFrame) -> DemoFile:
    """The handling steps."""
    write_big_csv(rows, folder / "steps.csv", quoted=True)
    return DemoFile("steps", folder / "steps.csv")
