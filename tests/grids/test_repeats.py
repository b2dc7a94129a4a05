"""Reports of one event are one matter: by phone and place, by room, by what people decide; never by building alone."""

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from geo.errors import InputError
from grids.repeats import RULES, Rules, link
from grids.repeats.tables import metres_between
from tests.oracle import repeats as oracle
from tests.strategies import DAY0

PLACES = {"phone": None, "lon": np.nan, "lat": np.nan, "address": None, "ended_at": None}
ROOM = "暖东路6号3栋2单元501"
HOME = {"lon": 120.3, "lat": 36.05}
DEGREE_M = 90_163.0  # of longitude at 36.05° N


def frame_of(reports):
    """Reports (dicts) as the frame that linking reads."""
    plain = [PLACES | {"key": f"110:{n}", "group": "disputes", "at": DAY0} | r for n, r in enumerate(reports)]
    frame = pd.DataFrame(plain, columns=["key", "at", "group", "phone", "lon", "lat", "address", "ended_at"])
    frame = frame.astype({"at": "datetime64[us, UTC]", "ended_at": "datetime64[us, UTC]"})
    return frame.astype({"group": object, "phone": object, "address": object, "lon": float, "lat": float})


def after(days):
    return DAY0 + timedelta(days=days)


def matters(reports, decisions=None, rules=RULES):
    """The matter of each report, by number of the report that opened it."""
    told = link(frame_of(reports), decisions, rules).matters.set_index("key")["matter"]
    return [int(told[f"110:{n}"].split(":")[1]) for n in range(len(reports))]


def call(days=0.0, metres=0.0, **told):
    """A call of one phone, so many metres east of its home."""
    return {"phone": b"A", "at": after(days), "lon": 120.3 + metres / DEGREE_M, "lat": 36.05} | told


@pytest.mark.parametrize(
    ("second", "linked"),
    [
        (call(3), True),
        (call(3, metres=99), True),
        (call(3, metres=101), False),
        (call(30), True),
        (call(30 + 1e-6), False),
        (call(3, group="noise"), False),
        (call(3, group=None), False),
        (call(3, phone=b"B"), False),
        (call(3, phone=None), False),
        (call(3, lon=np.nan, lat=np.nan), False),
    ],
)
def test_one_reporter_is_one_matter_near_soon_and_of_one_group(second, linked):
    assert matters([call(), second]) == [0, 0 if linked else 1]


@pytest.mark.parametrize(
    ("address", "linked"),
    [
        ("暖东路6号3号楼2单元501室", True),
        ("暖东路 6号3幢2单元 501", True),
        ("市南区暖东路6号3栋2单元501", True),
        ("暖东路6号3栋2单元502", False),
        ("暖东路6号3栋2单元", False),
        ("暖东路6号3栋", False),
        ("暖东路6号3栋2单元501对面", False),
        (None, False),
    ],
)
def test_one_room_is_one_matter_however_it_is_written(address, linked):
    assert matters([{"address": ROOM}, {"address": address, "at": after(2)}]) == [0, 0 if linked else 1]


def test_rooms_of_two_districts_are_two_places():
    told = [{"address": "市南区" + ROOM}, {"address": "市北区" + ROOM}]
    assert matters(told) == [0, 1]


def test_a_room_whose_points_lie_kilometres_apart_is_in_two_towns():
    assert matters([{"address": ROOM, **HOME}, {"address": ROOM, **HOME, "lat": 36.15}]) == [0, 1]


def test_the_days_count_from_report_to_report():
    assert matters([call(0), call(25), call(50), call(81)]) == [0, 0, 0, 3]


def test_two_reports_that_are_not_linked_are_one_matter_through_a_third():
    assert matters([call(0), call(1, metres=150), call(2, metres=75)]) == [0, 0, 0]


def test_a_phone_of_many_groups_is_shared_and_links_nothing():
    told = [call(n / 10, group=f"g{n}") for n in range(5)]
    twice = [*told[:4], call(0.9, group="g0")]
    assert matters(twice) == [0, 1, 2, 3, 0], "four groups are still one person's"
    assert matters([*told, call(0.9, group="g0")]) == [0, 1, 2, 3, 4, 5]


def test_a_phone_of_many_places_is_shared_but_not_over_months():
    soon = [call(n, metres=2000 * n) for n in range(5)]
    late = [call(40 * n, metres=2000 * n) for n in range(5)]
    assert matters([*soon, call(5)]) == [0, 1, 2, 3, 4, 5]
    assert matters([*late, call(161, metres=8000)]) == [0, 1, 2, 3, 4, 4]
    assert link(frame_of(soon)).shared_phones == {b"A"}


def test_a_phone_named_as_shared_links_nothing():
    assert matters([call(), call(1)], rules=Rules(shared_phones=frozenset({b"A"}))) == [0, 1]


def test_later_reports_are_duplicates_until_the_first_handling_ends():
    told = link(frame_of([call(0, ended_at=after(2)), call(1, ended_at=after(9)), call(2), call(3)]))
    assert list(told.matters["kind"]) == ["first", "duplicate", "repeat", "repeat"]
    assert list(told.links["kind"]) == ["duplicate", "repeat", "repeat"]


def test_a_link_says_which_rule_and_how_far_and_how_late():
    told = link(frame_of([call(address=ROOM), call(2.5, metres=40, address=ROOM)])).links
    assert list(told["rule"]) == ["room", "reporter"]
    assert told["days"].tolist() == [2.5, 2.5]
    assert told["metres"].tolist() == pytest.approx([40, 40], abs=0.1)
    assert (told["a"] == "110:0").all()
    assert (told["b"] == "110:1").all()


def test_links_pass_over_what_a_report_between_explains():
    told = link(frame_of([call(n) for n in range(4)])).links
    assert list(zip(told["a"], told["b"], strict=True)) == [(f"110:{n}", f"110:{n + 1}") for n in range(3)]


def test_a_person_joins_what_no_rule_links():
    told = [call(), call(90, phone=b"B", group="noise")]
    assert matters(told, {("110:1", "110:0"): True}) == [0, 0]
    assert list(link(frame_of(told), {("110:1", "110:0"): True}).links["rule"]) == ["join"]


def test_a_split_report_goes_with_the_nearer_side():
    told = [call(0), call(3), call(10)]
    assert matters(told, {("110:0", "110:2"): False}) == [0, 0, 2]
    assert matters(told, {("110:0", "110:1"): False}) == [0, 1, 1]


def test_a_split_report_goes_with_the_stronger_side_whatever_the_days():
    room = [call(0, phone=b"B", address=ROOM), call(5, address=ROOM), call(6)]
    assert matters(room, {("110:0", "110:2"): False}) == [0, 0, 2], "a room is stronger than a phone"
    joined = [call(0, phone=b"B"), call(5, address=ROOM), call(6, phone=b"C", address=ROOM)]
    said = {("110:0", "110:1"): True, ("110:0", "110:2"): False}
    assert matters(joined, said) == [0, 0, 2], "a person's word is stronger than a room"


def test_a_split_wins_over_what_joins_imply_and_says_so():
    told = [{"at": after(n)} for n in range(3)]
    decided = {("110:0", "110:1"): True, ("110:1", "110:2"): True, ("110:0", "110:2"): False}
    found = link(frame_of(told), decided)
    assert list(found.matters["matter"]) == ["110:0", "110:0", "110:2"]
    assert found.conflicts.to_numpy().tolist() == [["110:1", "110:2"]]


def test_one_building_suggests_and_does_not_link():
    told = [
        {"address": ROOM},
        {"address": "暖东路6号3栋", "at": after(1)},
        {"address": "暖东路6号3栋1单元", "at": after(40)},
    ]
    found = link(frame_of(told))
    assert found.matters["matter"].nunique() == 3
    assert found.suggestions[["a", "b", "days"]].to_numpy().tolist() == [["110:0", "110:1", 1.0]]
    assert link(frame_of(told), {("110:0", "110:1"): False}).suggestions.empty
    assert link(frame_of(told), {("110:0", "110:1"): True}).suggestions.empty


@pytest.mark.parametrize(
    "told",
    [
        [{"key": "same"}, {"key": "same"}],
        [{"at": None}],
    ],
)
def test_reports_that_cannot_be_told_apart_or_dated_are_refused(told):
    with pytest.raises(InputError, match="report"):
        link(frame_of(told))


def test_times_without_a_zone_and_missing_columns_are_refused():
    frame = frame_of([call()])
    with pytest.raises(InputError, match="time zone"):
        link(frame.assign(at=frame["at"].dt.tz_localize(None)))
    with pytest.raises(InputError, match="phone"):
        link(frame.drop(columns="phone"))


def test_a_pair_decided_both_ways_is_refused():
    with pytest.raises(InputError, match="one way only"):
        link(frame_of([call(), call(1)]), {("110:0", "110:1"): True, ("110:1", "110:0"): False})


def test_nothing_to_link_is_nothing_linked():
    found = link(frame_of([]))
    assert [len(found.matters), len(found.links), len(found.suggestions), len(found.conflicts)] == [0, 0, 0, 0]


@settings(max_examples=50)
@given(lon=st.floats(-179, 179), lat=st.floats(-75, 75), east=st.floats(-0.02, 0.02), north=st.floats(-0.015, 0.015))
def test_metres_are_geodesic_to_a_centimetre(lon, lat, east, north):
    reports = frame_of([{"lon": lon, "lat": lat}, {"lon": lon + east, "lat": lat + north}])
    from grids.repeats.reports import reports_of

    ours = metres_between(reports_of(reports), np.array([0]), np.array([1]))[0]
    assert ours == pytest.approx(Geod(ellps="WGS84").inv(lon, lat, lon + east, lat + north)[2], abs=0.01)


# Few phones, places and rooms, days that meet the window exactly: nearly everything is nearly linked.
REPORT = st.fixed_dictionaries(
    {
        "at": st.integers(0, 200).map(lambda n: after(n / 2)),
        "group": st.sampled_from(["disputes", "disputes", "noise", None]),
        "phone": st.sampled_from([b"A", b"A", b"B", None]),
        "lon": st.sampled_from([120.3, 120.3, 120.3007, 120.3014, 120.32, np.nan]),
        "lat": st.just(36.05),
        "address": st.sampled_from([ROOM, ROOM, "市南区" + ROOM, "市北区" + ROOM, ROOM[:6], ROOM[:-1] + "2", None]),
        "ended_at": st.sampled_from([None, after(20), after(60)]),
    }
)
CITIES = st.lists(REPORT, max_size=14)
RULE_SETS = st.sampled_from([RULES, Rules(shared_places=1), Rules(shared_groups=1, days=15), Rules(days=60)])


@st.composite
def decided(draw, size):
    """Joins and splits among the first `size` reports."""
    number = st.integers(0, max(size - 1, 1))
    pairs = draw(st.lists(st.tuples(number, number).filter(lambda p: p[0] < p[1]), unique=True, max_size=4))
    return {(f"110:{a}", f"110:{b}"): draw(st.booleans()) for a, b in pairs}


@settings(max_examples=60)
@given(st.data(), CITIES, RULE_SETS)
def test_linking_equals_all_pairs(data, reports, rules):
    decisions = data.draw(decided(len(reports)))
    keyed = [r | {"key": f"110:{n}"} for n, r in enumerate(reports)]
    found = link(frame_of(keyed), decisions, rules)
    expected = oracle.matters(keyed, decisions, rules)
    assert dict(zip(found.matters["key"], found.matters["matter"], strict=True)) == expected
    assert dict(zip(found.matters["key"], found.matters["kind"], strict=True)) == oracle.kinds(keyed, expected)
    assert found.shared_phones == oracle.shared(keyed, rules) - (rules.shared_phones - {r["phone"] for r in keyed})


@settings(max_examples=40)
@given(st.data(), CITIES)
def test_links_tie_each_matter_together_and_name_rules_that_hold(data, reports):
    decisions = data.draw(decided(len(reports)))
    keyed = {f"110:{n}": r | {"key": f"110:{n}"} for n, r in enumerate(reports)}
    found = link(frame_of(list(keyed.values())), decisions)
    matter = dict(zip(found.matters["key"], found.matters["matter"], strict=True))
    group = {key: {key} for key in keyed}
    for row in found.links.itertuples():
        holding = oracle.rules_between(keyed[row.a], keyed[row.b], RULES, found.shared_phones)
        assert row.rule in holding or decisions.get((row.a, row.b), decisions.get((row.b, row.a)))
        union = group[row.a] | group[row.b]
        for key in union:
            group[key] = union
    assert group == {key: {k for k in keyed if matter[k] == matter[key]} for key in keyed}


@settings(max_examples=60)
@given(st.data(), CITIES)
def test_the_order_of_rows_does_not_matter(data, reports):
    decisions = data.draw(decided(len(reports)))
    frame = frame_of(reports)
    mixed = frame.iloc[data.draw(st.permutations(range(len(frame))))]
    one, other = link(frame, decisions), link(mixed, decisions)
    for table in ("matters", "links", "suggestions", "conflicts"):
        pd.testing.assert_frame_equal(getattr(one, table), getattr(other, table))
