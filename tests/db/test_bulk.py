"""Bulk transport: whatever is staged stands in the table exactly, whatever it looks like."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from db.bulk import frame_of, next_ids, stage
from db.engine import begin

TEXTS = st.none() | st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20)


def there_and_back(conn, columns, frame):
    stage(conn, "went", columns, frame)
    return frame_of(conn, "SELECT * FROM went")


def texts(column):
    return [None if value is None or value != value else value for value in column.tolist()]


@settings(deadline=None, max_examples=50)
@given(st.lists(TEXTS, min_size=1, max_size=8))
@example(["", "\\N", "\\.", None, 'say "x"', "a,b\tc", "\r\n", "NULL", "nan", "\\", "格，网"])
@example(["a\n\\.\nb", "after"])
def test_texts_come_back_as_they_went(shared, values):
    frame = pd.DataFrame({"one": pd.Series(values, dtype=object)})
    with begin(shared.engine, "test") as conn:
        assert texts(there_and_back(conn, {"one": "text"}, frame)["one"]) == values


def test_texts_beside_other_columns_come_back_too(conn):
    frame = pd.DataFrame({"n": [1, 2, 3], "a": ["\\N", None, "x\n\\.\ny"], "b": ["", "\t", '"']})
    back = there_and_back(conn, {"n": "bigint", "a": "text", "b": "text"}, frame)
    assert {name: texts(back[name]) for name in frame} == {name: texts(frame[name]) for name in frame}


def test_bytes_lists_and_missing_values_of_every_type_come_back(conn):
    instant = pd.Timestamp("2026-03-01T08:00:00.123456+08:00")
    frame = pd.DataFrame(
        {
            "raw": [b"\\x00\n\xff\x00", None],
            "list": [['a "quoted", one', "\\", "", "行"], []],
            "float": [0.1 + 0.2, np.nan],
            "int": pd.array([2**53 + 1, None], dtype="Int64"),
            "at": pd.to_datetime([instant, None], utc=True),
        }
    )
    types = {"raw": "bytea", "list": "text[]", "float": "float8", "int": "bigint", "at": "timestamptz"}
    back = there_and_back(conn, types, frame)
    assert bytes(back["raw"][0]) == frame["raw"][0]
    assert back["raw"][1] is None
    assert back["list"].tolist() == frame["list"].tolist()
    assert back["float"][0] == 0.1 + 0.2
    assert np.isnan(back["float"][1])
    assert back["int"][0] == 2**53 + 1
    assert back["at"][0] == instant
    assert back.loc[1, ["float", "int", "at"]].isna().all()


def test_an_empty_frame_makes_an_empty_table(conn):
    frame = pd.DataFrame({"a": pd.Series([], dtype=object), "n": pd.Series([], dtype=object)})
    assert there_and_back(conn, {"a": "text", "n": "bigint"}, frame).empty


def test_staging_again_replaces_what_was_staged(conn):
    for values in (["a", "b"], ["c"]):
        stage(conn, "went", {"one": "text"}, pd.DataFrame({"one": values}))
    assert conn.execute(text("SELECT one FROM went")).scalars().all() == ["c"]


@pytest.mark.parametrize("count", [0, 1, 5])
def test_fresh_ids_are_distinct_and_as_many_as_asked(conn, count):
    first, second = next_ids(conn, "incident", count), next_ids(conn, "incident", count)
    assert len({*first, *second}) == 2 * count
