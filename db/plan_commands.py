"""Commands of the planner: `manage.py plan` drafts, submits, approves, publishes, hands over and rolls back."""

from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from db.plan_figure_commands import mount
from db.plan_running import Json, Note, Plan, Reason, Run, moved, moves_of, tables, tell

plan_app = typer.Typer(
    no_args_is_help=True, help="Redraw beats: draft a plan, see what it costs, have it approved, publish it on a date."
)
Cells = Annotated[list[str], typer.Argument(help="Codes of cells.")]


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

    tell(work, as_json, lambda told: f"{told['code']}: {told['name']}, begun from {told['began_at']:%Y-%m-%d}")


@plan_app.command("list")
def list_plans(
    state: Annotated[str | None, typer.Option(help="Only these: draft, submitted, approved, published …")] = None,
    as_json: Json = False,
) -> None:
    """List the plans there are, the newest first."""
    from db.planning import drafts

    def work(run: Run) -> Any:
        return drafts.plans(run.conn, state)

    tell(work, as_json, lambda told: told.to_string(index=False) if len(told) else "There is no plan yet.")


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
        return moves_of(drafts.move_cells(run.conn, run.who, code, cells, beat, reason))

    tell(work, as_json, moved)


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

    tell(work, as_json, lambda told: f"Locked: cells {told['locked_cells']}, beats {told['locked_beats']}")


@plan_app.command()
def undo(code: Plan, as_json: Json = False) -> None:
    """Take back your last edit."""
    from db.planning import drafts

    tell(lambda run: moves_of(drafts.undo(run.conn, run.who, code)), as_json, moved)


@plan_app.command()
def redo(code: Plan, as_json: Json = False) -> None:
    """Lay again what you undid last."""
    from db.planning import drafts

    tell(lambda run: moves_of(drafts.redo(run.conn, run.who, code)), as_json, moved)


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


@plan_app.command("take-back")
def take_back(code: Plan, note: Note = None, as_json: Json = False) -> None:
    """Take a submitted plan back to go on with it."""
    _advance(code, "take_back", note, as_json)


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

    tell(work, as_json, lambda told: f"{told['code']} holds from {told['effective_at']:%Y-%m-%d %H:%M %Z} on.")


@plan_app.command()
def rollback(code: Plan, as_json: Json = False) -> None:
    """Draft the plan that takes a published one back; it goes the way of every plan."""
    from db.planning import publishing

    def work(run: Run) -> Any:
        return vars(publishing.roll_back(run.conn, run.who, code))

    tell(work, as_json, lambda told: f"{told['code']}: {told['name']}, a draft to be submitted and approved.")


@plan_app.command()
def refresh(code: Plan, as_json: Json = False) -> None:
    """Begin a draft anew from what is in force now, keeping its edits; prints what others have moved meanwhile."""
    from db.planning import publishing

    def work(run: Run) -> Any:
        return [each.sentence for each in publishing.refresh(run.conn, run.who, code)]

    tell(work, as_json, lambda told: "\n".join(told) or "Nobody else has moved any of these cells.")


@plan_app.command()
def handover(code: Plan, as_json: Json = False) -> None:
    """Print what each beat gives and takes: cells, open matters, revisits due, residents, people; and who is told."""
    from db.planning import drafts, handing

    def work(run: Run) -> Any:
        plan = drafts.read_plan(run.conn, code)
        return handing.handover_of(run.conn, plan) | {"notices": handing.notices_of(run.conn, plan)}

    tell(work, as_json, tables)


@plan_app.command()
def comment(
    code: Plan,
    words: Annotated[str, typer.Argument(help="What there is to say.")],
    cell: Annotated[str | None, typer.Option(help="About this cell.")] = None,
    as_json: Json = False,
) -> None:
    """Say something about a plan or one of its cells; without --json prints all that was done and said."""
    from db.planning import drafts

    def work(run: Run) -> Any:
        drafts.comment(run.conn, run.who, code, words, cell)
        return drafts.events(run.conn, drafts.read_plan(run.conn, code))

    tell(work, as_json, lambda told: told.fillna("").to_string(index=False))


@plan_app.command()
def link(
    one: Annotated[str, typer.Argument(help="Code of a cell.")],
    other: Annotated[str, typer.Argument(help="Code of the cell that it counts as a neighbour of.")],
    reason: Annotated[str | None, typer.Option(help="Why: a bridge, a ferry; needed to declare a link.")] = None,
    off: Annotated[bool, typer.Option("--off", help="Take the link back.")] = False,
    as_json: Json = False,
) -> None:
    """Declare that two cells are neighbours although no border is shared, so that a beat may reach over water."""
    from db.planning import links

    def work(run: Run) -> Any:
        if off:
            links.unlink(run.conn, run.who, one, other)
        else:
            links.link(run.conn, run.who, one, other, reason or "")
        return links.links(run.conn)

    tell(work, as_json, _linked)


@plan_app.command("links")
def list_links(as_json: Json = False) -> None:
    """List the cells that count as neighbours by declaration."""
    from db.planning import links

    tell(lambda run: links.links(run.conn), as_json, _linked)


def _advance(code: str, what: str, note: str | None, as_json: bool) -> None:
    from db.planning import publishing

    def work(run: Run) -> Any:
        return vars(publishing.advance(run.conn, run.keys, run.who, code, what, note))

    tell(work, as_json, lambda told: f"{told['code']} is {told['state']}.")


def _linked(told: Any) -> str:
    return str(told.to_string(index=False)) if len(told) else "No cells are linked."


def _aware(at: datetime | None, zone: ZoneInfo) -> datetime | None:
    return at if at is None or at.tzinfo else at.replace(tzinfo=zone)


mount(plan_app)
