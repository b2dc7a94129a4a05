"""A record in which something is missing: every page says what, and what to type, and none fails."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from dashboard.app import create_app
from dashboard.components.notes import MISSING
from dashboard.pages.overview import drawing, panels
from dashboard.reading.desk import Desk
from dashboard.reading.gaps import KINDS
from dashboard.reading.view import View
from db.city import describe_city
from db.engine import begin
from db.record import Record
from db.settings import Settings
from tests.signing import signed_in

NOW = datetime(2026, 6, 30, 14, tzinfo=UTC)
SQUARE = "ST_Multi(ST_GeomFromText('POLYGON((120 36, 120.01 36, 120.01 36.01, 120 36.01, 120 36))', 4326))"


@dataclass
class Young:
    """A record that has only just begun."""

    record: Record
    settings: Settings

    @property
    def desk(self) -> Desk:
        return Desk(self.settings, self.record.engine, lambda: NOW)

    def says(self, draw: Any, query: str = "") -> str:
        """What a panel of the overview shows."""
        more = ("beat",) if draw is drawing.work else ({"width": 800, "height": 400},) if draw is drawing.cells else ()
        size = len(panels.PANELS[draw])
        return str(panels.guarded(draw, size, self.desk, query, *more))

    def run(self, *statements: str) -> None:
        with begin(self.record.engine, "test") as conn:
            for statement in statements:
                conn.execute(text(statement))


@pytest.fixture
def young(record: Record, settings: Settings) -> Young:
    return Young(record, settings)


def with_cells(young: Young) -> None:
    """One cell of one beat without a station, which is what a bare boundary file gives."""
    young.run(
        "INSERT INTO beat (code, name) VALUES ('01', '01')",
        f"INSERT INTO cell (code, name, geom) VALUES ('0111', '0111', {SQUARE})",
        "INSERT INTO beat_cell (cell_id, beat_id, valid) SELECT c.id, b.id, c.valid FROM cell c, beat b",
        "UPDATE city SET boundary_version = boundary_version + 1",
    )


def with_incident(young: Young) -> None:
    """One report of a category that no catalogue knows, without steps, as a foreign file gives it."""
    with begin(young.record.engine, "test") as conn:
        describe_city(conn, None, "America/Chicago", None)
    at = NOW - timedelta(hours=20)
    young.run(
        "INSERT INTO category (code, name, group_name, known) VALUES ('THEFT', 'THEFT', '未分类', false)",
        "INSERT INTO channel (code, name_zh, name_en) VALUES ('cpd', 'cpd', 'cpd')",
        """INSERT INTO load_run (kind, path, fingerprint, profile, actor, state)
            VALUES ('incidents', 'f', 'f', '', 't', 'done')""",
        f"""INSERT INTO matter (channel, category_id, opened_at, cell_id, severity_initial, severity, severity_now)
            SELECT 'cpd', k.id, '{at}', c.id, 1, 1, 1 FROM category k, cell c WHERE k.code = 'THEFT'""",
        f"""INSERT INTO incident
                (channel, source_no, reported_at, category_id, matter_id, cell_then, cell_now, placed_by, content_hash,
                run_id)
            SELECT 'cpd', '1', '{at}', m.category_id, m.id, m.cell_id, m.cell_id, 'point', '', r.id
            FROM matter m, load_run r""",
    )


PANELS = (
    drawing.counts,
    drawing.cells,
    drawing.containment,
    drawing.places,
    drawing.work,
    drawing.by_day,
    drawing.by_hour,
)


@pytest.mark.parametrize("draw", PANELS)
def test_without_cells_or_incidents_every_panel_says_what_to_load(young: Young, draw: Any) -> None:
    kinds = ("incidents",) if draw in (drawing.by_day, drawing.by_hour) else ("cells",)
    assert all(MISSING[kind][1] in young.says(draw) for kind in kinds)


def test_an_empty_record_says_the_whole_way_and_claims_no_figure(young: Young) -> None:
    said = young.says(drawing.counts)
    assert all(f"load {kind} FILE" in said for kind in KINDS)
    assert "'0'" not in said
    with_cells(young)
    assert "load cells" not in young.says(drawing.counts)
    assert "已导入" in young.says(drawing.counts)


def test_with_cells_alone_the_incidents_are_asked_for(young: Young) -> None:
    with_cells(young)
    assert young.desk.facts().missing == set(KINDS) - {"cells"}
    assert "load incidents" in young.says(drawing.counts)
    assert "load cells" not in young.says(drawing.cells)
    assert "load incidents" in young.says(drawing.work)


def test_incidents_of_another_world_are_shown_and_what_they_lack_is_said(young: Young) -> None:
    """Categories that nobody calls containable, no steps, no staff, another zone."""
    with_cells(young)
    with_incident(young)
    assert young.desk.facts().missing == {"catalogue", "steps", "postings"}
    assert "banner" not in young.says(drawing.counts)
    assert "load catalogue" in young.says(drawing.containment)
    assert "load postings" in young.says(drawing.work)
    assert "2026-06-29" in young.says(drawing.by_day)
    assert young.desk.clock(View()).values.tolist() == [[1, 13, 1]]  # a Monday, 13:00 in Chicago


def test_a_catalogue_without_steps_asks_for_steps(young: Young) -> None:
    with_cells(young)
    with_incident(young)
    young.run("UPDATE category SET containable = true")
    assert "load steps" in young.says(drawing.containment)


def test_an_older_period_leads_to_the_last_days_with_data(young: Young) -> None:
    with_cells(young)
    with_incident(young)
    assert "看最后30天的数据" in young.says(drawing.counts, "?period=custom&from=2026-07-02&to=2026-07-03")


def test_every_address_answers_on_an_empty_record_and_on_bare_cells(young: Young) -> None:
    engine = young.record.engine
    client = signed_in(create_app(young.settings, engine, lambda: NOW), engine)
    paths = ("/", "/wall", "/beat", "/healthz", "/api/v1/totals", "/api/v1/values", "/api/v1/wall", "/api/v1/heat.png")
    assert {client.get(path).status_code for path in paths} == {200}
    assert "还没有警格" in client.get("/beat").text
    with_cells(young)
    young_client = signed_in(create_app(young.settings, engine, lambda: NOW), engine)
    assert {young_client.get(path).status_code for path in (*paths, "/beat/01", "/beat/01/map.html")} == {200}
    assert "无人任职" in young_client.get("/beat/01").text
