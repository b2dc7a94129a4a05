"""Commands of who acts: accounts, tokens of walls and feeds, the audit."""

import json
import sys
from typing import Annotated, Any

import typer

user_app = typer.Typer(no_args_is_help=True, help="Accounts: add, list, roles, password, sessions …")
token_app = typer.Typer(no_args_is_help=True, help="Keys for walls and feeds: add, list, revoke.")
audit_app = typer.Typer(no_args_is_help=True, help="Who did what: show, verify.")

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Name = Annotated[str, typer.Argument(help="Name of the account.")]
ROLE = "officer, grid_worker, planner, approver, analyst, loader or admin; may repeat."
PLACE = "KIND:CODE, for example station:PS01; may repeat. Default: everywhere."
Roles = Annotated[list[str], typer.Option("--role", help=ROLE)]
Places = Annotated[list[str] | None, typer.Option("--place", help=PLACE)]
HEAD = "NUMBER:SEAL that an earlier verify printed; finds a removed end."
FromStdin = Annotated[bool, typer.Option("--password-stdin", help="Read the password from standard input.")]
ALTERED = 4


@user_app.command()
def add(
    name: Name,
    role: Roles,
    place: Places = None,
    officer: Annotated[str | None, typer.Option(help="Code of the member of staff it belongs to.")] = None,
    password_stdin: FromStdin = False,
) -> None:
    """Make an account; its owner must choose an own password at the first sign-in."""
    from db.accounts import checked_name, create_account
    from db.passwords import check_password

    name = checked_name(name)
    password = _password(password_stdin)
    check_password(password, name)
    record, who, begin = _opened()
    with begin(record.engine, who) as conn:
        create_account(conn, record.keys, who, name, password, role, place or ["*"], officer=officer)
    print(f"Account {name}: {', '.join(role)}; {', '.join(place or ['everywhere'])}.")


@user_app.command("list")
def list_users(as_json: Json = False) -> None:
    """List every account with its roles and places."""
    from db.accounts import accounts

    record, who, begin = _opened()
    with begin(record.engine, who) as conn:
        found = accounts(conn)
    _show(found, as_json, ("name", "roles", "places", "officer", "active", "demo", "locked_until"))


@user_app.command()
def disable(name: Name) -> None:
    """Close an account and end its sessions."""
    _set_active(name, False)


@user_app.command()
def enable(name: Name) -> None:
    """Open an account again, unlocked."""
    _set_active(name, True)


@user_app.command()
def roles(name: Name, role: Roles, place: Places = None) -> None:
    """Give an account other roles and places, from its next request on."""
    from db.accounts import set_roles

    record, who, begin = _opened()
    with begin(record.engine, who) as conn:
        set_roles(conn, record.keys, who, name, role, place or ["*"])
    print(f"Account {name}: {', '.join(role)}; {', '.join(place or ['everywhere'])}.")


@user_app.command()
def password(name: Name, password_stdin: FromStdin = False) -> None:
    """Give an account a new password, to be changed at the next sign-in; ends its sessions."""
    from db.accounts import set_password

    record, who, begin = _opened()
    told = _password(password_stdin)
    with begin(record.engine, who) as conn:
        set_password(conn, record.keys, who, name, told)
    print(f"Account {name} has a new password and is signed out everywhere.")


@user_app.command("sessions")
def list_sessions(
    name: Annotated[str | None, typer.Argument(help="Only those of this account.")] = None, as_json: Json = False
) -> None:
    """List who is signed in, from where and since when."""
    from db.sessions import sessions

    record, who, begin = _opened()
    with begin(record.engine, who) as conn:
        found = sessions(conn, name)
    _show(found, as_json, ("id", "account", "created_at", "seen_at", "address"))


@user_app.command("revoke")
def revoke_session(session: Annotated[int, typer.Argument(help="Number of the session.")]) -> None:
    """End one session at once."""
    from db.sessions import end_session

    record, who, begin = _opened()
    with begin(record.engine, who) as conn:
        end_session(conn, record.keys, who, session)
    print(f"Session {session} has ended.")


@token_app.command("add")
def add_token(
    kind: Annotated[str, typer.Argument(help="wall or feed.")],
    name: Annotated[str, typer.Argument(help="What it is called in lists and in the audit.")],
    place: Places = None,
    channel: Annotated[str | None, typer.Option(help="The one channel of a feed.")] = None,
) -> None:
    """Make a key and print it; it is not shown again."""
    from db.tokens import make_token

    record, who, begin = _opened()
    with begin(record.engine, who) as conn:
        token = make_token(conn, record.keys, who, kind, name, places=place or ["*"], channel=channel)
    print(token)
    use = f"open /wall/enter?token={token} on the screen" if kind == "wall" else "send it as 'Authorization: Bearer …'"
    print(f"Keep it now, it is not shown again; {use}.", file=sys.stderr)


@token_app.command("list")
def list_tokens(as_json: Json = False) -> None:
    """List every key with when it was last used."""
    from db.tokens import tokens

    record, who, begin = _opened()
    with begin(record.engine, who) as conn:
        found = tokens(conn)
    _show(found, as_json, ("kind", "name", "places", "channel", "used_at", "revoked_at"))


@token_app.command("revoke")
def revoke(name: Annotated[str, typer.Argument(help="Name of the key.")]) -> None:
    """Close a key and every screen that it opened."""
    from db.tokens import revoke_token

    record, who, begin = _opened()
    with begin(record.engine, who) as conn:
        revoke_token(conn, record.keys, who, name)
    print(f"Key {name} opens nothing any more.")


@audit_app.command()
def show(
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="How many of the newest.")] = 50,
    actor: Annotated[str | None, typer.Option(help="Only what this one did.")] = None,
    action: Annotated[str | None, typer.Option(help="Only this kind: sign_in, denied, unmask, export …")] = None,
    as_json: Json = False,
) -> None:
    """Print the newest rows of the audit."""
    from db.audit import entries

    record, who, begin = _opened()
    with begin(record.engine, who) as conn:
        found = entries(conn, limit, actor, action)
    _show(found, as_json, ("no", "at", "actor", "roles", "action", "object", "reason"))


@audit_app.command()
def verify(
    head: Annotated[str | None, typer.Option(help=HEAD)] = None,
    as_json: Json = False,
) -> None:
    """Check that nobody altered, removed or inserted a row by hand; exit code 4, naming the row, when somebody did."""
    from db.audit import verify as verified

    record, who, begin = _opened()
    with begin(record.engine, who) as conn:
        found = verified(conn, record.keys, head)
    if as_json:
        print(json.dumps(vars(found)))
    elif found.trouble is None:
        print(f"All {found.rows:,} rows of the audit hold. Head: {found.head}")
    else:
        print(f"beatgrid: the audit was tampered with: {found.trouble}.", file=sys.stderr)
    if found.trouble is not None:
        raise typer.Exit(ALTERED)


def _opened() -> tuple[Any, Any, Any]:
    """The record, who runs the command, and what begins a transaction."""
    from db.engine import begin
    from db.record import open_record
    from db.settings import Settings
    from grids.rights import operator

    record = open_record(Settings.from_env())
    return record, operator(record.actor), begin


def _set_active(name: str, active: bool) -> None:
    from db.accounts import set_active

    record, who, begin = _opened()
    with begin(record.engine, who) as conn:
        set_active(conn, record.keys, who, name, active)
    print(f"Account {name} is {'open again' if active else 'closed and signed out everywhere'}.")


def _password(from_stdin: bool) -> str:
    """A password from standard input or typed twice, never from the command line, where others see it."""
    from geo.errors import InputError

    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise InputError("There is no keyboard to ask for the password: pipe it in with --password-stdin.")
    told: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    return told


def _show(frame: Any, as_json: bool, columns: tuple[str, ...]) -> None:
    if as_json:
        print(frame.to_json(orient="records", date_format="iso", force_ascii=False))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(*columns)
    for row in frame[list(columns)].itertuples(index=False):
        table.add_row(*[_cell(value) for value in row])
    Console().print(table)


def _cell(value: Any) -> str:
    import pandas as pd

    if isinstance(value, list):
        return ", ".join(value)
    if value is None or pd.isna(value):
        return ""
    return f"{value:%Y-%m-%d %H:%M:%S}" if isinstance(value, pd.Timestamp) else str(value)
