"""The demo city's files: references resolve, steps come in a legal order, nothing lies in the future."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo.errors import InputError
from loaders.demo.city import write_city
from loaders.demo.exports import CHINESE_TITLES

UNTIL = datetime(2026, 3, 5, 9, 47, tzinfo=UTC)
HOUR = pd.Timestamp(UNTIL).floor("h")


class City:
    """All files of one small city, read back with pandas alone."""

    def __init__(self, folder: Path) -> None:
        self.files = write_city(folder, until=UNTIL, scale=0.02)
        text = {"dtype": str, "keep_default_na": False, "na_values": [""]}
        self.areas = gpd.read_file(folder / "areas.geojson")
        self.cells = gpd.read_file(folder / "cells.gpkg")
        self.beats = pd.read_csv(folder / "beats.csv", encoding="gb18030", **text)
        self.units = pd.read_excel(folder / "units.xlsx", engine="calamine", dtype=str)
        self.officers = pd.read_csv(folder / "officers.csv", **text)
        self.postings = pd.read_csv(folder / "postings.tsv", sep="\t", **text)
        self.catalogue = pd.read_excel(folder / "catalogue.xlsx", engine="calamine")
        self.steps = pd.read_csv(folder / "steps.csv", **text)
        years = sorted(folder.glob("incidents-*.csv"))
        ours = {title: name for name, title in CHINESE_TITLES.items()}
        frames = [pd.read_csv(years[0], encoding="gb18030", **text).rename(columns=ours)]
        self.incidents = pd.concat([*frames, *(pd.read_csv(year, **text) for year in years[1:])], ignore_index=True)
        for frame in (self.incidents, self.steps):
            frame["key"] = frame["channel"] + ":" + frame["source_no"]
        self.incidents["at"] = pd.to_datetime(self.incidents["reported_at"])
        self.steps["at"] = pd.to_datetime(self.steps["at"])


@pytest.fixture(scope="module")
def city(tmp_path_factory) -> City:
    return City(tmp_path_factory.mktemp("city"))


def test_files_come_in_the_order_of_loading(city):
    kinds = list(dict.fromkeys(file.kind for file in city.files))
    assert kinds == ["areas", "units", "beats", "cells", "backdrop", "officers", "postings", "catalogue", "holidays",
                     "roster", "absences", "registers", "households", "plates", "incidents", "visits", "meetings",
                     "steps"]  # fmt: skip
    assert all(file.path.exists() for file in city.files)


def test_the_catalogue_has_63_call_types_and_81_dispute_types(city):
    calls, disputes = (city.catalogue[city.catalogue["code"].str.startswith(letter)] for letter in "CD")
    assert (len(calls), len(disputes)) == (63, 81)
    assert calls["first_answer"].value_counts().to_dict() == {"case_team": 37, "community_police": 26}
    assert set(disputes["lead_department"]) <= set(city.units["name"])
    assert city.catalogue["name"].is_unique
    outside = city.catalogue["group"].isin(["刑事案件", "交通警情", "无效警情"])
    assert (city.catalogue["containable"] == ~outside).all()


def test_the_first_station_has_36_staff(city):
    staff = city.officers[city.officers["unit"] == "PCS1"]["kind"].value_counts()
    assert staff.to_dict() == {"police": 22, "auxiliary": 14}


def test_every_reference_of_the_ground_resolves(city):
    areas, beats, units = set(city.areas["code"]), set(city.beats["code"]), set(city.units["code"])
    assert set(city.cells["beat"]) == beats
    assert set(city.cells["community"]) | set(city.beats["community"]) | set(city.units["area"]) <= areas
    assert set(city.beats["station"]) | set(city.officers["unit"]) <= units


def test_every_posting_names_one_known_place_and_a_known_officer(city):
    held = city.postings
    assert (held[["beat", "cell", "unit"]].notna().sum(axis=1) == 1).all()
    known = set(city.beats["code"]) | set(city.cells["code"]) | set(city.units["code"])
    assert set(held[["beat", "cell", "unit"]].stack().dropna()) <= known
    assert set(held["officer"]) <= set(city.officers["code"])


def test_postings_of_an_officer_in_a_role_and_place_never_overlap(city):
    held = city.postings.assign(place=city.postings[["beat", "cell", "unit"]].bfill(axis=1).iloc[:, 0])
    held = held.sort_values(["officer", "role", "place", "valid_from"])
    last = held.groupby(["officer", "role", "place"])["valid_to"].shift()
    again = held.duplicated(["officer", "role", "place"])
    assert (last[again] <= held["valid_from"][again]).all()


def test_a_beat_has_at_most_one_lead_at_a_time_and_one_beat_has_none(city):
    leads = city.postings[city.postings["role"] == "beat_lead"].sort_values(["beat", "valid_from"])
    last = leads.groupby("beat")["valid_to"].shift()
    again = leads.duplicated("beat")
    assert (last[again] == leads["valid_from"][again]).all()
    assert leads["beat"].nunique() == 71
    assert leads["valid_to"].isna().sum() == 71


def test_every_reference_of_an_incident_resolves(city):
    rows = city.incidents
    assert rows["key"].is_unique
    assert set(rows["category"]) <= set(city.catalogue["code"])
    assert set(rows["beat_label"].dropna()) <= set(city.beats["code"])
    firsts = set(rows.loc[rows["matter"].isna(), "key"])
    assert set(rows["matter"].dropna()) <= firsts
    assert set(city.steps["key"]) <= firsts


def test_a_repeated_report_comes_after_the_first_and_shares_its_category(city):
    by_key = city.incidents.set_index("key")
    again = city.incidents[city.incidents["matter"].notna()]
    assert (by_key["at"].reindex(again["matter"]).to_numpy() <= again["at"].to_numpy()).all()
    assert (by_key["category"].reindex(again["matter"]).to_numpy() == again["category"].to_numpy()).all()


def test_nothing_happens_after_the_full_hour_of_until(city):
    assert city.incidents["at"].max() <= HOUR
    assert city.steps["at"].max() <= HOUR
    assert city.incidents["at"].min() >= HOUR - timedelta(days=732)
    assert city.incidents["at"].max() > HOUR - timedelta(days=2)


def test_every_step_names_known_units_and_officers(city):
    assert set(city.steps["unit"].dropna()) <= set(city.units["code"])
    assert set(city.steps["officer"].dropna()) <= set(city.officers["code"])


def test_officers_act_only_while_they_hold_a_posting(city):
    first = city.postings.groupby("officer")["valid_from"].min()
    acting = city.steps.dropna(subset="officer")
    begun = pd.to_datetime(first.reindex(acting["officer"])).to_numpy()
    assert (acting["at"].to_numpy() >= begun).all()


def test_leads_act_in_the_beats_that_they_hold_at_that_time(city):
    held = city.postings[city.postings["role"] == "beat_lead"]
    taken = city.steps[(city.steps["kind"] == "take_lead") & (city.steps["level"] == "beat")].dropna(subset="officer")
    taken = taken.merge(held[["officer", "beat", "valid_from", "valid_to"]], on="officer")
    inside = taken["at"] >= pd.to_datetime(taken["valid_from"])
    inside &= ~(taken["at"] >= pd.to_datetime(taken["valid_to"]))
    assert inside.groupby([taken["key"], taken["step_no"]]).sum().max() == 1
    beat = city.incidents.set_index("key")["beat_label"].reindex(taken["key"]).to_numpy()
    labelled = pd.notna(beat) & inside.to_numpy()
    assert (taken["beat"].to_numpy()[labelled] == beat[labelled]).mean() > 0.9  # some labels are wrong on purpose


def test_steps_are_numbered_in_order_of_time_from_the_first_report_on(city):
    steps = city.steps.assign(no=city.steps["step_no"].astype(int)).sort_values(["key", "no"])
    assert (steps["no"] == steps.groupby("key").cumcount() + 1).all()
    assert (steps.groupby("key")["at"].diff().dropna() >= pd.Timedelta(0)).all()
    reported = city.incidents.set_index("key")["at"].reindex(steps["key"]).to_numpy()
    assert (steps["at"].to_numpy() >= reported).all()


NEEDS = {"close": None, "reopen": "close", "revisit": "close", "settle": "respond", "attend": "whistle",
         "divert_accept": "divert", "divert_bounce": "divert", "divert_done": "divert_accept",
         "tag": "reopen"}  # fmt: skip


def test_steps_of_every_matter_come_in_a_legal_order(city):
    steps = city.steps.assign(no=city.steps["step_no"].astype(int)).sort_values(["key", "no"])
    for _, kinds in steps.groupby("key")["kind"]:
        seen: set[str] = set()
        closed = False
        for kind in kinds:
            need = NEEDS.get(kind)
            assert need is None or need in seen
            assert closed == (kind == "reopen") or kind == "revisit"
            closed = (closed and kind != "reopen") or kind == "close"
            seen.add(kind)
        assert kinds.iloc[0] in ("register", "dispatch")


def test_lead_taking_steps_name_their_level_and_grades_their_grade(city):
    assert city.steps.loc[city.steps["kind"].isin(["take_lead", "divert_accept"]), "level"].notna().all()
    grades = city.steps.loc[city.steps["kind"] == "grade", "severity"]
    assert set(grades) <= {"1", "2", "3"}
    assert grades.notna().all()


def test_the_flaws_of_real_exports_are_there(city):
    rows = city.incidents
    assert 0.003 < rows["lon"].isna().mean() < 0.02
    assert rows["address"].notna().all()
    placed = rows.dropna(subset=["lon", "cell_label"])
    points = shapely.points(placed["lon"].astype(float), placed["lat"].astype(float))
    cell = dict(zip(city.cells["code"], city.cells.geometry, strict=True))
    shapes = np.array([cell.get(code) for code in placed["cell_label"]], dtype=object)
    wrong = ~shapely.covers(shapes, points)
    assert 0.01 < wrong.mean() < 0.07
    outside = ~shapely.covers(shapely.union_all(city.cells.geometry.to_numpy()), points)
    assert 0 < outside.mean() < 0.012


def test_one_community_gives_more_than_half_of_its_stations_reports(city):
    beat = city.beats.set_index("code")
    labelled = city.incidents["beat_label"].dropna()
    here = beat["station"].reindex(labelled) == "PCS3"
    shares = beat["community"].reindex(labelled)[here].value_counts(normalize=True)
    assert shares.iloc[0] > 0.5


def test_phones_are_of_the_made_up_range(city):
    phones = pd.concat([city.incidents["phone"], city.officers["phone"], city.units["phone"]]).dropna()
    assert phones.str.fullmatch(r"1990000\d{4}").all()


def test_the_same_arguments_write_the_same_bytes(city, tmp_path):
    for file in write_city(tmp_path, until=UNTIL + timedelta(minutes=11), scale=0.02):
        before = next(old for old in city.files if old.path.name == file.path.name)
        if file.path.suffix in (".csv", ".tsv", ".geojson"):
            assert file.path.read_bytes() == before.path.read_bytes()
        if file.path.suffix == ".gpkg":
            assert gpd.read_file(file.path).equals(city.cells)
        if file.path.suffix == ".xlsx":
            sheets = [pd.read_excel(path, engine="calamine") for path in (file.path, before.path)]
            assert sheets[0].equals(sheets[1])


def test_another_seed_rolls_other_incidents_on_the_same_map(city, tmp_path):
    write_city(tmp_path, until=UNTIL, seed=7, scale=0.005)
    assert gpd.read_file(tmp_path / "cells.gpkg").equals(city.cells)
    steps = pd.read_csv(tmp_path / "steps.csv", dtype=str)
    assert not steps.head(50).equals(city.steps[steps.columns].head(50))


@pytest.mark.parametrize("bad", [{"until": datetime(2026, 3, 5)}, {"until": UNTIL, "scale": 0.0}])  # noqa: DTZ001
def test_a_naive_end_or_an_empty_scale_is_refused(tmp_path, bad):
    with pytest.raises(InputError, match="time zone"):
        write_city(tmp_path, **bad)
