"""Sums equal the rows, for every reader; a recount finds whatever differs, says it and mends it."""

import json

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import text

from db import readmodel
from db.engine import act_as
from db.readmodel import open_model, reach_of, scoped
from db.readmodel.recounting import EVERYTHING, recount
from db.sums import SUMS, build_all, count_in_sql, count_sums, sums, write_sums
from geo.errors import Denied, NotFound
from grids.rights import Who


@pytest.fixture
def home(tmp_path):
    return tmp_path / "readmodel"


def told(frame):
    """Rows without order, None for no place."""
    return {(None if pd.isna(row[0]) else row[0], *row[1:]) for row in frame.astype(object).to_numpy().tolist()}


@pytest.mark.parametrize("name", SUMS)
def test_sums_equal_the_rows(city, home, name):
    view = scoped(build_all(city, home), EVERYTHING)
    rows = told(count_in_sql(city, name))
    assert rows
    assert told(sums(view, name)) == told(count_sums(view, name)) == rows


@pytest.mark.parametrize("name", SUMS)
def test_sums_of_a_reader_are_those_of_the_rows_that_reader_sees(city, home, name):
    model = build_all(city, home)
    whole = told(count_in_sql(city, name))
    act_as(city, Who("somebody", ("analyst",), ("station:S1",)))
    rows = told(count_in_sql(city, name))
    assert rows < whole or rows != whole
    assert told(sums(scoped(model, reach_of(city)), name)) == rows


def test_sums_follow_changed_matters(city, home):
    build_all(city, home)
    city.execute(text("UPDATE matter SET cell_id = NULL WHERE id % 4 = 0"))
    city.execute(text("UPDATE city SET data_version = data_version + 1"))
    model = readmodel.patch(city, home, city.execute(text("SELECT id FROM matter WHERE id % 4 = 0")).scalars())
    assert model.deltas == 1
    for name in SUMS:
        assert told(sums(scoped(model, EVERYTHING), name)) == told(count_in_sql(city, name))


def test_a_recount_of_an_untouched_model_finds_nothing(city, home):
    build_all(city, home)
    found = recount(city, home)
    assert (found.differing, open_model(home).deltas) == (0, 0)
    assert found.compared["matter"] == city.execute(text("SELECT count(*) FROM matter")).scalar_one()
    assert min(found.compared.values()) > 0, "a table without a row proves nothing"


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ("UPDATE matter SET reached_city = opened_at WHERE id = :id", "reached_city"),
        ("UPDATE matter SET severity = 4 - severity, severity_at = NULL WHERE id = :id", "grades"),
        ("UPDATE matter SET due_at = opened_at WHERE id = :id", "due"),
        ("UPDATE matter SET channel = 'other' WHERE id = :id", "channel"),
        ("UPDATE matter SET cell_id = NULL WHERE id = :id", "spot"),
        ("INSERT INTO closure VALUES (:id, '2031-01-01Z', '2031-01-02Z'), (:id, '2031-02-01Z', NULL)", "more"),
        ("INSERT INTO matter (channel, category_id, opened_at, severity_initial, severity, severity_now) "
         "SELECT channel, category_id, opened_at, 1, 1, 1 FROM matter WHERE id = :id", "there"),
    ],
)  # fmt: skip
def test_a_recount_names_what_differs_and_mends_it(city, home, change, column):
    build_all(city, home)
    city.execute(text("INSERT INTO channel VALUES ('other', 'other', 'other') ON CONFLICT DO NOTHING"))
    chosen = city.execute(text("SELECT min(id) FROM matter WHERE cell_id IS NOT NULL AND severity <> 2")).scalar_one()
    city.execute(text(change), {"id": chosen})
    found = recount(city, home)
    assert column in set(found.matters["column"])
    assert (found.matters["matter"] == chosen).all() or column == "there"
    assert recount(city, home).differing == 0


def test_a_recount_that_only_looks_changes_nothing(city, home):
    build_all(city, home)
    city.execute(text("UPDATE matter SET cell_id = NULL WHERE id % 2 = 0"))
    first = recount(city, home, mend=False)
    assert first.differing == recount(city, home, mend=False).differing > 0
    assert set(first.sums["table"]) == set(SUMS)


def test_a_recount_finds_a_damaged_column_and_a_damaged_sum(city, home):
    model = build_all(city, home)
    column = np.load(model.folder / "category.npy")
    np.save(model.folder / "category.npy", np.roll(column, 1))
    kept = pd.read_parquet(model.folder / "beat_day.parquet")
    kept.assign(opened=kept["opened"] + 1).to_parquet(model.folder / "beat_day.parquet")
    found = recount(city, home)
    assert set(found.matters["column"]) == {"category"}
    assert len(found.sums) == len(kept)
    assert recount(city, home).differing == 0


def test_a_matter_that_is_gone_disappears_from_the_model(city, home):
    model = build_all(city, home)
    about = json.loads((model.folder / "about.json").read_text())
    ids = np.load(model.folder / "id.npy")
    ids[0] = 10**9
    np.save(model.folder / "id.npy", ids)
    found = recount(city, home)
    assert set(found.matters["column"]) == {"there"}
    assert (about["data_version"], len(found.matters)) == (model.data_version, 2)
    assert len(open_model(home)) == len(model)
    assert recount(city, home).differing == 0


def test_recounting_needs_a_model_and_an_actor_who_sees_everything(city, home):
    with pytest.raises(NotFound, match="build it first"):
        recount(city, home)
    readmodel.build(city, home)
    act_as(city, Who("somebody", ("analyst",), ("station:S1",)))
    with pytest.raises(Denied, match="whole city"):
        recount(city, home)


def test_sums_that_were_not_kept_are_counted(city, home):
    model = readmodel.build(city, home)
    view = scoped(model, EVERYTHING)
    counted = told(sums(view, "cell_month"))
    write_sums(model)
    assert told(sums(view, "cell_month")) == counted
