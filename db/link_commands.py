"""Commands of linking: why reports are one matter, a person's word about two of them, and linking all anew."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

matter_app = typer.Typer(
    no_args_is_help=True, help="Which reports are one matter: explain, join, split, suggestions, shared-phone …"
)

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Number = Annotated[str, typer.Argument(help="channel:number of a report.")]
Other = Annotated[str, typer.Argument(help="channel:number of the other report.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; kept with the decision, so nothing personal.")]


@matter_app.command()
def explain(number: Number, as_json: Json = False) -> None:
    """Tell why the reports of a matter are one: links with rule, metres and days; suggestions, conflicts, decisions."""

    def work(conn: Any, record: Any, zone: ZoneInfo) -> Any:
        from db.linking.telling import explain as tell
        from grids.rights import operator

        return tell(conn, operator(record.actor), number), zone

    why, zone = _run(work)
    if as_json:
        print(json.dumps(why.as_dict(), ensure_ascii=False, default=_plain))
        return
    print(f"{why.number}: {len(why.reports)} report{'s' if len(why.reports) > 1 else ''}")
    for report in why.reports:
        print(f"  {_local(report['at'], zone)}  {report['number']:<24} {report['kind']}")
    for link in why.links:
        print(f"  {link['b']} is linked to {link['a']}: {link['rule']}{_far(link)}")
    for pair in why.suggestions:
        print(f"  perhaps the same, for the building: {pair['a']} and {pair['b']}{_far(pair)}")
    for pair in why.conflicts:
        print(f"  not joined, because a split forbids it: {pair['a']} and {pair['b']}")
    for word in why.decisions:
        said = {True: "one matter", False: "two matters", None: "taken back"}[word["same"]]
        print(f"  {_local(word['at'], zone)}  {word['actor']} ({word['source']}): {word['a']} and {word['b']} {said}")


@matter_app.command()
def join(a: Number, b: Other, reason: Reason, as_json: Json = False) -> None:
    """Say that two reports are of one matter, whatever the rules say; it holds whatever comes later."""
    _decide("join", a, b, reason, as_json)


@matter_app.command()
def split(a: Number, b: Other, reason: Reason, as_json: Json = False) -> None:
    """Say that two reports are of two matters; it holds whatever comes later."""
    _decide("split", a, b, reason, as_json)


@matter_app.command()
def undecide(a: Number, b: Other, as_json: Json = False) -> None:
    """Take back what people said about two reports: rules and sources decide again."""
    _decide("undecide", a, b, None, as_json)


@matter_app.command()
def suggestions(
    place: Annotated[str | None, typer.Option(help="cell:CODE, beat:CODE or station:CODE.")] = None,
    since: Annotated[datetime | None, typer.Option(help="Reported since, in the city's time zone.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 50,
    as_json: Json = False,
) -> None:
    """List matters with the same building and category group that nobody has decided about, the newest first."""

    def work(conn: Any, record: Any, zone: ZoneInfo) -> Any:
        from db.linking.suggesting import suggestions as listed
        from grids.rights import operator

        start = since.replace(tzinfo=zone) if since is not None and since.tzinfo is None else since
        return listed(conn, operator(record.actor), place, limit, start), zone

    found, zone = _run(work)
    rows = found.astype(object).where(found.notna(), None).to_dict("records")
    if as_json:
        print(json.dumps(rows, ensure_ascii=False, default=_plain))
        return
    for row in rows:
        print(f"{_local(row['at'], zone)}  {row['a']:<24} {row['b']:<24}{_far(row)}")
    print(f"{len(rows)} suggestions: `manage.py matter join A B --reason …` or split.")


@matter_app.command("shared-phone")
def shared_phone(
    phone: Annotated[str, typer.Argument(help="The number of a front desk, an estate, a hotline.")],
    undo: Annotated[bool, typer.Option("--undo", help="It is somebody's own after all.")] = False,
    as_json: Json = False,
) -> None:
    """Say that many use a phone, so that it links nothing; one of many places or groups is found by itself."""

    def work(conn: Any, record: Any, _zone: ZoneInfo) -> Any:
        from db.linking.front_desks import name_shared
        from grids.rights import operator

        return name_shared(conn, record.keys, operator(record.actor), phone, shared=not undo)

    moves = _run(work)
    if as_json:
        print(json.dumps({"shared": not undo, "moved": len(moves.moved)}))
        return
    print(f"Kept. {len(moves.moved)} reports changed their matter.")


@matter_app.command()
def relink(as_json: Json = False) -> None:
    """Link the whole record from scratch, in chunks; needed once after an update. Safe to interrupt and repeat."""
    from rich.console import Console
    from rich.progress import Progress

    from db.linking.relinking import relink_all
    from db.record import open_record
    from db.settings import Settings

    record = open_record(Settings.from_env())
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reports", total=None)
        done = relink_all(record.engine, record.actor, lambda at, total: bar.update(task, completed=at, total=total))
    if as_json:
        print(json.dumps(vars(done)))
        return
    print(
        f"{done.reports:,} reports linked anew: {done.moved:,} changed their matter, {done.matters:,} matters changed."
    )


def _decide(what: str, a: str, b: str, reason: str | None, as_json: bool) -> None:
    def work(conn: Any, record: Any, _zone: ZoneInfo) -> Any:
        from db import linking
        from grids.rights import operator

        told = {} if what == "undecide" else {"reason": reason}
        return getattr(linking, what)(conn, record.keys, operator(record.actor), a, b, **told)

    moves = _run(work)
    if as_json:
        print(json.dumps({"a": a, "b": b, "one_matter": moves.together, "moved": len(moves.moved)}, ensure_ascii=False))
        return
    print(f"Kept. {a} and {b} are of {'one matter' if moves.together else 'two matters'}; {len(moves.moved)} moved.")


def _run(work: Callable[..., Any]) -> Any:
    from db.city import city
    from db.engine import begin
    from db.record import open_record
    from db.settings import Settings

    record = open_record(Settings.from_env())
    with begin(record.engine, record.actor) as conn:
        return work(conn, record, ZoneInfo(city(conn).zone))


def _far(row: dict[str, Any]) -> str:
    days = f", {row['days']:.1f} days apart" if row["days"] is not None else ""
    metres = f", {row['metres']:.0f} m" if row["metres"] is not None else ""
    return metres + days


def _local(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
