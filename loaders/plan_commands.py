"""Commands that carry an assignment in and out: `manage.py plan import` and `manage.py plan export`."""

from pathlib import Path
from typing import Annotated, Any

import typer

from db.plan_running import Json, Plan, Run, moves_of, tell, within

File = Annotated[Path, typer.Argument(help="CSV, XLSX or GeoPackage with a column cell and a column beat.")]


def mount(plan_app: typer.Typer) -> None:
    """Add these commands to `manage.py plan`."""
    plan_app.command("import")(import_sheet)
    plan_app.command("export")(export_sheet)


def import_sheet(
    code: Plan,
    path: File,
    sheet: Annotated[str | None, typer.Option(help="Sheet of a workbook, when several have content.")] = None,
    skip: Annotated[bool, typer.Option("--skip-bad", help="Lay the good rows although others are wrong.")] = False,
    as_json: Json = False,
) -> None:
    """Lay the sheet that exists into a draft; wrong rows are named by line, and then nothing is laid."""
    from db.planning.exchange import lay_sheet
    from loaders.plan_sheets import read_assignment

    rows = read_assignment(path, sheet)

    def work(run: Run) -> Any:
        laid = lay_sheet(run.conn, run.who, code, rows, strict=not skip)
        counts = {"read": len(rows), "moved": laid.moved, "unchanged": laid.unchanged}
        return counts | {"rejected": laid.rejected} | moves_of(laid.draft)

    told = tell(work, as_json, _imported)
    if told["rejected"]:
        raise typer.Exit(2)


def export_sheet(
    code: Plan,
    out: Annotated[Path, typer.Argument(help="File to write: .csv, .xlsx, or .gpkg with the shapes.")],
) -> None:
    """Write the assignment of a draft: cell, beat, what it was before, residents, households, demand."""
    from db.planning.exchange import sheet_of
    from loaders.plan_sheets import write_assignment

    frame = within(lambda run: sheet_of(run.sit(code), geometry=True))
    write_assignment(frame, out)
    print(f"{len(frame):,} cells → {out}")


def _imported(told: dict[str, Any]) -> str:
    wrong = [f"line {line}: {why}" for line, why in told["rejected"].items()]
    counts = f"{told['read']:,} read, {told['moved']:,} moved, {told['unchanged']:,} unchanged, {len(wrong):,} rejected"
    return "\n".join([*wrong, counts])
