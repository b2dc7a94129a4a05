"""`report clock`, `hotspots`, `addresses`, `near-repeat` and `expected`: when and where reports come."""

import json
from typing import Annotated

import typer

from dashboard.report_commands.root import report_app
from dashboard.report_options import Boundaries, By, Category, Channel, Format, From, Place, Suppress, To

Of = Annotated[str, typer.Option("--of", help="cells (hot and cold), surface (lattice points) or peaks.")]
Per = Annotated[str, typer.Option("--per", help="Rates by km2 or by residents (1,000 of them).")]
Alpha = Annotated[float, typer.Option("--alpha", help="Share of false ones among the cells called hot or cold.")]
Square = Annotated[float, typer.Option("--square", help="Side of the lattice's squares in metres.")]
Bandwidth = Annotated[float, typer.Option("--bandwidth", help="Spread of the kernel (its σ) in metres.")]
Top = Annotated[int, typer.Option("--top", min=1, help="How many rows.")]
Metres = Annotated[list[float] | None, typer.Option("--metres", help="Edges of the bands of distance; may repeat.")]
Days = Annotated[list[float] | None, typer.Option("--days", help="Edges of the bands of days; may repeat.")]
Shuffles = Annotated[int, typer.Option("--permutations", min=1, help="How often the times are shuffled.")]
Seed = Annotated[int, typer.Option("--seed", help="Of the shuffling: the same seed, the same answer.")]
Most = Annotated[int, typer.Option("--sample", min=2, help="At most so many reports, the last of the period.")]
Now = Annotated[str | None, typer.Option("--at", help="Take this instant (ISO) for now.")]
Weeks = Annotated[int, typer.Option("--weeks", help="How many weeks to compare with, 4 to 53.")]
OfForm = Annotated[str, typer.Option("--format", help="table, csv or json; surface and peaks also geojson.")]


@report_app.command()
def clock(
    first: From = None,
    last: To = None,
    place: Place = None,
    category: Category = None,
    channel: Channel = None,
    boundaries: Boundaries = "then",
    suppress: Suppress = None,
    form: Format = "table",
) -> None:
    """Reports by weekday and hour of the city's clock, and by hour that came (rate)."""
    from dashboard.reporting.measured import reading
    from dashboard.reporting.places import clock_table
    from dashboard.reporting.showing import show

    with reading((first, last, place, category, channel), boundaries=boundaries, fewest=suppress) as read:
        show(clock_table(read), form)


@report_app.command()
def hotspots(
    of: Of = "cells",
    first: From = None,
    last: To = None,
    per: Per = "km2",
    alpha: Alpha = 0.05,
    square: Square = 100.0,
    bandwidth: Bandwidth = 300.0,
    top: Top = 20,
    place: Place = None,
    category: Category = None,
    channel: Channel = None,
    suppress: Suppress = None,
    form: OfForm = "table",
) -> None:
    """Cells that are hot or cold beyond chance (Getis–Ord Gi*), the kernel surface, or its peaks."""
    from dashboard.reporting.measured import reading
    from dashboard.reporting.places import geojson, hot_cells_table, peaks_table, surface_table
    from dashboard.reporting.showing import show
    from geo.errors import InputError

    told = (first, last, place, category, channel)
    with reading(told, fewest=suppress) as read:
        tables = {
            "cells": lambda: hot_cells_table(read, per, alpha),
            "surface": lambda: surface_table(read, square, bandwidth),
            "peaks": lambda: peaks_table(read, square, bandwidth, top),
        }
        if of not in tables:
            raise InputError(f"--of must be one of {', '.join(tables)}, not {of!r}.")
        if form == "geojson" and of != "cells":
            print(json.dumps(geojson(tables[of]()), ensure_ascii=False))
            return
        show(tables[of](), form)


@report_app.command()
def addresses(
    first: From = None,
    last: To = None,
    top: Top = 20,
    place: Place = None,
    category: Category = None,
    channel: Channel = None,
    boundaries: Boundaries = "then",
    suppress: Suppress = None,
    form: Format = "table",
) -> None:
    """Addresses (buildings) from which most reports come, and how few of them give half of all."""
    from dashboard.reporting.measured import reading
    from dashboard.reporting.places import addresses_table, pareto_sentence
    from dashboard.reporting.showing import show

    told = (first, last, place, category, channel)
    with reading(told, boundaries=boundaries, fewest=suppress) as read:
        show(addresses_table(read, top), form, notes=[pareto_sentence(read)])


@report_app.command("near-repeat")
def near_repeat(
    first: From = None,
    last: To = None,
    metres: Metres = None,
    days: Days = None,
    permutations: Shuffles = 99,
    seed: Seed = 0,
    sample: Most = 3_000,
    place: Place = None,
    category: Category = None,
    channel: Channel = None,
    boundaries: Boundaries = "then",
    suppress: Suppress = None,
    form: Format = "table",
) -> None:
    """Does one incident bring the next, nearby and soon? Pairs against the same places with their times shuffled."""
    from dashboard.reporting.measured import reading
    from dashboard.reporting.places import near_repeat_table
    from dashboard.reporting.showing import show

    told = (first, last, place, category, channel)
    bands = {"space_m": tuple(metres)} if metres else {}
    bands |= {"time_days": tuple(days)} if days else {}
    with reading(told, boundaries=boundaries, fewest=suppress) as read:
        show(near_repeat_table(read, permutations=permutations, seed=seed, most=sample, **bands), form)


@report_app.command()
def expected(
    by: By = None,
    at: Now = None,
    weeks: Weeks = 8,
    place: Place = None,
    category: Category = None,
    channel: Channel = None,
    boundaries: Boundaries = "then",
    suppress: Suppress = None,
    form: Format = "table",
) -> None:
    """Today's reports so far beside what the same weekdays lead one to expect, with 95 % limits."""
    from dashboard.reporting.measured import reading
    from dashboard.reporting.places import expected_table
    from dashboard.reporting.showing import show

    told = (None, None, place, category, channel)
    with reading(told, as_of=at, boundaries=boundaries, fewest=suppress) as read:
        show(expected_table(read, by, weeks), form)
