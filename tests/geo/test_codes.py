"""Numbers run in reading order, stay when other cells are redrawn, and are never given twice."""

import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.codes import check_code, number_cells
from geo.errors import InputError
from tests.geo.shapes import district

HOME = "370202001001"
communities = st.sampled_from([HOME, "370202001002", "370202002001"])


def drawing(shapes, community=HOME, **columns):
    return pd.DataFrame({"geometry": shapes, "community": community, **columns})


def boxes(places):
    return [shapely.box(120 + x, 30 + y, 120.8 + x, 30.8 + y) for x, y in places]


places = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=12, unique=True)


def test_numbers_go_west_to_east_in_rows_from_the_north():
    grid = district(3, 3)  # row by row from the south-west
    assert [code[-3:] for code in number_cells(drawing(grid))] == [
        "007", "008", "009", "004", "005", "006", "001", "002", "003",
    ]  # fmt: skip


@given(places=places, data=st.data())
def test_the_order_of_the_rows_and_of_the_vertices_changes_no_code(places, data):
    frame = drawing(boxes(places))
    order = data.draw(st.permutations(range(len(frame))))
    turned = frame.iloc[list(order)].assign(geometry=lambda each: [shape.reverse() for shape in each["geometry"]])
    assert number_cells(turned).sort_index().tolist() == number_cells(frame).tolist()


@given(places=places, data=st.data())
def test_codes_are_unique_well_formed_and_begin_with_their_community(places, data):
    homes = data.draw(st.lists(communities, min_size=len(places), max_size=len(places)))
    codes = number_cells(drawing(boxes(places), homes))
    assert codes.is_unique
    assert all(not check_code(code) and code[:12] == home for code, home in zip(codes, homes, strict=True))
    for home in set(homes):
        numbers = sorted(int(code[12:]) for code in codes if code[:12] == home)
        assert numbers == list(range(1, len(numbers) + 1))


@settings(max_examples=60)
@given(places=places, data=st.data())
def test_a_redraw_elsewhere_moves_no_code_and_reuses_no_number(places, data):
    before = drawing(boxes(places))
    before["code"] = number_cells(before)
    redrawn = data.draw(st.sets(st.integers(0, len(places) - 1)))
    after = before.drop(columns="code")
    after["geometry"] = [shape.buffer(0.05) if at in redrawn else shape for at, shape in enumerate(before["geometry"])]
    codes = number_cells(after, before)
    kept = [at for at in range(len(places)) if at not in redrawn]
    assert codes[kept].tolist() == before["code"][kept].tolist()
    fresh = set(codes) - set(codes[kept])
    assert not fresh & set(before["code"])
    assert all(int(code[12:]) > len(places) for code in fresh)
    again = number_cells(after, pd.concat([before, after.assign(code=codes)]))
    assert again.tolist() == codes.tolist()


def test_retired_codes_without_a_shape_are_never_given_again():
    past = pd.DataFrame({"code": [HOME + "041"], "geometry": [None]})
    assert number_cells(drawing(boxes([(0, 0)])), past).tolist() == [HOME + "042"]


def test_a_given_code_stays_and_its_number_is_taken():
    frame = drawing(boxes([(0, 0), (1, 0)]), code=[None, HOME + "007"])
    assert number_cells(frame).tolist() == [HOME + "008", HOME + "007"]


def test_a_cell_that_moved_to_another_community_gets_a_number_there():
    past = drawing(boxes([(0, 0)]), code=[HOME + "001"])
    assert number_cells(drawing(boxes([(0, 0)]), "370202001002"), past).tolist() == ["370202001002001"]


def test_cells_drawn_twice_get_two_codes():
    assert sorted(number_cells(drawing(boxes([(0, 0), (0, 0)])))) == [HOME + "001", HOME + "002"]


def test_a_full_community_is_refused_with_what_to_do():
    past = pd.DataFrame({"code": [HOME + "999"], "geometry": [None]})
    with pytest.raises(InputError, match="split the community"):
        number_cells(drawing(boxes([(0, 0)])), past)


def test_a_community_that_is_not_twelve_digits_and_a_code_given_twice_are_refused():
    with pytest.raises(InputError, match="12 digits"):
        number_cells(drawing(boxes([(0, 0)]), "3702"))
    with pytest.raises(InputError, match="several cells"):
        number_cells(drawing(boxes([(0, 0), (1, 0)]), code=[HOME + "001"] * 2))


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (HOME + "00", "14 digits"), (HOME + "0001", "16 digits"), (HOME + "00A", "other signs"),
        ("３７０２０２００１００１００１", "other signs"), (HOME + "000", "zeros where the cell"),
        ("000000001001001", "zeros where the district"), ("370202000001001", "zeros where the street"),
        ("370202001000001", "zeros where the community"), ("", "other signs"), (HOME + "001\n", "other signs"),
    ],
)  # fmt: skip
def test_a_wrong_code_says_why(code, words):
    assert any(words in reason for reason in check_code(code))


def test_a_right_code_has_nothing_wrong():
    assert check_code(HOME + "001") == []


def test_no_cells_have_no_codes():
    assert number_cells(drawing([])).tolist() == []
