"""The one place where small counts are hidden from readers who must not single out people."""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from db.readmodel import View
from grids.rights import Who
from grids.suppression import DERIVED, Mask, suppress

FEWEST = 5
# A total that is shown gives away what is hidden below it: each place with the one above, None: the whole.
ABOVE: dict[str, str | None] = {"cell": "community", "community": "street", "street": "district", "beat": "station"}
HIDDEN = (
    *DERIVED, "z", "direction", "rate_now", "rate_before", "share_now", "share_before",
    *(f"share_{code}" for code in ("accepted", "bounced", "done")),
)  # fmt: skip
_PARENT = "__parent__"


def fewest_of(who: Who) -> int | None:
    """Below how many people a reader sees no count: who may look at cases or staff sees them all (None)."""
    return None if who.may("cases") or who.may("people") else FEWEST


def suppressed(
    measure: Callable[[str | None], pd.DataFrame], by: str | None, k: int | None, view: View,
    counts: tuple[str, str] = ("numerator", "denominator"), also: Sequence[str] = (), within: Sequence[str] = (),
) -> pd.DataFrame:  # fmt: skip
    """The table of a measure by `by`, with small counts hidden and `suppressed` (bool) added; k None: as it is.

    measure: asked by each grouping; column key. within: columns that tell tables apart which lie in one frame
    (outcome …). Nothing hidden can be found by subtracting what is shown of this table and of those above it (ABOVE):
    a place whose own count is hidden has none of its parts shown, and of what is shown whole never one part is hidden
    alone. Tables of overlapping places (beat beside community) or periods are not held against each other.
    """
    table = measure(by)
    if k is None:
        return table
    if by is None:
        return suppress(table, k, counts, HIDDEN, also=also)
    above = ABOVE.get(by)
    total = suppressed(measure, above, k, view, counts, also, within)
    parent = _parents(table["key"], by, above, view)
    labels = [table[name].astype(str) for name in within]
    groups = [" ".join(each) for each in zip(*labels, parent, strict=True)] if len(table) else []
    shown = dict(zip(_groups(total, within, above), total["suppressed"], strict=True))
    forced: Mask = np.array([bool(shown.get(group, False)) for group in groups], np.bool_)
    found = suppress(table.assign(**{_PARENT: groups}), k, counts, HIDDEN, _PARENT, forced, also)
    return found.drop(columns=_PARENT)


def _groups(total: pd.DataFrame, within: Sequence[str], above: str | None) -> list[str]:
    keys = [_text(key) if above else "" for key in total["key"]]
    return [" ".join(each) for each in zip(*(total[name].astype(str) for name in within), keys, strict=True)]


def _parents(keys: pd.Series, by: str, above: str | None, view: View) -> list[str]:
    """What each key lies in, "" for the whole."""
    if above is None:
        return ["" for _ in keys]
    spots = view.about.spots.table
    known = {_text(key): _text(parent) for key, parent in zip(spots[by], spots[above], strict=True)}
    return [known.get(_text(key), "") for key in keys]


def _text(key: object) -> str:
    return "" if key is None or key != key else str(key)
