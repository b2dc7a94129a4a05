"""Commands of the ways in: load, runs, rejects, locate, check."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from loaders.options import KINDS, LoadOptions, LoadReport

load_app = typer.Typer(no_args_is_help=True, help="Load files of one kind; run it again to go on or to update.")
check_app = typer.Typer(no_args_is_help=True, help="Check what is in the record or in a file.")

Files = Annotated[list[Path], typer.Argument(help="CSV, TSV, XLSX, GeoJSON, GeoPackage, Shapefile (or .zip), Parquet.")]
Profile = Annotated[str, typer.Option(help="Named profile of the source, or the path of your own .toml file.")]
Maps = Annotated[list[str], typer.Option("--map", help="FIELD=COLUMN, as often as needed; goes before the profile.")]
Crs = Annotated[str | None, typer.Option(help="Coordinates of the file: EPSG:…, gcj02 or bd09.")]
Sheet = Annotated[str | None, typer.Option(help="Sheet of a workbook, when several have content.")]
Layer = Annotated[str | None, typer.Option(help="Layer of a GeoPackage, or the file inside a .zip.")]
Encoding = Annotated[str | None, typer.Option(help="Encoding of a text file, when it is not UTF-8 or GB18030.")]
Snap = Annotated[
    float,
    typer.Option("--snap", min=0, help="Take a point outside every cell into the nearest within METRES."),
]
Since = Annotated[datetime | None, typer.Option("--valid-from", help="Date from which these places are in force.")]
Force = Annotated[bool, typer.Option("--force", help="Load cells in spite of boundary errors; kept with the run.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would happen; keep nothing.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object a file on standard output.")]
Run = Annotated[int | None, typer.Option(help="Number of the run; default: the newest that has any.")]
Out = Annotated[Path | None, typer.Option(help="Write to this file (.csv or .xlsx) instead of the screen.")]


def _load_command(kind: str) -> Any:
    def command(
        files: Files,
        profile: Profile = "beatgrid",
        maps: Maps = [],  # noqa: B006 - typer copies it
        crs: Crs = None,
        sheet: Sheet = None,
        layer: Layer = None,
        encoding: Encoding = None,
        snap: Snap = 0.0,
        valid_from: Since = None,
        dry_run: DryRun = False,
        force: Force = False,
        as_json: Json = False,
    ) -> None:
        from loaders.mapping import parse_overrides
        from loaders.profiles import load_profile

        since = valid_from.replace(tzinfo=load_profile(profile).zone) if valid_from else None
        options = LoadOptions(
            profile, parse_overrides(maps), crs, sheet, layer, encoding, snap, since, dry_run, force=force
        )
        reports = load_files(kind, files, options, as_json)
        if any(
            report.counts.get("rejected") and report.counts["rejected"] == report.counts["read"] for report in reports
        ):
            raise typer.Exit(2)

    command.__doc__ = f"Load {kind} from files. Fields and titles: docs/loading.md."
    return command


for _kind in KINDS:
    load_app.command(_kind)(_load_command(_kind))


def load_files(kind: str, files: list[Path], options: LoadOptions, as_json: bool = False) -> list[LoadReport]:
    """Load files one after the other with a progress bar on standard error, and say what became of them."""
    from db.record import open_record
    from db.settings import Settings
    from loaders.running import load_file
    from loaders.telling import told

    record = open_record(Settings.from_env())
    reports = []
    for path in files:
        try:
            with progress_bar(f"{kind} {path.name}") as progress:
                report = load_file(record, kind, path, options, progress)
        except KeyboardInterrupt:
            # Said here because the command line parser swallows the interruption on its way out.
            kept = "nothing is kept" if options.dry_run else "what was written is kept, run the same command to go on"
            print(f"beatgrid: interrupted in {path.name}: {kept}.", file=sys.stderr)
            raise
        print(json.dumps(report.as_json(), ensure_ascii=False) if as_json else told(report), flush=True)
        reports.append(report)
    return reports


@contextmanager
def progress_bar(title: str) -> Iterator[Any]:
    """A bar with rate and time left on standard error; silent when that is not a screen."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(file=sys.stderr)
    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        task = bars.add_task(title, total=None, rate="")

        def step(done: int, total: int | None) -> None:
            speed = bars.tasks[task].speed
            bars.update(task, completed=done, total=total, rate=f"{speed:,.0f} rows/s" if speed else "")

        yield step


def runs(
    limit: Annotated[int, typer.Option(min=1, help="How many of the newest.")] = 20, as_json: Json = False
) -> None:
    """List the newest runs of the loaders."""
    from db import loads
    from db.city import city
    from db.engine import begin
    from db.record import open_record
    from db.settings import Settings
    from loaders.telling import runs_in_words

    record = open_record(Settings.from_env())
    with begin(record.engine, record.actor) as conn:
        frame, zone = loads.runs(conn, limit), city(conn).zone
    if as_json:
        print(frame.to_json(orient="records", date_format="iso", force_ascii=False))
    else:
        print(runs_in_words(frame, zone))


def rejects(run: Run = None, out: Out = None, as_json: Json = False) -> None:
    """Show rejected rows with line, reasons and raw content, or write them to a file to mend and load again."""
    from db.record import open_record
    from db.settings import Settings
    from loaders.files_out import check_out, write_table
    from loaders.rejecting import rejects_of

    check_out(out)
    found = rejects_of(open_record(Settings.from_env()), run)
    if as_json:
        print(json.dumps(found.as_json(), ensure_ascii=False))
    elif out is None or found.rows.empty:
        print(found.in_words())
    if out is not None and len(found.rows):
        write_table(found.as_table(), out)
        print(f"{len(found.rows):,} rejected rows are in {out}: mend them there, then load them:", file=sys.stderr)
        print(found.command(out), file=sys.stderr)


def locate(
    file: Annotated[Path, typer.Argument(help="Any table with coordinates.")],
    lon: Annotated[str, typer.Option(help="Column of the longitude (or easting).")],
    lat: Annotated[str, typer.Option(help="Column of the latitude (or northing).")],
    out: Out = None,
    crs: Crs = None,
    sheet: Sheet = None,
    layer: Layer = None,
    encoding: Encoding = None,
    snap: Snap = 0.0,
    at: Annotated[datetime | None, typer.Option(help="Boundaries of this date; default: now.")] = None,
) -> None:
    """Say for every row of a file which cell and beat hold its point; the rows come back in their order."""
    from db.record import open_record
    from db.settings import Settings
    from loaders.files_out import check_out, write_table
    from loaders.locating import locate_file

    check_out(out)
    options = LoadOptions(crs=crs, sheet=sheet, layer=layer, encoding=encoding, snap_m=snap)
    located = locate_file(open_record(Settings.from_env()), file, lon, lat, options, at)
    if out is not None:
        write_table(located.rows, out)
    else:
        located.rows.to_csv(sys.stdout, index=False)
    print("\n".join(located.remarks), file=sys.stderr)


@check_app.command("labels")
def check_labels(
    channel: Annotated[str | None, typer.Option(help="Only incidents of this channel.")] = None,
    top: Annotated[int, typer.Option(min=0, help="How many of the cells that disagree most.")] = 10,
    as_json: Json = False,
) -> None:
    """Compare the source's own cell and beat labels with where the points lie."""
    from db.engine import begin
    from db.labels import label_report
    from db.record import open_record
    from db.settings import Settings
    from loaders.telling import labels_as_json, labels_in_words

    record = open_record(Settings.from_env())
    with begin(record.engine, record.actor) as conn:
        report = label_report(conn, channel)
    print(json.dumps(labels_as_json(report, top), ensure_ascii=False) if as_json else labels_in_words(report, top))
