"""Reports that arrive one by one, in any order, corrected and decided about, end where linking at once ends."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import InputError, NotFound
from grids.repeats import RULES, Linker, Rules, link
from tests.grids.test_repeats import CITIES, ROOM, RULE_SETS, after, call, decided, frame_of


def add(linker, row):
    """Add a row of frame_of."""
    ended = None if pd.isna(row.ended_at) else row.ended_at
    return linker.add(row.key, row.at, row.group, row.phone, row.lon, row.lat, row.address, ended)


def at_once(frame, decisions=None, rules=RULES):
    told = link(frame, decisions, rules).matters
    return dict(zip(told["key"], told["matter"], strict=True))


def linker_of(reports, rules=RULES):
    linker = Linker(rules=rules)
    for row in frame_of(reports).itertuples():
        add(linker, row)
    return linker


@settings(max_examples=40)
@given(st.data(), CITIES, RULE_SETS)
def test_any_order_of_arrival_ends_in_the_same_matters(data, reports, rules):
    decisions = data.draw(decided(len(reports)))
    frame = frame_of(reports)
    before = data.draw(st.integers(0, len(frame)))
    mixed = frame.iloc[data.draw(st.permutations(range(len(frame))))]
    linker = Linker(mixed.iloc[:before], decisions, rules)
    for row in mixed.iloc[before:].itertuples():
        add(linker, row)
    assert linker.matters() == at_once(frame, decisions, rules)


@settings(max_examples=40)
@given(st.data(), CITIES.filter(len), RULE_SETS)
def test_removing_and_deciding_end_where_linking_at_once_ends(data, reports, rules):
    frame, decisions = frame_of(reports), {}
    linker = Linker(frame, rules=rules)
    for _ in range(3):
        a, b = (f"110:{data.draw(st.integers(0, len(frame) - 1))}" for _ in range(2))
        if a != b and {a, b} <= set(frame["key"]):
            said = data.draw(st.sampled_from([True, False, None]))
            decisions = {pair: same for pair, same in decisions.items() if set(pair) != {a, b}} | {(a, b): said}
            linker.decide(a, b, said)
        gone = data.draw(st.sampled_from([None, *frame["key"]]))
        if gone is not None and len(frame) > 1:
            linker.remove(gone)
            frame = frame[frame["key"] != gone]
    held = {pair: same for pair, same in decisions.items() if same is not None}
    assert linker.matters() == at_once(frame, held, rules)


def test_a_report_between_two_matters_merges_them_and_says_so():
    linker = linker_of([call(0), call(40)])
    change = linker.add("110:2", after(20), "disputes", b"A", 120.3, 36.05)
    assert change.matter == "110:0"
    assert change.merged == ("110:1",)
    assert change.moved == {"110:1": ("110:1", "110:0"), "110:2": (None, "110:0")}


def test_an_earlier_report_that_arrives_late_gives_the_matter_its_name():
    linker = linker_of([call(5)])
    change = linker.add("110:9", after(1), "disputes", b"A", 120.3, 36.05)
    assert change.opened == ("110:9",)
    assert change.merged == ("110:0",)


def test_a_phone_that_turns_out_to_be_shared_lets_its_matters_go():
    linker = linker_of([call(0), call(1), call(2, group="noise")], Rules(shared_groups=2))
    change = linker.add("110:3", after(3), "pets", b"A", 120.3, 36.05)
    assert change.opened == ("110:1", "110:3")
    assert set(linker.matters().values()) == {f"110:{n}" for n in range(4)}
    assert linker.remove("110:3").merged == ("110:1", "110:3")


def test_a_phone_found_shared_lets_go_what_it_linked_months_ago_and_takes_it_back():
    long_ago = [call(0), call(1), call(90, group="noise"), call(91, group="pets")]
    linker = linker_of(long_ago, Rules(shared_groups=2))
    assert linker.matters()["110:1"] == "110:0"
    assert linker.add("110:4", after(92), "disputes", b"A", 120.3, 36.05).opened == ("110:1", "110:4")
    linker.remove("110:4")
    assert linker.matters()["110:1"] == "110:0"


def test_a_split_is_remembered_when_more_reports_arrive():
    linker = linker_of([call(0), call(1)])
    assert linker.decide("110:0", "110:1", False).opened == ("110:1",)
    linker.add("110:2", after(0.9), "disputes", b"A", 120.3, 36.05)
    assert linker.matters() == {"110:0": "110:0", "110:1": "110:2", "110:2": "110:2"}
    assert linker.decide("110:1", "110:0", None).merged == ("110:2",)


def test_a_join_waits_for_the_report_it_names():
    linker = Linker(decisions={("110:0", "110:1"): True})
    for row in frame_of([call(0), call(200, phone=b"B")]).itertuples():
        add(linker, row)
    assert linker.matters() == {"110:0": "110:0", "110:1": "110:0"}


def test_a_matter_explains_itself_and_suggests_its_building():
    other = {"at": after(2), "address": "暖东路6号3栋"}
    linker = linker_of([call(0, address=ROOM), call(1), other, call(1, phone=b"Z")])
    told = linker.explain("110:1")
    assert list(told.matters["key"]) == ["110:0", "110:1"]
    assert list(told.links["rule"]) == ["reporter"]
    assert told.suggestions[["a", "b"]].to_numpy().tolist() == [["110:0", "110:2"]]


@settings(max_examples=25)
@given(CITIES.filter(len))
def test_suggestions_of_a_matter_are_those_of_linking_at_once(reports):
    frame = frame_of(reports)
    linker, told = Linker(frame), link(frame)
    matter = at_once(frame)
    for key in frame["key"]:
        own = told.suggestions["a"].map(matter).eq(matter[key]) | told.suggestions["b"].map(matter).eq(matter[key])
        shown = linker.explain(key).suggestions
        assert shown.fillna(-1).to_numpy().tolist() == told.suggestions[own].fillna(-1).to_numpy().tolist()


def test_a_report_is_added_once_and_must_be_there_to_be_asked_about():
    linker = linker_of([call(0)])
    with pytest.raises(InputError, match="linked already"):
        linker.add("110:0", after(0), "disputes")
    with pytest.raises(InputError, match="two different reports"):
        linker.decide("110:0", "110:0", True)
    with pytest.raises(InputError, match="time zone"):
        linker.add("110:5", pd.Timestamp("2026-03-01"), "disputes")
    for ask in (linker.remove, linker.explain, lambda key: linker.decide("110:0", key, True)):
        with pytest.raises(NotFound, match="add it first"):
            ask("110:7")
