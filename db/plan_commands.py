"""Commands of the planner: `manage.py plan` drafts, checks, proposes, submits, approves, publishes and rolls back."""

import json
import sys
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, NamedTuple
from zoneinfo import ZoneInfo

import typer

plan_app = typer.Typer(
    no_args_is_help=True, help="Redraw beats: draft a plan, see what it costs, have it approved, publish it on a date."
)


class Run(NamedTuple):
    """One command at work: its transaction, keys, who runs it, and the city's time zone."""

    conn: Any
    keys: Any
    who: Any
    zone: ZoneInfo


Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Plan = Annotated[str, typer.Argument(help="Code of the plan, such as P2026-001.")]
Cells = Annotated[list[str], typer.Argument(help="Codes of cells.")]
Reason = Annotated[str | None, typer.Option(help="Why; the station chief reads it.")]
Note = Annotated[str | None, typer.Option(help="A word to go with it.")]


@plan_app.command()
def new(
    name: Annotated[str, typer.Argument(help="What the plan is for.")],
    place: Annotated[str | None, typer.Option(help="Only there: station:CODE, community:CODE, district:CODE …")] = None,
    at: Annotated[
        datetime | None, typer.Option("--from", help="Day whose boundaries it begins from; default now.")
    ] = None,
    allow_outside: Annotated[bool, typer.Option("--allow-outside", help="Beats may cross communities.")] = False,
    as_json: Json = False,
) -> None:
    """Begin a draft from what is in force."""
    from db.planning import drafts

    def work(run: Run) -> Any:
        return vars(drafts.begin_plan(run.conn, run.who, name, _aware(at, run.zone), place, allow_outside))

    _tell(work, as_json, lambda told: f"{told['code']}: {told['name']}, begun from {told['began_at']:%Y-%m-%d}")


@plan_app.command("list")
def list_plans(
    state: Annotated[str | None, typer.Option(help="Only these: draft, submitted, approved, published …")] = None,
    as_json: Json = False,
) -> None:
    """List the plans there are, the newest first."""
    from db.planning import drafts

    def work(run: Run) -> Any:
        return drafts.plans(run.conn, state)

    _tell(work, as_json, lambda told: told.to_string(index=False) if len(told) else "There is no plan yet.")


@plan_app.command()
def move(
    code: Plan,
    beat: Annotated[str, typer.Argument(help="Code of the beat.")],
    cells: Cells,
    reason: Reason = None,
    as_json: Json = False,
) -> None:
    """Put cells into a beat, in the draft."""
    from db.planning import drafts

    def work(run: Run) -> Any:
        return _moves(drafts.move_cells(run.conn, run.who, code, cells, beat, reason))

    _tell(work, as_json, _moved)


@plan_app.command()
def lock(
    code: Plan,
    cells: Annotated[list[str] | None, typer.Argument(help="Codes of cells.")] = None,
    beat: Annotated[str | None, typer.Option(help="A whole beat.")] = None,
    off: Annotated[bool, typer.Option("--off", help="Unlock.")] = False,
    as_json: Json = False,
) -> None:
    """Lock cells or a beat, so that neither hand nor optimiser moves them."""
    from db.planning import drafts

    def work(run: Run) -> Any:
        draft = drafts.set_lock(run.conn, run.who, code, not off, cells or (), beat)
        return {"locked_cells": sorted(draft.locked_cells), "locked_beats": sorted(draft.locked_beats)}

    _tell(work, as_json, lambda told: f"Locked: cells {told['locked_cells']}, beats {told['locked_beats']}")


@plan_app.command()
def undo(code: Plan, as_json: Json = False) -> None:
    """Take back your last edit."""
    from db.planning import drafts

    _tell(lambda run: _moves(drafts.undo(run.conn, run.who, code)), as_json, _moved)


@plan_app.command()
def redo(code: Plan, as_json: Json = False) -> None:
    """Lay again what you undid last."""
    from db.planning import drafts

    _tell(lambda run: _moves(drafts.redo(run.conn, run.who, code)), as_json, _moved)


@plan_app.command()
def check(code: Plan, as_json: Json = False) -> None:
    """Say what is wrong with a plan, rule by rule, and what it costs; exit code 4 while a rule is broken."""
    from db.planning import drafts, publishing
    from db.planning.costs import cost_of

    def work(run: Run) -> Any:
        ground, draft, wrong = publishing.check(run.conn, drafts.read_plan(run.conn, code))
        cost = cost_of(run.conn, ground, draft)
        found = [{"rule": each.rule, "weight": each.weight, "zh": each.zh, "en": each.en} for each in wrong]
        lines = {"before": _line(cost.before), "after": _line(cost.after)}
        return {"plan": code, **_moves(draft), "findings": found, **lines, "beats": cost.beats, "ties": cost.ties}

    told = _tell(work, as_json, _checked)
    if any(each["weight"] == "error" for each in told["findings"]):
        raise typer.Exit(4)


@plan_app.command()
def optimise(
    code: Plan,
    moves: Annotated[
        list[int] | None, typer.Option(help="Numbers of moved cells; may repeat (0, 5, 10, 20, 40).")
    ] = None,
    seconds: Annotated[float, typer.Option(help="Seconds for each number.")] = 10.0,
    seed: Annotated[int, typer.Option(help="The same seed and machine give the same search.")] = 1,
    take: Annotated[int | None, typer.Option(help="Lay the plan with so many moves into the draft.")] = None,
    cut: Annotated[float, typer.Option(help="How much compact beats count.")] = 0.0,
    travel: Annotated[float, typer.Option(help="How much short ways count.")] = 0.0,
    as_json: Json = False,
) -> None:
    """For each number of moved cells the best balance that can be had; Ctrl-C ends it with the best so far."""
    from db.planning import drafts, optimising, publishing
    from grids.districting import Weights

    def work(run: Run) -> Any:
        ground, draft, _ = publishing.check(run.conn, drafts.read_plan(run.conn, code))
        told = optimising.MOVES if not moves else tuple(moves)
        asked = sorted({*told, *(() if take is None else (take,))})
        weights = Weights(cut=cut, travel=travel)
        found, beats = optimising.propose(ground, draft, asked, seconds, seed, weights, _progress)
        if take is not None:
            point = next(each for each in found.points if each.moves == take)
            optimising.take(run.conn, run.who, code, ground, beats, point)
        return [{"moves": each.moves, "moved": len(each.moved), "max_over_mean": each.figures.max_over_mean,
                 "cv": each.figures.cv, "peak_bound": each.peak_bound, "cv_bound": each.cv_bound,
                 "cut_edges": each.figures.cut_edges} for each in found.points]  # fmt: skip

    _tell(work, as_json, _front)


@plan_app.command()
def submit(code: Plan, note: Note = None, as_json: Json = False) -> None:
    """Hand a draft to whoever approves it; a plan that breaks a rule is refused."""
    _advance(code, "submit", note, as_json)


@plan_app.command()
def approve(code: Plan, note: Note = None, as_json: Json = False) -> None:
    """Approve a submitted plan (not your own)."""
    _advance(code, "approve", note, as_json)


@plan_app.command("return")
def send_back(code: Plan, note: Note = None, as_json: Json = False) -> None:
    """Send a submitted or approved plan back to be worked on."""
    _advance(code, "return", note, as_json)


@plan_app.command()
def withdraw(code: Plan, note: Note = None, as_json: Json = False) -> None:
    """Give a plan up."""
    _advance(code, "withdraw", note, as_json)


@plan_app.command()
def publish(
    code: Plan,
    day: Annotated[datetime, typer.Option("--on", formats=["%Y-%m-%d"], help="First day on which it holds.")],
    as_json: Json = False,
) -> None:
    """Let an approved plan hold from a day on."""
    from db.planning import publishing

    def work(run: Run) -> Any:
        told = publishing.publish(run.conn, run.keys, run.who, code, day.replace(tzinfo=run.zone))
        return vars(told) | {"effective_at": day.replace(tzinfo=run.zone)}

    _tell(work, as_json, lambda told: f"{told['code']} holds from {told['effective_at']:%Y-%m-%d %H:%M %Z} on.")


@plan_app.command()
def rollback(code: Plan, as_json: Json = False) -> None:
    """Draft the plan that takes a published one back; it goes the way of every plan."""
    from db.planning import publishing

    def work(run: Run) -> Any:
        return vars(publishing.roll_back(run.conn, run.who, code))

    _tell(work, as_json, lambda told: f"{told['code']}: {told['name']}, a draft to be submitted and approved.")


@plan_app.command()
def refresh(code: Plan, as_json: Json = False) -> None:
    """Begin a draft anew from what is in force now, keeping its edits; prints what others have moved meanwhile."""
    from db.planning import publishing

    def work(run: Run) -> Any:
        return [each.sentence for each in publishing.refresh(run.conn, run.who, code)]

    _tell(work, as_json, lambda told: "\n".join(told) or "Nobody else has moved any of these cells.")


@plan_app.command()
def handover(code: Plan, as_json: Json = False) -> None:
    """Print what each beat gives and takes: cells, open matters, revisits due, residents, key places."""
    from db.planning import drafts, publishing

    def work(run: Run) -> Any:
        return publishing.handover_of(run.conn, drafts.read_plan(run.conn, code))

    _tell(
        work,
        as_json,
        lambda told: "\n\n".join(f"{name}\n{frame.to_string(index=False)}" for name, frame in told.items()),
    )


def _advance(code: str, what: str, note: str | None, as_json: bool) -> None:
    from db.planning import publishing

    def work(run: Run) -> Any:
        return vars(publishing.advance(run.conn, run.keys, run.who, code, what, note))

    _tell(work, as_json, lambda told: f"{told['code']} is {told['state']}.")


def _tell(work: Callable[..., Any], as_json: bool, say: Callable[[Any], str]) -> Any:
    """Do some work in one transaction of whoever runs the command, and print what it told."""
    from db.city import city
    from db.engine import begin
    from db.record import open_record
    from db.settings import Settings
    from grids.rights import operator

    record = open_record(Settings.from_env())
    with begin(record.engine, record.actor) as conn:
        told = work(Run(conn, record.keys, operator(record.actor), ZoneInfo(city(conn).zone)))
    print(json.dumps(_plain(told), ensure_ascii=False, indent=1, default=str) if as_json else say(told))
    return told


def _plain(told: Any) -> Any:
    if hasattr(told, "to_json"):
        return json.loads(told.to_json(orient="records", date_format="iso"))
    if isinstance(told, dict):
        return {name: _plain(value) for name, value in told.items()}
    return [_plain(value) for value in told] if isinstance(told, list) else told


def _moves(draft: Any) -> dict[str, Any]:
    told = [{"cell": cell, "from": pair[0], "to": pair[1]} for cell, pair in sorted(draft.moves.items())]
    return {"moves": told}


def _moved(told: dict[str, Any]) -> str:
    return "\n".join(f"{each['cell']}: {each['from']} → {each['to']}" for each in told["moves"]) or "Nothing is moved."


def _line(line: Any) -> dict[str, Any]:
    told = line._asdict()
    return told | {"fair": line.fair._asdict()}


def _checked(told: dict[str, Any]) -> str:
    wrong = [f"{each['weight']}: {each['en']}" for each in told["findings"]] or ["No rule is broken."]
    fair = " → ".join(f"max/mean {told[side]['fair']['max_over_mean']:.3f}, CV {told[side]['fair']['cv']:.3f}"
                      for side in ("before", "after"))  # fmt: skip
    return "\n".join([_moved(told), *wrong, fair, told["beats"].round(3).to_string(index=False)])


def _front(told: list[dict[str, Any]]) -> str:
    lines = [f"{each['moves']:>6} moves: max/mean {each['max_over_mean']:.3f} (no less than {each['peak_bound']:.3f}), "
             f"CV {each['cv']:.4f} (no less than {each['cv_bound']:.4f})" for each in told]  # fmt: skip
    return "\n".join(lines)


def _progress(told: Any) -> None:
    if sys.stderr.isatty():
        print(f"\r{told.done} of {told.of}: at most {told.moves} moves …", end="", file=sys.stderr, flush=True)


def _aware(at: datetime | None, zone: ZoneInfo) -> datetime | None:
    return at if at is None or at.tzinfo else at.replace(tzinfo=zone)
