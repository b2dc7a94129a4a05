"""Refuses a profile that says something beatgrid does not understand, instead of passing over it."""

import difflib
from collections.abc import Collection
from typing import Any

from geo.errors import InputError

TOP_KEYS = frozenset({"title", "zone", "crs", "encoding", "sheet", "layer", "missing", "extent"})
TABLES = ("columns", "constants", "values", "formats", "pad", "prefix")
SECTION_KEYS = frozenset({*TABLES, "auto"})
_SHAPES: dict[str, tuple[type, ...]] = {
    "columns": (str, list), "constants": (str, int, float, bool), "values": (dict,),
    "formats": (str,), "pad": (int,), "prefix": (str,),
}  # fmt: skip


def refuse_unknown(name: str, data: Any, known: Collection[str], place: str) -> None:
    """Raise InputError for a key of `data` that is not known, with the nearest one that is."""
    where = f" in [{place}]" if place else ""
    if not isinstance(data, dict):
        raise InputError(f"The profile {name}: {place} must be a table ([{place}]).")
    for key in data:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"it is one of {', '.join(sorted(known))}."
            raise InputError(f"The profile {name} has the unknown key {key!r}{where}: {hint}")


def table_of(name: str, kind: str, key: str, table: Any, fields: Collection[str]) -> dict[str, Any]:
    """The table [kind.key] when its keys are fields and its values have the right type; else InputError."""
    refuse_unknown(name, table, fields, f"{kind}.{key}")
    for field, value in table.items():
        if not isinstance(value, _SHAPES[key]):
            raise InputError(f"The profile {name}: {kind}.{key}.{field} cannot be {value!r}: see the shipped profiles.")
    return dict(table)
