"""The demo city at work: shifts, absences, visits, registers, plates and meetings that hang together."""

import json
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from loaders.demo.atlas import make_atlas
from loaders.demo.calendar import workdays
from loaders.demo.city import write_city
from loaders.demo.visiting import MOST_A_YEAR, make_visits

UNTIL = datetime(2026, 3, 5, 9, 47, tzinfo=UTC)
NOW = pd.Timestamp("2026-03-05T17:00:00+08:00")
TEXT = {"dtype": str, "keep_default_na": False, "na_values": [""]}


class Work:
    """The files of one small city that are about work, read back with pandas alone."""

    def __init__(self, folder: Path) -> None:
        write_city(folder, until=UNTIL, scale=0.05)
        self.officers = pd.read_csv(folder / "officers.csv", **TEXT)
        self.postings = pd.read_csv(folder / "postings.tsv", sep="\t", **TEXT)
        self.shifts = _timed(pd.read_csv(folder / "roster.csv", **TEXT), "start", "end")
        self.absences = _timed(pd.read_excel(folder / "absences.xlsx", engine="calamine", dtype=str), "start", "end")
        self.visits = _timed(pd.read_csv(folder / "visits.csv", **TEXT), "at")
        self.registers = pd.read_csv(folder / "registers.csv", **TEXT)
        self.plates = pd.read_csv(folder / "plates.csv", **TEXT)
        self.meetings = _timed(pd.read_csv(folder / "meetings.csv", **TEXT), "at")
        self.steps = _timed(pd.read_csv(folder / "steps.csv", **TEXT), "at")
        self.cells = set(make_atlas().cells["code"])


def _timed(frame: pd.DataFrame, *names: str) -> pd.DataFrame:
    return frame.assign(**{name: pd.to_datetime(frame[name]) for name in names})


@pytest.fixture(scope="module")
def work(tmp_path_factory) -> Work:
    return Work(tmp_path_factory.mktemp("work"))


@pytest.mark.parametrize("name", ["shifts", "absences"])
def test_no_officer_is_in_two_of_them_at_once(work, name):
    frame = getattr(work, name).sort_values(["officer", "start"])
    assert (frame["end"] > frame["start"]).all()
    before = frame.groupby("officer")["end"].shift()
    again = before.notna()
    assert (before[again] <= frame.loc[again, "start"]).all()
    assert set(frame["officer"]) <= set(work.officers["code"])


def test_nobody_is_on_a_shift_or_visits_while_away(work):
    away = work.absences[["officer", "start", "end"]]
    shifts = work.shifts.merge(away, on="officer", suffixes=("", "_away"))
    assert not ((shifts["start"] < shifts["end_away"]) & (shifts["end"] > shifts["start_away"])).any()
    visits = work.visits.merge(away, on="officer")
    assert not ((visits["at"] >= visits["start"]) & (visits["at"] < visits["end"])).any()


def test_shifts_reach_over_the_present_and_somebody_is_on_at_every_hour(work):
    hours = pd.date_range(NOW - pd.Timedelta(days=3), NOW + pd.Timedelta(days=3), freq="h")
    on = [((work.shifts["start"] <= hour) & (work.shifts["end"] > hour)).sum() for hour in hours]
    assert min(on) > 0
    assert max(on) > 100


def test_some_are_away_now_and_most_of_them_are_covered_by_a_colleague(work):
    now = work.absences[(work.absences["start"] <= NOW) & (work.absences["end"] > NOW)]
    assert 5 < len(now) < 80
    assert now["cover"].notna().mean() > 0.5
    unit = work.officers.set_index("code")["unit"]
    covered = work.absences.dropna(subset="cover")
    assert (covered["cover"] != covered["officer"]).all()
    assert (unit[covered["cover"]].to_numpy() == unit[covered["officer"]].to_numpy()).all()


def test_visits_are_made_by_those_who_hold_the_place_on_workdays_and_before_now(work):
    assert work.visits["source_no"].is_unique
    assert set(work.visits["cell"]) <= work.cells
    assert work.visits["at"].max() <= NOW
    days = work.visits["at"].dt.tz_localize(None).to_numpy().astype("datetime64[D]")
    assert workdays(days).all()
    held = work.postings[work.postings["role"] == "grid_worker"]
    kinds = work.officers.set_index("code")["kind"]
    mine = work.visits[kinds[work.visits["officer"]].to_numpy() == "grid_worker"].merge(held, on="officer")
    mine = mine[(mine["cell_x"] == mine["cell_y"]) & (mine["at"] >= pd.to_datetime(mine["valid_from"]))]
    assert mine["source_no"].nunique() == (kinds[work.visits["officer"]] == "grid_worker").sum() > 50


def test_no_lead_makes_more_visits_in_a_year_than_a_real_one_did():
    class Everyone:
        def who(self, actor, place, at, roll):
            return place

    away = pd.DataFrame({"officer": [0], "start": [np.datetime64("2020-01-01T08:00:00")]})
    away["end"] = away["start"]
    until = np.datetime64("2026-03-05T17:00:00")
    rows = make_visits(make_atlas(), Everyone(), away, until, 1.0, np.random.default_rng(3))
    year = rows[rows["at"] < until - np.timedelta64(45, "D")].groupby("officer")["count"].sum() * 365 / 320
    assert 1_000 < year.median() < year.max() < MOST_A_YEAR
    assert (rows["records"] <= rows["count"]).all()


def test_registers_are_of_the_order_that_a_real_community_has(work):
    newest = work.registers[work.registers["day"] == work.registers["day"].max()].astype({"count": int})
    assert set(work.registers["cell"]) == work.cells
    totals = newest.groupby([newest["cell"].str[:12], "kind"])["count"].sum().unstack()
    assert totals["small_venues"].between(180, 560).all()
    assert totals["firms"].between(20, 60).all()
    assert totals["malls"].max() <= 4
    assert totals["people"].sum() == 71_600 + 83_400 + 58_900 + 86_300


def test_every_plate_has_its_own_code_and_address_in_the_city(work):
    assert len(work.plates) > 3_000
    assert work.plates["code"].is_unique
    assert work.plates["address"].is_unique
    assert set(work.plates["code"].str[2:17]) <= work.cells


def test_meetings_speak_of_matters_open_then_and_decisions_become_steps(work):
    assert work.meetings["code"].is_unique
    assert work.meetings["at"].max() <= NOW
    spoken = work.meetings.dropna(subset="matters")
    assert len(spoken) > 20
    decided = set()
    for row in spoken.itertuples():
        numbers, said = row.matters.split(";"), row.decisions.split(";")
        assert len(numbers) == len(said)
        decided |= {(number, row.at) for number, what in zip(numbers, said, strict=True) if what != "-"}
    meets = work.steps[work.steps["kind"] == "meet"]
    assert set(zip(meets["channel"] + ":" + meets["source_no"], meets["at"], strict=True)) == decided


def test_diversions_and_whistles_name_who_is_asked(work):
    diverted = work.steps[work.steps["kind"] == "divert"]
    assert diverted["to_unit"].notna().all()
    assert set(diverted["to_unit"]) <= {f"BM{n:02d}" for n in range(1, 30)}
    whistles = [json.loads(text) for text in work.steps.loc[work.steps["kind"] == "whistle", "detail"]]
    assert whistles
    assert all(told["departments"] and told["report_by"].endswith("+08:00") for told in whistles)


def test_what_bounced_had_gone_to_another_unit_than_the_one_that_took_it(work):
    steps = work.steps.assign(key=work.steps["channel"] + ":" + work.steps["source_no"])
    bounced = steps[steps["kind"] == "divert_bounce"].drop_duplicates("key").set_index("key")
    sent = steps[(steps["kind"] == "divert") & steps["key"].isin(bounced.index)].groupby("key")["to_unit"]
    assert (sent.first() == bounced["unit"].reindex(sent.first().index)).all()


def test_revisits_say_how_it_went_and_only_those_before_a_reopening_went_badly(work):
    steps = work.steps.assign(key=work.steps["channel"] + ":" + work.steps["source_no"])
    revisits = steps[steps["kind"] == "revisit"]
    told = pd.DataFrame([json.loads(text) for text in revisits["detail"]], index=revisits.index)
    assert set(told["way"]) == {"visit", "phone"}
    assert told["satisfaction"].between(1, 5).all()
    assert (told["kept"] != told["grievance"]).all()
    reopened = set(steps.loc[steps["kind"] == "reopen", "key"])
    later = reopened | set(revisits.loc[revisits["at"] > NOW - pd.Timedelta(days=26), "key"])
    assert set(revisits.loc[told["grievance"], "key"]) <= later


def test_most_of_those_who_were_asked_are_satisfied(work):
    closed = work.steps[(work.steps["kind"] == "close") & work.steps["detail"].notna()]
    marks = pd.Series([json.loads(text).get("satisfaction") for text in closed["detail"]]).dropna()
    assert len(marks) > 200
    assert 0.95 < (marks >= 4).mean() < 1
