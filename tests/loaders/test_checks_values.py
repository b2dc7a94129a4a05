"""Numbers, coded values, yes/no and text: what is accepted, what is a finding."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loaders.checks.numbers import parse
from loaders.field_types import Field
from loaders.profiles import Profile, Section
from tests.loaders.checking import checked, incident, reasons


@settings(deadline=None)
@given(st.lists(st.none() | st.floats(allow_nan=False, allow_infinity=False)))
def test_numbers_come_back_from_their_text(numbers: list[float | None]) -> None:
    texts = [None if number is None else repr(number) for number in numbers]
    found, unreadable = parse(Field("n", "float"), texts)
    assert not unreadable.any()
    np.testing.assert_array_equal(found, np.array([np.nan if n is None else n for n in numbers], dtype=float))


@settings(deadline=None)
@given(st.lists(st.none() | st.text(max_size=8)))
def test_any_text_is_a_finite_number_or_unreadable(texts: list[str | None]) -> None:
    found, unreadable = parse(Field("n", "float"), texts)
    for text, number, bad in zip(texts, found, unreadable, strict=True):
        assert bad == (text is not None and np.isnan(number))
        assert not np.isinf(number)


@pytest.mark.parametrize(
    ("text", "number"), [("1,234", 1234), ("１２．５", 12.5), ("1e3", 1000), ("-1,234.5", -1234.5)]
)
def test_numbers_as_people_write_them(text: str, number: float) -> None:
    assert parse(Field("n", "float"), [text])[0].tolist() == [number]


def test_text_in_numbers_fractions_and_bounds_are_findings() -> None:
    outcome = checked(
        "incidents",
        incident(source_no="1", radius_m="about 5", severity="4"),
        incident(source_no="2", radius_m="-1", severity="1.5"),
        incident(source_no="3", radius_m="inf", severity="疑难"),
    )
    assert [reject.reasons for reject in outcome.rejects] == [
        ["severity '4' is not between 1 and 3", "radius_m 'about 5' is not a number"],
        ["severity '1.5' is not a whole number", "radius_m '-1' is not between 0 and 100000"],
        ["radius_m 'inf' is not a number"],
    ]


def test_words_are_read_as_codes() -> None:
    row = {
        "level": "街道",
        "code": "370202004",
        "name": "云南路街道",
        "geometry": "POLYGON((120 36,121 36,121 37,120 36))",
    }
    assert checked("areas", row).rows["level"].tolist() == ["street"]
    outcome = checked("incidents", incident(channel="矛调平台", severity="黄"), incident(channel="new-one"))
    assert outcome.rows["channel"].tolist() == ["mediation", "new-one"]
    assert outcome.rows["severity"].tolist() == [2, pd.NA]
    assert str(outcome.rows["severity"].dtype) == "Int64"


def test_a_bad_choice_lists_what_is_allowed() -> None:
    row = {"officer": "a", "role": "sheriff", "beat": "b", "valid_from": "2025-01-01"}
    assert "'sheriff' is none of beat_lead, police, auxiliary" in reasons(checked("postings", row))[0]


def test_yes_and_no_in_two_languages() -> None:
    row = {"code": "a", "name": "b"}
    said = ("是", "0", "TRUE", None, "maybe")
    rows: list[dict[str, Any]] = [{**row, "code": each or "-", "police": each} for each in said]
    outcome = checked("catalogue", *rows)
    assert outcome.rows["police"].tolist() == [True, False, True, pd.NA]
    assert "neither yes nor no" in reasons(outcome)[0]


def test_lists_become_semicolons() -> None:
    row = {"code": "u", "name": "n", "level": "street", "kind": "department", "lead_for": " 噪声；漏水 、停车; "}
    assert checked("units", row).rows["lead_for"].tolist() == ["噪声;漏水;停车"]


def test_a_nul_byte_is_a_finding() -> None:
    assert "NUL" in reasons(checked("incidents", incident(narrative="a\x00b")))[0]


def test_words_for_nothing_count_as_missing() -> None:
    outcome = checked("incidents", incident(category="NULL", address="\\N", channel="N/A"))
    assert reasons(outcome) == ["channel is missing"]


def test_the_profile_translates_pads_and_falls_back() -> None:
    section = Section(
        columns={"code": ("division_code", "name")}, values={"level": {"8": "street"}}, pad={"code": 6}, constants={}
    )
    profile = Profile("p", sections={"areas": section})
    shape = "POLYGON((120 36,121 36,121 37,120 36))"
    rows: list[dict[str, Any]] = [
        {"level": "8", "division_code": "42", "name": "甲街道", "geometry": shape},
        {"level": "8", "division_code": None, "name": "很长的乙街道", "geometry": shape},
    ]
    assert checked("areas", *rows, profile=profile).rows["code"].tolist() == ["000042", "很长的乙街道"]
