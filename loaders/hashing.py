"""A keyed hash of what a row says, by which a second load knows that nothing changed."""

from collections.abc import Sequence

import pandas as pd

from db.keys import Keys

BETWEEN = "\x1f"


def keyed_hashes(rows: pd.DataFrame, columns: Sequence[str], keys: Keys) -> pd.Series:
    """One 32-byte keyed hash a row over the named columns (absent ones count as empty), as objects."""
    texts = [_texts(rows[name]) if name in rows else [""] * len(rows) for name in columns]
    digests = [keys.digest(BETWEEN.join(parts)) for parts in zip(*texts, strict=True)]
    return pd.Series(digests, index=rows.index, dtype=object)


def _texts(values: pd.Series) -> list[str]:
    """Canonical text of a column: instants in UTC microseconds, numbers by repr, missing as empty."""
    if isinstance(values.dtype, pd.DatetimeTZDtype):
        return values.astype("datetime64[us, UTC]").astype("int64").astype(str).tolist()
    if pd.api.types.is_numeric_dtype(values):
        return ["" if pd.isna(value) else repr(float(value)) for value in values.tolist()]
    return ["" if value is None or value != value else str(value) for value in values.tolist()]
