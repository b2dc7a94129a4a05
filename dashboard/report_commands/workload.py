"""`report workload`: minutes worked against minutes at hand."""

from typing import Annotated

import typer

from dashboard.report_commands.root import report_app
from dashboard.report_options import Boundaries, By, Category, Channel, Format, From, Place, Shares, Suppress, To

Monthly = Annotated[bool, typer.Option("--monthly", help="Month by month.")]


@report_app.command()
def workload(
    first: From = None,
    last: To = None,
    by: By = "beat",
    monthly: Monthly = False,
    place: Place = None,
    category: Category = None,
    channel: Channel = None,
    boundaries: Boundaries = "then",
    shares: Shares = False,
    suppress: Suppress = None,
    form: Format = "table",
) -> None:
    """Minutes against the minutes available, by place or --by officer; nobody posted is "unstaffed", never zero."""
    from dashboard.reporting import asking
    from dashboard.reporting.measured import reading
    from dashboard.reporting.recorded import workload_report
    from dashboard.reporting.showing import show
    from dashboard.reporting.work import monthly_table, workload_table

    told = (first, last, place, category, channel)
    if shares:
        view = asking.asked(*told, shares=True)
        show(workload_report(asking.desk_of(), view, by or "beat"), form, shares=True)
        return
    with reading(told, boundaries=boundaries, fewest=suppress) as read:
        show((monthly_table if monthly else workload_table)(read, by or "beat"), form)
