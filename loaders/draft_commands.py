"""Commands of drafts: cut areas into starting cells, and check the codes of cells."""

import json
from pathlib import Path
from typing import Annotated

import typer

from loaders.commands import Crs, Json, Layer, Maps, Profile, progress_bar

Points = Annotated[
    Path | None, typer.Option(help="Points with lon, lat and households (1 when there is no such column).")
]


def draft(
    areas: Annotated[Path, typer.Argument(help="Communities: GeoJSON, GeoPackage, Shapefile … with code and name.")],
    out: Annotated[Path, typer.Option("--out", help="The GeoJSON file to write.")],
    shape: Annotated[str, typer.Option(help="square, hexagon or balanced.")] = "square",
    size: Annotated[float | None, typer.Option(help="METRES: side of a square, edge of a hexagon.")] = None,
    target: Annotated[float | None, typer.Option(help="Households of a balanced cell; needs --homes.")] = None,
    lines: Annotated[Path | None, typer.Option(help="Roads or rivers that no balanced cell crosses.")] = None,
    homes: Points = None,
    profile: Profile = "beatgrid",
    maps: Maps = [],  # noqa: B006 - typer copies it
    crs: Crs = None,
    layer: Layer = None,
    as_json: Json = False,
) -> None:
    """Cut communities into starting cells, number them, and write a file that `load cells` takes; no database needed.

    Codes have 15 digits: the community's 12, then 3 from west to east in rows from north to south.
    """
    from geo.vertices import as_shapes
    from loaders.draft_files import read_communities, read_homes, read_lines
    from loaders.draft_out import as_geojson, told
    from loaders.draft_out import as_json as counts
    from loaders.drafting import Wish, drafted
    from loaders.features import check_layer_out, write_features
    from loaders.mapping import parse_overrides
    from loaders.options import LoadOptions

    check_layer_out(out)
    own = LoadOptions(crs=crs)
    roads = as_shapes([]) if lines is None else read_lines(lines, own)
    wish = Wish(shape, size, target, roads, None if homes is None else read_homes(homes, own))
    options = LoadOptions(profile, parse_overrides(maps), crs, layer=layer)
    with progress_bar(f"draft {areas.name}"):
        cells = drafted(read_communities(areas, options), wish)
    write_features(as_geojson(cells), out)
    print(json.dumps(counts(cells, out), ensure_ascii=False) if as_json else told(cells, out))


def check_codes(
    file: Annotated[Path, typer.Argument(help="Cells in any format, with a column of codes.")],
    profile: Profile = "beatgrid",
    maps: Maps = [],  # noqa: B006 - typer copies it
    layer: Layer = None,
    top: Annotated[int, typer.Option(min=0, help="How many wrong codes to print.")] = 20,
    as_json: Json = False,
) -> None:
    """Check 15-digit unit-grid codes: 6 district, 3 street, 3 community, 3 number; ends with 2 when one is wrong."""
    from loaders.draft_files import wrong_codes
    from loaders.mapping import parse_overrides
    from loaders.options import LoadOptions

    count, wrong = wrong_codes(file, LoadOptions(profile, parse_overrides(maps), layer=layer))
    if as_json:
        print(json.dumps({"checked": count, "wrong": len(wrong), "codes": wrong}, ensure_ascii=False))
    else:
        lines = [f"  line {each['line']}: {'; '.join(each['reasons'])}" for each in wrong[:top]]
        more = [f"  … and {len(wrong) - top:,} more: see all with --json"] if len(wrong) > top else []
        print("\n".join([f"{count:,} codes checked: {len(wrong):,} wrong", *lines, *more]))
    if wrong:
        raise typer.Exit(2)
