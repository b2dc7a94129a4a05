"""The base read: addresses parsed, coordinates in metres, rows that cannot be used left out."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from geo.address import parse
from geo.datums import FloatArray
from geo.errors import InputError
from geo.gazetteer.kriging import IntArray
from geo.gazetteer.names import Spot, spot_of

_METRES_A_DEGREE = 111_195.0


class Base:
    """Usable rows of the base: parsed `addresses`, their `spots`, x and y in metres, district as a code."""

    def __init__(self, frame: pd.DataFrame) -> None:
        missing = [name for name in ("address", "lon", "lat") if name not in frame.columns]
        if missing:
            raise InputError(f"The address table has no column {missing[0]}: give address, lon and lat.")
        lon = pd.to_numeric(frame["lon"], errors="coerce").to_numpy(np.float64)
        lat = pd.to_numeric(frame["lat"], errors="coerce").to_numpy(np.float64)
        usable = np.flatnonzero((np.abs(lon) <= 180) & (np.abs(lat) <= 85))
        self.lon, self.lat = lon[usable], lat[usable]
        self.middle = (float(np.median(self.lon)), float(np.median(self.lat))) if len(usable) else (0.0, 0.0)
        self.x, self.y = self.metres(self.lon, self.lat)
        self.addresses = [parse(text) for text in _texts(frame, "address", usable)]
        self.texts = [address.text for address in self.addresses]
        self.spots = [spot_of(address) for address in self.addresses]
        self.names = _texts(frame, "name", usable)
        self.districts = _told(frame, "district", usable, [address.district for address in self.addresses])
        self.streets = _told(frame, "street", usable, [address.street for address in self.addresses])
        self.communities = _told(frame, "community", usable, [address.community for address in self.addresses])
        self.district_names = sorted(set(self.districts) - {""})
        self.district_code = {name: code for code, name in enumerate(self.district_names)}
        self.district: IntArray = np.array([self.district_code.get(name, -1) for name in self.districts], np.int64)

    def __len__(self) -> int:
        return len(self.texts)

    def forget_parsing(self) -> None:
        """Let go of what only building needs: many small objects slow everything down."""
        self.addresses, self.spots = [], []

    def metres(self, lon: FloatArray, lat: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Degrees → metres east and north of the middle of the base (a city or region: exact to 1 % over 100 km)."""
        squeeze = np.cos(np.radians(self.middle[1]))
        return (lon - self.middle[0]) * _METRES_A_DEGREE * squeeze, (lat - self.middle[1]) * _METRES_A_DEGREE

    def degrees(self, x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
        """The inverse of `metres`."""
        squeeze = np.cos(np.radians(self.middle[1]))
        return self.middle[0] + x / (_METRES_A_DEGREE * squeeze), self.middle[1] + y / _METRES_A_DEGREE


def as_text(value: object) -> str:
    """The value of a table's field as text; "" for what is missing."""
    return value if isinstance(value, str) else "" if value is None or value != value or value is pd.NA else str(value)


def _texts(frame: pd.DataFrame, column: str, rows: IntArray) -> list[str]:
    if column not in frame.columns:
        return [""] * len(rows)
    return [as_text(value) for value in frame[column].iloc[rows].tolist()]


def _told(frame: pd.DataFrame, column: str, rows: IntArray, parsed: Sequence[str]) -> list[str]:
    return [told or read for told, read in zip(_texts(frame, column, rows), parsed, strict=True)]


def number_of(spot: Spot) -> float:
    """The number of a spot as a float; NaN when it has none."""
    return np.nan if spot.number is None else float(spot.number)
