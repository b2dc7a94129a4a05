"""What a measure asks first: the rows of a table under a filter, by any key, equal to loops over the record."""

import random
from collections import Counter
from datetime import timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from sqlalchemy import text

from db import readmodel
from db.containment import containment
from db.facts import Filter
from db.ladders import ladders
from db.readmodel import ask, whole
from geo.errors import InputError
from grids.policies import POLICIES
from tests.db import random_city
from tests.db.figures import City
from tests.factories import day, make_beat, make_category, make_cell, make_incident, make_steps
from tests.oracle import readmodel as oracle

PLACES = ("cell", "beat", "community", "street", "district", "station")
KEYS = (*PLACES, "category", "channel", "severity", "day", "month")
OWN = {
    "matter": "opened",
    "closing": "closed",
    "report": "at",
    "diversion": "sent",
    "followup": "at",
    "charge": "began",
}
SETTLED = ("settled", "due", "closed")


@pytest.fixture
def home(tmp_path):
    return tmp_path / "readmodel"


@pytest.fixture
def rich(city, keys):
    """The random city, with diversions and revisits."""
    rows = city.execute(text("SELECT channel, source_no, reported_at FROM incident WHERE id % 3 = 0")).all()
    kinds = ("take_lead", "divert", "divert_accept", "settle", "revisit")
    made = [
        {"channel": row.channel, "source_no": row.source_no, "step_no": 70 + n, "kind": kind, "level": "street",
         "at": row.reported_at + timedelta(hours=7 * n), "officer": "P1"}
        for row in rows for n, kind in enumerate(kinds)
    ]  # fmt: skip
    make_steps(city, keys, made)
    return city


class Told:
    """The record as the oracle tells it, with every matter by id."""

    def __init__(self, conn):
        tables = City.read(conn).tables
        for name in ("matter", "closure", "diversion"):
            tables[name] = [dict(row) for row in conn.execute(text(f"SELECT * FROM {name}")).mappings()]
        self.city = City(tables)
        self.rows = {table: list(rows(self.city)) for table, rows in oracle.TABLES.items()}
        self.matters = {row["id"]: row for row in tables["matter"]}
        self.reports = {row["id"]: row for row in tables["incident"]}

    def subject(self, table, row):
        """What a row is chosen and grouped by: the report itself, or its matter."""
        return self.reports[row["id"]] if table == "report" else self.matter(row)

    def matter(self, row):
        """The matter of a row, or the row's own."""
        return self.matters[row["matter" if "matter" in row else "id"]]

    def places(self, table, row, boundaries, redrawn):
        subject = self.subject(table, row)
        if boundaries == "then":
            at = subject["reported_at" if table == "report" else "opened_at"]
            return self.city.places(subject["cell_then" if table == "report" else "cell_id"], at)
        opener = subject if table == "report" else self.reports.get(subject["incident_id"])
        found = self.city.places(opener and opener["cell_now"], redrawn)
        if isinstance(boundaries, dict) and found["cell"] in boundaries:
            beat = next(b for b in self.city.tables["beat"] if b["code"] == boundaries[found["cell"]])
            station = self.city.row("unit", beat["station_id"])
            found |= {"beat": beat["code"], "station": station and station["code"]}
        return found

    def key(self, table, row, by, at, boundaries, redrawn):
        subject = self.subject(table, row)
        if by is None:
            return None
        if by in ("day", "month"):
            local = row[at].astimezone(ZoneInfo("Asia/Shanghai")).date()
            return local if by == "day" else local.replace(day=1)
        if by == "severity":
            return self.matter(row)["severity"]
        if by == "category":
            return self.city.row("category", subject["category_id"])["code"]
        return subject["channel"] if by == "channel" else self.places(table, row, boundaries, redrawn)[by]

    def chosen(self, table, flt, at, boundaries, redrawn):
        for row in self.rows[table]:
            subject = self.subject(table, row)
            category = self.city.row("category", subject["category_id"])
            kind, _, code = (flt.place or "").partition(":")
            inside = at is None or (row[at] is not None and flt.start <= row[at] < flt.end)
            wanted = not flt.categories or {category["code"], category["group_name"]} & set(flt.categories)
            here = not flt.place or self.places(table, row, boundaries, redrawn)[kind] == code
            if inside and wanted and here and (not flt.channels or subject["channel"] in flt.channels):
                yield row


def a_question(rng):
    start = day(rng.randint(-24, 24 * random_city.DAYS) / 24)
    flt = Filter(
        start,
        start + timedelta(hours=rng.choice([24, 24 * 7, 24 * 60])),
        rng.choice([None, None, *random_city.PLACES]),
        tuple(rng.sample((*random_city.CATEGORIES, *random_city.GROUPS), rng.choice([0, 0, 1, 2]))),
        tuple(rng.sample(random_city.CHANNELS, rng.choice([0, 0, 1, 2]))),
    )
    return flt, rng.choice([None, *KEYS]), rng.choice(["then", "now", {"G00": "B4", "G11": "B2", "G40": "B1"}])


@pytest.mark.parametrize("table", OWN)
@pytest.mark.parametrize("patched", [False, True])
def test_rows_and_keys_are_those_of_loops_over_the_record(rich, home, table, patched):
    model = readmodel.build(rich, home)
    if patched:
        model = readmodel.patch(rich, home, rich.execute(text("SELECT id FROM matter WHERE id % 3 = 0")).scalars())
    view, record, rng = whole(model), Told(rich), random.Random(len(table))
    met = 0
    for _ in range(40):
        flt, by, boundaries = a_question(rng)
        at = rng.choice(["", "", None, *SETTLED]) if table == "matter" else rng.choice(["", "", None])
        by = None if at is None and by in ("day", "month") else by
        redrawn = rng.choice([None, day(2), day(60)])
        column = OWN[table] if at == "" else at
        expected = Counter(
            record.key(table, row, by, column, boundaries, redrawn or flt.end)
            for row in record.chosen(table, flt, column, boundaries, redrawn or flt.end)
        )
        asked = ask(view, table, flt, by=by, at=at, boundaries=boundaries, redrawn=redrawn)
        frame = asked.table({"n": np.ones(len(asked), bool), "half": np.full(len(asked), 0.5)})
        told = dict(zip((None if key != key else key for key in frame["key"]), frame["n"], strict=True))
        assert told == (dict(expected) or ({None: 0} if by is None else {})), (flt, by, at, boundaries)
        assert (frame["half"] * 2 == frame["n"]).all()
        met += bool(len(asked))
    assert met > 10, "questions without rows prove nothing"


def test_a_matter_that_crosses_at_the_very_instant_of_the_look_has_escaped(conn, keys, home):
    make_category(conn)
    make_beat(conn)
    make_cell(conn)
    make_incident(conn, keys, "1", 0, 0)
    at = {"cell": day(1), "beat": day(2)}
    make_steps(conn, keys, [{"kind": "take_lead", "level": level, "at": when, "step_no": n}
                            for n, (level, when) in enumerate(at.items(), 1)])  # fmt: skip
    view, dated = whole(readmodel.build(conn, home)), ladders(conn)
    for look, escaped in ((day(2) - timedelta(microseconds=1), 0), (day(2), 1), (day(2) + timedelta(seconds=1), 1)):
        flt = Filter(day(-1), day(9))
        quick = readmodel.containment(view, flt, POLICIES["QD"], None, dated, look)
        assert quick[["contained", "escaped", "pending"]].to_numpy().tolist() == [[0, escaped, 1 - escaped]]
        assert containment(conn, flt, POLICIES["QD"], None, look)["escaped"].tolist() == [escaped]


@pytest.mark.parametrize("draft", [{}, {"G00": "B3", "G01": "B3", "G20": "B1"}])
def test_under_a_draft_matters_count_in_the_beats_that_it_gives_their_cells(city, home, draft):
    view, record, flt = whole(readmodel.build(city, home)), Told(city), Filter(day(-9), day(60))
    for by in ("beat", "station", "cell"):
        rows = list(record.chosen("matter", flt, "opened", draft, flt.end))
        expected = Counter(record.key("matter", row, by, "opened", draft, flt.end) for row in rows)
        counted = readmodel.counts(view, flt, by, draft)
        told = {None if k != k else k: n for k, n in zip(counted["key"], counted["matters"], strict=True)}
        assert told == dict(expected)
    dated = ladders(city)
    by_beat = readmodel.containment(view, flt, POLICIES["JM"], "beat", dated, None, draft)
    contained = readmodel.containment(view, flt, POLICIES["JM"], None, dated, None, draft)
    names = ["contained", "escaped", "pending"]
    assert by_beat[names].sum().tolist() == contained[names].iloc[0].tolist()
    if not draft:
        now = readmodel.containment(view, flt, POLICIES["JM"], "beat", dated, None, "now")
        assert now.to_dict("list") == by_beat.to_dict("list")


def test_a_beat_that_only_a_draft_knows_is_named_by_its_code(city, home):
    view = whole(readmodel.build(city, home))
    asked = ask(view, "matter", Filter(day(-9), day(60)), by="beat", boundaries={"G00": "NEW"})
    frame = asked.table({"n": np.ones(len(asked), bool)}).set_index("key")
    assert frame.loc["NEW", "label"] == "NEW"


def test_matters_are_asked_narrower_and_under_other_keys(city, home):
    view = whole(readmodel.build(city, home))
    asked = ask(view, "report", Filter(day(-9), day(60)), by="channel")
    first = asked.where(asked["kind"] == 0)
    opened = first.of_matter("opened")
    assert (opened == first["at"]).all()
    regrouped = first.keyed((first["id"] % 2).astype(np.int64), [("even", None), ("odd", None)])
    frame = regrouped.table({"n": np.ones(len(first), bool)})
    assert frame["n"].sum() == len(first)
    assert frame["key"].tolist() == ["even", "odd"]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"by": "colour"}, "Group by"), ({"by": "day", "at": None}, "Group by"),
        ({"boundaries": "later"}, "Boundaries"),
        ({"boundaries": {"nowhere": "B1"}}, "no cell nowhere"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_said(city, home, wrong, sentence):
    view = whole(readmodel.build(city, home))
    with pytest.raises(InputError, match=sentence):
        ask(view, "matter", Filter(day(0), day(1)), **wrong)
    with pytest.raises(InputError, match="no table"):
        view.rows("visits")
