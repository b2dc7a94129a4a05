#!/usr/bin/env python3
"""beatgrid's one command line: it mounts the commands of each folder and turns errors into sentences and exit codes."""

import sys
from typing import Annotated

import typer

from dashboard.commands import mount as mount_dashboard
from db.account_commands import audit_app, token_app, user_app
from db.case_commands import case_app
from db.commands import db_app
from db.link_commands import matter_app
from db.plan_commands import plan_app
from db.work_commands import mount as mount_work
from geo.errors import BeatgridError
from loaders.commands import check_app, load_app, locate, rejects, runs
from loaders.demo_commands import demo_app
from loaders.draft_commands import check_codes, draft
from loaders.placing_commands import geocode
from loaders.plan_commands import mount as mount_sheets
from loaders.queue_commands import queue_app

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="beatgrid 警格通: police beats and grid cells, containment, workload and redrawing.",
)
app.add_typer(db_app, name="db")
app.add_typer(load_app, name="load")
app.add_typer(check_app, name="check")
app.add_typer(plan_app, name="plan")
app.add_typer(case_app, name="case")
app.add_typer(matter_app, name="matter")
app.add_typer(demo_app, name="demo")
app.add_typer(queue_app, name="queue")
app.add_typer(user_app, name="user")
app.add_typer(token_app, name="token")
app.add_typer(audit_app, name="audit")
app.command()(locate)
app.command()(geocode)
app.command()(draft)
check_app.command("codes")(check_codes)
app.command()(runs)
app.command()(rejects)
mount_sheets(plan_app)
mount_work(app)
mount_dashboard(app)


@app.callback()
def options(
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show the traceback of an error.")] = False,
) -> None:
    """Options of every command."""
    global show_traceback
    show_traceback = verbose


show_traceback = False


def main() -> None:
    """Run a command; an error ends in one sentence on standard error and its exit code."""
    try:
        app()
    except BeatgridError as error:
        if show_traceback:
            raise
        print(f"beatgrid: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        print(
            "beatgrid: interrupted; what was finished is kept, run the same command again to go on.",
            file=sys.stderr,
        )
        sys.exit(130)


if __name__ == "__main__":
    main()
