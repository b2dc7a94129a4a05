"""Profiles: the shipped ones are whole, faulty ones say what is wrong."""

from pathlib import Path

import pytest

from geo.errors import InputError, NotFound
from loaders.profiles import load_profile, names


@pytest.mark.parametrize("name", names())
def test_every_shipped_profile_loads(name: str) -> None:
    assert load_profile(name).name == name


def test_the_default_is_our_own_format_in_chinese_time() -> None:
    profile = load_profile()
    assert (profile.name, profile.zone.key, profile.section("cells").auto) == ("beatgrid", "Asia/Shanghai", True)


def test_chicago_pads_the_labels_that_its_incidents_shorten() -> None:
    profile = load_profile("chicago")
    assert profile.zone.key == "America/Chicago"
    assert profile.section("incidents").constants == {"channel": "chicago-pd"}
    assert profile.section("incidents").pad == {"cell_label": 4, "beat_label": 2}


def test_qingdao_falls_back_to_names_where_codes_are_missing() -> None:
    section = load_profile("qingdao-osm").section("areas")
    assert section.columns["code"] == ("division_code", "name")
    assert section.values["level"] == {"5": "city", "6": "district", "8": "street"}


def test_an_unknown_profile_lists_the_shipped_ones() -> None:
    with pytest.raises(NotFound, match="110, 12345, beatgrid, chicago, patrol, petition, qingdao-osm"):
        load_profile("shicago")
    with pytest.raises(NotFound, match="cannot be read"):
        load_profile("nowhere/mine.toml")


def test_a_profile_of_ones_own_is_read_by_path(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('crs = "gcj02"\nmissing = ["-"]\n[incidents.columns]\nlon = "X"\n', "utf-8")
    profile = load_profile(path)
    assert (profile.name, profile.crs, profile.missing) == ("mine", "gcj02", frozenset({"-"}))
    assert profile.section("incidents").columns == {"lon": ("X",)}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("zone = ", "not valid TOML"),
        ('zoen = "Asia/Shanghai"', "unknown key 'zoen': did you mean 'zone'"),
        ('zone = "Asia/Qingdao"', "no time zone 'Asia/Qingdao'"),
        ("[incident.columns]", "did you mean 'incidents'"),
        ('[incidents.columns]\nlong = "X"', "unknown key 'long' in .incidents.columns.: did you mean 'lon'"),
        ("[incidents.columns]\nlon = 3", "incidents.columns.lon cannot be 3"),
        ("incidents = 3", "must be a table"),
        ("[incidents]\ncolumns = 3", "must be a table"),
        ("extent = [1, 2]", "extent is"),
    ],
)
def test_a_faulty_profile_says_what_is_wrong(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(InputError, match=said):
        load_profile(path)
