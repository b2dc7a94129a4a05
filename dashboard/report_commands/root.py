"""The command group `manage.py report`, on which every module here registers its measures."""

import typer

report_app = typer.Typer(no_args_is_help=True, help="Print figures, each with its numerator and denominator.")
