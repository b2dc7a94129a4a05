"""Finds rows that carry the same number as an earlier row and say something else."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from loaders.checks.findings import Findings
from loaders.fields import NUMBERS


def repeated_numbers(kind: str, rows: pd.DataFrame, findings: Findings) -> None:
    """The first good row with a number stands; later ones with other content are findings, equal ones are not.

    Only within `rows`: numbers that come again in a later chunk are the loader's business. Rows with other findings
    are left out, so that what becomes of a row does not depend on where a chunk ends.
    """
    if kind not in NUMBERS:
        return
    key = list(NUMBERS[kind])
    good = np.ones(len(rows), dtype=bool)
    good[list(findings.reasons)] = False
    named = good & rows[key].notna().all(axis=1).to_numpy()
    again = np.zeros(len(rows), dtype=bool)
    again[named] = rows[named].duplicated(subset=key, keep=False).to_numpy()
    if again.any():
        _compare(rows[again], np.flatnonzero(again), key, findings)


def _compare(rows: pd.DataFrame, positions: NDArray[np.intp], key: list[str], findings: Findings) -> None:
    hashes = content_hashes(rows)
    first: dict[tuple[object, ...], int] = {}
    for at, number in enumerate(rows[key].itertuples(index=False, name=None)):
        earlier = first.setdefault(number, at)
        if hashes[earlier] != hashes[at]:
            shown = ":".join(map(str, number))
            findings.add(
                [int(positions[at])],
                f"the number {shown} is already in line {rows.index[earlier]} with other content",
            )


def content_hashes(rows: pd.DataFrame) -> NDArray[np.uint64]:
    """A hash of each typed row (its line left out), equal for equal content in any chunk or run."""
    plain = (
        rows.assign(geometry=[shape and shape.wkb_hex for shape in rows["geometry"]]) if "geometry" in rows else rows
    )
    hashes = pd.util.hash_pandas_object(plain, index=False, categorize=False)
    return np.asarray(hashes, dtype=np.uint64)
