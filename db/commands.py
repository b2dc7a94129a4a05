"""Commands of the record: the private cluster, migrations, and what the city is called."""

import json
from typing import Annotated

import typer

from db.readmodel_commands import readmodel_app, recount

db_app = typer.Typer(
    no_args_is_help=True, help="The database: start, stop, status, url, migrate, replay, checksum, readmodel, recount."
)
db_app.add_typer(readmodel_app, name="readmodel")
db_app.command()(recount)

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@db_app.command()
def start() -> None:
    """Start the private PostGIS (making and migrating it when needed), or check the server of BEATGRID_DATABASE_URL."""
    from db.record import open_record
    from db.settings import Settings

    settings = Settings.from_env()
    open_record(settings)
    print("The database is ready." if settings.database_url else f"The private PostGIS under {settings.home} is ready.")


@db_app.command()
def stop() -> None:
    """Stop the private PostGIS; its data stays."""
    from db.cluster import Cluster
    from db.settings import Settings

    settings = Settings.from_env()
    if settings.database_url:
        print("BEATGRID_DATABASE_URL names a server that beatgrid did not start: stop it with its own tools.")
        return
    print("Stopped." if Cluster(settings.home).stop() else "It was not running.")


@db_app.command()
def destroy(yes: Annotated[bool, typer.Option("--yes", help="Really delete the private cluster.")] = False) -> None:
    """Delete the private PostGIS with everything in it."""
    from db.cluster import Cluster
    from db.settings import Settings
    from geo.errors import Refused

    settings = Settings.from_env()
    if not yes:
        raise Refused(f"This deletes everything under {settings.home}: add --yes if that is what you want.")
    Cluster(settings.home).destroy()
    print("Deleted.")


@db_app.command()
def status(as_json: Json = False) -> None:
    """Tell whether the database runs and where it is; exit code 5 when it does not."""
    from sqlalchemy import text

    from db.cluster import Cluster
    from db.engine import begin, make_engine
    from db.settings import Settings

    settings = Settings.from_env()
    if settings.database_url:
        with begin(make_engine(settings), settings.actor) as conn:
            print(conn.execute(text("SELECT version() || ', PostGIS ' || postgis_lib_version()")).scalar_one())
        return
    found = Cluster(settings.home).status()
    if as_json:
        print(json.dumps({name: None if value is None else str(value) for name, value in vars(found).items()}))
    elif found.pid is not None:
        print(f"PostgreSQL {found.version} runs (process {found.pid}); data in {found.data}, socket in {found.socket}.")
    else:
        print(f"It does not run{'' if found.created else ' and has not been made yet'}: type `manage.py db start`.")
    if found.pid is None:
        raise typer.Exit(5)


@db_app.command()
def url(
    owner: Annotated[bool, typer.Option(help="The owner's URL instead of the application's.")] = False,
) -> None:
    """Print the database URL, for psql or QGIS."""
    from db.engine import app_url, owner_url
    from db.settings import Settings

    settings = Settings.from_env()
    print((owner_url(settings) if owner else app_url(settings)).replace("+psycopg2", ""))


@db_app.command()
def migrate() -> None:
    """Bring the schema to the newest version, one migrator at a time."""
    from db.engine import make_engine
    from db.migrate import head, upgrade
    from db.settings import Settings

    done = upgrade(make_engine(Settings.from_env(), owner=True))
    print(f"Migrated to {head()}." if done else f"Already at {head()}.")


@db_app.command()
def replay() -> None:
    """Recompute every matter from its handling steps: after an update, or to be sure. Safe to interrupt and repeat."""
    from rich.console import Console
    from rich.progress import Progress

    from db.record import open_record
    from db.replaying import replay_all
    from db.settings import Settings

    record = open_record(Settings.from_env())
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("matters", total=None)

        def show(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        count = replay_all(record.engine, record.actor, show)
    print(f"{count:,} matters replayed from their steps.")


@db_app.command()
def checksum() -> None:
    """Print one checksum a table over what it says (no internal ids), to compare two loads."""
    from db.checksums import checksums
    from db.engine import begin
    from db.record import open_record
    from db.settings import Settings

    record = open_record(Settings.from_env())
    with begin(record.engine, record.actor) as conn:
        for name, (rows, digest) in checksums(conn).items():
            print(f"{name:<12} {rows:>10,} rows  {digest}")


@db_app.command()
def describe(
    name: Annotated[str | None, typer.Option(help="Name of the city or district.")] = None,
    zone: Annotated[str | None, typer.Option(help="IANA time zone, for example Asia/Shanghai.")] = None,
    synthetic: Annotated[bool | None, typer.Option("--synthetic/--real", help="Whether the data is made up.")] = None,
) -> None:
    """Say what this city is called, in which time zone it lies, and whether its data is made up."""
    from db.city import city, describe_city
    from db.engine import begin
    from db.record import open_record
    from db.settings import Settings

    record = open_record(Settings.from_env())
    with begin(record.engine, record.actor) as conn:
        describe_city(conn, name, zone, synthetic)
        found = city(conn)
    print(f"{found.name}, {found.zone}, {'made-up data' if found.synthetic else 'real data'}")
