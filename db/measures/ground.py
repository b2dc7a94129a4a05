"""The ground that hot spots are measured on: live cells, who borders whom, how large they are; kept by boundaries."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from sqlalchemy import Connection, text

from db.bulk import frame_of
from db.readmodel.columns import Array
from db.readmodel.scope import View
from geo.adjacency import Neighbours, neighbours
from geo.hotspots.ground import SurfaceGround, surface_ground
from geo.metric import MetricPlane

KEPT = "ground-{}.json"


@dataclass(frozen=True)
class Ground:
    """Cells live under the model's boundaries: codes in order, km² of each, and the neighbours of each position."""

    codes: list[str]
    km2: Array
    beside: Neighbours


def ground(conn: Connection, view: View) -> Ground:
    """The ground under the boundaries of the model, from its folder where it has been measured before."""
    return _ground(conn, view.about.folder.parent / KEPT.format(view.about.boundary_version), _codes(conn))


def surfaces(conn: Connection, view: View, cell_m: float, bandwidth_m: float) -> SurfaceGround:
    """The lattice of the city's surfaces, kept in this process."""
    key = (str(view.about.folder.parent), view.about.boundary_version, _codes(conn), cell_m, bandwidth_m)
    if key not in _surfaces:
        if len(_surfaces) >= MOST_KEPT:
            _surfaces.clear()
        _surfaces[key] = surface_ground(_shapes(conn), cell_m, bandwidth_m)
    return _surfaces[key]


_surfaces: dict[Any, SurfaceGround] = {}
_grounds: dict[Any, Ground] = {}
MOST_KEPT = 8


def residents(conn: Connection, codes: list[str]) -> Array:
    """Residents of each live cell, NaN where nobody has said."""
    told = frame_of(conn, RESIDENTS).set_index("code")["residents"]
    found: Array = told.reindex(codes).to_numpy(np.float64)
    return found


def _ground(conn: Connection, file: Path, codes: tuple[str, ...]) -> Ground:
    if (str(file), codes) not in _grounds:
        if len(_grounds) >= MOST_KEPT:
            _grounds.clear()
        _grounds[str(file), codes] = _kept(file, codes) or _measured(conn, file, codes)
    return _grounds[str(file), codes]


def _kept(file: Path, codes: tuple[str, ...]) -> Ground | None:
    if not file.exists():
        return None
    told = json.loads(file.read_text())
    if tuple(told["codes"]) != codes:
        return None
    beside = {int(one): {int(other): length for other, length in each.items()} for one, each in told["beside"].items()}
    return Ground(told["codes"], np.array(told["km2"], np.float64), beside)


def _measured(conn: Connection, file: Path, codes: tuple[str, ...]) -> Ground:
    shapes = _shapes(conn)
    km2 = shapely.area(MetricPlane(shapes).lay(shapes)) / 1e6 if len(shapes) else np.empty(0)
    found = Ground(list(codes), km2, neighbours(shapes))
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    draft.write_text(json.dumps({"codes": found.codes, "km2": km2.tolist(), "beside": found.beside}))
    draft.replace(file)
    return found


def _codes(conn: Connection) -> tuple[str, ...]:
    return tuple(conn.execute(CODES).scalars())


def _shapes(conn: Connection) -> Array:
    told = conn.execute(SHAPES).scalars().all()
    found: Array = shapely.from_wkb(np.array([bytes(wkb) for wkb in told], dtype=object))
    return found


LIVE = "FROM cell WHERE upper_inf(valid) ORDER BY code"
CODES = text(f"SELECT code {LIVE}")
SHAPES = text(f"SELECT ST_AsBinary(geom) {LIVE}")
RESIDENTS = text(f"SELECT code, residents {LIVE}")
