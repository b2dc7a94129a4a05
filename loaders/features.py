"""Layers on their way out: rows with shapes as GeoJSON in WGS-84."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from geo.errors import InputError

ENDINGS = (".geojson", ".json")


def feature_collection(rows: Iterable[Mapping[str, Any]], shapes: Iterable[BaseGeometry]) -> dict[str, Any]:
    """A FeatureCollection of one feature a row, its shape in degrees."""
    features = [
        {"type": "Feature", "properties": dict(row), "geometry": json.loads(shapely.to_geojson(shape))}
        for row, shape in zip(rows, shapes, strict=True)
    ]
    return {"type": "FeatureCollection", "features": features}


def check_layer_out(out: Path | None) -> None:
    """Raise InputError, before any work is done, when a layer cannot be written to `out`."""
    if out is None:
        return
    if out.suffix.lower() not in ENDINGS:
        raise InputError(f"--out {out}: a layer is written as GeoJSON, so give the file the ending {ENDINGS[0]}.")
    if not out.resolve().parent.is_dir():
        raise InputError(f"--out {out}: there is no folder {out.parent}, so make it first or choose another.")


def write_features(document: Mapping[str, Any], out: Path) -> None:
    """Write a FeatureCollection; InputError when the file cannot be written."""
    check_layer_out(out)
    try:
        out.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    except OSError as error:
        raise InputError(f"{out} cannot be written ({error.strerror}): choose another file.") from None
