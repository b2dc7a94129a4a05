"""Columns find their fields: the profile first, known titles next, --map on top."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import InputError
from loaders.fields import FIELDS, KINDS
from loaders.mapping import parse_overrides, plan_mapping
from loaders.profiles import Profile, Section, load_profile

OURS = Profile("beatgrid")


def profiled(**section: object) -> Profile:
    return Profile("p", sections={"incidents": Section(**section)})  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", KINDS)
def test_own_field_names_map_to_themselves_in_any_order(kind: str) -> None:
    names = [field.name for field in FIELDS[kind] if field.type != "geometry"]
    plan = plan_mapping(names[::-1], kind, OURS, {}, has_geometry=kind in {"areas", "cells", "backdrop"})
    assert {name: column for name, column in plan.columns.items() if name != "geometry"} == {n: n for n in names}
    assert plan.unknown_columns == []


def test_chinese_titles_are_known() -> None:
    titles = ["警情编号", "报警时间", "经度", "纬度", "类别", "地址", "网格编号", "警格编号", "渠道", "天气"]
    plan = plan_mapping(titles, "incidents", OURS, {})
    assert plan.columns == {
        "channel": "渠道", "source_no": "警情编号", "reported_at": "报警时间", "category": "类别", "lon": "经度",
        "lat": "纬度", "address": "地址", "cell_label": "网格编号", "beat_label": "警格编号",
    }  # fmt: skip
    assert plan.unknown_columns == ["天气"]


@settings(deadline=None)
@given(st.permutations(["Channel", "SOURCE NO", "Reported At", "经度（度）", "Ｌａｔ"]))
def test_case_blanks_width_and_units_do_not_matter(titles: list[str]) -> None:
    plan = plan_mapping(titles, "incidents", OURS, {})
    assert plan.columns == {
        "channel": "Channel", "source_no": "SOURCE NO", "reported_at": "Reported At", "lon": "经度（度）",
        "lat": "Ｌａｔ",
    }  # fmt: skip


def test_the_profile_comes_before_titles_and_overrides_before_both() -> None:
    profile = profiled(columns={"source_no": ("id",), "category": ("kind",)}, constants={"channel": "110"})
    columns = ["source_no", "id", "kind", "other", "channel", "reported_at"]
    plan = plan_mapping(columns, "incidents", profile, {"category": "other", "channel": "channel"})
    assert plan.columns["source_no"] == "id"
    assert plan.columns["category"] == "other"
    assert plan.columns["channel"] == "channel"
    assert plan.constants == {}
    assert plan.origins["category"] == "--map"
    assert set(plan.unknown_columns) == {"source_no", "kind"}


def test_everything_missing_is_named_at_once_with_the_columns_there_are() -> None:
    with pytest.raises(InputError) as caught:
        plan_mapping(["时间", "甲", "乙"], "incidents", OURS, {})
    sentence = str(caught.value)
    assert "channel" in sentence
    assert "source_no (警情编号)" in sentence
    assert "reported_at" not in sentence
    assert "时间, 甲, 乙" in sentence


def test_cells_without_geometry_are_refused() -> None:
    with pytest.raises(InputError, match="geometry"):
        plan_mapping(["code", "name"], "cells", OURS, {})
    assert plan_mapping(["code", "name", "WKT"], "cells", OURS, {}).columns["geometry"] == "WKT"


def test_overrides_that_name_nothing_get_near_matches() -> None:
    columns = ["channel", "source_no", "reported_at", "kategorie"]
    with pytest.raises(InputError, match="no field 'categry'; did you mean 'category'"):
        plan_mapping(columns, "incidents", OURS, {"categry": "kategorie"})
    with pytest.raises(InputError, match="no such column; did you mean 'kategorie'"):
        plan_mapping(columns, "incidents", OURS, {"category": "kategory"})
    with pytest.raises(InputError, match="it is one of channel"):
        plan_mapping(columns, "incidents", OURS, {"category": "网格"})


def test_overrides_are_field_equals_column() -> None:
    assert parse_overrides(["code=BEAT_NUM", " name = 名 = 称"]) == {"code": "BEAT_NUM", "name": "名 = 称"}
    for wrong in ("code", "=x", "code="):
        with pytest.raises(InputError, match="FIELD=COLUMN"):
            parse_overrides([wrong])
    with pytest.raises(InputError, match="twice"):
        parse_overrides(["code=a", "code=b"])


def test_two_columns_for_one_field_are_warned_about() -> None:
    plan = plan_mapping(["channel", "source_no", "报警时间", "发生时间"], "incidents", OURS, {})
    assert plan.columns["reported_at"] == "报警时间"
    assert "'发生时间' could be it too" in plan.warnings[0]


def test_a_profile_column_that_the_file_lacks_is_warned_about() -> None:
    profile = profiled(columns={"address": ("block",)})
    plan = plan_mapping(["channel", "source_no", "reported_at"], "incidents", profile, {})
    assert plan.warnings == ["The profile expects the column block for address; the file has none."]


def test_point_geometry_comes_before_columns_called_lon_and_lat() -> None:
    columns = ["channel", "source_no", "reported_at", "lon", "lat"]
    plan = plan_mapping(columns, "incidents", OURS, {}, has_geometry=True)
    assert plan.columns["geometry"] == "geometry"
    assert plan.unknown_columns == ["lon", "lat"]


def test_a_profile_can_do_without_titles() -> None:
    chicago = load_profile("chicago")
    plan = plan_mapping(["id", "date", "primary_type", "description"], "incidents", chicago, {})
    assert "narrative" not in plan.columns
    assert plan.constants == {"channel": "chicago-pd"}
