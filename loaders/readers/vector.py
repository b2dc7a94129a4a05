"""Reads a layer of GeoJSON, GeoPackage or Shapefile through GDAL, as a stream of batches."""

import json
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError

from geo.errors import InputError
from loaders.readers.arrow import batch_frame
from loaders.readers.formats import GPKG, JSON, SHAPE
from loaders.readers.shapefile import attribute_encoding, refuse_cut_off, refuse_incomplete
from loaders.readers.source import CHUNK_ROWS, GEOMETRY, Source
from loaders.readers.titles import column_titles, refuse_empty

_NAMES = {JSON: "GeoJSON", GPKG: "GeoPackage", SHAPE: "shapefile"}


@dataclass(kw_only=True)
class VectorSource(Source):
    """A layer that GDAL reads; its row number is its place in the layer, not GDAL's own id."""

    def chunks(self, size: int = CHUNK_ROWS, start: int = 0) -> Iterator[pd.DataFrame]:
        """See Source.chunks."""
        with _readable(self.file, self.format), pyogrio.open_arrow(
            self.file, layer=self.part, encoding=self.encoding, skip_features=start, batch_size=size,
            use_pyarrow=True,
        ) as (meta, batches):  # fmt: skip
            first = start + 1
            for batch in batches:
                yield batch_frame(batch, self.columns, _shape_column(meta, self.has_geometry), first)
                first += batch.num_rows


def open_vector(path: Path, kind: str, layer: str | None = None, encoding: str | None = None) -> VectorSource:
    """Open one layer. Raises InputError when the file is damaged or incomplete, or when a layer must be
    chosen.
    """
    if kind == SHAPE:
        refuse_incomplete(path)
        refuse_cut_off(path)
        encoding = encoding or attribute_encoding(path)
    with _readable(path, _NAMES[kind]):
        chosen = _choose(path, layer)
        info = pyogrio.read_info(path, layer=chosen, encoding=encoding, force_feature_count=True)
    titles = [_attribute(str(name)) for name in info["fields"]]
    has_geometry = info["geometry_type"] is not None
    refuse_empty(info["features"], path.name)
    return VectorSource(
        path=path, format=_NAMES[kind], columns=column_titles(titles, path.name) if titles else [],
        crs=_crs(info["crs"]) if has_geometry else None, total=info["features"], encoding=encoding,
        has_geometry=has_geometry, part=chosen,
    )  # fmt: skip


def _attribute(name: str) -> str:
    return f"{GEOMETRY} (attribute)" if name == GEOMETRY else name


def _choose(path: Path, layer: str | None) -> str:
    names = [str(name) for name, _ in pyogrio.list_layers(path)]
    if layer is not None and layer not in names:
        raise InputError(f"{path.name} has no layer {layer!r}: it has {' or '.join(map(repr, names))}.")
    if layer is None and len(names) > 1:
        raise InputError(f"{path.name} has {len(names)} layers: choose {' or '.join(map(repr, names))} with --layer.")
    if not names:
        raise InputError(f"{path.name} has no layer: export it again.")
    return layer or names[0]


def _crs(text: str | None) -> str | None:
    return "EPSG:4326" if text in {"OGC:CRS84", "CRS84"} else text or None


def _shape_column(meta: dict[str, Any], has_geometry: bool) -> str | None:
    return (meta["geometry_name"] or "wkb_geometry") if has_geometry else None


@contextmanager
def _readable(path: Path, words: str) -> Iterator[None]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # GDAL's warnings speak of its own internals
            yield
    except (DataSourceError, DataLayerError, RuntimeError, ValueError, OSError):
        raise InputError(_sentence(path, words)) from None


def _sentence(path: Path, words: str) -> str:
    if words == _NAMES[JSON]:
        try:
            json.loads(path.read_bytes())
        except UnicodeDecodeError:
            return f"{path.name} is not UTF-8, which GeoJSON must be: save it as UTF-8."
        except json.JSONDecodeError as broken:
            return f"{path.name} is cut off or not JSON (line {broken.lineno}: {broken.msg}): export it again."
        return f"{path.name} is JSON but no GeoJSON FeatureCollection: export it as GeoJSON."
    return f"{path.name} is not a complete {words} (cut off or damaged): copy or export it again."
