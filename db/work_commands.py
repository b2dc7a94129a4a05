"""Commands of people and beats at work: roster, visits, registers, door plates, joint meetings."""

from datetime import datetime
from typing import Annotated

import typer

from db.visit_commands import visit_app
from db.work_opening import At, Json, Officer, instant, opened, zone_of
from db.work_words import agenda_in_words, as_json, gaps_in_words, people_in_words, table

roster_app = typer.Typer(no_args_is_help=True, help="The duty roster: who is on, who covers whom, what is missing.")
register_app = typer.Typer(no_args_is_help=True, help="Registers 一标三实: what they hold.")
plate_app = typer.Typer(no_args_is_help=True, help="Door plates 智慧门牌: who answers for a door.")
meeting_app = typer.Typer(no_args_is_help=True, help="Joint meetings 例会: the list, and what was decided.")

Place = Annotated[str, typer.Argument(help="KIND:CODE: cell, beat, station, unit, community, street or district.")]
Everybody = Annotated[bool, typer.Option("--all", help="Those off duty and away too.")]


def mount(app: typer.Typer) -> None:
    """Mount the groups on the command line."""
    groups = {"roster": roster_app, "visit": visit_app, "register": register_app, "plate": plate_app}
    for name, group in (groups | {"meeting": meeting_app}).items():
        app.add_typer(group, name=name)


@roster_app.command()
def now(place: Place, at: At = None, everybody: Everybody = False, as_json_: Json = False) -> None:
    """Say who is on duty for a place, nearest first, with role and telephone."""
    from db.roster import on_now, team

    with opened() as (record, conn):
        found = (team if everybody else on_now)(conn, place, instant(conn, at))
        people_in_words(found, record.keys, zone_of(conn), as_json_)


@roster_app.command()
def cover(officer: Officer, at: At = None, as_json_: Json = False) -> None:
    """List what an officer stands in for: the beats, cells and units of those who are away."""
    from db.roster import covered_by

    with opened() as (record, conn):
        people_in_words(covered_by(conn, officer, instant(conn, at)), record.keys, zone_of(conn), as_json_)


@roster_app.command()
def gaps(
    station: Annotated[str, typer.Argument(help="Code of the station.")], at: At = None, as_json_: Json = False
) -> None:
    """Show what a station's teams lack: shapes not filled, beats without a lead, cells without a worker, nobody on."""
    from db.roster import gaps as found

    with opened() as (_, conn):
        told = found(conn, station, instant(conn, at))
    print(as_json(told.as_json()) if as_json_ else gaps_in_words(told))


@roster_app.command()
def add(
    officer: Officer,
    start: Annotated[datetime, typer.Option("--from", help="From when, in the city's time zone.")],
    end: Annotated[datetime, typer.Option("--to", help="To when.")],
    kind: Annotated[
        str | None, typer.Option(help="day, night, standby; with --away leave, sick, training, other.")
    ] = None,
    away: Annotated[bool, typer.Option("--away", help="An absence, not a shift.")] = False,
    cover: Annotated[str | None, typer.Option(help="Code of who stands in, with --away.")] = None,
    as_json_: Json = False,
) -> None:
    """Add one shift, or with --away one absence and who stands in."""
    from db.roster import add_absence, add_shift
    from grids.rights import operator

    with opened() as (record, conn):
        row = {"officer": officer, "start": instant(conn, start), "end": instant(conn, end), "kind": kind}
        who = operator(record.actor)
        label = (
            add_absence(conn, record.keys, who, row | {"cover": cover})
            if away
            else add_shift(conn, record.keys, who, row)
        )
    print(as_json({"officer": officer, "status": label}) if as_json_ else f"{officer}: {label}.")


@register_app.command()
def show(
    place: Annotated[str | None, typer.Argument(help="KIND:CODE; nothing: all that is there.")] = None,
    day: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="As of this day; default: today.")] = None,
    as_json_: Json = False,
) -> None:
    """Show what the registers of a place hold: the newest count of each of its cells, summed."""
    from db.registers import register_counts

    with opened() as (_, conn):
        found = register_counts(conn, place, day.date() if day else None)
        table(found, zone_of(conn), as_json_, "No registers are loaded for that place.")


@plate_app.command("show")
def show_plate(
    code: Annotated[str, typer.Argument(help="Code of the plate.")], at: At = None, as_json_: Json = False
) -> None:
    """Show a plate's door and who answers for it: the beat lead and the grid worker, or who stands in."""
    from db.plates import door

    with opened() as (record, conn):
        found = door(conn, code, instant(conn, at))
        told = {name: value for name, value in vars(found).items() if name != "people"}
        if not as_json_:
            print(f"{found.code} {found.address}: cell {found.cell}, beat {found.beat}, station {found.station}")
        people_in_words(found.people, record.keys, zone_of(conn), as_json_, told)


@meeting_app.command()
def agenda(
    beat: Annotated[str, typer.Argument(help="Code of the beat.")], at: At = None, as_json_: Json = False
) -> None:
    """Print what a beat's meeting should speak about: overdue, repeated, due for a revisit, open."""
    from db.meetings import agenda as found

    with opened() as (_, conn):
        listed, zone = found(conn, beat, instant(conn, at)), zone_of(conn)
    agenda_in_words(listed, zone, as_json_)


@meeting_app.command()
def record(
    beat: Annotated[str, typer.Argument(help="Code of the beat.")],
    decisions: Annotated[
        list[str], typer.Option("--matter", help="channel:number=DECISION; no decision after =: none.")
    ],
    at: At = None,
    place: Annotated[str | None, typer.Option(help="Where it was.")] = None,
    attendees: Annotated[int | None, typer.Option(min=0, help="How many people came.")] = None,
    note: Annotated[str | None, typer.Option(help="Minutes of the meeting, kept encrypted.")] = None,
    code: Annotated[str | None, typer.Option(help="Code of the meeting; default: one of its own.")] = None,
    as_json_: Json = False,
) -> None:
    """Record a meeting; every decision becomes a step of its matter."""
    from db.meeting_records import record_meeting
    from grids.rights import operator

    spoken = {number.strip(): said.strip() for number, _, said in (text.partition("=") for text in decisions)}
    told = {"beat": beat, "place": place, "attendees": attendees, "note": note, "code": code, "matters": spoken}
    with opened() as (held, conn):
        done = record_meeting(conn, held.keys, operator(held.actor), told | {"at": instant(conn, at)})
    print(
        as_json(done) if as_json_ else f"Meeting {done['code']}: {done['matters']} matters, {done['steps']} decisions."
    )
