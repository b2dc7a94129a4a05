"""A plan of a city of 10,000 cells and of one of its stations on PostGIS: how long a stroke of the brush takes, and how
well the forecast's intervals hold.

BEATGRID_BENCH_MATTERS: how many matters of two years the city has (300,000 by default).
"""

import os
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import shapely
from sqlalchemy import Connection, Engine, text

from db import readmodel
from db.engine import begin
from db.keys import Keys, load_keys
from db.planning import drafts, publishing
from db.planning.board import Boards, Sitting
from db.planning.costs import cost_of, cost_rows
from db.planning.land import weekly
from db.planning.problems import problems
from db.planning.reasons import explain
from db.planning.replaying import containment_under
from db.readmodel import View
from geo.adjacency import neighbours
from grids.districting.first import grown
from grids.districting.graph import Graph, make_graph
from grids.planning.outlook import coverage
from grids.policies import policy
from grids.rights import Who, operator
from tests.bench.irregular import irregular_cells
from tests.bench.private_record import private_record

SIDE, BEATS, STATIONS, STROKES = 100, 1000, 100, 12
NOW = datetime.now(UTC).replace(hour=4, minute=0, second=0, microsecond=0)
ME, CHIEF = operator("bench"), Who("chief", ("approver",))

PLACES = """
INSERT INTO area (level, code, name, geom)
    SELECT 'community', 'C' || n, 'C' || n, ST_Multi(ST_MakeEnvelope(120, 36, 121, 37, 4326))
    FROM generate_series(0, :stations - 1) n;
INSERT INTO unit (code, name, level, kind)
    SELECT 'S' || n, 'S' || n, 'street', 'station' FROM generate_series(0, :stations - 1) n;
INSERT INTO category (code, name, group_name, containable, minutes)
    SELECT 'k' || n, 'k' || n, 'g', true, 20 + 5 * n FROM generate_series(1, 20) n;
INSERT INTO channel VALUES ('110', '110', '110') ON CONFLICT DO NOTHING;
INSERT INTO beat (code, name, station_id, community_id)
    SELECT 'B' || n, 'B' || n, u.id, a.id FROM unnest(CAST(:stations_of AS int[])) WITH ORDINALITY t (s, n)
    JOIN unit u ON u.code = 'S' || s JOIN area a ON a.code = 'C' || s;
INSERT INTO cell (code, name, residents, households, community_id, geom)
    SELECT 'G' || n, 'G' || n, 300 + n % 700, 100 + n % 250, b.community_id, ST_Multi(ST_GeomFromWKB(w, 4326))
    FROM unnest(CAST(:shapes AS bytea[]), CAST(:held AS int[])) WITH ORDINALITY t (w, h, n)
    JOIN beat b ON b.code = 'B' || h + 1;
INSERT INTO beat_cell (cell_id, beat_id)
    SELECT c.id, b.id FROM unnest(CAST(:held AS int[])) WITH ORDINALITY t (h, n)
    JOIN beat b ON b.code = 'B' || h + 1 JOIN cell c ON c.code = 'G' || n;
INSERT INTO officer (code, kind, personal, content_hash)
    SELECT 'P' || n, 'police', '', '' FROM generate_series(1, :beats) n;
INSERT INTO posting (officer_id, role, beat_id, valid)
    SELECT o.id, 'beat_lead', b.id, '[2020-01-01,)' FROM officer o JOIN beat b ON b.code = 'B' || substr(o.code, 2);
INSERT INTO matter (channel, category_id, opened_at, cell_id, severity_initial, severity, severity_now, lead_level,
                    reached_cell, reached_street, closed_at)
    SELECT '110', 1 + n % 20, at, c, 1, 1, 1, 'cell', at, CASE WHEN n % 11 = 0 THEN at + interval '1 day' END,
        CASE WHEN n % 20 > 0 OR at < CAST(:now AS timestamptz) - interval '20 days' THEN at + interval '3 days' END
    FROM (SELECT n, 1 + floor(:cells * power(random(), 1.7))::int AS c,
                 CAST(:now AS timestamptz) - interval '1 second' * (random() * 104 * 604800)::int AS at
          FROM generate_series(1, :count) n) made;
INSERT INTO load_run (kind, path, fingerprint, profile, actor) VALUES ('incidents', '', '', 'beatgrid', 'bench');
INSERT INTO incident (channel, source_no, reported_at, category_id, matter_id, cell_then, cell_now, placed_by,
                      content_hash, run_id)
    SELECT channel, id, opened_at, category_id, id, cell_id, cell_id, 'point', '', 1 FROM matter;
UPDATE matter m SET incident_id = i.id FROM incident i WHERE i.matter_id = m.id;
INSERT INTO closure (matter_id, closed_at) SELECT id, closed_at FROM matter WHERE closed_at IS NOT NULL;
VACUUM ANALYZE"""


def main() -> None:
    """Print it all."""
    count = int(os.environ.get("BEATGRID_BENCH_MATTERS", 300_000))
    with private_record(lambda conn: _fill(conn, count)) as (engine, home):
        view = readmodel.whole(readmodel.current(engine, home / "readmodel"))
        print(f"planning: {SIDE**2:,} cells, {BEATS:,} beats, {STATIONS} stations, {count:,} matters of two years")
        for place, bar in ((None, 1000), ("station:S7", 200)):
            _strokes(engine, view, place, bar)
        _coverage(engine, view)
        _published(engine, load_keys(home / "keys"))


def _strokes(engine: Engine, view: View, place: str | None, bar: int) -> None:
    """Moves one after the other, each laid, read again, counted, checked and told, as the page does."""
    boards = Boards()
    with begin(engine, ME) as conn:
        code = drafts.begin_plan(conn, ME, "bench", at=NOW, place=place).code
        first, sitting = _timed(lambda: boards.sit(conn, view, code, NOW))
    print(f"\n  {place or 'the whole city'}: {len(sitting.board.cells):,} cells; first sitting {first:,.0f} ms")
    spent: dict[str, list[float]] = {}
    for cell, beat in _moves(sitting):
        for name, took in _stroke(engine, boards, view, code, cell, beat).items():
            spent.setdefault(name, []).append(took)
    for name, told in spent.items():
        verdict = "" if name != "in all" else f"   bar {bar}: {'PASS' if max(told) < bar else 'FAIL'}"
        print(f"    {name:<28}{np.median(told):8.1f} ms, at most {max(told):8.1f}{verdict}")
    with begin(engine, ME) as conn:
        sitting = boards.sit(conn, view, code, NOW)
        cell, beat = next(iter(_moves(sitting)))
        for name, work in _besides(conn, view, sitting, cell, beat).items():
            print(f"    {name:<28}{_timed(work)[0]:8.1f} ms")


def _besides(conn: Connection, view: View, sitting: Sitting, cell: str, beat: str) -> dict[str, Callable[[], Any]]:
    return {
        "containment replayed": lambda: containment_under(conn, view, sitting, policy("QD"), "beat"),
        "why a cell is where it is": lambda: explain(sitting, cell),
    }


def _stroke(engine: Engine, boards: Boards, view: View, code: str, cell: str, beat: str) -> dict[str, float]:
    began = time.perf_counter()
    with begin(engine, ME) as conn:
        laid, _ = _timed(lambda: drafts.move_cells(conn, ME, code, [cell], beat))
        read, sitting = _timed(lambda: boards.sit(conn, view, code, NOW))
    counted, cost = _timed(lambda: cost_of(sitting))
    checked, _ = _timed(lambda: problems(sitting))
    told, _ = _timed(lambda: cost_rows(cost))
    whole = 1000 * (time.perf_counter() - began)
    return {"laid": laid, "read again": read, "counted": counted, "checked": checked, "told": told, "in all": whole}


def _moves(sitting: Sitting) -> Iterator[tuple[str, str]]:
    """Cells at the border of their beat, with a beat beside it."""
    graph, held = sitting.board.ground.graph, sitting.after
    codes, beats = sitting.board.cells["code"].to_numpy(object), sitting.board.beats["code"].to_numpy(object)
    cut = np.flatnonzero(held[graph.tails] != held[graph.heads])
    for edge in cut[:: max(1, len(cut) // STROKES)][:STROKES]:
        yield str(codes[graph.tails[edge]]), str(beats[held[graph.heads[edge]]])


def _coverage(engine: Engine, view: View) -> None:
    """Of a quarter that is over: how many cells and beats lay within the interval made from the weeks before."""
    with begin(engine, ME) as conn:
        sitting = Boards().sit(conn, view, drafts.begin_plan(conn, ME, "bench", at=NOW).code, NOW)
    weeks = weekly(view, sitting.board.ground, NOW)[0]
    print("\n  the last quarter within the intervals made before it")
    for name, groups in (("cells", None), ("beats", sitting.before)):
        told = coverage(weeks, groups)
        print(f"    {name:<28}80 % interval: {told['80']:.1%}, 95 % interval: {told['95']:.1%}")


def _published(engine: Engine, keys: Keys) -> None:
    """A plan of very many moves becomes what holds: one beat of two gives a cell to its neighbour."""
    with begin(engine, ME) as conn:
        plan = drafts.begin_plan(conn, ME, "bench", at=NOW, allow_outside=True)
        ground, draft, _ = publishing.check(conn, plan, NOW)
        wanted = _whole_moves(ground.graph, ground.positions(draft.base), ground.beat_group)
        codes, beats = ground.cells["code"].to_numpy(object), ground.beats["code"].to_numpy(object)
        drafts.lay_all(conn, ME, plan.code, {str(codes[cell]): str(beats[beat]) for cell, beat in wanted.items()})
        publishing.advance(conn, keys, ME, plan.code, "submit")
    with begin(engine, CHIEF) as conn:
        publishing.advance(conn, keys, CHIEF, plan.code, "approve")
        day = (NOW + timedelta(days=2)).astimezone().replace(hour=0, minute=0)
        midnight = datetime(day.year, day.month, day.day, tzinfo=_zone(conn))
        spent, _ = _timed(lambda: publishing.publish(conn, keys, CHIEF, plan.code, midnight))
    print(f"\n  a plan of {len(wanted):,} moved cells published in {spent / 1000:.1f} s")


def _zone(conn: Connection) -> Any:
    from zoneinfo import ZoneInfo

    from db.city import city

    return ZoneInfo(city(conn).zone)


def _whole_moves(graph: Graph, held: Any, group: Any) -> dict[int, int]:
    """Moves that leave every beat whole: of each beat at most one cell, at its border, and none that others rest on."""
    after, found, used = held.copy(), {}, set[int]()
    for edge in np.flatnonzero(held[graph.tails] != held[graph.heads]):
        cell, here, there = int(graph.tails[edge]), int(held[graph.tails[edge]]), int(held[graph.heads[edge]])
        if {here, there} & used or group[here] != group[there]:
            continue
        after[cell] = there
        rest = np.flatnonzero(after == here)
        if len(rest) and len(np.unique(graph.parts(after)[rest])) == 1:
            found[cell] = there
            used |= {here, there}
        else:
            after[cell] = here
        if len(found) == 200:
            break
    return found


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    found = work()
    return 1000 * (time.perf_counter() - began), found


def _fill(conn: Connection, count: int) -> None:
    shapes = irregular_cells(SIDE, 4)
    graph = make_graph(neighbours(shapes))
    # Stations are squares of ten by ten cells, each of ten beats.
    row, column = np.divmod(np.arange(SIDE**2), SIDE)
    station = row // 10 * 10 + column // 10
    held = grown(graph, np.ones(SIDE**2), BEATS, station, np.arange(BEATS) // 10, 1)
    told: dict[str, Any] = {
        "stations": STATIONS, "beats": BEATS, "cells": SIDE**2, "count": count, "now": NOW,
        "stations_of": (np.arange(BEATS) // 10).tolist(), "held": held.tolist(),
        "shapes": [bytes(wkb) for wkb in shapely.to_wkb(shapes)],
    }  # fmt: skip
    conn.execute(text("SELECT setseed(0.5)"))
    for statement in PLACES.split(";\n"):
        conn.execute(text(statement), {name: value for name, value in told.items() if f":{name}" in statement})
