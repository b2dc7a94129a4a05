"""The next doors to knock at: due matters that have a place, by distance as the crow flies."""

import pandas as pd
from pyproj import Geod

DOORS = 3
SAME = 5  # decimals of a degree: about a metre
EARTH = Geod(ellps="WGS84")


def nearest_doors(work: pd.DataFrame, lon: float, lat: float, most: int = DOORS) -> pd.DataFrame:
    """The nearest doors to a point in degrees WGS-84: lon, lat, metres, address, numbers (of its matters).

    work: number, why ("open": not pressing), address, lon, lat (NaN: no place). Matters of one address, or of one point
    where no address is known, are one door. What presses goes first; only when that makes fewer than `most` doors do
    the open ones count too. The script on the phone ranks by the same rule.
    """
    placed = work[work["lon"].notna()]
    points = [f"{row.lon:.{SAME}f} {row.lat:.{SAME}f}" for row in placed.itertuples()]
    placed = placed.assign(
        door=placed["address"].where(placed["address"].notna(), pd.Series(points, placed.index, str))
    )
    pressing = placed[placed["why"] != "open"]
    chosen = pressing if pressing["door"].nunique() >= most else placed
    doors = chosen.groupby("door", sort=False).agg(
        lon=("lon", "first"), lat=("lat", "first"), address=("address", "first"), numbers=("number", list)
    )
    doors = doors.reset_index(drop=True)
    away = [EARTH.inv(lon, lat, row.lon, row.lat)[2] for row in doors.itertuples()]
    doors = doors.assign(metres=pd.Series(away, index=doors.index, dtype=float))
    return doors.sort_values("metres", kind="stable").head(most).reset_index(drop=True)
