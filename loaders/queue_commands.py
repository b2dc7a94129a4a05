"""Commands of the queue: what waits for a person to place it, and placing one."""

import json
from datetime import datetime
from typing import Annotated

import typer

queue_app = typer.Typer(no_args_is_help=True, help="Incidents in no cell, or in doubt between cells.")

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@queue_app.command("list")
def list_waiting(
    kind: Annotated[str, typer.Option(help="all, unplaced or ambiguous.")] = "all",
    since: Annotated[datetime | None, typer.Option(help="Only those reported since, in the city's time zone.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many of the newest.")] = 30,
    as_json: Json = False,
) -> None:
    """List what waits, newest first, with the candidate cells and their probabilities."""
    from zoneinfo import ZoneInfo

    from db.city import city
    from db.engine import begin
    from db.queue import waiting
    from db.record import open_record
    from db.settings import Settings

    record = open_record(Settings.from_env())
    with begin(record.engine, record.actor) as conn:
        zone = ZoneInfo(city(conn).zone)
        frame = waiting(conn, limit, since.replace(tzinfo=zone) if since else None, kind)
    if as_json:
        print(frame.to_json(orient="records", date_format="iso", force_ascii=False))
        return
    if frame.empty:
        print("Nothing waits.")
        return
    frame["reported_at"] = [at.astimezone(zone).strftime("%Y-%m-%d %H:%M") for at in frame["reported_at"]]
    frame["candidates"] = [_shown(found) for found in frame["candidates"]]
    print(frame[["number", "reported_at", "why", "address", "radius_m", "candidates"]].to_string(index=False))
    print("Place one: manage.py queue place NUMBER --lon … --lat …")


@queue_app.command()
def place(
    number: Annotated[str, typer.Argument(help="channel:number, as `queue list` shows it.")],
    lon: Annotated[float, typer.Option(help="Longitude of the place.")],
    lat: Annotated[float, typer.Option(help="Latitude of the place.")],
    crs: Annotated[str, typer.Option(help="Coordinates: EPSG:…, gcj02 or bd09.")] = "EPSG:4326",
    learn: Annotated[bool, typer.Option("--learn/--no-learn", help="Remember the address for the next one.")] = True,
    as_json: Json = False,
) -> None:
    """Place one incident as a click on the map would; its address is learned, so that the next one is found."""
    from db.engine import begin
    from db.queue import settle
    from db.record import open_record
    from db.settings import Settings
    from geo.crs import parse_crs, to_wgs84

    x, y = to_wgs84([lon], [lat], parse_crs(crs))
    record = open_record(Settings.from_env())
    with begin(record.engine, record.actor) as conn:
        done = settle(conn, number, float(x[0]), float(y[0]), record.actor, learn)
    if as_json:
        print(json.dumps(vars(done), ensure_ascii=False))
        return
    learned = "; its address is learned" if done.learned else ""
    print(f"{done.number} lies in cell {done.cell}, beat {done.beat or 'none'}{learned}.")


def _shown(candidates: list[list[object]] | None) -> str:
    return ", ".join(f"{cell} {100 * float(str(share)):.0f} %" for cell, share in (candidates or [])[:4]) or "–"
