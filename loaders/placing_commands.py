"""Commands that place without a record, and tell which datum a file is in."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from loaders.boundary_commands import check_boundaries
from loaders.commands import Out, check_app, progress_bar


def geocode(
    file: Annotated[Path, typer.Argument(help="Table with addresses: CSV, TSV, XLSX, Parquet.")],
    column: Annotated[str, typer.Option(help="Column of the address.")],
    gazetteer: Annotated[
        Path, typer.Option(help="Table of known addresses: address, lon, lat and what else it knows.")
    ],
    out: Out = None,
    district: Annotated[str | None, typer.Option(help="Column of the district, where the file has one.")] = None,
    crs: Annotated[str | None, typer.Option(help="Coordinates of the gazetteer: EPSG:…, gcj02 or bd09.")] = None,
) -> None:
    """Place every address of a file from a gazetteer file; no database is needed.

    Adds lon, lat (WGS-84), radius_m, method, score and matched, one row per input row, in its order.
    """
    from loaders.files_out import check_out, write_table
    from loaders.geocoding import geocode_file, summary

    check_out(out)
    with progress_bar(f"geocode {file.name}") as progress:
        found = geocode_file(file, column, gazetteer, district=district, crs=crs, progress=progress)
    if out is not None:
        write_table(found, out)
    else:
        found.to_csv(sys.stdout, index=False)
    print(summary(found), file=sys.stderr)


check_app.command("boundaries")(check_boundaries)


@check_app.command("datum")
def check_datum(
    file: Annotated[Path, typer.Argument(help="Table with points whose street, community or cell it names.")],
    name: Annotated[str, typer.Option(help="Column that names the street, community or cell of each point.")],
    lon: Annotated[str, typer.Option(help="Column of the longitude (or easting).")] = "lon",
    lat: Annotated[str, typer.Option(help="Column of the latitude (or northing).")] = "lat",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Find which datum a file is in, and say how sure that is."""
    from db.engine import begin
    from db.record import open_record
    from db.settings import Settings
    from loaders.datum import check_file, in_words

    record = open_record(Settings.from_env())
    with begin(record.engine, record.actor) as conn:
        guess = check_file(conn, file, name, lon, lat)
    if as_json:
        said = {"datum": guess.datum, "swapped": guess.swapped, "inside": guess.inside, "asked": guess.asked}
        table = guess.table.to_dict("records")
        print(json.dumps({**said, "sure": guess.sure, "p_value": guess.p_value, "table": table}, ensure_ascii=False))
    else:
        print(in_words(guess))
