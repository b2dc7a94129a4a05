"""A sitting over a plan: what it costs, what is wrong, why, beside another plan, as a sheet, and by the optimiser."""

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import text

from db import readmodel
from db.engine import act_as
from db.facts import Filter
from db.measures.containment import containment
from db.measures.workload import workload
from db.planning import board, drafts, links
from db.planning.board import Boards
from db.planning.colliding import collides, others
from db.planning.comparing import compare
from db.planning.costs import cost_of, cost_rows
from db.planning.exchange import lay_sheet, sheet_of
from db.planning.optimising import Sliders, propose, take
from db.planning.problems import problems
from db.planning.reasons import explain, reasons
from db.planning.replaying import containment_under
from db.planning.sheet import chief_sheet
from db.planning.staffing import first_plan_for, how_many_beats, where_a_lead_helps
from db.tables.places import HOLDING_BEAT
from geo.errors import Denied, InputError, NotFound, Refused
from grids.policies import policy
from grids.rights import Who, operator
from tests.db.planned_town import make_planned_town
from tests.factories import day, make_beat, make_incidents, make_step, middle

NOW = day(100)
ME = operator("mei")


@pytest.fixture
def town(conn, keys):
    """The planned town with four more quarrels in G10 and two in G20, one of which the district took over."""
    make_planned_town(conn, keys)
    extra = [("G10", n) for n in range(4)] + [("G20", n) for n in range(2)]
    rows = []
    for cell, n in extra:
        lon, lat = middle(int(cell[1]), int(cell[2]))
        rows.append({"source_no": f"{cell}-{n}", "lon": lon, "lat": lat, "reported_at": day(80)})
    make_incidents(conn, keys, rows)
    make_step(conn, keys, "take_lead", day(81), source_no="G20-0", level="district")
    return conn


@pytest.fixture
def view(town, tmp_path):
    return readmodel.whole(readmodel.build(town, tmp_path / "readmodel"))


@pytest.fixture
def sit(town, view):
    """Sits down to a new plan after the moves given as cell=beat."""
    boards = Boards()

    def begun(**moves):
        code = drafts.begin_plan(town, ME, "A better plan", at=NOW).code
        for cell, beat in moves.items():
            drafts.move_cells(town, ME, code, [cell], beat, f"{cell} is nearer")
        return boards.sit(town, view, code, NOW)

    begun.boards = boards
    return begun


def test_a_plan_costs_what_the_measures_say_of_its_beats(town, view, sit):
    sitting = sit(G20="B1")
    cost = cost_of(sitting).beats.set_index("beat")
    flt = Filter(NOW - timedelta(days=365), NOW)
    for side, held in (("before", sitting.draft.base), ("after", sitting.draft.assignment)):
        told = workload(town, view, flt, "beat", boundaries=dict(held)).set_index("key")
        assert cost[f"demand_{side}"].to_dict() == told["minutes"].to_dict()
        assert cost[f"load_{side}"].to_dict() == pytest.approx(told["load"].to_dict())
    assert cost["changed"].to_dict() == {"B1": True, "B2": True, "B3": False}
    assert cost.loc["B1", ["cells_before", "cells_after", "open_matters_after"]].tolist() == [4, 5, 10]
    assert cost["lead"].to_dict() == {"B1": "P1", "B2": "P2", "B3": "P3"}
    assert cost["fair_after"].mean() == pytest.approx(1)


def test_containment_is_replayed_under_the_plan(town, view, sit):
    sitting = sit(G20="B1")
    told = containment_under(town, view, sitting, policy("QD"), "beat").set_index("key")
    assert told["escaped_before"].fillna(0).to_dict() == {"B1": 0, "B2": 1, "B3": 0}
    assert told["escaped_after"].fillna(0).to_dict() == {"B1": 1, "B2": 0, "B3": 0}
    flt = Filter(NOW - timedelta(days=365), NOW)
    whole = containment_under(town, view, sitting, policy("QD")).iloc[0]
    for name, count in containment(town, view, flt, policy=policy("QD")).iloc[0][["contained", "escaped"]].items():
        assert whole[f"{name}_before"] == whole[f"{name}_after"] == count


def test_the_board_is_kept_until_what_it_is_made_of_changes(town, view, sit, monkeypatch):
    laid = []
    lay = board.lay_board
    monkeypatch.setattr(board, "lay_board", lambda *told: laid.append(1) or lay(*told))
    sitting = sit()
    code = sitting.plan.code
    drafts.move_cells(town, ME, code, ["G20"], "B1")
    again = sit.boards.sit(town, view, code, NOW)
    assert (len(laid), again.revision, again.draft.moves) == (1, (1, "draft"), {"G20": ("B2", "B1")})
    assert again.revision == drafts.revision(town, code)[:2]
    links.link(town, ME, "G00", "G50", "a ferry")
    sit.boards.sit(town, view, code, NOW)
    assert len(laid) == 2


def test_a_beat_past_its_minutes_is_warned_of(town, tmp_path):
    town.execute(text("UPDATE posting SET weekly_minutes = 3"))
    model = readmodel.build(town, tmp_path / "other")
    code = drafts.begin_plan(town, ME, "Too much", at=NOW).code
    drafts.move_cells(town, ME, code, ["G20"], "B1")
    found = problems(Boards().sit(town, readmodel.whole(model), code, NOW))
    assert [(each.rule, each.beat, each.weight) for each in found] == [("overloaded", "B1", "warning")]


def test_why_a_cell_went_says_who_and_what_it_changed(sit):
    sitting = sit(G20="B1")
    why = explain(sitting, "G20")
    assert (why.beat_before, why.beat_after, why.by, why.reason) == ("B2", "B1", "mei", "G20 is nearer")
    loads = sitting.board.loads(sitting.before)
    assert why.effect["loads"]["B1"][0] == pytest.approx(loads[0])
    assert why.effect["cv_without"] == pytest.approx(loads.std() / loads.mean())
    stays = explain(sitting, "G21")
    assert (stays.by, stays.en) == (None, "It stays in beat B2.")
    assert stays.barred == []
    listed = reasons(sitting)
    assert listed[["cell", "gives", "takes", "by", "reason"]].to_numpy().tolist() == [
        ["G20", "B2", "B1", "mei", "G20 is nearer"]
    ]
    assert listed["cv_gain"].iloc[0] == pytest.approx(why.effect["cv_without"] - why.effect["cv_with"])


def test_what_bars_a_cell_elsewhere_is_named(town, sit):
    sitting = sit()
    drafts.set_lock(town, ME, sitting.plan.code, True, cells=["G20"])
    locked = sitting.with_draft(drafts.draft_of(town, sitting.plan))
    assert explain(locked, "G20").barred == [("B1", "网格G20已锁定，不能调整", "Cell G20 is locked.")]
    assert explain(locked, "G20").en == "It is locked and stays in beat B2."


def test_two_plans_are_compared_cell_by_cell(town, view, sit):
    one, other = sit(G20="B1"), sit(G20="B1", G30="B3")
    told = compare(town, sit.boards, view, one.plan.code, other.plan.code)
    assert told.cells.to_numpy().tolist() == [["G30", "B2", "B2", "B3"]]
    table = told.totals.set_index("figure")
    assert table.loc["moved"].tolist() == [0, 1, 2]
    assert set(told.beats["beat"]) == {"B1", "B2", "B3"}


def test_other_plans_for_the_same_cells_are_told_of(town, sit):
    one, other = sit(G20="B1"), sit(G20="B1", G30="B3")
    told = others(town, one.plan)
    assert told[["plan", "cells"]].to_numpy().tolist() == [[other.plan.code, ["G20"]]]
    assert collides(town, one.plan) == []
    assert others(town, sit().plan).empty


def test_a_sheet_goes_out_and_comes_back_as_it_was(town, sit):
    told = sheet_of(sit(G20="B1"), geometry=True)
    assert told.set_index("cell").loc["G20", ["beat", "beat_before"]].tolist() == ["B1", "B2"]
    fresh = sit()
    laid = lay_sheet(town, ME, fresh.plan.code, told[["cell", "beat"]].set_axis(range(2, len(told) + 2)))
    assert (laid.moved, laid.unchanged, laid.rejected) == (1, 11, {})
    assert laid.draft.moves == {"G20": ("B2", "B1")}
    with pytest.raises(InputError, match="no row"):
        lay_sheet(town, ME, fresh.plan.code, told[:0])


def test_wrong_rows_are_named_by_their_lines_and_nothing_is_laid(town, sit):
    rows = pd.DataFrame(
        [("G20", "B1"), ("G99", "B1"), (None, "B1"), ("G21", "B9"), ("G20", "B3"), ("G30", None)],
        columns=["cell", "beat"], index=range(2, 8), dtype=object,
    )  # fmt: skip
    code = sit().plan.code
    laid = lay_sheet(town, ME, code, rows)
    assert laid.rejected == {
        3: "there is no cell 'G99' in this plan", 4: "it names no cell", 5: "there is no beat 'B9' for this plan",
        6: "cell G20 stands in line 2 already", 7: "cell G30 has no beat",
    }  # fmt: skip
    assert laid.draft.moves == {}
    assert lay_sheet(town, ME, code, rows, strict=False).draft.moves == {"G20": ("B2", "B1")}


def test_the_optimiser_repeats_itself_and_its_options_are_laid_with_reasons(town, sit):
    sitting = sit(G50="B2")
    asked = {"moves": (0, 1, 2), "iterations": 20_000}
    told, again = (propose(sitting, seed=3, **asked) for _ in range(2))
    assert told.rows() == again.rows()
    assert [each.moves for each in told.options] == [0, 1, 2]
    assert told.option(2).figures.cv < told.option(0).figures.cv
    draft = take(town, ME, sitting.plan.code, told, 2)
    assert {cell: pair[1] for cell, pair in draft.moves.items()} == told.option(2).moved
    assert "optimiser, at most 2 moves" in explain(sitting.with_draft(draft), next(iter(draft.moves))).reason
    figures = cost_of(sitting.from_base(told.option(2).moved)).after
    assert figures.fair.cv == pytest.approx(told.option(2).figures.cv)
    with pytest.raises(Refused, match="already"):
        take(town, ME, sitting.plan.code, told, 2)
    with pytest.raises(NotFound, match="choose 0, 1, 2"):
        told.option(7)


def test_a_stopped_search_gives_the_best_so_far(sit):
    told = propose(sit(), moves=(1, 2), seconds=30.0, stop=lambda: True)
    assert not told.complete
    assert [each.moves for each in told.options] == [1, 2]


@pytest.mark.parametrize("told", [{"balance": 0}, {"travel": 101}, {"few_moves": -1}])
def test_sliders_that_say_nothing_are_refused(told):
    with pytest.raises(InputError):
        Sliders(**told)


def test_compactness_counts_when_it_is_asked_for(sit):
    sitting = sit()
    evenly = propose(sitting, moves=(4,), iterations=20_000).option(4)
    compact = propose(sitting, moves=(4,), iterations=20_000, sliders=Sliders(0, 0, 100, 0)).option(4)
    assert compact.figures.cut_m <= evenly.figures.cut_m
    still = propose(sitting, moves=(4,), iterations=20_000, sliders=Sliders(few_moves=100)).option(4)
    assert still.moved == {}


def test_how_many_beats_and_where_a_lead_helps(sit):
    sitting = sit()
    curve = how_many_beats(sitting, (2, 4), iterations=5_000)
    assert curve["beats"].tolist() == [2, 4]
    assert curve["largest"].is_monotonic_decreasing
    relief = where_a_lead_helps(sitting, iterations=2_000)
    assert set(relief["beat"]) == {"B1", "B2", "B3"}
    assert relief["largest"].is_monotonic_increasing


def test_a_first_plan_of_cells_that_wait_is_drawn_over_the_beats_that_have_a_lead(town, keys, sit):
    make_beat(town, HOLDING_BEAT)
    town.execute(
        text("UPDATE beat_cell SET beat_id = (SELECT id FROM beat WHERE code = :code)"), {"code": HOLDING_BEAT}
    )
    make_beat(town, "B4", station="S1", community="C1")
    sitting = sit()
    wanted = first_plan_for(sitting, iterations=5_000)
    assert set(wanted.values()) == {"B1", "B2", "B3"}
    draft = drafts.lay_all(town, ME, sitting.plan.code, wanted, "first plan")
    drawn = sitting.with_draft(draft)
    assert [each for each in problems(drawn) if each.weight == "error"] == []
    assert np.bincount(drawn.after, minlength=4)[3] == 0


def test_links_are_declared_with_a_reason_and_taken_back(town):
    links.link(town, ME, "G50", "G10", " a ferry ")
    assert links.links(town).to_numpy().tolist() == [["G10", "G50", "a ferry"]]
    links.link(town, ME, "G10", "G50", "a bridge")
    assert links.links(town)["reason"].tolist() == ["a bridge"]
    links.unlink(town, ME, "G10", "G50")
    for wrong, error in (
        (("G10", "G10", "x"), Refused),
        (("G10", "X", "x"), NotFound),
        (("G10", "G20", " "), InputError),
    ):
        with pytest.raises(error):
            links.link(town, ME, *wrong)
    with pytest.raises(NotFound, match="not linked"):
        links.unlink(town, ME, "G10", "G50")
    with pytest.raises(Denied):
        links.link(town, Who("wu", ("analyst",)), "G10", "G20", "x")


def test_a_planner_of_the_place_counts_what_an_operator_counts(town, view, sit):
    code = drafts.begin_plan(town, ME, "S1", at=NOW, place="station:S1").code
    whole = cost_rows(cost_of(Boards().sit(town, view, code, NOW)))
    act_as(town, Who("lin", ("planner",), ("station:S1",)))
    own = readmodel.scoped(view.about, readmodel.reach_of(town))
    assert cost_rows(cost_of(Boards().sit(town, own, code, NOW))) == whole
    act_as(town, operator("test"))


def test_the_chiefs_sheet_has_every_move_with_its_reason(town, view, sit):
    told = chief_sheet(town, sit.boards, view, sit(G20="B1").plan.code, policy("QD"))
    assert told.reasons["cell"].tolist() == told.handover["cells"]["cell"].tolist() == ["G20"]
    assert len(told.containment) == 1
    assert told.events["what"].tolist() == ["begin"]
    assert set(told.handover["contacts"]["beat"]) == {"B1", "B2"}


def test_every_edit_is_listed_and_those_undone_are_marked(town, sit):
    code = sit(G20="B1", G30="B3").plan.code
    drafts.undo(town, ME, code)
    told = drafts.edits(town, drafts.read_plan(town, code))
    assert told["kind"].tolist() == ["assign", "assign", "undo"]
    assert told["standing"].tolist() == [True, False, False]
