"""Commands of the planner: move a cell to another beat from a date on, and see the cost first."""

import json
from datetime import datetime
from typing import Annotated

import typer

plan_app = typer.Typer(
    no_args_is_help=True, help="Redraw beats: see what a move costs, then let it take effect on a date."
)


@plan_app.command()
def move(
    cell: Annotated[str, typer.Argument(help="Code of the cell.")],
    beat: Annotated[str, typer.Argument(help="Code of the beat that shall hold it.")],
    since: Annotated[datetime, typer.Option("--from", help="Date from which it holds, in the city's time zone.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show the effect.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Move one cell; prints both beats' load before and after. Figures of the time before stay as they were."""
    from zoneinfo import ZoneInfo

    from db.city import city
    from db.engine import begin
    from db.plans import move_cell, preview_move
    from db.record import open_record
    from db.settings import Settings

    record = open_record(Settings.from_env())
    with begin(record.engine, record.actor) as conn:
        at = since if since.tzinfo else since.replace(tzinfo=ZoneInfo(city(conn).zone))
        effect = (preview_move if dry_run else move_cell)(conn, cell, beat, at)
    beats = effect.beats.round(3)
    if as_json:
        shown = {
            "cell": cell,
            "from": effect.from_beat,
            "to": beat,
            "since": at.isoformat(),
            "recorded": not dry_run,
        }
        costs = {
            "open_matters": effect.open_matters,
            "residents": effect.residents,
            "warnings": effect.warnings,
        }
        print(json.dumps({**shown, **costs, "beats": json.loads(beats.to_json(orient="records"))}, ensure_ascii=False))
        return
    print(f"Cell {cell}: beat {effect.from_beat} → {beat} from {at:%Y-%m-%d %H:%M %Z}{' (dry run)' if dry_run else ''}")
    print("Demand of the past 365 days in minutes; load = demand / minutes of the people posted there.")
    print(beats.to_string(index=False))
    residents = "unknown" if effect.residents is None else f"{effect.residents:,}"
    print(f"Goes along: {effect.open_matters:,} open matters, residents: {residents}.")
    for warning in effect.warnings:
        print(f"Warning: {warning}")
