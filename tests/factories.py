"""Row factories: one call makes one thing through the writers of db, with a default for what a test leaves unsaid."""

import itertools
import json
from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
import shapely
from sqlalchemy import insert

from db.areas import write_areas
from db.beats import write_beats
from db.catalogue import category_ids, ensure_channels, write_catalogue
from db.cells import dated_cells, write_cells
from db.incidents import PERSONAL, write_incidents
from db.loads import begin_run
from db.outcome import Outcome
from db.people import officer_ids, unit_ids, write_officers, write_postings, write_units
from db.steps import write_steps
from db.tables import LadderRung
from grids.levels import LEVELS
from grids.placing import NOWHERE, DatedCells
from grids.steps import STEP_KINDS

DAY0 = datetime(2026, 3, 1, tzinfo=UTC)
WEST, SOUTH, SIDE = 120.30, 36.05, 0.01
_lines = itertools.count(1)


def day(n):
    """n days after DAY0 (fractions allowed)."""
    return DAY0 + timedelta(days=n)


def square(i, j, wide=1, high=1):
    """A rectangle of wide × high lattice squares whose lower left one is (i, j), WGS-84."""
    return shapely.box(WEST + i * SIDE, SOUTH + j * SIDE, WEST + (i + wide) * SIDE, SOUTH + (j + high) * SIDE)


def middle(i, j):
    """Longitude and latitude of the middle of lattice square (i, j)."""
    return WEST + (i + 0.5) * SIDE, SOUTH + (j + 0.5) * SIDE


def only_label(outcome):
    """The one label of an outcome that refused nothing."""
    assert not outcome.rejects, outcome.rejects
    (label,) = set(outcome.labels.values())
    return label


def make_area(conn, code="C1", level="community", geometry=None, **told):
    """One area; default: a community over the lattice squares (0, 0) to (9, 9)."""
    shape = square(0, 0, 10, 10) if geometry is None else geometry
    row = {"line": next(_lines), "level": level, "code": code, "name": code, "geometry": shape}
    return write_areas(conn, [row | told])


def make_unit(conn, code="S1", kind="station", level="street", **told):
    """One unit; default: a station."""
    return write_units(conn, [{"line": next(_lines), "code": code, "name": code, "kind": kind, "level": level} | told])


def make_beat(conn, code="B1", **told):
    """One beat; station and community by code."""
    return write_beats(conn, [{"line": next(_lines), "code": code, "name": f"beat {code}"} | told])


def make_cell(conn, code="G1", i=0, j=0, beat="B1", *, now=None, **told):
    """One cell: the lattice square (i, j) unless told a geometry."""
    row = {"line": next(_lines), "code": code, "beat": beat, "geometry": square(i, j)} | told
    return write_cells(conn, [row], now)


def make_category(conn, code="quarrel", **told):
    """One category; default: containable, grade 1, 30 minutes."""
    row = {"line": next(_lines), "code": code, "name": code, "group": "disputes", "containable": True}
    return write_catalogue(conn, [row | told])


def make_officer(conn, keys, code="P1", kind="police", **told):
    """One officer; name and phone are sealed with `keys`."""
    return write_officers(conn, [{"line": next(_lines), "code": code, "name": f"Mr {code}", "kind": kind} | told], keys)


def make_posting(conn, officer="P1", role="police", valid_from=DAY0, **told):
    """One posting; say beat, cell or unit."""
    row = {"line": next(_lines), "officer": officer, "role": role, "valid_from": valid_from}
    return write_postings(conn, [row | told])


def make_ladder(conn, station_id, ranks, valid=None):
    """A ladder of six ranks (cell … city) of a station (id), in force during a range or always."""
    dated = {} if valid is None else {"valid": valid}
    rows = [{"station_id": station_id, "level": name, "rank": rank} for name, rank in zip(LEVELS, ranks, strict=True)]
    conn.execute(insert(LadderRung), [row | dated for row in rows])


def make_run(conn, kind="incidents", fingerprint=None):
    """The id of a new run."""
    fingerprint = fingerprint or f"made {next(_lines)}"
    told = {"kind": kind, "path": "made", "profile": "beatgrid", "options": {}, "actor": "test"}
    return begin_run(conn, fingerprint=fingerprint, **told).id


def make_incidents(conn, keys, rows, run_id=None, snap_m=0.0):
    """Incidents of dicts (source_no; everything else has a default), placed as the loader places them."""
    plain = {
        "channel": "110", "reported_at": DAY0, "category": "quarrel", "lon": np.nan, "lat": np.nan, "severity": None,
        "address": None, "cell_label": None, "beat_label": None, "radius_m": None, "matter": None,
        **dict.fromkeys(PERSONAL),
    }  # fmt: skip
    told = [plain | {name: value for name, value in row.items() if name != "line"} for row in rows]
    frame = pd.DataFrame(told, columns=list(plain | {"source_no": None}), dtype=object)
    frame.index = pd.Index([row.get("line") or next(_lines) for row in rows], name="line", dtype="int64")
    met = Outcome()
    ensure_channels(conn, frame["channel"].unique(), met)
    ids = category_ids(conn, frame["category"].unique(), met)
    hashes = [keys.digest(repr(sorted(row.items(), key=str))) for row in told]
    frame = frame.assign(category_id=frame["category"].map(ids), content_hash=pd.Series(hashes, frame.index, object))
    return write_incidents(conn, _placed(conn, frame, snap_m), keys, run_id or make_run(conn))


def make_incident(conn, keys, source_no="1", i=None, j=None, **told):
    """One incident, in the middle of lattice square (i, j) if told one."""
    snap_m = told.pop("snap_m", 0.0)
    where = {} if i is None else dict(zip(("lon", "lat"), middle(i, j), strict=True))
    return make_incidents(conn, keys, [{"source_no": source_no} | where | told], snap_m=snap_m)


def make_steps(conn, keys, rows, run_id=None):
    """Steps of dicts (source_no, step_no, at, kind; everything else has a default), roles filled as the loader does."""
    plain = {
        "channel": "110", "source_no": "1", "level": None, "unit": None, "officer": None, "role": None,
        "severity": None, "minutes": None, "result": None, "note": None, "detail": None,
    }  # fmt: skip
    told = [plain | {name: value for name, value in row.items() if name != "line"} for row in rows]
    frame = pd.DataFrame(told, columns=list(plain | dict.fromkeys(("step_no", "at", "kind"))), dtype=object)
    frame.index = pd.Index([row.get("line") or next(_lines) for row in rows], name="line", dtype="int64")
    officers, units = officer_ids(conn), unit_ids(conn)
    handling = frame["kind"].map({kind: about.default_role for kind, about in STEP_KINDS.items()})
    columns = {
        "unit_id": [units[code][0] if code else None for code in frame["unit"]],
        "officer_id": [officers[code] if code else None for code in frame["officer"]],
        "role": frame["role"].where(frame["role"].notna() & handling.notna(), handling),
        "note": [keys.seal({"note": note}) if note else None for note in frame["note"]],
        "detail": [json.dumps(detail) if detail else None for detail in frame["detail"]],
        "content_hash": [keys.digest(repr(sorted(row.items(), key=str))) for row in told],
    }
    objects = {name: pd.Series(list(values), frame.index, object) for name, values in columns.items()}
    return write_steps(conn, frame.assign(**objects), run_id or make_run(conn, "steps"))


def make_step(conn, keys, kind, at, step_no=1, **told):
    """One step of incident 110:1 unless told another."""
    return make_steps(conn, keys, [{"kind": kind, "at": at, "step_no": step_no} | told])


def _placed(conn, frame, snap_m):
    cells = DatedCells(dated_cells(conn))
    lon, lat = frame["lon"].to_numpy(float), frame["lat"].to_numpy(float)
    placed = cells.place(lon, lat, frame["reported_at"], snap_m)
    now = np.where(cells.current(placed.cell), placed.cell, cells.place_now(lon, lat))
    ids = [pd.Series(found, frame.index, "Int64").replace(NOWHERE, pd.NA) for found in (placed.cell, now)]
    return frame.assign(cell_then=ids[0], cell_now=ids[1], placed_by=placed.placed_by, snapped_m=placed.snapped_m)
