"""Commands of the read model: build it, say how it stands, and recount it against the record."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from db.readmodel.recounting import Recount

readmodel_app = typer.Typer(no_args_is_help=True, help="The columns that measures are counted from: build, status.")
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
DIFFERED = 4
SHOWN = 20


@contextmanager
def progress_line(what: str) -> Iterator[Callable[[int], None]]:
    """A line on standard error that counts rows, shown from the first one on and gone at the end."""
    from rich.console import Console
    from rich.progress import Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), TextColumn("{task.completed:,} rows"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None, visible=False)
        yield lambda rows: bar.update(task, completed=rows, visible=True)


@readmodel_app.command()
def build(
    anew: Annotated[bool, typer.Option("--anew", help="Read everything again, even where it is up to date.")] = False,
) -> None:
    """Bring the read model up to the record: build it, or read what changed. Safe to interrupt and repeat."""
    from db import readmodel
    from db.engine import begin
    from db.readmodel.keeping import ACTOR, held, home_of
    from db.record import open_record
    from db.settings import Settings
    from db.sums import build_all

    settings = Settings.from_env()
    engine, home = open_record(settings).engine, home_of(settings)
    with progress_line("reading the record") as show:
        if anew:
            with held(home), begin(engine, ACTOR) as conn:
                build_all(conn, home, show)
        model = readmodel.current(engine, home, show)
    print(f"{len(model):,} matters, data version {model.data_version}, {model.nbytes / 1e6:,.0f} MB in {model.folder}")


@readmodel_app.command()
def status(as_json: Json = False) -> None:
    """Say whether the read model is up to date; exit code 4 when it is not, 3 when there is none."""
    from db.engine import begin
    from db.readmodel.keeping import ACTOR, home_of, status_of
    from db.readmodel.model import open_model
    from db.record import open_record
    from db.settings import Settings

    settings = Settings.from_env()
    engine, model = open_record(settings).engine, open_model(home_of(settings))
    with begin(engine, ACTOR) as conn:
        told = status_of(conn, model)
    if as_json:
        print(json.dumps(told))
    else:
        is_current = "up to date" if told["current"] else f"behind by {told['changed']:,} matters: `db readmodel build`"
        print(f"{told['matters']:,} matters, {told['megabytes']:,} MB, {told['deltas']} deltas, {is_current}")
    if not told["current"]:
        raise typer.Exit(DIFFERED)


def recount(
    as_json: Json = False,
    look: Annotated[bool, typer.Option("--look", help="Only say what differs, change nothing.")] = False,
) -> None:
    """Compare the read model and its sums with the rows, mend what differs; exit code 4 when anything did."""
    from db.engine import begin
    from db.readmodel.keeping import ACTOR, held, home_of, renewed
    from db.readmodel.recounting import recount as held_against_rows
    from db.record import open_record
    from db.settings import Settings

    settings = Settings.from_env()
    engine, home = open_record(settings).engine.execution_options(isolation_level="REPEATABLE READ"), home_of(settings)
    with progress_line("recounting") as show, held(home), begin(engine, ACTOR) as conn:
        # What has changed since is no difference.
        renewed(conn, home, show)
        found = held_against_rows(conn, home, not look, show)
    print(json.dumps(_as_json(found), default=str)) if as_json else _tell(found, look)
    if found.differing:
        raise typer.Exit(DIFFERED)


def _tell(found: "Recount", look: bool) -> None:
    print("Compared: " + ", ".join(f"{count:,} rows of {table}" for table, count in found.compared.items()))
    for name, frame in _frames(found).items():
        if len(frame):
            more = "" if len(frame) <= SHOWN else f", the first {SHOWN}"
            print(f"{len(frame):,} of {name} differed{more}:")
            print(frame.head(SHOWN).to_string(index=False))
    if found.differing:
        print("Nothing was changed." if look else "Mended.")
    else:
        print("Nothing differs.")


def _as_json(found: "Recount") -> dict[str, Any]:
    frames = {name: frame.astype(object).to_dict("records") for name, frame in _frames(found).items()}
    return {"compared": found.compared, "differing": found.differing} | frames


def _frames(found: "Recount") -> dict[str, Any]:
    return {"matters": found.matters, "events": found.events, "sums": found.sums}
