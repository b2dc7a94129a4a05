"""The officer's page over HTTP: what it shows to whom, its files, its sheet of paper, its two ways in for entries."""

import json
import re
from datetime import UTC, datetime

import pytest
from fastapi.testclient import TestClient

from dashboard.app import create_app
from dashboard.auth.cookies import SESSION_COOKIE
from db.engine import begin
from tests.beat_town import ANALYST, FRESH, LATE, OFFICER, PHONE, REVISIT, build, make_account
from tests.factories import make_beat, middle
from tests.signing import open_for

NOW = datetime.now(UTC)


@pytest.fixture
def opened(settings, record):
    """Call with a person: a client of the whole application that is signed in as them."""
    with begin(record.engine, "test") as conn:
        build(conn, record.keys, NOW)
        make_beat(conn, "B9", name="空警格", station="S1")
    app = create_app(settings, record.engine)

    def client(who, name):
        with begin(record.engine, "test") as conn:
            account = make_account(conn, name, who)
        found = TestClient(app)
        found.cookies.set(SESSION_COOKIE, open_for(record.engine, account))
        return found

    return client


def data_of(page):
    return json.loads(re.search(r'id="data">(.*?)</script>', page, re.DOTALL).group(1))


def test_an_officer_comes_straight_to_their_own_beat_and_sees_the_day(opened):
    officer = opened(OFFICER, "wang")
    sent = officer.get("/beat", follow_redirects=False)
    assert (sent.status_code, sent.headers["location"]) == (303, "/beat/B1")
    page = officer.get("/beat/B1").text
    rows = re.findall(r'class="matter.*?data-number="([^"]+)" data-why="([^"]+)"', page)
    assert rows == [(LATE, "overdue"), (REVISIT, "revisit"), (FRESH, "open")]
    assert f'href="tel:{PHONE}"' in page
    assert page.index("现在在班") < page.index("诸葛P1") < page.index("不在班")
    assert "第二警格" in page  # covered today
    assert not any(secret in page for secret in ("欧阳", "1380000", "秘密"))
    told = {matter["number"]: matter for matter in data_of(page)["matters"]}
    assert "revisit" in told[REVISIT]["allowed"]
    assert [step["kind"] for step in told[REVISIT]["steps"]][-2:] == ["settle", "close"]


def test_the_list_names_mine_and_those_that_i_cover_first(opened):
    page = opened(OFFICER, "wang").get("/beat?all=1").text
    assert page.index("我的警格") < page.index("今天由我顶岗")


def test_who_may_not_see_people_finds_them_masked_and_nothing_to_write(opened):
    analyst = opened(ANALYST, "an")
    page = analyst.get("/beat/B1").text
    assert PHONE not in page
    assert "诸葛P1" not in page
    assert 'id="visit-form"' not in page
    where = analyst.get("/api/v1/where", params=dict(zip(("lon", "lat"), middle(0, 0), strict=True)))
    assert where.status_code == 200
    assert PHONE not in where.text
    assert analyst.post("/api/v1/visits/own", json={"items": []}).status_code == 403


def test_an_empty_beat_and_an_unknown_one_say_so(opened):
    analyst = opened(ANALYST, "an")
    page = analyst.get("/beat/B9").text
    for words in ("这个警格现在没有网格", "没有到期、超期、回访或在办的事项", "没有可上门的地点", "无人任职"):
        assert words in page
    assert analyst.get("/beat/B9/print").status_code == 200
    lost = analyst.get("/beat/XX")
    assert lost.status_code == 404
    assert 'href="/beat"' in lost.text


def test_where_says_cell_beat_and_who_answers(opened):
    lon, lat = middle(0, 0)
    told = opened(OFFICER, "wang").get("/api/v1/where", params={"lon": lon, "lat": lat}).json()
    assert (told["cell"], told["beat"], told["beat_name"]) == ("G1", "B1", "第一警格")
    assert [(person["name"], person["duty"]) for person in told["people"]] == [("诸葛P1", "day")]
    assert opened(OFFICER, "li").get("/api/v1/where", params={"lon": 500, "lat": 0}).status_code == 422


def test_a_step_and_visits_with_a_key_are_taken_once(opened):
    officer = opened(OFFICER, "wang")
    step = {"key": "abcdefgh", "way": "phone", "kept": True, "grievance": False, "new_dispute": False}
    versions = [officer.post(f"/api/v1/cases/{REVISIT}/revisit", json=step).json()["version"] for _ in range(2)]
    assert versions[0] == versions[1]
    visits = {"items": [{"key": "visit-001", "at": NOW.isoformat(), "kind": "household", "cell": "G1", "count": 2}]}
    got = [officer.post("/api/v1/visits/own", json=visits).json()[0]["status"] for _ in range(2)]
    assert got == ["inserted", "unchanged"]
    assert officer.post(f"/api/v1/cases/{REVISIT}/revisit", json=step | {"key": "short"}).status_code == 422


def test_the_apps_files_are_there_for_everybody_and_kept_for_good(opened):
    officer = opened(OFFICER, "wang")
    officer.cookies.clear()
    worker = officer.get("/sw.js")
    files = json.loads(re.search(r"const FILES = (.*);", worker.text).group(1))
    assert worker.headers["cache-control"] == "no-cache"
    for file in files:
        answer = officer.get(file)
        assert answer.status_code == 200, file
        assert "immutable" in answer.headers["cache-control"]
    icons = officer.get("/manifest.webmanifest").json()["icons"]
    assert all(officer.get(icon["src"]).status_code == 200 for icon in icons)
    assert officer.get("/phone/0/app.js").status_code == 404
    assert officer.get(files[0].rpartition("/")[0] + "/sw.js").status_code == 404
    assert officer.get("/ca.crt").status_code == 404


def test_the_page_runs_its_own_scripts_only_and_the_paper_none(opened):
    officer = opened(OFFICER, "wang")
    scripts = {
        path: re.search(r"script-src ([^;]*)", officer.get(path).headers["content-security-policy"]).group(1)
        for path in ("/beat?all=1", "/beat/B1", "/beat/B1/print", "/account")
    }
    assert scripts == {"/beat?all=1": "'self'", "/beat/B1": "'self'", "/beat/B1/print": "'none'", "/account": "'none'"}
    page = officer.get("/beat/B1").text
    assert set(re.findall(r"<script ([^>]*)>", page)) == {
        f'type="module" src="{re.search(r"/phone/[^/]+", page).group()}/app.js"', 'type="application/json" id="data"'
    }  # fmt: skip


@pytest.mark.parametrize("paper", ["A4", "A3"])
def test_the_sheet_of_paper_says_its_scale_names_its_cells_and_fetches_nothing(opened, paper):
    page = opened(OFFICER, "wang").get(f"/beat/B1/print?paper={paper}").text
    scale = int(re.search(r"比例尺 1:([\d,]+)", page).group(1).replace(",", ""))
    metres, length = re.search(r'data-metres="(\d+)" data-mm="([\d.]+)"', page).groups()
    assert float(length) == pytest.approx(int(metres) * 1000 / scale, abs=0.001)
    assert "东海01网格" in page
    assert PHONE in page
    assert f"size:{paper}" in page
    assert not re.search(r'(?:src|href)="(?!/beat/|\?paper|data:)', page)
    assert "url(" not in page.replace("url(#frame)", "")


def test_the_sheet_as_pdf_is_one_page(opened):
    pytest.importorskip("weasyprint")
    answer = opened(OFFICER, "wang").get("/beat/B1/print.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert opened(OFFICER, "li").get("/beat/B1/print?paper=A5").status_code == 422
