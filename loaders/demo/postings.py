"""Two years of postings: who held which place when, after some colleagues exchanged theirs."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from loaders.demo.clock import Span
from loaders.demo.staff import FIXED, Staff

EXCHANGED = 0.35  # share of the pairs of colleagues who changed places once


@dataclass(frozen=True)
class Exchanges:
    """Aligned with the officers: with whom each changed all places (-1: nobody), and at which local midnight (NaT)."""

    partner: NDArray[np.int64]
    at: NDArray[np.datetime64]


def make_exchanges(staff: Staff, span: Span, rng: np.random.Generator) -> Exchanges:
    """Pairs of colleagues change places on one midnight of the span; nobody does so twice."""
    partner = np.full(len(staff.officers), -1)
    at = np.full(len(staff.officers), np.datetime64("NaT", "s"))
    days = int((span.end - span.start) / np.timedelta64(1, "D"))
    for group, members in staff.officers.groupby("group", sort=False).indices.items():
        order = rng.permutation(members)
        for a, b in zip(order[0::2], order[1::2], strict=False):
            if group != FIXED and rng.random() < EXCHANGED:
                partner[[a, b]] = b, a
                at[[a, b]] = span.start + np.timedelta64(int(rng.integers(90, days - 20)), "D")
    return Exchanges(partner, at)


def make_postings(staff: Staff, exchanges: Exchanges, start: np.datetime64, zone: str) -> pd.DataFrame:
    """One row a posting: officer, role, beat or cell or unit, weekly_hours, valid_from, valid_to (local with zone)."""
    slots = staff.slots
    partner, at = exchanges.partner[slots["officer"]], exchanges.at[slots["officer"]]
    moved = partner >= 0
    before = slots.assign(valid_from=start, valid_to=at)
    after = slots[moved].assign(officer=partner[moved], valid_from=at[moved], valid_to=np.datetime64("NaT", "s"))
    rows = pd.concat([before, after]).sort_values(["role", "code", "valid_from", "officer"], kind="stable")
    places = {place: rows["code"].where(rows["place"] == place) for place in ("beat", "cell", "unit")}
    return pd.DataFrame({
        "officer": staff.officers["code"].to_numpy()[rows["officer"]], "role": rows["role"], **places,
        "weekly_hours": rows["weekly_hours"].round(2),
        "valid_from": rows["valid_from"].dt.strftime(f"%Y-%m-%dT%H:%M:%S{zone}"),
        "valid_to": rows["valid_to"].dt.strftime(f"%Y-%m-%dT%H:%M:%S{zone}"),
    })  # fmt: skip
