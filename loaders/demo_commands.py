"""Commands of the demo city: write its files, load them by the same loaders as any other."""

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

demo_app = typer.Typer(no_args_is_help=True, help="A made-up coastal district: write its files, load them.")

SEED = 20260101
Seed = Annotated[int, typer.Option(help="The same seed and hour give the same city, byte by byte.")]
Scale = Annotated[float, typer.Option(min=0.001, max=10, help="1 = about 120,000 incidents.")]
Until = Annotated[datetime | None, typer.Option(help="Last hour of the data; default: now.")]


@demo_app.command()
def write(
    folder: Annotated[Path, typer.Argument(help="Folder for the files.")],
    seed: Seed = SEED,
    scale: Scale = 1.0,
    until: Until = None,
) -> None:
    """Write the demo city's files without loading them."""
    from loaders.demo.city import write_city

    for file in write_city(folder, until=_aware(until), seed=seed, scale=scale, progress=print):
        print(f"{file.kind:<10} {file.path}")


@demo_app.command()
def load(seed: Seed = SEED, scale: Scale = 1.0, until: Until = None) -> None:
    """Load the demo city, unless it is there already; refuses a database that holds other data."""
    from db.demo_accounts import make_demo_accounts
    from db.engine import begin
    from db.record import open_record
    from db.settings import Settings
    from grids.rights import operator
    from loaders.commands import progress_bar
    from loaders.demo.loading import demo_state, load_demo

    settings = Settings.from_env()
    record = open_record(settings)
    if demo_state(record) == "loaded":
        with begin(record.engine, record.actor) as conn:
            make_demo_accounts(conn, record.keys, operator(record.actor))
        print("The demo city is loaded.")
        return
    folder = settings.home / "demo"
    load_demo(record, folder, until=_aware(until), seed=seed, scale=scale, say=print, bar=progress_bar)
    shutil.rmtree(folder, ignore_errors=True)


def _aware(until: datetime | None) -> datetime:
    return until.astimezone(UTC) if until else datetime.now(UTC)
