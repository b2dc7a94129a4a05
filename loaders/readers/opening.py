"""Chooses the reader for a file by what it holds."""

from pathlib import Path

from geo.errors import InputError
from loaders.readers import formats
from loaders.readers.archive import unpack
from loaders.readers.parquet import open_parquet
from loaders.readers.sheet import open_sheet
from loaders.readers.source import Source
from loaders.readers.text import open_text
from loaders.readers.vector import open_vector


def open_source(
    path: str | Path, *, sheet: str | None = None, layer: str | None = None, encoding: str | None = None
) -> Source:
    """Open a CSV, TSV (gzip too), Excel, GeoJSON, GeoPackage, Shapefile or (Geo)Parquet, or a zip of one.

    `sheet` names the sheet of a workbook, `layer` the layer of a GeoPackage or the file in a zip,
    `encoding` the codec of text. Use as a context manager, so that what was unpacked is removed.
    Raises InputError, one sentence that says what to do, for anything that cannot be read as a whole.
    """
    path = Path(path)
    match formats.format_of(path):
        case formats.TEXT:
            return open_text(path, encoding)
        case formats.GZIP:
            return _open_gzip(path, encoding)
        case formats.EXCEL | formats.OLE:
            return open_sheet(path, sheet)
        case formats.PARQUET:
            return open_parquet(path)
        case formats.ZIP:
            return _open_zip(path, sheet, layer, encoding)
        case kind:
            return open_vector(path, kind, layer, encoding)


def _open_gzip(path: Path, encoding: str | None) -> Source:
    inner = Path(path.stem).suffix.lower()
    if inner in formats.BY_SUFFIX and formats.BY_SUFFIX[inner] != formats.TEXT:
        raise InputError(f"{path.name}: only text tables are read inside .gz: unpack it with gunzip first.")
    return open_text(path, encoding)


def _open_zip(path: Path, sheet: str | None, layer: str | None, encoding: str | None) -> Source:
    unpacked = unpack(path, layer)
    try:
        inner_layer = None if unpacked.named else layer
        source = open_source(unpacked.file, sheet=sheet, layer=inner_layer, encoding=encoding)
    except BaseException:
        unpacked.folder.cleanup()
        raise
    source.path, source.inner, source.unpacked = path, unpacked.file, unpacked.folder
    source.part = source.part or unpacked.file.name
    return source
