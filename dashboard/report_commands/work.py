"""`report fairness`, `staffing` and `scorecards`: who carries how much, who is missing, who did well."""

from typing import Annotated

import typer

from dashboard.report_commands.root import report_app
from dashboard.report_options import (
    AsOf,
    Boundaries,
    By,
    Category,
    Channel,
    Format,
    From,
    Place,
    PolicyCode,
    Suppress,
    To,
)

Over = Annotated[str, typer.Option("--over", help="beat or officer: whose loads are compared.")]
Shape = Annotated[str | None, typer.Option("--shape", help="Only this team shape: 1+1+N, 4+N or 1+2.")]
Gaps = Annotated[bool, typer.Option("--gaps", help="List what is missing instead: leads, workers, duty, cover.")]
At = Annotated[str | None, typer.Option("--at", help="As of this instant (ISO, or now); default the period's end.")]
Card = Annotated[str, typer.Option("--card", help="four_types (四型八零), four_goals (四目标) or monthly_star.")]
Lines = Annotated[bool, typer.Option("--lines", help="Every line with its counts and why.")]
ALONE = "n: loads compared; unstaffed: left out, nobody at hand. Figures of fewer than two loads are not told."
JUDGED = "A line that the record cannot judge gives no points and is no part of the full marks."


@report_app.command()
def fairness(
    first: From = None,
    last: To = None,
    over: Over = "beat",
    place: Place = None,
    category: Category = None,
    channel: Channel = None,
    boundaries: Boundaries = "then",
    form: Format = "table",
) -> None:
    """How evenly load is spread inside each station: largest / mean and coefficient of variation."""
    from dashboard.reporting.measured import reading
    from dashboard.reporting.showing import show
    from dashboard.reporting.work import fairness_table

    with reading((first, last, place, category, channel), boundaries=boundaries) as read:
        show(fairness_table(read, over), form, notes=[ALONE])


@report_app.command()
def staffing(
    first: From = None,
    last: To = None,
    shape: Shape = None,
    gaps: Gaps = False,
    at: At = None,
    place: Place = None,
    form: Format = "table",
) -> None:
    """Team shapes, posts vacant, residents and minutes of demand for each head."""
    from dashboard.reporting.measured import reading
    from dashboard.reporting.showing import show
    from dashboard.reporting.work import gaps_table, staffing_table

    with reading((first, last, place, None, None), as_of=at) as read:
        show(gaps_table(read) if gaps else staffing_table(read, shape), form)


@report_app.command()
def scorecards(
    card: Card = "four_types",
    first: From = None,
    last: To = None,
    by: By = None,
    lines: Lines = False,
    policy: PolicyCode = "QD",
    place: Place = None,
    as_of: AsOf = None,
    boundaries: Boundaries = "then",
    suppress: Suppress = None,
    form: Format = "table",
) -> None:
    """四型八零 of each cell, 四目标 of each beat, the monthly star: points of the lines that could be judged."""
    from dashboard.reporting.measured import reading
    from dashboard.reporting.showing import show
    from dashboard.reporting.work import scorecard_lines_table, scorecard_table

    with reading((first, last, place, None, None), policy, as_of, boundaries, suppress) as read:
        show((scorecard_lines_table if lines or suppress else scorecard_table)(read, card, by), form, notes=[JUDGED])
