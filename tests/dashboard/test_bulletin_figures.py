"""What a bulletin says of the demo city equals the measures, in every form that it is written in."""

from datetime import date
from html.parser import HTMLParser

import openpyxl
import pytest
from pypdf import PdfReader

from dashboard.bulletin.figures import TABLES, Figures, digest
from dashboard.bulletin.html import bulletin_html
from dashboard.bulletin.issue import Period, draft, write
from dashboard.bulletin.reading import model_view
from dashboard.reading.desk import Desk
from db.facts import Filter
from db.measures.containment import containment
from db.measures.outcomes import outcomes
from db.measures.periods import midnight
from db.measures.repeats import reports
from db.measures.workload import workload
from db.metrics import totals
from grids.policies import policy
from tests.conftest import DEMO_UNTIL

MAY = Period("month", date(2026, 5, 1), date(2026, 5, 31))
PLACE = "station:PCS1"


@pytest.fixture(scope="module")
def desk(demo_db):
    return Desk(demo_db.settings, demo_db.engine, clock=lambda: DEMO_UNTIL)


@pytest.fixture(scope="module")
def view(desk):
    return model_view(desk)


@pytest.fixture(scope="module")
def figures(desk, view):
    return draft(desk, view, PLACE, MAY)


@pytest.fixture(scope="module")
def flt(desk):
    zone = desk.facts().city.zone
    return Filter(midnight(MAY.first, zone), midnight(date(2026, 6, 1), zone), PLACE)


def test_the_figures_are_those_of_the_measures(desk, view, figures, flt):
    with desk.connection() as conn:
        counted = totals(conn, flt)
        stayed = containment(conn, view, flt, policy=policy("QD")).iloc[0]
        told = outcomes(conn, view, flt).set_index("outcome")
    assert figures.row("key", "reports")["k"] == counted.incidents
    assert figures.row("key", "matters")["k"] == counted.matters
    contained = figures.row("key", "contained")
    assert (contained["k"], contained["n"]) == (stayed["contained"], stayed["contained"] + stayed["escaped"])
    for code in ("on_spot", "mediation", "closing", "on_time", "satisfaction", "revisit", "held", "repeat", "done"):
        row = figures.row("key", code)
        assert (row["k"], row["n"]) == (told.loc[code, "numerator"], told.loc[code, "denominator"]), code
        assert row["low"] == pytest.approx(told.loc[code, "low"], nan_ok=True) if row["n"] else row["low"] is None


def test_open_and_overdue_at_the_end_are_those_of_the_record(desk, figures, flt):
    with desk.connection() as conn:
        counted = totals(conn, flt)
    assert sum(row["open"] for row in figures["beats"]) == counted.open_matters
    assert sum(row["overdue"] for row in figures["beats"]) == counted.overdue
    assert len(figures["waiting"]) == min(counted.overdue, 6)


def test_the_rows_of_beats_add_up_to_the_place(desk, view, figures, flt):
    beats = figures["beats"]
    contained = figures.row("key", "contained")
    assert (
        sum(row["contained"] for row in beats) == contained["k"] == sum(row["contained"] for row in figures["severity"])
    )
    assert sum(row["decided"] for row in beats) == contained["n"]
    assert sum(row["reports"] for row in beats) == figures.row("key", "reports")["k"]
    assert sum(row["escaped"] for row in figures["escaped"]) == contained["n"] - contained["k"]
    assert sum(row["reports"] for row in figures["communities"]) <= figures.row("key", "reports")["k"]
    assert sum(row["reports"] for row in figures["clock"]) == figures.row("key", "reports")["k"]
    assert figures["trend"][-1]["reports"] == figures.row("key", "reports")["k"]
    assert [row["month"] for row in figures["trend"]][::12] == ["2025-05", "2026-05"]
    with desk.connection() as conn:
        by_beat = reports(conn, view, flt, by="beat").set_index("key")
        load = workload(conn, view, flt, "beat").set_index("key")
    for row in beats:
        if row["code"]:
            assert row["repeats"] == (by_beat["repeats"].get(row["code"], 0))
            assert row["minutes"] == pytest.approx(load.loc[row["code"], "minutes"], abs=1)


def test_every_table_is_there_and_the_text_comes_back(figures):
    assert set(figures.tables) == set(TABLES)
    again = Figures.read(figures.text())
    assert again == figures
    assert digest(again.text()) == digest(figures.text())


def test_small_counts_are_told_only_where_asked_for(desk, view, figures):
    everything = draft(desk, view, PLACE, MAY, small=0)
    for row in figures["cells"]:
        for name in ("reports", "contained", "escaped", "decided"):
            assert row[name] is None or not 0 < row[name] < 5, row
        assert row["share_class"] is None or row["share_class"] == -1 or row["code"]
    told = {row["code"]: row for row in everything["cells"]}
    assert any(0 < row["escaped"] < 5 for row in told.values())
    assert sum(row["contained"] for row in told.values()) == figures.row("key", "contained")["k"]
    named = [
        row
        for name, column in (("escaped", "category"), ("communities", "name"))
        for row in figures[name]
        if row[column]
    ]
    assert all(row.get("escaped", row.get("reports")) >= 5 for row in named)
    assert {row["cell"] for row in figures["waiting"]} <= {None}
    assert everything.about["small"] == 0


def test_a_district_has_a_row_a_station(desk, view):
    code = next(place for place in desk.facts().names if place.startswith("district:"))
    found = draft(desk, view, code, MAY)
    stations = {place.partition(":")[2] for place in desk.facts().names if place.startswith("station:")}
    assert {row["code"] for row in found["beats"]} - {None} <= stations
    assert len(bulletin_html(found)) > 10_000


def test_all_three_forms_tell_the_same_numbers(figures, tmp_path):
    written = {path.suffix: path for path, _ in write(figures, None, tmp_path)}
    row = figures.row("key", "contained")
    told = f"{row['k']:,}/{row['n']:,}"
    page = Text.of(written[".html"].read_text("utf-8"))
    assert told in page
    pdf = PdfReader(written[".pdf"])
    assert 3 <= len(pdf.pages) <= 6
    assert told in "".join(part.extract_text() for part in pdf.pages)
    book = openpyxl.load_workbook(written[".xlsx"])
    sheet = book.worksheets[1]
    cells = {line[0].value: line for line in sheet.iter_rows(min_row=2)}
    line = next(line for line in cells.values() if (line[1].value, line[2].value) == (row["k"], row["n"]))
    assert line[3].value == pytest.approx(row["k"] / row["n"])
    assert line[3].number_format == "0.0%"
    assert sheet.freeze_panes == "B2"
    beats = book.worksheets[3]
    heads = [cell.value for cell in beats[1]]
    column = heads.index("警情")
    assert [each[column].value for each in beats.iter_rows(min_row=2)] == [each["reports"] for each in figures["beats"]]


class Text(HTMLParser):
    """The words of a page, without its styles."""

    def __init__(self):
        super().__init__()
        self.said, self.inside = [], []

    @classmethod
    def of(cls, page):
        read = cls()
        read.feed(page)
        return " ".join(read.said)

    def handle_starttag(self, tag, attrs):
        self.inside = [tag]

    def handle_data(self, data):
        if self.inside != ["style"]:
            self.said.append(data)
