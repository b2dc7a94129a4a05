"""Registers of the demo city by cell and quarter, households as last counted, and door plates."""

import numpy as np
import pandas as pd

from loaders.demo.atlas import Atlas
from loaders.demo.grouping import apportioned

QUARTERS = 4
OF_COMMUNITY = {"small_venues": (180, 560), "firms": (20, 60), "malls": (0, 4), "schools": (1, 4)}  # least and most
PLATED = ("home", "shop", "estate", "mall", "market")
REGISTER_FIELDS = ["cell", "kind", "day", "count"]


def make_registers(atlas: Atlas, doors: pd.DataFrame, until: np.datetime64, rng: np.random.Generator) -> pd.DataFrame:
    """REGISTER_FIELDS of the last four quarters (day as text): what lives and stands in each cell, growing a little."""
    held = _held(atlas, doors, rng)
    month = until.astype("datetime64[M]")
    quarter = month - int(month.astype(int) % 3)
    parts = []
    for back in range(QUARTERS):
        day = str((quarter - 3 * back).astype("datetime64[D]"))
        for kind, count in held.items():
            known = np.floor(count * (1 - 0.012 * back)).astype(int)
            parts.append(pd.DataFrame({"cell": atlas.cells["code"], "kind": kind, "day": day, "count": known}))
    return pd.concat(parts, ignore_index=True)[REGISTER_FIELDS]


def make_households(atlas: Atlas, rng: np.random.Generator) -> pd.DataFrame:
    """cell, households: the newest count of the cells where flats were finished since the map was drawn."""
    grown = np.sort(rng.choice(np.flatnonzero(atlas.cells["residents"] > 800), 24, replace=False))
    cells = atlas.cells.iloc[grown]
    return pd.DataFrame({"cell": cells["code"], "households": cells["households"] + rng.integers(2, 30, len(grown))})


def make_plates(atlas: Atlas, doors: pd.DataFrame) -> pd.DataFrame:
    """code, address, lon, lat of every second door that people live or trade behind; one plate an address."""
    chosen = doors[doors["use"].isin(PLATED)].drop_duplicates("address").iloc[::2].sort_values("cell", kind="stable")
    cell = atlas.cells["code"].to_numpy()[chosen["cell"]]
    inside = chosen.groupby("cell").cumcount() + 1
    codes = [f"MP{code}{number:03d}" for code, number in zip(cell, inside, strict=True)]
    return chosen[["address", "lon", "lat"]].round(6).assign(code=codes)


def _held(atlas: Atlas, doors: pd.DataFrame, rng: np.random.Generator) -> dict[str, np.ndarray]:
    cells = atlas.cells
    residents, households = cells["residents"].to_numpy(), cells["households"].to_numpy()
    held = {"people": residents, "households": households, "houses": np.round(households * 1.08).astype(int)}
    trade = np.bincount(doors["cell"], doors["use"].isin(["shop", "mall", "market", "bar"]), len(cells)) + 0.2
    community = cells["community_no"].to_numpy()
    for kind, (least, most) in OF_COMMUNITY.items():
        count = np.zeros(len(cells), dtype=int)
        for number in range(len(atlas.communities)):
            mine = community == number
            count[mine] = apportioned(int(rng.integers(least, most + 1)), trade[mine])
        held[kind] = count
    return held
