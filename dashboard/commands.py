"""Commands of the dashboard: serve the pages, print a report, export a beat's map."""

import webbrowser
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from dashboard.report_commands import report_app

export_app = typer.Typer(no_args_is_help=True, help="Write files to take away: beatmap, returns.")


def mount(root: typer.Typer) -> None:
    """Hang the dashboard's commands into the one command line."""
    root.command()(serve)
    root.add_typer(report_app, name="report")
    root.add_typer(export_app, name="export")


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 for every network.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8050,
    open_browser: Annotated[bool, typer.Option("--open", help="Show it in a browser.")] = False,
    tls: Annotated[bool, typer.Option("--tls", help="Serve HTTPS with a certificate of this host's own.")] = False,
) -> None:
    """Serve the pages and the API until Ctrl-C; --tls for phones: position and offline use need HTTPS."""
    from dashboard.serving import check_free, how_to_enter, how_to_trust, run, url_of
    from dashboard.tls import served
    from db.record import open_record
    from db.settings import Settings

    settings = Settings.from_env()
    record = open_record(settings)
    check_free(host, port)
    url = url_of(host, port, tls=tls)
    certificate = served(settings.home, settings.public_url) if tls else None
    typer.echo(f"beatgrid: {url} (overview), {url}wall, {url}beat. Ctrl-C stops it.")
    entry, first = how_to_enter(record.engine, url)
    typer.echo(entry)
    if certificate is not None:
        typer.echo(how_to_trust(certificate, port))
    if open_browser:
        webbrowser.open(url)
    run(settings, record.engine, host, port, first, certificate)


@export_app.command()
def beatmap(
    code: Annotated[str, typer.Argument(help="Code of the beat.")],
    out: Annotated[Path, typer.Option("--out", help="The HTML file to write.")],
    lang: Annotated[str, typer.Option(help="zh or en.")] = "zh",
) -> None:
    """Write a beat's map as one HTML file that opens anywhere, without a network."""
    from dashboard.pages.beat.routes import map_file
    from dashboard.reporting.asking import desk_of

    desk = desk_of()
    text = map_file(desk, code, lang)
    desk.exported(f"beat:{code}")
    out.write_text(text, encoding="utf-8")
    typer.echo(f"{out}: {len(text.encode()) / 1000:,.0f} kB")


@export_app.command()
def returns(
    channel: Annotated[str, typer.Option(help="Code of the channel whose reports are given back.")],
    out: Annotated[Path, typer.Option("--out", help="The file to write: .csv, .xlsx or .json.")],
    since: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"], help="Only reports made or acted on since then."),
    ] = None,
) -> None:
    """Write what became of a channel's reports, one row each, without anything personal."""
    from dashboard.exports.returns import export_returns
    from db.record import open_record
    from db.settings import Settings
    from grids.rights import operator

    record = open_record(Settings.from_env())
    count = export_returns(record, operator(record.actor), channel, since, out)
    typer.echo(f"{out}: {count:,} reports of {channel}")
