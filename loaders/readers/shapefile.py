"""The parts of a shapefile, and the encoding of its attribute table."""

import io
from pathlib import Path

from geo.errors import InputError
from loaders.readers.encoding import detect


def refuse_incomplete(path: Path) -> None:
    """Raise InputError when .dbf or .shx is missing beside the .shp (GDAL would drop all attributes, or
    refuse).
    """
    missing = [suffix for suffix in (".dbf", ".shx") if part(path, suffix) is None]
    if missing:
        raise InputError(f"{path.name} comes without its {' and '.join(missing)}: put all its parts in one folder.")


def refuse_cut_off(path: Path) -> None:
    """Raise InputError when .shp or .dbf is shorter than its own header says (GDAL would give empty shapes).

    The .shp header counts 16-bit words, big-endian, at byte 24 (ESRI Shapefile Technical Description, 1998); the
    .dbf header gives the number of records, its own length and that of a record, little-endian, from byte 4.
    """
    for suffix, promised in ((".shp", _shp_length), (".dbf", _dbf_length)):
        file = part(path, suffix)
        if file is not None and file.stat().st_size < promised(_head(file)):
            raise InputError(f"{file.name} is not complete (shorter than it says): copy the shapefile again.")


def _head(file: Path) -> bytes:
    with file.open("rb") as stream:
        return stream.read(32)


def _shp_length(head: bytes) -> int:
    return 2 * int.from_bytes(head[24:28], "big") if len(head) == 32 else 100


def _dbf_length(head: bytes) -> int:
    count, header, width = (int.from_bytes(head[a:b], "little") for a, b in ((4, 8), (8, 10), (10, 12)))
    return header + count * width if len(head) == 32 else 32


def part(path: Path, suffix: str) -> Path | None:
    """The sibling of a .shp with another suffix, whatever its case."""
    names = {entry.name.lower(): entry for entry in path.parent.iterdir()}
    return names.get(path.with_suffix(suffix).name.lower())


def attribute_encoding(path: Path) -> str | None:
    """ "utf-8" or "gb18030" told from the .dbf's records; None when a .cpg says it.

    Chinese GIS programs often write GBK and no .cpg; GDAL would then read Latin-1.
    """
    if part(path, ".cpg") is not None:
        return None
    table = part(path, ".dbf")
    assert table is not None
    fields = _texts(table.read_bytes())
    return detect(lambda: io.BytesIO(fields), table.name).name.removesuffix("-sig")


def _texts(data: bytes) -> bytes:
    """Every character field of the records on a line of its own (dBASE III: 32-byte descriptors after 32
    bytes).
    """
    count, header, width = (int.from_bytes(data[a:b], "little") for a, b in ((4, 8), (8, 10), (10, 12)))
    spans, at = [], 1
    for start in range(32, header - 32, 32):
        length = data[start + 16]
        if data[start : start + 1] != b"\r" and data[start + 11 : start + 12] == b"C":
            spans.append((at, at + length))
        at += length
    records = (data[header + n * width : header + (n + 1) * width] for n in range(count))
    return b"\n".join(record[a:b].rstrip(b" \0") for record in records for a, b in spans)
