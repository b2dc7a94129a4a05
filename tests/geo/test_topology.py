"""Every defect has one finding; a sound map has none; what is disputed is what an oracle finds square by square."""

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st

from geo.errors import InputError
from geo.topology import KINDS, Finding, Tolerances, check_cells, errors
from tests.geo import shapes
from tests.oracle import topology as oracle
from tests.planting import SORTS, Garden, judged, plant, wavy_town

STEP = 0.001
squares = st.sets(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=7)
maps_of_squares = st.lists(squares, min_size=1, max_size=6)


def drawn(cell):
    return shapely.union_all([box(x, y) for x, y in cell])


def box(x, y, width=1.0, height=1.0):
    corners = (120.3 + x * STEP, 36.0 + y * STEP, 120.3 + (x + width) * STEP, 36.0 + (y + height) * STEP)
    return shapely.box(*np.round(corners, 9))


def frame(*geometries, **columns):
    return pd.DataFrame({"geometry": list(geometries), **columns})


def kinds(findings):
    return [finding.kind for finding in findings]


@settings(max_examples=60, deadline=None)
@given(cells=maps_of_squares)
def test_what_two_cells_claim_and_what_none_claims_is_what_the_oracle_finds(cells):
    found = [f for f in check_cells(frame(*map(drawn, cells))) if f.kind in ("gap", "overlap", "hole", "duplicate")]
    ground = shapely.union_all([finding.geometry for finding in found])
    expected = oracle.disputed_squares(cells) | oracle.enclosed_squares(cells)
    told = {(x, y) for x in range(5) for y in range(5) if ground.intersects(box(x, y).centroid)}
    assert told == expected


@settings(max_examples=40, deadline=None)
@given(cells=maps_of_squares)
def test_islands_and_detached_parts_are_what_the_oracle_finds(cells):
    disjoint, taken = [], set()
    for cell in cells:
        if cell - taken:
            disjoint.append(cell - taken)
            taken |= cell
    found = check_cells(frame(*map(drawn, disjoint)))
    told = {row for finding in found if finding.kind in ("gap", "hole") for row in finding.rows}
    lonely = oracle.lonely_cells(disjoint) - told if len(disjoint) > 1 else set()
    broken = {at for at, cell in enumerate(disjoint) if oracle.pieces_of(cell) > 1}
    assert {finding.rows[0] for finding in found if finding.kind == "island"} == lonely | broken


@settings(max_examples=30, deadline=None)
@given(cells=maps_of_squares, data=st.data())
def test_the_order_of_the_cells_changes_nothing(cells, data):
    order = data.draw(st.permutations(range(len(cells))))
    codes = [f"cell {at}" for at in range(len(cells))]
    one = check_cells(frame(*map(drawn, cells), code=codes))
    other = check_cells(frame(*(drawn(cells[at]) for at in order), code=[codes[at] for at in order]))
    # Of cells drawn twice the first in the frame stands for all, so names may differ.
    told = [sorted((f.kind, f.area_m2) for f in each) for each in (one, other)]
    assert [kind for kind, _ in told[0]] == [kind for kind, _ in told[1]]
    assert [area for _, area in told[0]] == pytest.approx([area for _, area in told[1]], rel=1e-6)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_sound_map_has_no_finding(seed):
    cells, communities = wavy_town(seed=seed)
    assert check_cells(cells, communities) == []


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), sorts=st.permutations(SORTS))
def test_defects_planted_in_a_town_are_all_found_and_nothing_else_is_named(seed, sorts):
    garden = Garden(*wavy_town(), np.random.default_rng(seed))
    plant(garden, sorts[:6], 4)
    missed, wrong = judged(garden.planted, check_cells(garden.harmed(), garden.communities))
    assert (missed, wrong) == ([], [])


@pytest.mark.parametrize("sort", SORTS, ids=lambda sort: sort.__name__)
def test_a_single_defect_of_each_sort_gives_exactly_one_finding(sort):
    garden = Garden(*wavy_town(), np.random.default_rng(3))
    assert sort(garden)
    missed, wrong = judged(garden.planted, check_cells(garden.harmed(), garden.communities))
    assert (missed, wrong) == ([], [])


def test_every_kind_can_be_planted():
    garden = Garden(*wavy_town(20), np.random.default_rng(5))
    assert plant(garden, SORTS, len(SORTS)) == len(SORTS)
    assert {planted.kind for planted in garden.planted} == set(KINDS)


def test_checking_changes_nothing():
    cells = frame(box(0, 0), box(0.5, 0), shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)]), code=["1", "2", "3"])
    before = cells.copy(deep=True)
    check_cells(cells)
    assert (cells["geometry"].map(shapely.to_wkb) == before["geometry"].map(shapely.to_wkb)).all()
    assert cells.drop(columns="geometry").equals(before.drop(columns="geometry"))


def test_a_finding_says_where_and_how_large():
    (found,) = check_cells(frame(box(0, 0, 2, 2), box(1, 0, 2, 2), code=["A1", "A2"]))
    assert isinstance(found, Finding)
    assert (found.kind, found.severity, set(found.cells)) == ("overlap", "error", {"A1", "A2"})
    assert found.area_m2 == pytest.approx(90.2 * 221.9, rel=0.01)
    assert found.length_m == pytest.approx(90.2 + 221.9, rel=0.01)
    assert box(1, 0, 1, 2).contains(shapely.Point(found.lon, found.lat))
    assert "A1 and A2 overlap" in found.sentence
    assert errors([found]) == [found]


def test_a_displaced_cell_is_one_finding_not_one_for_each_side():
    grid = {(x, y): box(x, y) for x in range(3) for y in range(3)}
    grid[1, 1] = box(1.2, 1.1)
    found = check_cells(frame(*grid.values(), code=[f"{x}{y}" for x, y in grid]))
    assert len(found) == 1
    assert found[0].cells[0] == "11"


def test_a_map_drawn_twice_is_told_cell_by_cell_and_not_as_one_tangle():
    grid = [box(x * 1.02, y * 1.02) for x in range(-3, 4) for y in range(-3, 4)]
    shifted = [box(x, y, 1.1, 1.1) for x in range(-3, 4) for y in range(-3, 4)]
    found = check_cells(frame(*grid, *shifted))
    assert len(found) > 10
    assert max(len(finding.cells) for finding in found) < 20


def test_a_border_vertex_on_the_line_but_not_in_the_neighbour_is_fine():
    tall = box(0, 0, 1, 2)
    assert check_cells(frame(tall, box(1, 0), box(1, 1))) == []


@pytest.mark.parametrize(("off_m", "kind"), [(0.004, None), (0.1, "near"), (1.0, "sliver"), (20.0, "gap")])
def test_the_width_of_an_enclosed_strip_decides_its_name(off_m, kind):
    off = off_m / (111_000 * STEP)
    frame_of = [box(-1, 0, 1, 1), box(1, 0, 1, 1), box(-1, 1, 3, 1), box(-1, -1, 3, 1)]
    found = check_cells(frame(box(0, 0, 1, 1 - off), *frame_of))
    assert kinds(found) == ([kind] if kind else [])


def test_room_for_a_cell_is_a_hole_and_a_strip_is_a_gap():
    ring = [box(x, y) for x in range(3) for y in range(3) if (x, y) != (1, 1)]
    (found,) = check_cells(frame(*ring))
    assert (found.kind, found.severity, len(found.cells)) == ("hole", "warning", 4)


def test_a_hole_that_another_cell_fills_is_none():
    inner = box(1, 1)
    around = box(0, 0, 3, 3).difference(inner)
    assert check_cells(frame(around, inner)) == []
    assert kinds(check_cells(frame(around))) == ["hole"]


def test_ground_at_the_edge_is_missed_only_where_communities_expect_it():
    cells = frame(box(0, 0), box(1, 0), code=["1", "2"])
    assert check_cells(cells) == []
    (found,) = check_cells(cells, frame(box(0, 0, 3, 1), code=["C"]))
    assert (found.kind, found.severity, found.cells) == ("gap", "warning", ("2",))


def test_a_moat_around_a_cell_is_a_gap_and_the_cell_no_island():
    around = box(0, 0, 3, 3).difference(box(0.9, 0.9, 1.2, 1.2))
    (found,) = check_cells(frame(around, box(1, 1)))
    assert (found.kind, set(found.rows)) == ("gap", {0, 1})


def test_rows_of_one_code_and_beat_may_be_parts_but_not_of_two_beats():
    codes = ["A", "A", "B"]
    cells = frame(box(0, 0), box(2, 0), box(1, 0), code=codes, beat=["1", "1", "2"])
    (parts,) = check_cells(cells)
    assert (parts.kind, parts.severity) == ("duplicate", "warning")
    (twice,) = check_cells(cells.assign(beat=["1", "2", "2"]))
    assert (twice.kind, twice.severity) == ("duplicate", "error")


def test_around_an_outline_that_cannot_be_trusted_nothing_else_is_named():
    bow = shapely.Polygon([(120.301, 36.0), (120.302, 36.001), (120.302, 36.0), (120.301, 36.001)])
    (found,) = check_cells(frame(box(0, 0), bow, box(2, 0)))
    assert (found.kind, found.rows) == ("invalid", (1,))


@pytest.mark.parametrize(
    "raw",
    [None, "", "POLYGON((0 0", b"\x01", "00" * 30, shapely.Point(1, 1), shapely.Polygon(), "POLYGON((0 0, 1 1, 0 0))",
     shapely.Polygon([(0, 0), (1, 0), (1, np.nan)]), shapely.box(36, 120, 37, 121), shapely.box(4e5, 3e6, 5e5, 4e6),
     shapely.Polygon([(0, 0), (1, 1), (2, 2)])],
)  # fmt: skip
def test_what_is_no_polygon_on_earth_is_named_and_the_rest_checked(raw):
    found = check_cells(frame(raw, box(0, 0), box(0.5, 0)))
    assert kinds(found) == ["invalid", "overlap"]


@settings(max_examples=80, deadline=None)
@given(raw=st.lists(st.one_of(st.none(), st.text(max_size=30), st.binary(max_size=40), shapes.one_cell), max_size=6))
@example([None, ""])
def test_any_rubbish_ends_in_findings_not_in_a_traceback(raw):
    for finding in check_cells(frame(*raw, code=[str(at) for at in range(len(raw))])):
        assert finding.sentence.endswith(".")


@pytest.mark.parametrize("wrong", [{"same_m": 0.0}, {"near_m": 5.0}, {"sliver_m": 9.0}, {"twin": 0.2}, {"room": 0.0}])
def test_tolerances_out_of_order_are_refused(wrong):
    with pytest.raises(InputError, match=r"tolerances|shares"):
        Tolerances(**wrong)


def test_a_frame_without_outlines_and_a_broken_community_are_refused():
    with pytest.raises(InputError, match="geometry"):
        check_cells(pd.DataFrame({"code": ["1"]}))
    bow = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    with pytest.raises(InputError, match="Area C"):
        check_cells(frame(box(0, 0)), frame(bow, code=["C"]))


def test_no_cells_have_no_findings():
    assert check_cells(frame()) == []
