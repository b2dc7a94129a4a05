"""What happens in the demo city: matters with type, channel, door and time of the first report."""

import numpy as np
import pandas as pd
import shapely

from loaders.demo.addresses import NIGHT_STREET
from loaders.demo.atlas import Atlas
from loaders.demo.clock import Span, times
from loaders.demo.ground import in_metres, to_lonlat, to_metres
from loaders.demo.grouping import Floats, Ints
from loaders.demo.habits import AFFINITY, AT_HOME, CHANNELS, HOME_ONLY, SEVERITY_SHARE

NIGHT_CALMED_DAYS, NIGHT_CALMED_SHARE = 180, 0.40  # the night street has brought 40 % less of late
AT_SEA_SHARE, OFF_SHORE_M = 0.003, 6.0


def make_matters(atlas: Atlas, doors: pd.DataFrame, catalogue: pd.DataFrame, count: int, span: Span,
                 rng: np.random.Generator) -> pd.DataFrame:  # fmt: skip
    """One row a matter, by time: at (local), channel, type and door (positions), cell, beat, lon, lat, at_sea."""
    parts = []
    for channel, (share, groups) in CHANNELS.items():
        weights = np.array(list(groups.values()), dtype=float)
        counts = rng.multinomial(round(count * share), weights / weights.sum())
        parts += [
            _drawn(channel, group, n, doors, catalogue, span, rng) for group, n in zip(groups, counts, strict=True)
        ]
    frame = pd.concat(parts, ignore_index=True).sort_values(["at", "type", "door"], kind="stable", ignore_index=True)
    frame["door"] = _calmed(frame, atlas, doors, span.end, rng)
    frame["cell"] = doors["cell"].to_numpy()[frame["door"]]
    lonlat = _near_doors(doors, frame["door"].to_numpy(), rng)
    sea = np.flatnonzero(rng.random(len(frame)) < AT_SEA_SHARE)
    lonlat[sea], cell = _off_the_coast(atlas, len(sea), rng)
    frame.loc[sea, "cell"] = cell
    frame.loc[sea, "door"] = _doors_near(doors, lonlat[sea], cell)
    frame["beat"] = atlas.cells["beat_no"].to_numpy()[frame["cell"]]
    return frame.assign(lon=lonlat[:, 0], lat=lonlat[:, 1], at_sea=np.isin(np.arange(len(frame)), sea))


def door_weights(doors: pd.DataFrame, group: str) -> np.ndarray:
    """Relative number of reports of a category group at each door."""
    factors = AT_HOME | AFFINITY.get(group, {}) if group in HOME_ONLY else AFFINITY.get(group, {})
    otherwise = 0.0 if group in HOME_ONLY else 1.0
    return np.asarray(doors["pull"] * doors["use"].map(factors).astype(float).fillna(otherwise))


def _drawn(channel: str, group: str, count: int, doors: pd.DataFrame, catalogue: pd.DataFrame, span: Span,
           rng: np.random.Generator) -> pd.DataFrame:  # fmt: skip
    types = np.flatnonzero(catalogue["group"] == group)
    rarity = catalogue["default_severity"].map(SEVERITY_SHARE).to_numpy(dtype=float)[types]
    weights = rarity / (1 + np.arange(len(types))) ** 0.5
    return pd.DataFrame({
        "at": times(group, count, span, rng),
        "channel": channel,
        "type": types[_pick(weights, count, rng)],
        "door": _pick(door_weights(doors, group), count, rng),
        "group": group,
    })  # fmt: skip


def _pick(weights: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
    sums = weights.cumsum()
    place = np.searchsorted(sums, rng.random(count) * sums[-1], side="right")
    return np.asarray(np.minimum(place, len(weights) - 1))


def _calmed(
    frame: pd.DataFrame, atlas: Atlas, doors: pd.DataFrame, until: np.datetime64, rng: np.random.Generator
) -> np.ndarray:
    """Doors, after a share of the night street's late reports went to other places of the city."""
    night = (atlas.communities["name"] == NIGHT_STREET).to_numpy()[atlas.cells["community_no"]][doors["cell"]]
    door = frame["door"].to_numpy().copy()
    late = (frame["at"] > until - np.timedelta64(NIGHT_CALMED_DAYS, "D")).to_numpy()
    moved = np.flatnonzero(night[door] & late & (rng.random(len(frame)) < NIGHT_CALMED_SHARE))
    for group in dict.fromkeys(frame["group"].iloc[moved]):
        mine = moved[(frame["group"].iloc[moved] == group).to_numpy()]
        door[mine] = _pick(np.where(night, 0.0, door_weights(doors, group)), len(mine), rng)
    return door


def _near_doors(doors: pd.DataFrame, door: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Coordinates as phones give them: within three metres of the door."""
    at_door = to_metres(doors[["lon", "lat"]].to_numpy()[door])
    return np.round(to_lonlat(at_door + rng.normal(0, 1.4, at_door.shape).clip(-3, 3)), 6)


def _off_the_coast(atlas: Atlas, count: int, rng: np.random.Generator) -> tuple[Floats, Ints]:
    """Points some metres outside the water's edge (EPSG:4326), and the cell that lies nearest to each."""
    district = atlas.coast.district
    edge = district.exterior.intersection(atlas.coast.land.exterior.buffer(0.5))
    edge = max(shapely.get_parts(shapely.line_merge(edge)), key=shapely.length)
    sides = (shapely.offset_curve(edge, metres) for metres in (OFF_SHORE_M, -OFF_SHORE_M))
    out = next(side for side in sides if not side.interpolate(0.5, normalized=True).within(district))
    points = shapely.line_interpolate_point(out, rng.random(count), normalized=True)
    cells = shapely.STRtree([in_metres(shape) for shape in atlas.cells.geometry])
    return np.round(to_lonlat(shapely.get_coordinates(points)), 6), np.array([cells.nearest(p) for p in points], int)


def _doors_near(doors: pd.DataFrame, lonlat: np.ndarray, cell: np.ndarray) -> np.ndarray:
    """The nearest door inside the given cell of each point."""
    where, at = doors["cell"].to_numpy(), doors[["lon", "lat"]].to_numpy()
    return np.array(
        [np.where(where == c, ((at - p) ** 2).sum(axis=1), np.inf).argmin() for p, c in zip(lonlat, cell, strict=True)],
        dtype=int,
    )
