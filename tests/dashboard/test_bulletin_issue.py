"""From a command to files: drafts, issued bulletins that stay as they were, and the list for a meeting."""

import csv
import hashlib
import json
from datetime import UTC, date, datetime

import openpyxl
import pytest
from pypdf import PdfReader

from dashboard.bulletin.figures import Figures
from dashboard.bulletin.html import bulletin_html
from dashboard.bulletin.issue import Period, draft, issue, issued, period_of
from dashboard.bulletin.meeting import meeting_html, meeting_list
from dashboard.bulletin.reading import model_view
from dashboard.bulletin.workbook import write_workbook
from dashboard.reading.desk import Desk
from db import audit
from db.engine import begin
from geo.errors import Denied, InputError, NotFound, Refused
from grids.rights import Who
from tests.commands import words_of
from tests.dashboard.test_bulletin import Links
from tests.factories import make_incidents, make_run, make_steps
from tests.two_stations import PHONE, SECRET, STAFF, make_two_stations

MARCH = Period("month", date(2026, 3, 1), date(2026, 3, 31))
LATER = datetime(2026, 6, 1, 1, tzinfo=UTC)
PLACE = "station:S1"


@pytest.fixture
def desk(settings, record):
    """A desk on two stations with one case each, in June."""
    with begin(record.engine, "test") as conn:
        make_two_stations(conn, record.keys, rows=False)
    return Desk(settings, record.engine, clock=lambda: LATER)


@pytest.fixture
def run(desk, settings):
    """Runs manage.py's words in this process: (exit code, stdout, stderr)."""
    return words_of(settings)


def load_more(desk):
    """One more case of station 1, in the same month."""
    with begin(desk.engine, "test") as conn:
        told = {"reported_at": datetime(2026, 3, 9, tzinfo=UTC), "lat": 36.055, "lon": 120.305, "source_no": "LATE"}
        make_incidents(conn, desk.keys, [told], make_run(conn, "more.csv"))


def test_an_issued_bulletin_stays_as_it_was_when_more_is_loaded(desk):
    figures, done = issue(desk, draft(desk, model_view(desk), PLACE, MARCH))
    page = bulletin_html(figures, "zh", done)
    load_more(desk)
    again = bulletin_html(*_swapped(issued(desk, PLACE, "2026-1")))
    assert again == page
    anew = draft(desk, model_view(desk), PLACE, MARCH)
    assert anew.row("key", "reports")["k"] == figures.row("key", "reports")["k"] + 1
    _, replacing = issue(desk, anew)
    assert (replacing.no, replacing.replaces) == (2, (2026, 1))
    assert bulletin_html(*_swapped(issued(desk, PLACE, "2026-1"))) == page


def _swapped(told):
    figures, done = told
    return figures, "zh", done


def test_the_frozen_text_is_the_drafts_own(desk):
    found = draft(desk, model_view(desk), PLACE, MARCH)
    figures, done = issue(desk, found)
    assert figures == found
    assert figures.row("key", "reports")["k"] == 1
    assert done.digest == hashlib.sha256(found.text().encode()).hexdigest()


def test_a_period_that_runs_still_is_no_issue_and_one_to_come_no_draft(desk):
    june = period_of("2026-06", None)
    found = draft(desk, model_view(desk), PLACE, june)
    assert found.about["as_of"] == "2026-06-01T01:01:00+00:00"
    with pytest.raises(Refused, match="issue its bulletin when it is over"):
        issue(desk, found)
    with pytest.raises(InputError, match="not begun"):
        draft(desk, model_view(desk), PLACE, period_of("2026-07", None))


def test_a_month_in_which_nothing_happened_has_a_bulletin_too(desk, tmp_path):
    found = draft(desk, model_view(desk), PLACE, period_of("2026-04", None))
    assert found.row("key", "reports")["k"] == 0
    assert [row["decided"] for row in found["cells"]] == [0]
    for lang in ("zh", "en"):
        assert "nan" not in bulletin_html(found, lang)
        assert write_workbook(found, tmp_path / f"{lang}.xlsx", lang) == 13


def test_who_may_not_supervise_issues_nothing(desk):
    found = draft(desk, model_view(desk), PLACE, MARCH)
    with pytest.raises(Denied):
        issue(desk.under(Who("ana", ("analyst",), (PLACE,))), found)
    issue(desk.under(Who("chief", ("approver",), (PLACE,))), found)
    with pytest.raises(NotFound):
        issued(desk.under(Who("other", ("approver",), ("station:S2",))), PLACE, "2026-1")


def test_places_that_are_not_there_and_cells_have_no_bulletin(desk):
    view = model_view(desk)
    with pytest.raises(NotFound):
        draft(desk, view, "station:S9", MARCH)
    with pytest.raises(InputError, match="one of station, district"):
        draft(desk, view, "cell:G1", MARCH)


@pytest.mark.parametrize(
    ("month", "week", "found"),
    [
        ("2026-02", None, Period("month", date(2026, 2, 1), date(2026, 2, 28))),
        ("2025-12", None, Period("month", date(2025, 12, 1), date(2025, 12, 31))),
        (None, "2026-W20", Period("week", date(2026, 5, 11), date(2026, 5, 17))),
        (None, "2026-W1", Period("week", date(2025, 12, 29), date(2026, 1, 4))),
    ],
)
def test_months_and_weeks_are_read_as_calendars_have_them(month, week, found):
    assert period_of(month, week) == found


@pytest.mark.parametrize(
    ("month", "week"), [(None, None), ("2026-05", "2026-W20"), ("2026-13", None), (None, "2026-W54"), (None, "W20")]
)
def test_other_periods_are_refused(month, week):
    with pytest.raises(InputError):
        period_of(month, week)


def test_the_commands_write_issue_list_and_render_again(run, tmp_path, record):
    out = tmp_path / "files"
    asked = ("report", "bulletin", "--place", PLACE, "--month", "2026-03", "--out", out)
    code, said, _ = run(*asked)
    assert code == 0, said
    assert {path.suffix for path in out.iterdir()} == {".html", ".pdf", ".xlsx"}
    assert all("draft" in path.name for path in out.iterdir())
    assert run(*asked, "--issue", "--formats", "html")[0] == 0
    (row,) = json.loads(run("report", "bulletins", "--format", "json")[1])
    assert (row["place"], row["first"], row["last"], row["policy"]) == (PLACE, "2026-03-01", "2026-03-31", "QD")
    code, said, _ = run(
        "report",
        "bulletin",
        "--place",
        PLACE,
        "--number",
        row["number"],
        "--out",
        out,
        "--formats",
        "html",
        "--lang",
        "en",
    )
    assert code == 0
    year, no = row["number"].split("-")
    assert f"No. {no} of {year}" in (out / f"bulletin-S1-{year}-no{no}-en.html").read_text("utf-8")
    frozen = run("report", "bulletin", "--place", PLACE, "--number", row["number"], "--json")[1]
    assert Figures.read(frozen).about["place"] == PLACE
    with begin(record.engine, "test") as conn:
        told = audit.entries(conn)
    assert {"bulletin", "export"} <= set(told["action"])


def test_the_commands_say_what_is_wrong(run, tmp_path):
    asked = ("report", "bulletin", "--place", PLACE, "--out", tmp_path)
    assert run(*asked)[::2] == (2, "beatgrid: Give either --month 2026-05 or --week 2026-W20.\n")
    assert run(*asked, "--month", "2026-03", "--formats", "docx", "--issue")[0] == 2
    assert json.loads(run("report", "bulletins", "--format", "json")[1]) == [], "refused before anything was issued"
    assert run(*asked, "--month", "2026-03", "--lang", "fr")[0] == 2
    assert run(*asked, "--number", "2026-7")[0] == 3
    assert run(*asked, "--number", "2026-7", "--issue")[0] == 2
    assert run("report", "meeting", "B9")[0] == 3
    assert run("report", "meeting", "B1", "--out", tmp_path / "list.docx")[0] == 2


def reopen(desk):
    """Case 1 is open again and overdue."""
    step = {
        "source_no": "CASE-1",
        "step_no": 3,
        "kind": "reopen",
        "at": datetime(2026, 5, 1, tzinfo=UTC),
        "level": "cell",
        "unit": "S1",
    }
    with begin(desk.engine, "test") as conn:
        make_steps(conn, desk.keys, [step])


def test_a_meetings_list_has_each_matter_once_and_nothing_personal(desk):
    reopen(desk)
    told = meeting_list(desk, "B1", LATER)
    numbers = [row["no"] for row in told.rows]
    assert numbers == ["110:CASE-1"]
    page = meeting_html(told)
    for secret in (*SECRET.values(), *STAFF.values(), *PHONE.values(), "吵架"):
        assert secret not in page
    links = Links()
    links.feed(page)
    assert links.found == []
    assert "会议决定" in page
    assert "Decision" in meeting_html(meeting_list(desk, "B1", LATER, "en"))


def test_a_meetings_list_is_written_in_every_form(run, desk, tmp_path):
    reopen(desk)
    for suffix in (".html", ".pdf", ".xlsx", ".csv"):
        code, said, wrong = run(
            "report", "meeting", "B1", "--at", "2026-06-01T09:00", "--out", tmp_path / f"list{suffix}"
        )
        assert code == 0, wrong
        assert "1 matters" in said
    assert "110:CASE-1" in PdfReader(tmp_path / "list.pdf").pages[0].extract_text()
    sheet = openpyxl.load_workbook(tmp_path / "list.xlsx").active
    assert "110:CASE-1" in [cell.value for cell in sheet[2]]
    with (tmp_path / "list.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["编号"] for row in rows] == ["110:CASE-1"]
    assert "110:CASE-1" in run("report", "meeting", "B1", "--at", "2026-06-01T09:00")[1].replace("\n", "")
