"""Commands of casework: `manage.py case` registers, lists and shows cases and makes every move of grids.moves."""

import inspect
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from grids.move_fields import COMMON, Field
from grids.move_table import MOVES, Move
from grids.steps import STEP_KINDS

case_app = typer.Typer(
    no_args_is_help=True, help="Cases: register, list, show, and every move from taking the lead on."
)

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
At = Annotated[datetime | None, typer.Option(help="When it happened, in the city's time zone (default: now).")]
Number = Annotated[str, typer.Argument(help="channel:number of a report of the case.")]


@case_app.command()
def register(
    channel: Annotated[str, typer.Argument(help="110, 12345, window, patrol, gridapp, sensor …")],
    category: Annotated[str, typer.Argument(help="Code or name of a category of the catalogue.")],
    source_no: Annotated[
        str | None, typer.Option("--no", help="The channel's own number; made where it has none.")
    ] = None,
    reported_at: Annotated[datetime | None, typer.Option(help="When it was reported, in the city's time zone.")] = None,
    lon: Annotated[float | None, typer.Option(help="Longitude, WGS-84.")] = None,
    lat: Annotated[float | None, typer.Option(help="Latitude, WGS-84.")] = None,
    cell: Annotated[str | None, typer.Option(help="Code of the cell, when there are no coordinates.")] = None,
    address: Annotated[str | None, typer.Option(help="Address.")] = None,
    severity: Annotated[int | None, typer.Option(min=1, max=3, help="First grade; default by the catalogue.")] = None,
    reporter: Annotated[str | None, typer.Option(help="Who reports; kept sealed.")] = None,
    phone: Annotated[str | None, typer.Option(help="Their phone number; kept sealed.")] = None,
    narrative: Annotated[str | None, typer.Option(help="What they say; kept sealed.")] = None,
    anonymous: Annotated[bool, typer.Option("--anonymous", help="They would not be named.")] = False,
    matter: Annotated[str | None, typer.Option(help="channel:number of an earlier report of the same thing.")] = None,
    found_first: Annotated[
        bool, typer.Option("--found-first", help="Staff found it before anybody reported it.")
    ] = False,
    danger: Annotated[bool, typer.Option("--danger", help="People are in danger: the police come first.")] = False,
    note: Annotated[str | None, typer.Option(help="Note, kept sealed.")] = None,
    at: At = None,
    as_json: Json = False,
) -> None:
    """Register a report and open its case; the same number and content again changes nothing."""
    told = {name: value for name, value in locals().items() if name not in ("at", "as_json", "note")}

    def work(conn: Any, record: Any, zone: ZoneInfo) -> Any:
        from db.cases import Report
        from db.cases import register as register_case
        from grids.rights import operator

        report = Report(**(told | {"reported_at": _aware(reported_at, zone)}))
        return register_case(conn, record.keys, operator(record.actor), report, at=_aware(at, zone), note=note)

    _print_case(work, as_json)


@case_app.command("list")
def list_cases(
    place: Annotated[str | None, typer.Option(help="KIND:CODE of a cell, beat, community, street, station …")] = None,
    state: Annotated[
        str, typer.Option(help="all, open, overdue, closed, revisit_due or mine (needs --unit).")
    ] = "open",
    channel: Annotated[str | None, typer.Option(help="Only this channel.")] = None,
    category: Annotated[str | None, typer.Option(help="Only this category (code) or group.")] = None,
    tag: Annotated[str | None, typer.Option(help="Only cases with this tag.")] = None,
    since: Annotated[datetime | None, typer.Option(help="Opened since, in the city's time zone.")] = None,
    unit: Annotated[
        list[str] | None, typer.Option(help="Code of a unit whose cases are mine; may be repeated.")
    ] = None,
    after: Annotated[str | None, typer.Option(help="Key of the last case of the page before.")] = None,
    limit: Annotated[int, typer.Option(help="How many at most.")] = 30,
    as_json: Json = False,
) -> None:
    """List cases, newest first."""

    def work(conn: Any, _record: Any, zone: ZoneInfo) -> Any:
        from db.cases import CaseFilter, listing

        where = CaseFilter(place, state, channel, category, tag, _aware(since, zone), units=tuple(unit or ()))  # type: ignore[arg-type]
        return listing(conn, where, after, limit), zone

    rows, zone = _run(work)
    if as_json:
        print(json.dumps(rows, ensure_ascii=False, default=_plain))
        return
    for row in rows:
        late = "  overdue" if row["overdue"] else ""
        state_now = "closed" if row["closed_at"] else f"{row['lead_level'] or 'nobody'}"
        print(f"{_local(row['opened_at'], zone)}  {row['number']:<22} {row['category_name']}  {state_now}{late}")
    print(f"{len(rows)} cases." if len(rows) < limit else f"More: --after {rows[-1]['key']}")


@case_app.command()
def show(number: Number, as_json: Json = False) -> None:
    """Show one case: its whole story, and what may be done next."""

    def work(conn: Any, record: Any, _zone: ZoneInfo) -> Any:
        from db.cases import read
        from grids.rights import operator

        return read(conn, record.keys, operator(record.actor), number)

    _print_case(work, as_json)


def _command(move: Move) -> Callable[..., None]:
    """The command of one move, its options made from its fields."""

    def command(number: str, version: int | None, at: datetime | None, as_json: bool, **fields: Any) -> None:
        def work(conn: Any, record: Any, zone: ZoneInfo) -> Any:
            from db.cases import USE_CASES
            from grids.rights import operator

            said = {name: _aware(value, zone) for name, value in fields.items() if value is not None}
            who = operator(record.actor)
            return USE_CASES[move.code](conn, record.keys, who, number, version=version, at=_aware(at, zone), **said)

        _print_case(work, as_json)

    version = Annotated[int | None, typer.Option(help="Steps that you have seen; refused when somebody added one.")]
    kinds: dict[str, Any] = {"number": Number, "version": version, "at": At, "as_json": Json}
    defaults: dict[str, Any] = {"version": None, "at": None, "as_json": False}
    for field in (*move.fields, *COMMON):
        kinds[field.name] = Annotated[_type(field), typer.Option(f"--{_flags(field)}", help=_help(field))]
        defaults[field.name] = None
    parameters = [
        inspect.Parameter(
            name, inspect.Parameter.KEYWORD_ONLY, default=defaults.get(name, inspect.Parameter.empty), annotation=kind
        )
        for name, kind in kinds.items()
    ]
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    command.__annotations__ = kinds
    command.__name__ = move.code
    command.__doc__ = f"{move.zh}: {move.en}."
    return command


def _type(field: Field) -> Any:
    types: Mapping[str, Any] = {"flag": bool, "instant": datetime, "grade": int, "score": int, "minutes": float}
    return types.get(field.kind, str) | None


def _flags(field: Field) -> str:
    name = field.name.replace("_", "-")
    return f"{name}/--no-{name}" if field.kind == "flag" else name


def _help(field: Field) -> str:
    choices = f": {', '.join(field.choices)}" if field.choices else ""
    return f"{field.zh}, {field.en}{choices}.{' Needed.' if field.required else ''}"


def _run(work: Callable[..., Any]) -> Any:
    from db.city import city
    from db.engine import begin
    from db.record import open_record
    from db.settings import Settings

    record = open_record(Settings.from_env())
    with begin(record.engine, record.actor) as conn:
        return work(conn, record, ZoneInfo(city(conn).zone))


def _print_case(work: Callable[..., Any], as_json: bool) -> None:
    def zoned(conn: Any, record: Any, zone: ZoneInfo) -> Any:
        return work(conn, record, zone), zone

    case, zone = _run(zoned)
    if as_json:
        print(json.dumps(case.as_dict(), ensure_ascii=False, default=_plain))
        return
    facts = case.facts
    named = f"{facts['phase_zh']} {facts['phase_en']}"
    print(f"{case.number}  {facts['category_name']}  grade {facts['severity_now']}  {named}")
    print(
        f"lead: {facts['lead_unit'] or '–'} ({facts['lead_level'] or 'nobody'})  due: {_local(facts['due_at'], zone)}"
    )
    for step in case.steps:
        kind = STEP_KINDS[step["kind"]]
        where = " ".join(part for part in (step["level"], step["unit"]) if part)
        told = " ".join(f"{name}={value}" for name, value in step["detail"].items())
        print(f"  {_local(step['at'], zone)}  {kind.zh} {kind.en}  {where}  {told}  [{step['actor']}]")
    print(f"version {case.version}; next: {', '.join(case.allowed) or 'nothing'}")


def _aware(value: Any, zone: ZoneInfo) -> Any:
    return value.replace(tzinfo=zone) if isinstance(value, datetime) and value.tzinfo is None else value


def _local(at: datetime | None, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M") if at else "–"


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


for _move in MOVES.values():
    if _move.code != "register":
        case_app.command(_move.code.replace("_", "-"))(_command(_move))
