"""Places that call again and again: how many calls come from how few of them."""

import numpy as np
import pandas as pd

from geo.errors import InputError


def ranked_places(places: pd.Series) -> pd.DataFrame:
    """place, calls, rank, share, running_share; one row a place, most calls first, equal ones by place.

    `places`: one row a call, its address or cell; missing ones have no row but count in the shares, which are of
    all calls. running_share of row k is the Pareto curve: the share of calls from the top k places.
    """
    counted = places.value_counts(sort=False).rename_axis("place").rename("calls").reset_index()
    ranked = counted.sort_values(["calls", "place"], ascending=[False, True], ignore_index=True)
    calls, total = ranked["calls"].astype("int64"), max(len(places), 1)
    rank = np.arange(1, len(ranked) + 1)
    return ranked.assign(calls=calls, rank=rank, share=calls / total, running_share=calls.cumsum() / total)


def top_share(places: pd.Series, k: int) -> tuple[int, int]:
    """(calls from the k places that call most, all calls): the share's two counts. InputError for a k below 1."""
    if k < 1:
        raise InputError(f"The number of top places is {k}: give 1 or more.")
    calls = places.value_counts()
    return int(calls.head(k).sum()), len(places)


def fewest_places(places: pd.Series, share: float = 0.5) -> tuple[int, int]:
    """(how few places give at least that share of all calls, how many places there are).

    (0, n) when even all of them do not, because too many calls have no place. InputError for a share outside (0, 1].
    """
    if not 0 < share <= 1:
        raise InputError(f"The share is {share}: give a number above 0, up to 1.")
    running = places.value_counts().to_numpy().cumsum()
    reached = running >= share * len(places) - 1e-9
    return (int(reached.argmax()) + 1 if reached.any() else 0), len(running)
