"""`report change`, `trend` and `panels`: more, less or unchanged, by an honest test."""

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

Of = Annotated[
    str,
    typer.Option(
        "--of",
        help="reports, matters, repeats, closings, diversions, escaped; or a share: containment, repeat, on_time …",
    ),
]
Against = Annotated[
    list[str] | None, typer.Option("--against", help="previous (环比), last_year (同比); both unless told.")
]
AgainstOne = Annotated[str, typer.Option("--against", help="previous (环比) or last_year (同比).")]
Panel = Annotated[str, typer.Option("--panel", help="2down1up (两降一升) or 3down1up (三降一升).")]
FLAGGED = "z past ±3 is called up or down; about 0.3 % of pure noise is."
UNKNOWN = "unknown: the record does not reach back that far, or nothing stands below the line."


@report_app.command()
def change(
    of: Of = "reports",
    first: From = None,
    last: To = None,
    by: By = None,
    against: Against = None,
    policy: PolicyCode = "QD",
    place: Place = None,
    category: Category = None,
    channel: Channel = None,
    boundaries: Boundaries = "then",
    suppress: Suppress = None,
    form: Format = "table",
) -> None:
    """A count or share against the period before and the same dates last year, with z and a verdict."""
    from dashboard.reporting.changes import change_table
    from dashboard.reporting.measured import reading
    from dashboard.reporting.showing import show
    from db.measures.periods import AGAINST

    told = (first, last, place, category, channel)
    with reading(told, policy, boundaries=boundaries, fewest=suppress) as read:
        show(change_table(read, of, by, tuple(against or AGAINST)), form, notes=[FLAGGED, UNKNOWN])


@report_app.command()
def trend(
    of: Of = "reports",
    first: From = None,
    last: To = None,
    by: By = None,
    policy: PolicyCode = "QD",
    place: Place = None,
    category: Category = None,
    channel: Channel = None,
    as_of: AsOf = None,
    boundaries: Boundaries = "then",
    suppress: Suppress = None,
    form: Format = "table",
) -> None:
    """A count or share month by month, each month judged at its own end."""
    from dashboard.reporting.changes import trend_table
    from dashboard.reporting.measured import reading
    from dashboard.reporting.showing import show

    told = (first, last, place, category, channel)
    with reading(told, policy, as_of, boundaries, suppress) as read:
        show(trend_table(read, of, by), form)


@report_app.command()
def panels(
    panel: Panel = "2down1up",
    first: From = None,
    last: To = None,
    against: AgainstOne = "previous",
    place: Place = None,
    category: Category = None,
    channel: Channel = None,
    form: Format = "table",
) -> None:
    """两降一升 or 三降一升: repeat rate, incidents per resident, load per head, on time; reached only beyond noise."""
    from dashboard.reporting.changes import panel_table
    from dashboard.reporting.measured import reading
    from dashboard.reporting.showing import show, verdict

    with reading((first, last, place, category, channel)) as read:
        table = panel_table(read, panel, against)
        show(table, form, notes=[verdict(table), FLAGGED, UNKNOWN])
