"""Side by side and taken away: what is compared can be, links keep their figures, files say what the page says."""

import re
from dataclasses import replace
from datetime import date, timedelta
from html import unescape
from io import BytesIO
from urllib.parse import parse_qs, urlparse

import pandas as pd
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from dashboard.app import create_app
from dashboard.pages.analysis import registry
from dashboard.pages.analysis.address import Given, after
from dashboard.pages.analysis.asking import asking
from dashboard.pages.analysis.beside import columns
from dashboard.pages.analysis.changes import changed
from dashboard.pages.analysis.courses import course_of, year_before
from dashboard.pages.analysis.filling import drawn
from dashboard.pages.analysis.heading import heading
from dashboard.pages.analysis.tables import whole_table
from dashboard.pages.rows import paging
from dashboard.reading.desk import Desk
from dashboard.reading.periods import fixed
from dashboard.reading.view import View
from db.engine import begin
from db.measures.periods import length
from grids.policies import POLICIES
from tests.conftest import DEMO_UNTIL, LoadedDatabase
from tests.signing import signed_in

SPRING = View(period="custom", first=date(2026, 5, 1), last=date(2026, 6, 15))
ZONE = "Asia/Shanghai"


@pytest.fixture(scope="module")
def desk(demo_db: LoadedDatabase) -> Desk:
    return Desk(demo_db.settings, demo_db.engine, lambda: DEMO_UNTIL)


@pytest.fixture(scope="module")
def client(demo_db: LoadedDatabase) -> TestClient:
    return signed_in(create_app(demo_db.settings, demo_db.engine, lambda: DEMO_UNTIL), demo_db.engine)


def panel(page: str, name: str):
    return registry.page(page).by_name[name]


@pytest.mark.parametrize("view", [SPRING, View(), View(period="month")], ids=["days", "30 days", "month"])
@pytest.mark.parametrize("against", ["previous", "last_year"])
def test_a_period_stands_beside_one_as_long_that_ends_at_the_same_hour(desk: Desk, view: View, against: str) -> None:
    now, before = columns(desk, replace(view, against=against))
    flt, then = desk.filter(now.view), desk.filter(before.view)
    assert then.end <= flt.start
    assert then.end.astimezone().minute == flt.end.astimezone().minute
    if view != View(period="month") or against == "last_year":
        assert length(then) == pytest.approx(length(flt), abs=1.001)  # a leap day
    assert before.view.against is None


def test_places_policies_and_borders_stand_beside_each_other_by_name(desk: Desk) -> None:
    first, second = desk.geometry().index["community"].unique()[:2]
    view = replace(SPRING, place=f"community:{first}", against=f"place:community:{second}")
    assert [each.view.place for each in columns(desk, view)] == [f"community:{first}", f"community:{second}"]
    assert columns(desk, replace(view, place=None))[0].label == "全市"
    assert [each.view.policy for each in columns(desk, replace(SPRING, against="policy"))] == list(POLICIES)
    assert [c.view.boundaries for c in columns(desk, replace(SPRING, against="boundaries"))] == ["then", "now"]
    assert [each.label for each in columns(desk, SPRING)] == [""]


def test_the_strip_says_what_the_measure_of_change_says(desk: Desk) -> None:
    for against in ("previous", "last_year"):
        with asking(desk, replace(SPRING, against=against)) as told:
            strip = changed(told, ("reports", "closing", "containment")).data.set_index("code")
            for code in strip.index:
                own = told.measure("change", code=code, against=(against,)).iloc[0]
                assert strip.loc[code, "direction"] == own["direction"]
                if own["z"] == own["z"]:
                    assert strip.loc[code, "z"] == pytest.approx(own["z"])


def test_counts_of_two_places_are_compared_per_resident(desk: Desk, demo_db: LoadedDatabase) -> None:
    community = desk.geometry().index["community"].iloc[0]
    with asking(desk, replace(SPRING, against=f"place:community:{community}")) as told:
        row = changed(told, ("reports",)).data.iloc[0]
    with begin(demo_db.engine, "test") as conn:
        asked = text("SELECT sum(residents) FILTER (WHERE a.code = :code), sum(residents) FROM cell c "
                     "LEFT JOIN area a ON a.id = c.community_id WHERE upper_inf(c.valid)")  # fmt: skip
        here, everybody = conn.execute(asked, {"code": community}).one()
    days = length(desk.filter(SPRING))
    assert row["rate_now"] == pytest.approx(row["k_now"] / (days * everybody))
    assert row["rate_before"] == pytest.approx(row["k_before"] / (days * here))


def test_a_link_with_fixed_dates_gives_the_same_figures_on_another_day(desk: Desk, demo_db: LoadedDatabase) -> None:
    view = View(period="7d", policy="JM")
    href = heading(desk, view, "/containment")[3]
    later = Desk(demo_db.settings, demo_db.engine, lambda: DEMO_UNTIL + timedelta(days=9, hours=5))
    again = View.parse(urlparse(href).query)
    assert later.filter(again) == desk.filter(view)
    assert later.filter(view) != desk.filter(view)
    assert fixed(again, later.now(), ZONE) == again
    tables = [
        drawn(each, panel("containment", "overall"), given)[0][1].data for each, given in ((desk, view), (later, again))
    ]
    pd.testing.assert_frame_equal(*tables)


def test_a_mark_leads_to_its_rows_under_the_same_filters(desk: Desk) -> None:
    with asking(desk, replace(SPRING, policy="ZS", against="previous", by="cell")) as told:
        query = parse_qs(
            urlparse(told.rows("containment.escaped", beat="B1", severity=None)).query, keep_blank_values=True
        )
    assert query == {
        "period": ["custom"], "from": ["2026-05-01"], "to": ["2026-06-15"], "policy": ["ZS"],
        "figure": ["containment.escaped"], "key": ["beat:B1"],
    }  # fmt: skip


def test_a_filter_changes_its_own_part_of_the_address_only(desk: Desk) -> None:
    view = replace(SPRING, against="policy", boundaries="now", place="beat:X").choosing("dating", "cohort")
    shown = Given(
        "custom", ["2026-05-01", "2026-06-15"], [], [], "QD", "beat:X", ["beat:X"], "policy", None, "now", None
    )
    told = {
        "asked-policy": (shown.__class__(**{**vars(shown), "policy": "JM"}), replace(view, policy="JM")),
        "asked-beside": (shown.__class__(**{**vars(shown), "beside": "none"}), replace(view, against=None)),
        "asked-beside-place": (
            shown.__class__(**{**vars(shown), "beside_place": "beat:Y"}), replace(view, against="place:beat:Y"),
        ),
        "asked-as-of": (
            shown.__class__(**{**vars(shown), "as_of": "2026-06-20 08:30:00"}), replace(view, as_of="2026-06-20T08:30"),
        ),
        "asked-place-search": (shown.__class__(**{**vars(shown), "searched": None}), replace(view, place=None)),
        "asked-clear": (shown, View()),
        "analysis-address": (shown, view),
    }  # fmt: skip
    assert {trigger: after(desk, trigger, view, given) for trigger, (given, _) in told.items()} == {
        trigger: wanted for trigger, (_, wanted) in told.items()
    }


def test_steps_of_a_course_add_up_to_the_period(desk: Desk) -> None:
    with asking(desk, SPRING) as told:
        whole = int(told.measure("change", code="reports").iloc[0]["now"])
        for grain in ("month", "week", "day"):
            found = course_of(told, "reports", grain)
            assert int(found["numerator"].sum()) == whole
            assert (found["low"] <= found["value"]).all()
            assert (found["value"] <= found["high"]).all()
        assert found["days"].eq(1).all()
        by_place = course_of(told, "reports", "week", "station")
        assert int(by_place["numerator"].sum()) == whole
        assert by_place.groupby("at").size().nunique() == 1  # a quiet week is nought, not missing


def test_days_after_the_data_has_ended_are_no_fall(demo_db: LoadedDatabase) -> None:
    late = Desk(demo_db.settings, demo_db.engine, lambda: DEMO_UNTIL + timedelta(days=3))
    with asking(late, View(period="7d", against="previous")) as told:
        found = course_of(told, "reports", "day")
        assert 0 < found["at"].nunique() < 7
        assert not found["whole"].iloc[-1]
        assert found["numerator"].iloc[-1] > 0
        assert len(year_before(told, "reports", "day", list(found["at"]))) <= len(found)
        strip = changed(told, ("reports", "closing"))
    assert strip.data.set_index("code").loc["reports", "direction"] == "unknown"
    assert strip.notes
    with asking(late, replace(SPRING, against="previous")) as told:
        assert changed(told, ("reports",)).notes == ()


def test_files_hold_what_the_panel_shows(client: TestClient, desk: Desk) -> None:
    view = replace(SPRING, by="station", against="previous")
    pairs = drawn(desk, panel("containment", "places"), view)
    address = view.link("/figures/containment/places.csv")
    found = pd.read_csv(BytesIO(client.get(address).content))
    shown = pd.concat([each.data for _told, each in pairs], ignore_index=True)
    assert list(found["对比"].unique()) == [told.label for told, _each in pairs]
    assert found["越级"].tolist() == shown["escaped"].tolist()
    assert found["化解率"].tolist() == pytest.approx(shown["share"].tolist(), nan_ok=True)
    book = pd.read_excel(BytesIO(client.get(address.replace(".csv", ".xlsx")).content), sheet_name=None)
    assert list(book) == ["数据", "口径"]
    pd.testing.assert_frame_equal(book["数据"], found, check_dtype=False)
    for lost in ("moon/places.csv", "containment/moon", "containment/places.exe", "containment/moon.csv"):
        assert client.get(f"/figures/{lost}").status_code == 404


def test_the_whole_table_comes_page_by_page_in_any_order(client: TestClient, desk: Desk, monkeypatch) -> None:
    monkeypatch.setattr(paging, "SIZE", 60)
    view = replace(SPRING, by="cell", lang="en")
    counts = drawn(desk, panel("repeats", "rates"), view)[0][1].data.set_index("label")["reports"]
    address, seen = whole_table(registry.page("repeats"), panel("repeats", "rates"), view, "reports", up="1"), []
    while address:
        shown = client.get(address).text
        assert 'aria-sort="ascending"' in shown
        assert "sort=reports&amp;up=1&amp;" in shown.split("<main")[0], "another language keeps the order"
        seen += [unescape(name) for name in re.findall('<th scope="row">([^<]*)', shown)]
        onward = re.search('href="([^"]+)" rel="next"', shown)
        address = unescape(onward[1]) if onward else ""
    assert sorted(seen) == sorted(counts.index)
    assert counts[seen].is_monotonic_increasing
    assert client.get(whole_table(registry.page("repeats"), panel("repeats", "rates"), view, "luck")).status_code == 422
