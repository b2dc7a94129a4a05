"""Tells what a file holds, by its first bytes, and refuses one that is not what its name says."""

import re
import zipfile
from pathlib import Path

from geo.errors import InputError

TEXT, GZIP, ZIP, EXCEL, OLE, JSON = "text", "gzip", "zip", "excel", "ole", "json"
GPKG, SHAPE, PARQUET, HTML, PDF = "gpkg", "shape", "parquet", "html", "pdf"

BY_SUFFIX = {
    ".csv": TEXT, ".tsv": TEXT, ".tab": TEXT, ".txt": TEXT, ".gz": GZIP, ".zip": ZIP, ".xlsx": EXCEL,
    ".xlsm": EXCEL, ".xls": OLE, ".geojson": JSON,
    ".json": JSON, ".gpkg": GPKG, ".shp": SHAPE, ".parquet": PARQUET,
    ".geoparquet": PARQUET,
}  # fmt: skip
WORDS = {
    TEXT: ("text", ".csv"), GZIP: ("gzip-packed data", ".csv.gz"), ZIP: ("a zip archive", ".zip"),
    EXCEL: ("an Excel workbook", ".xlsx"), OLE: ("an old Excel workbook", ".xls"), JSON: ("JSON", ".geojson"),
    GPKG: ("a GeoPackage", ".gpkg"), SHAPE: ("a shapefile", ".shp"), PARQUET: ("Parquet", ".parquet"),
    HTML: ("a web page or XML", None), PDF: ("a PDF", None),
}  # fmt: skip
_MAGIC = (
    (b"\x1f\x8b", GZIP), (b"SQLite format 3\x00", GPKG), (b"PAR1", PARQUET), (b"\x00\x00\x27\x0a", SHAPE),
    (b"\xd0\xcf\x11\xe0", OLE), (b"%PDF", PDF),
)  # fmt: skip
_MARKUP = re.compile(rb"(?i)(\xef\xbb\xbf)?\s*<(!doctype|html|head|\?xml|table|meta|kml)")
_JSON = re.compile(rb"(\xef\xbb\xbf)?\s*[\[{]\s*[\"{}\[\]]")


def format_of(path: Path) -> str:
    """One of the format names above.

    Raises InputError for a missing, empty or unknown file and for content that differs from the name's
    ending.
    """
    expected = _expected(path)
    found = _found(path, expected)
    if found != expected:
        raise InputError(_mismatch(path, expected, found))
    return expected


def _expected(path: Path) -> str:
    if path.is_dir():
        raise InputError(f"{path} is a folder: name a file in it.")
    if not path.exists():
        raise InputError(f"There is no file {path}: check the name and the folder.")
    suffix = path.suffix.lower()
    if suffix in {".dbf", ".shx", ".prj", ".cpg"}:
        raise InputError(f"{path.name} is one part of a shapefile: name the .shp beside it.")
    if suffix not in BY_SUFFIX:
        raise InputError(f"{path.name} has no ending that is read here: save it as one of {' '.join(BY_SUFFIX)}.")
    return BY_SUFFIX[suffix]


def _found(path: Path, expected: str) -> str:
    try:
        with path.open("rb") as stream:
            head = stream.read(4096)
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}): check its permissions.") from None
    if not head:
        raise InputError(f"{path.name} is empty (0 bytes): export it again.")
    if head.startswith(b"PK\x03\x04"):
        return _zipped(path, expected)
    for magic, name in _MAGIC:
        if head.startswith(magic):
            return EXCEL if name == OLE and expected == EXCEL else name  # the workbook reader tells which of the two
    if _MARKUP.match(head):
        return HTML
    # A cut-off or damaged GeoJSON must still reach the GeoJSON reader, which names the place.
    return JSON if _JSON.match(head) or (expected == JSON and head.lstrip().startswith(b"{")) else TEXT


def _zipped(path: Path, expected: str) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            return EXCEL if any(name.startswith("xl/") for name in archive.namelist()) else ZIP
    except (zipfile.BadZipFile, NotImplementedError, OSError):
        return expected if expected in {ZIP, EXCEL} else ZIP


def _mismatch(path: Path, expected: str, found: str) -> str:
    words, suffix = WORDS[found]
    remedy = f"rename it to end in {suffix}" if suffix else "save it as .xlsx, .csv or .gpkg"
    if found == TEXT and expected not in {JSON, GZIP}:
        remedy = "export it again, or rename it to end in .csv if it is a text table"
    if found == TEXT and expected in {JSON, GZIP}:
        remedy = "export it again"
    return f"{path.name} holds {words}, not {WORDS[expected][0]} as its name says: {remedy}."
