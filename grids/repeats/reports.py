"""Reports as sorted columns of numbers: what the compiled loops read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.errors import InputError
from grids.repeats.rooms import Rooms, rooms_of

Longs = npt.NDArray[np.int64]
Reals = npt.NDArray[np.float64]

COLUMNS = ("key", "at", "group", "phone", "lon", "lat", "address", "ended_at")
NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Reports:
    """n reports sorted by (at, key). Codes are -1 where a report says nothing; `phones` names the phone codes.

    at, ended_at: microseconds since 1970, ended_at NEVER while the first handling lasts. lon, lat: WGS-84 degrees or
    NaN. room and building are codes within the report's category group; district is a code or -1.
    `rooms[text]` are the keys of an address.
    """

    key: npt.NDArray[Any]
    at: Longs
    ended_at: Longs
    group: Longs
    phone: Longs
    phones: list[bytes]
    room: Longs
    building: Longs
    place: Longs
    district: Longs
    lon: Reals
    lat: Reals
    rooms: Sequence[Rooms]
    text: Longs

    def __len__(self) -> int:
        return len(self.at)


def reports_of(frame: pd.DataFrame) -> Reports:
    """Columns of COLUMNS → Reports. Raises InputError for missing columns, keys given twice and times without zone.

    key: anything that sorts and does not depend on arrival ("channel:source_no"); at, ended_at: aware instants
    (ended_at may be null); group, address: text; phone: keyed hash or null.
    """
    missing = [name for name in COLUMNS if name not in frame]
    if missing:
        raise InputError(f"Give the reports the columns {', '.join(missing)} too.")
    texts, addresses = pd.factorize(frame["address"])
    found = rooms_of(addresses)
    rooms = [*found, Rooms()]  # the last one is what code -1 points at
    return columns_of(
        key=frame["key"].to_numpy(),
        at=_instants(frame["at"], "at"),
        ended_at=_instants(frame["ended_at"], "ended_at"),
        group=frame["group"].to_numpy(dtype=object),
        phone=frame["phone"].to_numpy(dtype=object),
        rooms=rooms,
        text=texts,
        lon=frame["lon"].to_numpy(dtype=np.float64),
        lat=frame["lat"].to_numpy(dtype=np.float64),
    )


def columns_of(
    key: npt.NDArray[Any], at: Longs, ended_at: Longs, group: npt.NDArray[Any], phone: npt.NDArray[Any],
    rooms: Sequence[Rooms], text: npt.NDArray[Any], lon: Reals, lat: Reals,
) -> Reports:  # fmt: skip
    """Sort and code; `text` says for each report which of `rooms` is its address."""
    order = np.lexsort((pd.factorize(key, sort=True)[0], at))
    key = key[order]
    if len(pd.unique(key)) < len(key):
        raise InputError("Give every report a key of its own: one of them occurs twice.")
    if (at == NEVER).any():
        raise InputError("Give every report the instant at which it was made.")
    group_code = pd.factorize(group)[0].astype(np.int64)
    phone_code, phones = pd.factorize(phone)
    lon, lat = np.where(np.isfinite(lon + lat), lon, np.nan), np.where(np.isfinite(lon + lat), lat, np.nan)
    building = _codes([each.building for each in rooms])[text]
    return Reports(
        key=key,
        at=at[order],
        ended_at=ended_at[order],
        group=group_code[order],
        phone=phone_code[order].astype(np.int64),
        phones=list(phones),
        room=_within(_codes([each.room for each in rooms])[text], group_code)[order],
        building=_within(building, group_code)[order],
        place=_places(lon, lat, building)[order],
        district=_codes([each.district for each in rooms])[text][order],
        lon=lon[order],
        lat=lat[order],
        rooms=rooms,
        text=np.asarray(text)[order],
    )


def _instants(values: pd.Series, name: str) -> Longs:
    """Microseconds since 1970, NEVER for nothing."""
    if values.isna().all():
        return np.full(len(values), NEVER)
    if getattr(values.dtype, "tz", None) is None:
        raise InputError(f"Give {name} a time zone.")
    plain = values.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy().astype("datetime64[us]")
    return np.where(np.isnat(plain), NEVER, plain.astype(np.int64))


def _codes(texts: Sequence[str]) -> Longs:
    """Equal texts, equal codes from 0; -1 for ""."""
    named = np.array([text or None for text in texts], dtype=object)
    return pd.factorize(named)[0].astype(np.int64)


def _within(code: Longs, group: Longs) -> Longs:
    """The code paired with the category group, -1 where either is."""
    return np.where((code < 0) | (group < 0), -1, code * (group.max(initial=0) + 1) + group)


def _places(lon: Reals, lat: Reals, building: Longs) -> Longs:
    """Codes of where a phone was used: squares of 0.005° (some 500 m), without a point the building; -1 unknown."""
    known = np.isfinite(lon)
    column, row = (np.floor(np.where(known, axis, 0.0) / 0.005).astype(np.int64) for axis in (lon, lat))
    square = (column + 100_000) * 200_000 + row + 100_000
    return np.where(known, square, np.where(building < 0, -1, -2 - building))
