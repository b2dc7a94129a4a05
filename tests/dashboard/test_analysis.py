"""Analysis pages: every panel draws for whatever is looked at, and says so in the reader's language."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from plotly.utils import PlotlyJSONEncoder

from dashboard import navigation
from dashboard.app import DASH_PATHS
from dashboard.auth import current
from dashboard.auth.rules import rule_for
from dashboard.language import catalogue
from dashboard.pages.analysis import registry
from dashboard.pages.analysis.callbacks import guarded, guarded_heading
from dashboard.pages.analysis.filling import drawn, filled
from dashboard.pages.analysis.panel import Page, Panel
from dashboard.reading.desk import Desk
from dashboard.reading.view import View
from db.engine import make_engine
from geo.errors import NotFound
from grids.rights import Who
from tests.conftest import DEMO_UNTIL, LoadedDatabase, copy_database, drop_database

DAYS = View(period="custom", first=date(2026, 4, 25), last=date(2026, 5, 4))  # of two months and three weeks
QUIET = replace(DAYS, first=date(2024, 1, 1), last=date(2024, 1, 1))
PANELS = [(page, panel) for page in registry.pages().values() for panel in page.panels]
every_panel = pytest.mark.parametrize(("page", "panel"), PANELS, ids=[f"{page.code} {p.name}" for page, p in PANELS])
FEW = {1, 2, 3, 4}


@pytest.fixture(scope="module")
def desk(demo_db: LoadedDatabase) -> Desk:
    return Desk(demo_db.settings, demo_db.engine, lambda: DEMO_UNTIL)


@pytest.fixture(scope="module")
def nothing(cluster, template, tmp_path_factory) -> Iterator[Desk]:
    settings = copy_database(cluster, template, tmp_path_factory.mktemp("nothing"))
    engine = make_engine(settings)
    yield Desk(settings, engine, lambda: DEMO_UNTIL)
    engine.dispose()
    drop_database(cluster, settings)


def texts(parts: object) -> set[str]:
    """Every text of a tree of components and figures."""
    found: set[str] = set()

    def walk(part: object) -> None:
        if isinstance(part, dict):
            for each in part.values():
                walk(each)
        elif isinstance(part, list):
            for each in part:
                walk(each)
        elif isinstance(part, str):
            found.add(part)

    walk(json.loads(json.dumps(parts, cls=PlotlyJSONEncoder)))
    return found


@every_panel
def test_a_panel_draws_in_english_for_one_station_and_for_days_without_anything(desk: Desk, page: Page, panel: Panel):
    station = str(desk.geometry().index["station"].mode()[0])
    for view in (replace(DAYS, place=f"station:{station}", theme="dark"), QUIET):
        found = texts(filled(desk, page, panel, replace(view, lang="en")))
        assert found
        assert not found & catalogue("en").keys()


@every_panel
def test_an_empty_record_says_what_to_load(nothing: Desk, page: Page, panel: Panel) -> None:
    found = " ".join(texts(guarded(nothing, "", {"page": page.code, "name": panel.name})))
    assert "manage.py load" in found or "not-now" in found
    assert "暂时读不到数据" not in found


def test_an_error_stays_in_its_panel_and_says_what_is_wrong(desk: Desk) -> None:
    for query in ("place=beat:GONE", "boundaries=plan:GONE"):
        told = texts(guarded(desk, query, {"page": "containment", "name": "overall"}))
        assert any("GONE" in text for text in told), query
    assert any("GONE" in text for text in texts(guarded_heading(desk, "?place=beat:GONE", "/containment")[2]))


@pytest.mark.parametrize(
    ("query", "words", "leads"),
    [
        ("period=custom&from=2024-01-01&to=2024-01-02", "所选时间内没有警情，数据自", "from="),
        ("period=custom&from=2026-08-01&to=2026-08-02", "所选时间内没有警情，数据截至", "from="),
        ("period=custom&from=2026-05-01&to=2026-05-02&channel=nobody", "所选条件下没有警情", "/trends"),
    ],
)
def test_a_period_without_reports_leads_to_days_with_some(desk: Desk, query: str, words: str, leads: str) -> None:
    banner = texts(guarded_heading(desk, query, "/trends")[2])
    assert any(words in text for text in banner), banner
    href = next(text for text in banner if text.startswith("/trends"))
    assert leads in href
    later = View.parse(href.partition("?")[2])
    assert desk.totals(later).incidents > 0 or "channel" in query


def test_every_page_has_its_address_its_rule_and_panels_of_one_name() -> None:
    for code, page in registry.pages().items():
        assert page.path == f"/{code}"
        assert page.path in DASH_PATHS
        assert rule_for("GET", page.path) is not None
        assert page.path in {stop.path for stop in navigation.STOPS}
        assert len(page.by_name) == len(page.panels)
    with pytest.raises(NotFound, match="open one of /containment"):
        registry.page("moon")


def test_the_way_leads_only_where_its_reader_may_go() -> None:
    with current.acting(Who("somebody", ("wall",))):
        seen = {stop.path for stop in navigation.open_stops()}
    assert {"/", "/containment", "/wall"} <= seen
    with current.acting(Who("programme", ("feed",))):
        assert navigation.open_stops() == []


@every_panel
def test_no_small_count_is_shown_to_whoever_must_not_single_out(desk: Desk, page: Page, panel: Panel) -> None:
    wall = desk.under(Who("screen", ("wall",)))
    view = replace(DAYS, by="cell", against="previous" if panel.name == "changes" else None)
    for told, each in drawn(wall, panel, view):
        assert told.fewest == 5
        for name in each.leads if "officer" not in each.keys else ():  # whose name is not told
            counts = each.data[name]
            if counts.dtype != object:
                assert not set(counts.dropna()) & FEW, (name, each.data[[name]])
