"""Reads Parquet and GeoParquet in batches."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from geo.errors import InputError
from loaders.readers.arrow import batch_frame
from loaders.readers.source import CHUNK_ROWS, GEOMETRY, Source
from loaders.readers.titles import column_titles, refuse_empty


@dataclass(kw_only=True)
class ParquetSource(Source):
    """A Parquet file; `shape_column` is its geometry column as WKB, or None."""

    shape_column: str | None = None

    def chunks(self, size: int = CHUNK_ROWS, start: int = 0) -> Iterator[pd.DataFrame]:
        """See Source.chunks."""
        done = 0
        with _readable(self.file), pq.ParquetFile(self.file) as file:
            for batch in file.iter_batches(batch_size=size):
                skipped = min(max(start - done, 0), batch.num_rows)
                if skipped < batch.num_rows:
                    rest = batch.slice(skipped)
                    yield batch_frame(rest, self.columns, self.shape_column, done + skipped + 1)
                done += batch.num_rows


def open_parquet(path: Path) -> ParquetSource:
    """Open a Parquet file. Raises InputError when it is cut off, has no rows, or geometry that is not WKB."""
    with _readable(path), pq.ParquetFile(path) as file:
        schema, total = file.schema_arrow, file.metadata.num_rows
    shape_column, crs = _geometry(schema, path)
    names = [name for name in schema.names if name != shape_column]
    columns = column_titles(names, path.name)
    refuse_empty(total, path.name)
    if shape_column is not None:
        columns = [name if name != GEOMETRY else f"{GEOMETRY} (attribute)" for name in columns]
    return ParquetSource(
        path=path, format="parquet", columns=columns, crs=crs, total=total,
        has_geometry=shape_column is not None,
        shape_column=shape_column,
    )  # fmt: skip


def _geometry(schema: Any, path: Path) -> tuple[str | None, str | None]:
    """(geometry column, CRS) by the GeoParquet 1.1 metadata: no "crs" means OGC:CRS84, a null one unknown."""
    packed = (schema.metadata or {}).get(b"geo")
    if packed is None:
        return None, None
    meta = json.loads(packed)
    name = meta["primary_column"]
    column = meta["columns"][name]
    if column.get("encoding") != "WKB":
        raise InputError(f"{path.name} keeps geometry as {column.get('encoding')}: save it with WKB geometry.")
    return name, _crs(column["crs"]) if "crs" in column else "EPSG:4326"


def _crs(projjson: dict[str, Any] | None) -> str | None:
    if projjson is None:
        return None
    from pyproj import CRS

    crs = CRS.from_json_dict(projjson)
    authority = crs.to_authority()
    return "EPSG:4326" if authority == ("OGC", "CRS84") else ":".join(authority) if authority else crs.to_wkt()


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except (pa.ArrowException, OSError, EOFError, ValueError, KeyError):
        raise InputError(f"{path.name} is not a complete Parquet file (cut off or damaged): save it again.") from None
