"""The shapes of the current boundary version as GeoJSON, read once a version and kept, with where each cell lies."""

import json
from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd
import shapely
from sqlalchemy import Connection

from dashboard.reading.facts import Facts
from db import geography
from geo.errors import NotFound

LAYERS = ("cells", "beats", "backdrop")
NOWHERE = (0.0, 0.0, 0.01, 0.01)  # what a map shows before the first cell is loaded
BOUNDS = ["west", "south", "east", "north"]
Extent = tuple[float, float, float, float]


@dataclass(frozen=True)
class Geometry:
    """GeoJSON texts (EPSG:4326) of one boundary version."""

    version: str
    cells: str
    beats: str
    backdrop: str

    def layer(self, name: str) -> str:
        """One of LAYERS; NotFound names them."""
        if name not in LAYERS:
            raise NotFound(f"There is no layer {name!r}: ask for one of {', '.join(LAYERS)}.")
        return str(getattr(self, name))

    @cached_property
    def index(self) -> pd.DataFrame:
        """One row a cell: cell, beat, community, station (codes), west, south, east, north (degrees)."""
        features = json.loads(self.cells)["features"]
        rows = [
            {"cell": f["id"], **{kind: f["properties"].get(kind) for kind in ("beat", "community", "station")}}
            for f in features
        ]
        shapes = shapely.from_geojson([json.dumps(f["geometry"]) for f in features])
        frame = pd.DataFrame(rows, columns=["cell", "beat", "community", "station"])
        return frame.join(pd.DataFrame(shapely.bounds(shapes).reshape(-1, 4), columns=BOUNDS))

    @property
    def extent(self) -> Extent:
        """West, south, east, north of all cells in degrees."""
        return _around(self.index)

    def within(self, place: str | None, facts: Facts) -> pd.DataFrame:
        """The rows of `index` that lie in "kind:code" (all for None) and among the reader's own cells."""
        index = self.index if facts.cells is None else self.index[self.index["cell"].isin(facts.cells)]
        if not place:
            return index
        kind, _, code = place.partition(":")
        if kind in index:
            return index[index[kind] == code]
        above = [place in facts.trail(f"community:{name}") for name in index["community"]]
        return index[above]

    def bounded(self, facts: Facts, cells: frozenset[str]) -> Facts:
        """`facts` with the places only that hold one of `cells` (codes), or that such a place lies in."""
        own = self.index[self.index["cell"].isin(cells)]
        kept: set[str] = set()
        for kind in ("cell", "beat", "community", "station"):
            for code in own[kind].dropna().unique():
                kept.update(facts.trail(f"{kind}:{code}"))
        named = (facts.places["kind"] + ":" + facts.places["code"]).isin(kept)
        return replace(facts, places=facts.places[named].reset_index(drop=True), cells=cells)

    def extent_of(self, place: str | None, facts: Facts) -> Extent:
        """What a map must show of a place; of everything when the place has no cell."""
        found = self.within(place, facts)
        return _around(found if len(found) else self.index)


def _around(frame: pd.DataFrame) -> Extent:
    if frame.empty:
        return NOWHERE
    low, high = frame[["west", "south"]].min(), frame[["east", "north"]].max()
    return (float(low["west"]), float(low["south"]), float(high["east"]), float(high["north"]))


def read_geometry(conn: Connection) -> Geometry:
    """Every layer and the version they belong to, read in one transaction."""
    return Geometry(
        version=geography.boundary_version(conn),
        cells=geography.cells_geojson(conn),
        beats=geography.beats_geojson(conn),
        backdrop=geography.backdrop_geojson(conn),
    )
