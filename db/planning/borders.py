"""Who borders whom among the cells of a plan: kept by the shapes themselves, since finding it takes seconds."""

import hashlib
import threading
from collections import OrderedDict

import pandas as pd
import shapely

from geo.adjacency import Neighbours, neighbours
from geo.vertices import as_shapes

BORDER_TOLERANCE_M = 1.0
KEPT = 8
_kept: OrderedDict[bytes, Neighbours] = OrderedDict()
_lock = threading.Lock()


def borders_of(cells: pd.DataFrame) -> Neighbours:
    """Metres of border that each pair of cells (positions) shares. Whoever gets it must not change it."""
    shapes = as_shapes(cells["geometry"].to_numpy())
    key = hashlib.blake2b(b"".join(shapely.to_wkb(shapes).tolist()), digest_size=16).digest()
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    found = neighbours(shapes, BORDER_TOLERANCE_M)
    with _lock:
        _kept[key] = found
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return found
