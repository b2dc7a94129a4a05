"""The table of fields is consistent in itself."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import NotFound
from loaders.field_types import plain, without_brackets
from loaders.fields import FIELDS, KINDS, NUMBERS, fields_of


@pytest.mark.parametrize("kind", KINDS)
def test_no_field_is_there_twice_and_no_alias_is_another_fields_name(kind: str) -> None:
    names = [field.name for field in FIELDS[kind]]
    assert len(set(names)) == len(names)
    for field in FIELDS[kind]:
        assert not {plain(alias) for alias in field.aliases} & {plain(name) for name in names if name != field.name}


@pytest.mark.parametrize("kind", KINDS)
def test_no_title_is_the_alias_of_two_fields(kind: str) -> None:
    taken: dict[str, str] = {}
    for field in FIELDS[kind]:
        for alias in map(plain, field.aliases):
            assert taken.setdefault(alias, field.name) == field.name, alias


@pytest.mark.parametrize("kind", KINDS)
def test_words_of_a_choice_lead_to_its_choices(kind: str) -> None:
    for field in FIELDS[kind]:
        if field.type == "choice":
            assert set(field.choices) <= set(field.words.values())
            assert set(field.words.values()) - set(field.choices) <= {"beat", "cell"}


def test_personal_fields_are_the_ones_kept_encrypted() -> None:
    personal = {(kind, field.name) for kind in KINDS for field in FIELDS[kind] if field.personal}
    assert personal >= {("incidents", name) for name in ("reporter", "phone", "narrative")}
    assert personal >= {("steps", "note"), ("officers", "name"), ("officers", "phone")}


def test_numbers_name_required_fields() -> None:
    for kind, names in NUMBERS.items():
        assert {field.name for field in FIELDS[kind] if field.required} >= set(names)


def test_an_unknown_kind_lists_the_kinds() -> None:
    with pytest.raises(NotFound, match="areas, cells, beats"):
        fields_of("streets")


@settings(deadline=None)
@given(st.sampled_from(["reported_at", "Reported At", "REPORTED-AT", "ｒｅｐｏｒｔｅｄ＿ａｔ", " reported　at "]))
def test_case_blanks_underscores_and_width_do_not_matter(title: str) -> None:
    assert plain(title) == "reportedat"


def test_a_unit_in_brackets_does_not_matter() -> None:
    assert without_brackets("经度（度）") == without_brackets("经度[°]") == "经度"
