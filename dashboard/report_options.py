"""Options that the report commands share: period, place, category, channel, grouping, boundaries, form."""

from datetime import datetime
from typing import Annotated

import typer

From = Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First local day.")]
To = Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Last local day, included.")]
By = Annotated[str | None, typer.Option("--by", help="cell, beat, community, station, severity, channel …")]
Place = Annotated[str | None, typer.Option(help="Only there: KIND:CODE, for example station:PS01.")]
Category = Annotated[list[str] | None, typer.Option(help="Only these categories (codes or groups); may repeat.")]
Channel = Annotated[list[str] | None, typer.Option(help="Only these channels (codes); may repeat.")]
Shares = Annotated[
    bool,
    typer.Option("--shares", help="Count a matter in doubt between cells in each by its probability."),
]
Format = Annotated[str, typer.Option("--format", help="table, csv or json.")]
PolicyCode = Annotated[str, typer.Option("--policy", help="QD, JM or ZS.")]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", help="Judge as of this instant (ISO, or now) instead of the end of the period."),
]
Boundaries = Annotated[
    str,
    typer.Option("--boundaries", help="then: as they were; now: as they are; plan:FILE.csv (cell,beat): a draft."),
]
Suppress = Annotated[
    int | None,
    typer.Option("--suppress", min=2, help="Hide counts of fewer than this many people, for readers outside."),
]
