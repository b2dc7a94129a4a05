"""`check datum`: which datum a file is in, from points whose street, community or cell the file names."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely
from sqlalchemy import Connection, text

from geo.datum_guess import DatumGuess, guess_datum
from geo.errors import InputError
from loaders.readers import open_source

# Offices are named after the place they serve: 八大关街道办事处 lies in 八大关街道.
OFFICE_WORDS = ("办事处", "人民政府", "居民委员会", "村民委员会", "居委会", "村委会")
NAMES = text("""
    SELECT level AS kind, code, name, ST_AsBinary(geom) AS wkb FROM area WHERE upper_inf(valid)
    UNION ALL SELECT 'cell', code, name, ST_AsBinary(geom) FROM cell WHERE upper_inf(valid)""")


def check_file(conn: Connection, path: Path, name: str, lon: str, lat: str) -> DatumGuess:
    """The datum of a file whose column `name` says where its points (columns lon, lat) lie.

    Names and codes of every area and cell in force are understood. Raises InputError for columns that are not there.
    """
    with open_source(path) as source:
        frame = pd.concat(list(source.chunks()) or [pd.DataFrame(columns=source.columns)])
    for column in (name, lon, lat):
        if column not in frame:
            raise InputError(f"{path.name} has no column {column!r}: it has {', '.join(map(str, frame.columns))}.")
    x, y = (pd.to_numeric(frame[column], errors="coerce").to_numpy(float) for column in (lon, lat))
    return guess_datum(x, y, [plain_name(value) for value in frame[name]], known_areas(conn))


def known_areas(conn: Connection) -> dict[str, Any]:
    """Name and code → polygon of areas and cells; a name that several carry is left out, since it tells nothing."""
    rows = conn.execute(NAMES).all()
    shapes = shapely.from_wkb(np.array([bytes(row.wkb) for row in rows], dtype=object))
    found: dict[str, Any] = {}
    doubtful = set()
    for row, shape in zip(rows, shapes, strict=True):
        for key in {plain_name(row.name), row.code} - {None}:
            if key in found:
                doubtful.add(key)
            found[key] = shape
    return {key: shape for key, shape in found.items() if key not in doubtful}


def plain_name(value: object) -> str | None:
    """A name without the words of the office that it houses; None for nothing."""
    name = value.strip() if isinstance(value, str) else ""
    for word in OFFICE_WORDS:
        name = name.removesuffix(word)
    return name or None


def in_words(guess: DatumGuess) -> str:
    """The guess, how sure it is, and the runners-up with their shares."""
    swapped = ", with longitude and latitude exchanged" if guess.swapped else ""
    share = f"{100 * guess.inside / guess.asked:.1f} % ({guess.inside:,} of {guess.asked:,})"
    if guess.sure:
        first = f"The file is in {guess.datum}{swapped}: {share} of the points lie in the area they name."
        second = f"A runner-up as good as this would lose so clearly in {guess.p_value:.2g} of cases: sure."
    else:
        first = f"Most likely {guess.datum}{swapped}: {share} of the points lie in the area they name."
        second = (
            f"The runner-up is about as good (p = {guess.p_value:.2g}): not sure; give more points or a finer area."
        )
    shown = guess.table.assign(share=(100 * guess.table["share"]).round(1)).head(6)
    return "\n".join([first, second, shown.rename(columns={"share": "share_pct"}).to_string(index=False)])
