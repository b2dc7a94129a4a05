"""Commands of visits: enter one, enter many, list them."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from db.work_opening import At, Json, Officer, instant, opened, read_time, zone_of
from db.work_words import as_json, table

visit_app = typer.Typer(no_args_is_help=True, help="Visits 走访: enter one or many, list them.")


@visit_app.command("add")
def add_one(
    officer: Officer,
    kind: Annotated[
        str, typer.Option(help="household, venue, firm, school, patrol, mediation, publicity, care, other.")
    ],
    at: At = None,
    cell: Annotated[str | None, typer.Option(help="Code of the cell.")] = None,
    lon: Annotated[float | None, typer.Option(help="Longitude of the place, WGS-84.")] = None,
    lat: Annotated[float | None, typer.Option(help="Latitude of the place, WGS-84.")] = None,
    address: Annotated[str | None, typer.Option(help="Address, where there is no point.")] = None,
    count: Annotated[int, typer.Option(min=1, help="How many visits alike.")] = 1,
    records: Annotated[int, typer.Option(min=0, help="Records completed on the way.")] = 0,
    minutes: Annotated[float | None, typer.Option(min=0, help="Minutes of work.")] = None,
    note: Annotated[str | None, typer.Option(help="Note, kept encrypted.")] = None,
    matter: Annotated[str | None, typer.Option(help="channel:number of a matter that it was about.")] = None,
    as_json_: Json = False,
) -> None:
    """Record one visit, or several alike with --count."""
    from db.visits import add_visit
    from grids.rights import operator

    told = {"officer": officer, "kind": kind, "cell": cell, "lon": lon, "lat": lat, "address": address, "count": count,
            "records": records, "minutes": minutes, "note": note, "matter": matter}  # fmt: skip
    with opened() as (record, conn):
        done = add_visit(conn, record.keys, operator(record.actor), told | {"at": instant(conn, at)})
    print(as_json(done) if as_json_ else f"{done['source']}:{done['source_no']} {done['status']}, cell {done['cell']}.")


@visit_app.command()
def bulk(
    file: Annotated[
        Path, typer.Argument(help="JSON: a list of visits, each an object of fields as in docs/loading.md.")
    ],
    as_json_: Json = False,
) -> None:
    """Record many visits at once and say what became of each; ends with 2 when all were refused."""
    from db.visits import add_visits
    from geo.errors import InputError
    from grids.rights import operator

    try:
        items = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{file.name} cannot be read as JSON ({error}): write a list of objects.") from None
    if not (isinstance(items, list) and all(isinstance(item, dict) for item in items)):
        raise InputError(f"{file.name} is no list of objects: write [{{…}}, {{…}}].")
    with opened() as (record, conn):
        timed = [item | {"at": instant(conn, read_time(item.get("at")))} for item in items]
        done = add_visits(conn, record.keys, operator(record.actor), timed)
    refused = [row for row in done if row["status"] == "rejected"]
    if as_json_:
        print(as_json(done))
    else:
        print(f"{len(done) - len(refused):,} of {len(done):,} visits recorded.")
        for row in refused:
            print(f"  item {row['index']}: {'; '.join(row['reasons'])}")
    if done and len(refused) == len(done):
        raise typer.Exit(2)


@visit_app.command("list")
def list_visits(
    place: Annotated[str | None, typer.Option(help="cell:CODE, beat:CODE or station:CODE.")] = None,
    officer: Annotated[str | None, typer.Option(help="Code of the officer.")] = None,
    days: Annotated[int, typer.Option(min=1, help="How many days back.")] = 7,
    limit: Annotated[int, typer.Option(min=1, help="How many of the newest.")] = 50,
    totals: Annotated[bool, typer.Option("--totals", help="Sums by officer instead.")] = False,
    as_json_: Json = False,
) -> None:
    """List the newest visits, or their sums by officer."""
    from db.visits import visit_totals, visits

    with opened() as (_, conn):
        end = datetime.now(UTC)
        start = end - timedelta(days=days)
        found = visit_totals(conn, start, end) if totals else visits(conn, start, end, place, officer, limit)
        table(found, zone_of(conn), as_json_, "No visits in that time.")
