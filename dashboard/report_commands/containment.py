"""`report containment`: did matters stay within their level? And how they travelled: flow, regrades."""

from typing import Annotated, Any

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
    Shares,
    Suppress,
    To,
)
from geo.errors import InputError

Dating = Annotated[
    str, typer.Option(help="decided: matters decided in the period; cohort: matters opened in it, as they stand.")
]
Policies = Annotated[bool, typer.Option("--policies", help="Judge by each of the three policies, side by side.")]


@report_app.command()
def containment(
    first: From = None,
    last: To = None,
    by: By = None,
    policy: PolicyCode = "QD",
    policies: Policies = False,
    dating: Dating = "decided",
    place: Place = None,
    category: Category = None,
    channel: Channel = None,
    as_of: AsOf = None,
    boundaries: Boundaries = "then",
    shares: Shares = False,
    suppress: Suppress = None,
    form: Format = "table",
) -> None:
    """Share of decided matters that stayed within their level, with numerator, denominator and 95 % interval."""
    from dashboard.reporting.measured import reading
    from dashboard.reporting.outcomes import containment_table, outcomes_table, policies_table
    from dashboard.reporting.showing import show, third_clause

    told = (first, last, place, category, channel)
    if shares:
        if (dating, boundaries, policies, suppress) != ("decided", "then", False, None):
            raise InputError("--shares counts by deciding date and boundaries of then: leave the other options out.")
        _in_shares(told, policy, as_of, by, form)
        return
    with reading(told, policy, as_of, boundaries, suppress) as read:
        if policies:
            show(policies_table(read, by, dating), form)
            return
        left = outcomes_table(read, None, ("stayed_in_street",)) if form == "table" else None
        notes = [] if left is None or read.policy.code != "QD" else [third_clause(left)]
        show(containment_table(read, by, dating), form, notes=notes)


def _in_shares(told: Any, policy: str, as_of: str | None, by: str | None, form: str) -> None:
    from dashboard.reporting import asking
    from dashboard.reporting.recorded import containment_report
    from dashboard.reporting.showing import show

    desk, (first, last, place, category, channel) = asking.desk_of(), told
    view = asking.asked(first, last, place, category, channel, policy, True)
    show(containment_report(desk, view, by, asking.instant(as_of, desk)), form, shares=True)


@report_app.command()
def flow(
    first: From = None,
    last: To = None,
    by: By = None,
    place: Place = None,
    category: Category = None,
    channel: Channel = None,
    as_of: AsOf = None,
    boundaries: Boundaries = "then",
    suppress: Suppress = None,
    form: Format = "table",
) -> None:
    """Where the lead went next: from level to level, to closed or open, of the matters opened in the period."""
    from dashboard.reporting.measured import reading
    from dashboard.reporting.outcomes import flow_table
    from dashboard.reporting.showing import show

    told = (first, last, place, category, channel)
    with reading(told, as_of=as_of, boundaries=boundaries, fewest=suppress) as read:
        show(flow_table(read, by), form)


@report_app.command()
def regrades(
    first: From = None,
    last: To = None,
    by: By = None,
    place: Place = None,
    category: Category = None,
    channel: Channel = None,
    as_of: AsOf = None,
    boundaries: Boundaries = "then",
    suppress: Suppress = None,
    form: Format = "table",
) -> None:
    """From which grade to which: matters whose grade was fixed in the period, and the grade they have now."""
    from dashboard.reporting.measured import reading
    from dashboard.reporting.outcomes import regrades_table
    from dashboard.reporting.showing import show

    told = (first, last, place, category, channel)
    with reading(told, as_of=as_of, boundaries=boundaries, fewest=suppress) as read:
        show(regrades_table(read, by), form)
