"""Turns an Arrow batch with WKB geometry into a text frame."""

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import shapely

from loaders.readers.frames import as_text, text_frame, trimmed
from loaders.readers.source import GEOMETRY


def batch_frame(batch: Any, columns: list[str], shape_column: str | None, first: int) -> pd.DataFrame:
    """A frame of one Arrow record batch, rows numbered from `first`; `columns` name all but the geometry."""
    attributes = [name for name in batch.schema.names if name != shape_column]
    values = [_texts(batch.column(batch.schema.get_field_index(name))) for name in attributes]
    frame = text_frame(columns, range(first, first + batch.num_rows), values)
    if shape_column is not None:
        shapes = batch.column(batch.schema.get_field_index(shape_column))
        frame[GEOMETRY] = pd.Series(geometries(shapes.to_pylist()), index=frame.index, dtype=object)
    return frame


def _texts(column: Any) -> list[str | None]:
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        return trimmed(column.to_pylist())
    return [as_text(value) for value in column.to_pylist()]


def geometries(packed: list[bytes | None]) -> np.ndarray:
    """Shapely geometries of WKB; where none can be built, the hex WKB itself, so that a check can say why."""
    array = np.array(packed, dtype=object)
    shapes = shapely.from_wkb(array, on_invalid="ignore")
    shapes = np.atleast_1d(np.asarray(shapes, dtype=object))
    for at in np.flatnonzero([shape is None and wkb is not None for shape, wkb in zip(shapes, packed, strict=True)]):
        shapes[at] = bytes(packed[at] or b"").hex()
    return shapes
