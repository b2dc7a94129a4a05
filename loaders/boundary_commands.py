"""The command that checks boundaries, of files or of the record."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from loaders.boundaries import BoundaryReport


def check_boundaries(
    files: Annotated[list[Path] | None, typer.Argument(help="Files of cells or areas; none: the record.")] = None,
    kind: Annotated[str, typer.Option(help="What the files hold: cells or areas.")] = "cells",
    against: Annotated[Path | None, typer.Option(help="File of areas whose lines the cells must respect.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write every finding to this GeoJSON file.")] = None,
    profile: Annotated[
        str, typer.Option(help="Named profile of the source, or the path of a .toml file.")
    ] = "beatgrid",
    maps: Annotated[list[str] | None, typer.Option("--map", help="FIELD=COLUMN, as often as needed.")] = None,
    crs: Annotated[str | None, typer.Option(help="Coordinates of the files: EPSG:…, gcj02 or bd09.")] = None,
    layer: Annotated[str | None, typer.Option(help="Layer of a GeoPackage, or the file inside a .zip.")] = None,
    top: Annotated[int, typer.Option(min=0, help="How many findings to print.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object on standard output.")] = False,
) -> None:
    """Find gaps, overlaps, slivers and every other defect of boundaries, in files or in the record; mends nothing.

    Ends with 2 when there are errors, that is, what a load would refuse.
    """
    from geo.topology import errors
    from loaders.boundaries import check_files, findings_geojson, told
    from loaders.features import check_layer_out, write_features
    from loaders.mapping import parse_overrides
    from loaders.options import LoadOptions

    check_layer_out(out)
    options = LoadOptions(profile=profile, overrides=parse_overrides(maps or []), crs=crs, layer=layer)
    report = check_files(files, kind, options, against) if files else _checked_record()
    if out is not None:
        write_features(findings_geojson(report.findings), out)
    print(json.dumps(report.as_json(), ensure_ascii=False) if as_json else told(report, top))
    if errors(report.findings):
        raise typer.Exit(2)


def _checked_record() -> "BoundaryReport":
    from db.engine import begin
    from db.record import open_record
    from db.settings import Settings
    from loaders.boundaries import check_record

    record = open_record(Settings.from_env())
    with begin(record.engine, record.actor) as conn:
        return check_record(conn)
