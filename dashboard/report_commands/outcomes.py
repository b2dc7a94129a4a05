"""`report outcomes`, `diversion` and `repeats`: what became of matters, and how often they came back."""

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

Outcome = Annotated[
    list[str] | None, typer.Option("--outcome", help="Only these: on_spot, closing, on_time, held … ; may repeat.")
]
ByUnit = Annotated[
    str | None, typer.Option("--by", help="to_unit (who should take it), from_unit (who sent it), category, station …")
]
Chains = Annotated[bool, typer.Option("--chains", help="How many matters have 1, 2, 3, 4, 5 and more reports.")]
OneCommunity = Annotated[
    bool, typer.Option("--one-community", help="Of each station's calls, those of the community that calls most.")
]


@report_app.command()
def outcomes(
    first: From = None,
    last: To = None,
    by: By = None,
    outcome: Outcome = None,
    policy: PolicyCode = "QD",
    place: Place = None,
    category: Category = None,
    channel: Channel = None,
    as_of: AsOf = None,
    boundaries: Boundaries = "then",
    suppress: Suppress = None,
    form: Format = "table",
) -> None:
    """Every share of outcomes: on the spot, mediation, closing, on time, satisfaction, revisits, held, diversion …"""
    from dashboard.reporting.measured import reading
    from dashboard.reporting.outcomes import outcomes_table
    from dashboard.reporting.showing import show

    told = (first, last, place, category, channel)
    with reading(told, policy, as_of, boundaries, suppress) as read:
        show(outcomes_table(read, by, tuple(outcome or ())), form)


@report_app.command()
def diversion(
    first: From = None,
    last: To = None,
    by: ByUnit = "to_unit",
    place: Place = None,
    category: Category = None,
    channel: Channel = None,
    as_of: AsOf = None,
    boundaries: Boundaries = "then",
    suppress: Suppress = None,
    form: Format = "table",
) -> None:
    """The ledger of diversions: sent, accepted, bounced, done, kept by its first receiver, still open."""
    from dashboard.reporting.measured import reading
    from dashboard.reporting.outcomes import diversion_table
    from dashboard.reporting.showing import show

    told = (first, last, place, category, channel)
    with reading(told, as_of=as_of, boundaries=boundaries, fewest=suppress) as read:
        show(diversion_table(read, by), form)


@report_app.command()
def repeats(
    first: From = None,
    last: To = None,
    by: By = None,
    chains: Chains = False,
    one_community: OneCommunity = False,
    place: Place = None,
    category: Category = None,
    channel: Channel = None,
    boundaries: Boundaries = "then",
    suppress: Suppress = None,
    form: Format = "table",
) -> None:
    """Reports that came after the first handling had ended, of all reports; chains of reports about one matter."""
    from dashboard.reporting.measured import reading
    from dashboard.reporting.outcomes import chains_table, one_community_table, repeats_table
    from dashboard.reporting.showing import show

    told = (first, last, place, category, channel)
    with reading(told, boundaries=boundaries, fewest=suppress) as read:
        table = one_community_table(read) if one_community else (chains_table if chains else repeats_table)(read, by)
        show(table, form)
