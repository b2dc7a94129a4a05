"""Commands of the planner that count and search: check, compare, explain, optimise, beats, leads, first."""

import sys
from typing import Annotated, Any

import typer

from db.plan_running import Json, Plan, Run, moved, moves_of, tables, tell, until_interrupted, within

Seconds = Annotated[float, typer.Option(help="Seconds for each number.")]
Seed = Annotated[int, typer.Option(help="The same seed and machine give the same search.")]
PolicyCode = Annotated[str, typer.Option(help="Policy of the containment: QD, JM or ZS.")]


def mount(plan_app: typer.Typer) -> None:
    """Add these commands to `manage.py plan`."""
    for command in (check, compare, explain, optimise, beats, leads, first):
        plan_app.command()(command)


def check(code: Plan, policy: PolicyCode = "QD", as_json: Json = False) -> None:
    """Say what is wrong with a plan, rule by rule, and what it costs; exit code 4 while a rule is broken."""
    from db.planning.colliding import others
    from db.planning.costs import cost_of, total_row
    from db.planning.problems import problems
    from db.planning.replaying import containment_under
    from grids.policies import policy as named

    def work(run: Run) -> Any:
        sitting, wanted = run.sit(code), named(policy)
        cost, wrong = cost_of(sitting), problems(sitting)
        lines = {"before": total_row(cost.before), "after": total_row(cost.after)}
        told = {"plan": code, **moves_of(sitting.draft), "findings": [vars(each) for each in wrong], **lines}
        told |= {"containment": containment_under(run.conn, run.view(), sitting, wanted)}
        return told | {"beats": cost.beats, "ties": cost.ties, "others": others(run.conn, sitting.plan)}

    told = tell(work, as_json, _checked)
    if any(each["weight"] == "error" for each in told["findings"]):
        raise typer.Exit(4)


def compare(
    code: Plan, other: Annotated[str, typer.Argument(help="Code of another plan.")], as_json: Json = False
) -> None:
    """Two plans side by side: what each costs and brings, and the cells that they put into different beats."""
    from db.planning.board import Boards
    from db.planning.comparing import compare as beside

    def work(run: Run) -> Any:
        found = beside(run.conn, Boards(), run.view(), code, other)
        return {"totals": found.totals.round(4), "cells": found.cells, "beats": found.beats.round(3)}

    tell(work, as_json, tables)


def explain(code: Plan, cell: Annotated[str, typer.Argument(help="Code of a cell.")], as_json: Json = False) -> None:
    """Say why a cell is where the plan has it: who moved it, what the move changes, what bars it elsewhere."""
    from db.planning.reasons import explain as why

    tell(lambda run: vars(why(run.sit(code), cell)), as_json, _why)


def optimise(
    code: Plan,
    moves: Annotated[
        list[int] | None, typer.Option(help="Numbers of moved cells; may repeat (0, 5, 10, 20, 40).")
    ] = None,
    seconds: Seconds = 10.0,
    seed: Seed = 1,
    take: Annotated[int | None, typer.Option(help="Lay the plan with so many moves into the draft.")] = None,
    balance: Annotated[float, typer.Option(help="How much even loads count, 0 to 100.", min=0, max=100)] = 100.0,
    few_moves: Annotated[float, typer.Option(help="How much it counts that few cells move.", min=0, max=100)] = 0.0,
    compactness: Annotated[float, typer.Option(help="How much compact beats count.", min=0, max=100)] = 0.0,
    travel: Annotated[float, typer.Option(help="How much short ways count.", min=0, max=100)] = 0.0,
    as_json: Json = False,
) -> None:
    """For each number of moved cells the best plan that can be had, and whether none is better; Ctrl-C keeps it."""
    from db.planning import optimising

    sliders = optimising.Sliders(balance, few_moves, compactness, travel)
    asked = sorted({*(moves or optimising.MOVES), *(() if take is None else (take,))})
    sitting = within(lambda run: run.sit(code))
    with until_interrupted() as stop:
        proposal = optimising.propose(sitting, asked, seconds, seed, sliders, _progress, stop)

    def work(run: Run) -> Any:
        if take is not None:
            optimising.take(run.conn, run.who, code, proposal, take)
        return proposal.rows()

    tell(work, as_json, _front)


def beats(
    code: Plan,
    count: Annotated[list[int], typer.Option(help="Number of beats to try; may repeat.")],
    seconds: Seconds = 2.0,
    seed: Seed = 1,
    as_json: Json = False,
) -> None:
    """How the load of the busiest beat falls with the number of beats: where it stops, more leads buy nothing."""
    from db.planning.staffing import how_many_beats

    sitting = within(lambda run: run.sit(code))
    with until_interrupted() as stop:
        found = how_many_beats(sitting, count, seconds, seed, stop=stop)
    tell(lambda _: found, as_json, _frame)


def leads(code: Plan, seed: Seed = 1, as_json: Json = False) -> None:
    """Where one more beat lead would help most: each beat split in two, the best split first."""
    from db.planning.staffing import where_a_lead_helps

    sitting = within(lambda run: run.sit(code))
    tell(lambda _: where_a_lead_helps(sitting, seed=seed), as_json, _frame)


def first(code: Plan, seconds: Seconds = 5.0, seed: Seed = 1, as_json: Json = False) -> None:
    """Draw a first plan for a place that nobody has drawn yet, over the beats that have a lead, into the draft."""
    from db.planning.drafts import lay_all
    from db.planning.staffing import FIRST, first_plan_for

    sitting = within(lambda run: run.sit(code))
    with until_interrupted() as stop:
        wanted = first_plan_for(sitting, seconds, seed, stop=stop)
    tell(lambda run: moves_of(lay_all(run.conn, run.who, code, wanted, FIRST)), as_json, moved)


def _checked(told: dict[str, Any]) -> str:
    wrong = [f"{each['weight']}: {each['en']}" for each in told["findings"]] or ["No rule is broken."]
    lines = [f"{name}: {_said(told['before'][name])} → {_said(told['after'][name])}" for name in LINES]
    share = told["containment"].iloc[0]
    lines.append(
        f"containment of the past year: {share['contained_before']:.0f} / {share['decided_before']:.0f} → "
        f"{share['contained_after']:.0f} / {share['decided_after']:.0f}"
    )
    also = [
        f"Plan {each.plan} ({each.state}) moves {', '.join(each.cells)} too." for each in told["others"].itertuples()
    ]
    return "\n".join([moved(told), *wrong, *also, *lines, told["beats"][SHOWN].round(3).to_string(index=False)])


LINES = ("max_over_mean", "cv", "cut_edges", "compactness", "diameter_m", "travel_minutes", "unstaffed", "pieces")
SHOWN = ["beat", "cells_before", "cells_after", "demand_before", "demand_after", "load_before", "load_after",
         "expected_after", "low_after", "high_after", "compactness_after", "travel_minutes_after"]  # fmt: skip


def _said(value: float | None) -> str:
    return "–" if value is None else f"{value:,.3f}".rstrip("0").rstrip(".")


def _why(told: dict[str, Any]) -> str:
    where = f"{told['cell']}: {told['beat_before']} → {told['beat_after']}"
    by = f"{told['by']}, {told['at']:%Y-%m-%d %H:%M}: {told['reason'] or 'no reason given'}" if told["by"] else None
    barred = [f"Not to {beat}: {en}" for beat, _, en in told["barred"]]
    return "\n".join(line for line in (where, by, told["en"], *barred) if line)


def _front(told: list[dict[str, Any]]) -> str:
    return "\n".join(
        f"{each['moves']:>6} moves: max/mean {each['max_over_mean']:.3f} (no less than {each['peak_bound']:.3f}), "
        f"CV {each['cv']:.4f} ({_known(each)})"
        for each in told
    )


def _known(point: dict[str, Any]) -> str:
    return "proven the best" if point["proven"] else f"no less than {point['cv_bound']:.4f}"


def _frame(told: Any) -> str:
    return str(told.round(4).to_string(index=False))


def _progress(told: Any) -> None:
    if sys.stderr.isatty():
        print(f"\r{told.done} of {told.of}: at most {told.moves} moves …", end="", file=sys.stderr, flush=True)
