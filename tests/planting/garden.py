"""The map that defects are planted in, and what has been planted."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import shapely
from shapely.ops import linemerge

METRES_A_DEGREE = 111_320.0


@dataclass(frozen=True)
class Planted:
    """One defect: what it must be called, the codes of which at least one must be named, where (degrees), m²."""

    kind: str
    sort: str
    codes: frozenset[str]
    place: shapely.Geometry
    area_m2: float | None = None


@dataclass
class Garden:
    """A sound map: cells (code, beat, community, geometry in WGS-84) and communities (code, geometry), and what has
    been planted in it. Shapes are worked on in metres around the middle of the map."""

    cells: pd.DataFrame
    communities: pd.DataFrame
    dice: np.random.Generator
    planted: list[Planted] = field(default_factory=list)

    def __post_init__(self) -> None:
        shapes = self.cells["geometry"].to_numpy()
        west, south, east, north = shapely.total_bounds(shapes)
        self.middle = np.array([(west + east) / 2, (south + north) / 2])
        self.factor = METRES_A_DEGREE * np.array([np.cos(np.radians(self.middle[1])), 1.0])
        self.cells = self.cells.reset_index(drop=True)
        self.rows = self.cells.drop(columns="geometry").to_dict("records")
        self.shapes = list(shapely.transform(shapes, lambda xy: (xy - self.middle) * self.factor))
        self.raw: dict[int, str] = {}
        self.tree = shapely.STRtree(self.shapes)
        self.original = list(self.shapes)
        self.beside = self._neighbours()
        self.outer = shapely.boundary(shapely.coverage_union_all(self.shapes))
        self.free = set(range(len(self.shapes)))
        self.gone: set[int] = set()

    def _neighbours(self) -> dict[int, set[int]]:
        one, other = self.tree.query(self.shapes, predicate="intersects")
        beside: dict[int, set[int]] = {row: set() for row in range(len(self.shapes))}
        for row, near in zip(one.tolist(), other.tolist(), strict=True):
            beside[row].add(near)
        return beside

    def degrees(self, shape: shapely.Geometry) -> shapely.Geometry:
        return shapely.transform(shape, lambda xy: xy / self.factor + self.middle)

    def borders(self) -> Iterator[tuple[int, int, shapely.LineString]]:
        """Free neighbours in random order with the longest run of their common border."""
        for one in self.dice.permutation(sorted(self.free)).tolist():
            for other in self.dice.permutation(sorted(self.beside[one] & self.free - {one})).tolist():
                shared = shapely.intersection(self.original[one], self.original[other])
                lines = [part for part in shapely.get_parts(shared) if part.geom_type == "LineString"]
                merged = linemerge(lines) if lines else shapely.LineString()
                run = max(shapely.get_parts(merged), key=lambda part: part.length, default=None)
                if run is not None and run.length > 60 and not run.is_ring:
                    yield one, other, run

    def only(self, ground: shapely.Geometry, *rows: int) -> bool:
        """True when a piece of ground, with room around it, touches these cells and no other, nor the outer edge."""
        near = ground.buffer(3)
        met = set(self.tree.query(near, predicate="intersects").tolist())
        return met <= set(rows) and not near.intersects(self.outer)

    def reserve(self, *rows: int) -> None:
        for row in rows:
            for near in self.beside[row]:
                self.free -= {near, *self.beside[near]}

    def add_row(self, like: int, shape: shapely.Geometry, **changes: object) -> int:
        self.rows.append(self.rows[like] | changes)
        self.shapes.append(shape)
        return len(self.shapes) - 1

    def new_code(self, like: int) -> str:
        community = str(self.rows[like]["code"])[:12]
        used = [int(str(row["code"])[12:]) for row in self.rows if str(row["code"])[:12] == community]
        return f"{community}{max(used) + 1:03d}"

    def note(self, kind: str, sort: str, rows: tuple[int, ...], place: shapely.Geometry, area: float | None) -> None:
        codes = frozenset(str(self.rows[row]["code"]) for row in rows)
        self.planted.append(Planted(kind, sort, codes, self.degrees(place), area))
        self.reserve(*(row for row in rows if row < len(self.original)))

    def harmed(self) -> pd.DataFrame:
        """The map as it is now."""
        kept = [row for row in range(len(self.shapes)) if row not in self.gone]
        frame = pd.DataFrame([self.rows[row] for row in kept])
        frame["geometry"] = [self.raw.get(row) or self._drawn(row) for row in kept]
        return frame

    def _drawn(self, row: int) -> shapely.Geometry:
        """The shape in degrees; a changed one on a lattice of 0.1 mm, since rounding may cross its edges otherwise."""
        shape = self.degrees(self.shapes[row])
        changed = row >= len(self.original) or self.shapes[row] is not self.original[row]
        if not changed or not self.shapes[row].is_valid:
            return shape
        try:
            return shapely.set_precision(shape, 1e-9)
        except shapely.errors.GEOSException:
            parts = shapely.get_parts(shapely.make_valid(shape))
            return shapely.set_precision(max(parts, key=shapely.area), 1e-9)
