"""What steps say of a matter: on the spot, mediated, diverted; and how far matters travelled."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import InputError
from grids.casework import Step
from grids.diversions import ledger
from grids.levels import LEVELS, Ladder
from grids.outcomes.formulas import overall
from grids.outcomes.histories import diversion_flags, settlement_flags
from grids.outcomes.travelled import flow, regrade_flags, travel_flags
from tests.grids.test_casework import hour
from tests.oracle import outcomes as oracle
from tests.strategies import instants, ladders

few = settings(max_examples=60)
kinds = st.lists(
    st.sampled_from(["settle", "close", "mediate", "transfer", "handle", *["divert", "divert_accept"] * 2,
                     "divert_bounce", "divert_done"]),
    max_size=9,
)  # fmt: skip
many = st.dictionaries(st.integers(1, 9), kinds, max_size=5)


def steps_of(histories, random=None):
    """A frame of the kinds of several matters, an hour apart; the rows mixed when there is a `random`."""
    rows = [(matter, hour(n // 2), n, kind) for matter, made in histories.items() for n, kind in enumerate(made)]
    mixed = random.sample(rows, len(rows)) if random else rows
    return pd.DataFrame(mixed, columns=["matter", "at", "no", "kind"]).astype({"at": "datetime64[us, UTC]"})


@few
@given(many, st.randoms())
def test_settlements_equal_the_oracle_whatever_the_order_of_rows(histories, random):
    flags = settlement_flags(steps_of(histories, random))
    wanted = {matter: oracle.settlement(made) for matter, made in histories.items() if made}
    assert flags.drop(columns="settled_at").to_dict("index") == wanted


LINE = ["sent_at", "accepted_at", "bounced_at", "done_at", "kept"]
ENDS = ["diverted_bounced", "diverted_done", "diverted_kept", "diverted_open"]


def ledger_of(kinds):
    """The diversions of a matter whose steps of these kinds are an hour apart; all go to unit U."""
    return ledger(Step(hour(n), n, kind, "street", unit="U", detail={"to": "U"}) for n, kind in enumerate(kinds))


def frame_of_lines(lines):
    times = dict.fromkeys(LINE[:-1], "datetime64[us, UTC]")
    return pd.DataFrame([[getattr(line, name) for name in LINE] for line in lines], columns=LINE).astype(times)


@few
@given(st.lists(kinds, max_size=4), st.integers(0, 9).map(hour))
def test_diversions_equal_the_oracle_and_every_one_ends_once(histories, at):
    lines = [line for made in histories for line in ledger_of(made)]
    flags = diversion_flags(frame_of_lines(lines), at)
    assert flags.to_dict("records") == [oracle.diversion(line, at) for line in lines]
    assert (flags[ENDS].sum(axis=1) == flags["diverted"]).all()


def test_settled_by_whoever_answered_is_on_the_spot_and_after_a_transfer_it_is_not():
    flags = settlement_flags(
        steps_of(
            {1: ["respond", "close"], 2: ["respond", "transfer", "settle"], 3: ["respond"], 4: ["close", "divert"]}
        )
    )
    assert flags["settled_on_spot"].tolist() == [True, False, False, True]
    assert flags["settled"].tolist() == [True, True, False, True]
    assert flags["settled_at"].dropna().tolist() == [hour(0), hour(1), hour(0)]
    assert overall(flags, "on_spot")[["numerator", "denominator"]].tolist() == [2, 3]


def test_a_bounced_diversion_that_is_sent_again_and_done_counts_as_two_sendings():
    lines = frame_of_lines(ledger_of(["divert", "divert_bounce", "divert", "divert_accept", "divert_done"]))
    shares = [overall(diversion_flags(lines, hour(9)), code)["share"] for code in ("accepted", "bounced", "done")]
    assert shares == [0.5, 0.5, 0.5]
    assert overall(diversion_flags(lines, hour(3)), "done")[["numerator", "denominator"]].tolist() == [0, 2]


def test_an_unknown_kind_of_step_is_refused():
    with pytest.raises(InputError, match="unknown kind 'dance'"):
        settlement_flags(steps_of({1: ["dance"]}))


travels = st.lists(
    st.fixed_dictionaries(
        {"reached": st.dictionaries(st.sampled_from(LEVELS), instants, max_size=4), "closed_at": st.none() | instants}
    ),
    max_size=8,
)


def reached_frame(matters):
    names = [f"reached_{level}" for level in LEVELS]
    rows = [[each["reached"].get(level) for level in LEVELS] + [each["closed_at"]] for each in matters]
    columns = [*names, "closed_at"]
    return pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(columns, "datetime64[us, UTC]"))


@few
@given(travels, instants)
def test_flow_equals_the_oracle_and_the_shares_of_a_source_sum_to_one(matters, at):
    found = flow(reached_frame(matters), at)
    pairs = zip(zip(found["source"], found["target"], strict=True), found["numerator"], strict=True)
    assert dict(pairs) == oracle.flow(matters, at)
    assert found.groupby("source")["share"].sum().tolist() == pytest.approx([1.0] * found["source"].nunique())


@few
@given(travels, ladders, instants)
def test_who_stayed_in_the_street_left_the_beat(matters, ladder, at):
    flags = travel_flags(reached_frame(matters), ladder, at)
    for matter, (left, stayed) in zip(matters, flags.to_numpy().tolist(), strict=True):
        ranks = [ladder.ranks[level] for level, since in matter["reached"].items() if since <= at]
        assert left == any(rank > ladder.ranks["beat"] for rank in ranks)
        assert stayed == (left and all(rank <= ladder.ranks["street"] for rank in ranks))


def test_the_third_clause_of_qingdao():
    reached = [{}, {"cell": hour(0)}, {"beat": hour(0), "street": hour(1)}, {"street": hour(0), "city": hour(3)}]
    matters = reached_frame([{"reached": each, "closed_at": None} for each in reached])
    early = travel_flags(matters, Ladder.default(), hour(2)).sum()
    late = travel_flags(matters, Ladder.default(), hour(3)).sum()
    assert early.tolist() == [2, 2]
    assert late.tolist() == [2, 1]


def test_a_later_grade_is_a_regrade_only_once_the_grade_is_fixed():
    matters = pd.DataFrame(
        {"severity": [2, 2, 1], "severity_now": [3, 2, 3], "severity_at": [hour(1), hour(1), None]}
    ).astype({"severity_at": "datetime64[us, UTC]"})
    assert regrade_flags(matters, hour(2)).sum().tolist() == [2, 1]
    assert regrade_flags(matters, hour(0)).sum().tolist() == [0, 0]
