"""Long arrays worked on in chunks, several at a time: overlays let other threads run while they compute."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Result = TypeVar("Result")
_SIZE = 1_000


def in_chunks(work: Callable[[NDArray[Any]], Result], items: NDArray[Any]) -> list[Result]:
    """`work` done on every chunk of `items` (at least one, perhaps empty), the results in their order."""
    parts = np.array_split(items, max(1, len(items) // _SIZE))
    with ThreadPoolExecutor() as pool:
        return list(pool.map(work, parts))
