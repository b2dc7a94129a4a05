"""A check accounts for every row: typed or rejected, with all its reasons and its text."""

from datetime import datetime
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loaders.checks import check, content_hashes, source_crs
from loaders.fields import FIELDS, KINDS
from loaders.mapping import Mapping, plan_mapping
from loaders.profiles import load_profile
from loaders.readers import open_source
from tests.loaders.checking import NOW, OURS, checked, incident, reasons

ANY = (
    st.none()
    | st.text(max_size=8)
    | st.sampled_from(["1", "2026-03-04", "120", "cell", "是", "POINT(1 2)", "0024-01-01"])
)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_any_text_is_typed_or_rejected_and_no_row_is_lost(kind: str, data: st.DataObject) -> None:
    names = [field.name for field in FIELDS[kind]]
    count = data.draw(st.integers(0, 5))
    columns = {name: data.draw(st.lists(ANY, min_size=count, max_size=count)) for name in names}
    frame = pd.DataFrame(columns, index=pd.RangeIndex(2, count + 2, name="line"), dtype=object)
    outcome = check(frame, kind, Mapping({name: name for name in names}), OURS, None, NOW)
    lines = [reject.line for reject in outcome.rejects]
    assert sorted([*outcome.rows.index, *lines]) == frame.index.tolist()
    assert lines == sorted(lines)
    assert all(reject.reasons and reject.raw.keys() == columns.keys() for reject in outcome.rejects)


def test_all_findings_of_a_row_come_at_once_with_its_text() -> None:
    row = incident(channel=None, reported_at="0024-01-01", lon="36", lat="120", severity="x")
    (reject,) = checked("incidents", incident(source_no="0"), row).rejects
    assert reject.line == 3
    assert len(reject.reasons) == 4
    assert reject.raw == row


def test_typed_columns_are_all_there_whatever_the_file_has() -> None:
    rows = checked("incidents", incident()).rows
    assert rows.columns.tolist() == [field.name for field in FIELDS["incidents"] if field.name != "geometry"]
    assert rows["narrative"].tolist() == [None]


def test_reasons_name_the_column_when_it_is_called_otherwise() -> None:
    said = reasons(checked("incidents", {"渠道": "110", "警情编号": "1", "报警时间": "昨天"}))
    assert said[0].startswith("reported_at (column '报警时间') '昨天'")


def test_a_number_with_other_content_is_refused_and_an_equal_row_is_not() -> None:
    outcome = checked("incidents", incident(), incident(), incident(address="elsewhere"), incident(channel="12345"))
    assert outcome.rows.index.tolist() == [2, 3, 5]
    assert reasons(outcome) == ["the number 110:1 is already in line 2 with other content"]


def test_repeated_codes_of_cells_are_left_to_the_loader() -> None:
    shapes = ["POLYGON((0 0,1 0,1 1,0 0))", "POLYGON((5 5,6 5,6 6,5 5))"]
    assert checked("cells", *({"code": "3100", "name": "x", "geometry": each} for each in shapes)).rejects == []


def test_a_posting_is_to_exactly_one_place() -> None:
    row = {"officer": "a", "role": "警格长", "valid_from": "2025-01-01"}
    said = reasons(checked("postings", {**row, "beat": None, "cell": None}, {**row, "beat": "b", "cell": "c"}))
    assert said == [
        "exactly one of beat, cell and unit must be given, not 0",
        "exactly one of beat, cell and unit must be given, not 2",
    ]


def test_steps_that_move_the_lead_or_grade_say_where_and_what() -> None:
    row = {"channel": "110", "source_no": "1", "at": "2026-03-04"}
    kinds = ["接办", "grade", "close"]
    said = reasons(
        checked("steps", *({**row, "step_no": str(n), "kind": kind, "level": None} for n, kind in enumerate(kinds)))
    )
    assert said == [
        "take_lead needs the level or unit that took the lead",
        "grade needs the severity that was approved",
    ]


def test_a_matter_is_named_by_channel_and_number() -> None:
    outcome = checked("incidents", incident(source_no="1", matter="110:7"), incident(source_no="2", matter="7"))
    assert reasons(outcome) == ["matter is not channel:source_no of the first report"]


def test_broken_records_carry_their_reason_and_text(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("channel,source_no,reported_at\n110,1,2026-03-04\n110,2\n", "utf-8")
    with open_source(path) as source:
        plan = plan_mapping(source.columns, "incidents", OURS, {})
        outcome = check(next(source.chunks()), "incidents", plan, OURS, None, NOW)
    assert len(outcome.rows) == 1
    assert outcome.rejects[0].reasons == ["2 fields where the titles have 3"]
    assert outcome.rejects[0].raw == {"__record__": "110,2"}


def test_hashes_do_not_depend_on_the_chunk() -> None:
    rows = checked("incidents", *(incident(source_no=str(n), address=str(n % 2)) for n in range(6))).rows
    parts = [*content_hashes(rows[:2]), *content_hashes(rows[2:])]
    assert parts == content_hashes(rows).tolist()
    assert len(set(parts)) == 6


@pytest.mark.realdata
@pytest.mark.parametrize(
    ("file", "kind", "profile", "count", "unplaced"),
    [
        ("chicago/police_beats.zip", "cells", "chicago", 277, None),
        ("chicago/incidents_2019_50k.csv.gz", "incidents", "chicago", 50_000, 266),
        ("qingdao/areas_osm.geojson", "areas", "qingdao-osm", 146, None),
    ],
)
def test_real_files_pass_through_their_profiles(
    realdata: Path, file: str, kind: str, profile: str, count: int, unplaced: int | None
) -> None:
    chosen = load_profile(profile)
    with open_source(realdata / file) as source:
        plan = plan_mapping(source.columns, kind, chosen, {}, source.has_geometry)
        crs = source_crs(source, chosen)
        parts = [check(frame, kind, plan, chosen, crs, NOW) for frame in source.chunks()]
    rows = pd.concat([part.rows for part in parts])
    assert not any(part.rejects for part in parts)
    assert len(rows) == count
    if unplaced is not None:
        assert rows["lon"].isna().sum() == unplaced
        assert rows["cell_label"].str.len().eq(4).all()
        assert rows["reported_at"].min() >= pd.Timestamp(datetime(2019, 1, 1, 6), tz="UTC")  # noqa: DTZ001
    else:
        assert rows["code"].nunique() == (275 if kind == "cells" else 146)
