"""The page of rows says what the figure is and leads on; the page of bulletins makes, refuses and lists."""

import re
from dataclasses import replace

import pytest

from dashboard.app import create_app
from dashboard.pages.analysis import registry
from dashboard.pages.analysis.callbacks import guarded_heading
from dashboard.pages.analysis.filling import drawn
from dashboard.pages.analysis.layout import layout
from dashboard.pages.overview.drawing import counts
from dashboard.reading.desk import Desk
from dashboard.reading.view import View
from db.engine import begin
from db.planning.drafts import begin_plan, draft_of, move_cells
from db.record import open_record
from grids.rights import Who, operator
from tests.conftest import copy_database, drop_database
from tests.db.measures import outcome_city
from tests.factories import day
from tests.signing import signed_in

PERIOD = "period=custom&from=2026-03-02&to=2026-04-10"


@pytest.fixture(scope="module")
def house(cluster, template, tmp_path_factory):
    settings = copy_database(cluster, template, tmp_path_factory.mktemp("pages"))
    record = open_record(settings)
    with begin(record.engine, operator("test")) as conn:
        outcome_city.build(conn, record.keys, 6)
    yield record.engine, create_app(settings, record.engine, lambda: day(50)), settings
    record.engine.dispose()
    drop_database(cluster, settings)


def test_the_page_shows_as_many_rows_as_it_says_and_each_leads_to_its_matter(house):
    analyst = signed_in(house[1], house[0], "analyst")
    counted = analyst.get(f"/api/v1/rows?{PERIOD}&figure=matters&key=station:S1").json()["count"]
    page = analyst.get(f"/rows?{PERIOD}&figure=matters&key=station:S1&lang=en").text
    assert f"<b>{counted}</b>" in page
    assert page.count('<th scope="row">') == counted
    case = re.search(r'href="(/rows/case/[^"]+)"', page)
    assert case is not None
    story = analyst.get(case[1].replace("&amp;", "&"))
    assert story.status_code == 200
    assert "Back to the rows" in story.text


def test_an_empty_figure_says_what_to_do_and_a_bad_address_where_to_go(house):
    analyst = signed_in(house[1], house[0], "analyst")
    assert "take a filter away" in analyst.get(f"/rows?{PERIOD}&figure=matters&key=station:none&lang=en").text
    lost = analyst.get("/rows?figure=luck&lang=en")
    assert lost.status_code == 404
    assert 'href="/"' in lost.text


def test_a_bulletin_is_issued_by_who_may_supervise_when_its_period_is_over(house):
    approver, analyst = (signed_in(house[1], house[0], role) for role in ("approver", "analyst"))
    page = approver.get("/bulletins?place=station:S1&period=2026-03&lang=en").text
    token = re.search(r'name="form_token" value="([^"]+)"', page.split("/bulletins/issue")[1])
    assert token is not None
    told = {"form_token": token[1], "place": "station:S1", "period": "2026-03", "policy": "QD"}
    assert approver.post("/bulletins/issue", data=told | {"period": "2026-04"}).status_code == 409
    assert analyst.post("/bulletins/issue", data=told).status_code == 403
    done = approver.post("/bulletins/issue?lang=en", data=told)
    assert "is issued" in done.text
    assert "2026-1" in analyst.get("/bulletins?lang=en").text
    assert approver.get("/bulletins/2026-1?place=station:S1").headers["content-type"].startswith("text/html")


def test_each_tile_of_the_overview_leads_to_as_many_rows_as_it_counts_for_who_may_see_cases(house):
    engine, app, settings = house
    analyst = signed_in(app, engine, "analyst")
    desk = Desk(settings, engine, lambda: day(50))
    view = View.parse(PERIOD)
    shown = {tile.children[1].id: tile for tile in counts(desk.under(operator("test")), view)[0]}
    leading = {name: tile for name, tile in shown.items() if getattr(tile, "href", None)}
    assert {"tile-incidents", "tile-matters", "tile-closed", "tile-open_matters"} <= leading.keys()
    for name, tile in leading.items():
        told = analyst.get(tile.href.replace("/rows?", "/api/v1/rows?")).json()
        assert f"{told['count']:,}" == tile.children[1].children, name
    wall = counts(desk.under(Who("a wall", ("wall",))), view)[0]
    assert not [tile for tile in wall if getattr(tile, "href", None)]


def test_figures_follow_a_plan_for_those_who_may_see_it(house):
    engine, _app, settings = house
    with begin(engine, operator("test")) as conn:
        plan = begin_plan(conn, operator("test"), "as if", day(45))
        base = draft_of(conn, plan).base
        cell, other = "G10", next(beat for beat in base.values() if beat != base["G10"])
        held = move_cells(conn, operator("test"), plan.code, [cell], other).assignment
    desk = Desk(settings, engine, lambda: day(50))
    view = replace(View.parse(PERIOD), boundaries=f"plan:{plan.code}")

    def reports(by, boundaries):
        ((_told, shown),) = drawn(
            desk, registry.page("repeats").by_name["rates"], replace(view, by=by, boundaries=boundaries)
        )
        return shown.data.dropna(subset="key").set_index("key")["reports"]

    cells = reports("cell", "now")
    assert cells[cell] > 0
    assert reports("beat", view.boundaries).to_dict() == cells.groupby(held).sum().to_dict()
    planner, analyst = (desk.under(Who("somebody", (role,))) for role in ("planner", "analyst"))
    assert plan.code in str(layout(registry.page("repeats"), View(), planner))
    assert plan.code not in str(layout(registry.page("repeats"), View(), analyst))
    assert "you may not see it" in str(guarded_heading(analyst, f"?{view.query()}&lang=en", "/repeats")[2])
