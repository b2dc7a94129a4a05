"""Shanghai's public addresses placed by us and by peers: share answered, near, covered by the radius, and speed."""

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from pyproj import Geod

from geo.address import parse
from geo.gazetteer import Gazetteer
from tests.bench.addok_peer import by_addok
from tests.oracle.addresses import nearest_number

Points = np.ndarray
_NAMES = {"wgs84_lng": "lon", "wgs84_lat": "lat", "street_level": "street"}
_REPEATS = 3


def main() -> None:
    """Print a line for each way of placing; every one is given the address text alone."""
    named = os.environ.get("BEATGRID_REALDATA")
    if not named:
        print("addresses: set BEATGRID_REALDATA to the folder of the public data, then run again")
        return
    base, asked = (_read(Path(named) / "shanghai" / f"addresses_{name}.csv") for name in ("base", "queries_dev"))
    print(f"\naddresses: {len(asked):,} questions, base of {len(base):,}, one core, no question is in the base")
    print(f"  {'':<18}answered  ≤100 m  ≤300 m  median of answered  addresses/s")
    ours(base, asked)
    for name, peer in PEERS.items():
        _peer(name, peer, base, asked)


def ours(base: pd.DataFrame, asked: pd.DataFrame) -> None:
    """Our line, then the radius: coverage overall and by method."""
    began = time.perf_counter()
    places = Gazetteer(base)
    built = time.perf_counter() - began
    texts = asked["address"].tolist()
    places.locate(texts[:10])
    began, used = time.perf_counter(), time.process_time()
    for _ in range(_REPEATS):
        found = places.locate(texts)
    count = _REPEATS * len(texts)
    speed, core = count / (time.perf_counter() - began), count / (time.process_time() - used)
    error = _error_m(asked, found[["lon", "lat"]].to_numpy())
    _line("ours", error, speed)
    print(f"  built in {built:.1f} s, radii learned; {core:,.0f} addresses a second of processor time")
    _coverage(found, error)
    _told_districts(places, asked)


def _coverage(found: pd.DataFrame, error: np.ndarray) -> None:
    told = pd.DataFrame({"method": found["method"], "error": error, "radius": found["radius_m"]}).dropna()
    told["held"] = told["error"] <= told["radius"]
    print(
        f"  90 % radius holds {100 * told['held'].mean():.1f} % of the truths, median {told['radius'].median():.0f} m"
    )
    print(f"    {'method':<14}{'answers':>8}  ≤100 m  ≤300 m    held  median radius m")
    for method, rows in told.groupby("method"):
        near, far = 100 * (rows["error"] <= 100).mean(), 100 * (rows["error"] <= 300).mean()
        held, radius = 100 * rows["held"].mean(), rows["radius"].median()
        print(f"    {method:<14}{len(rows):>8}  {near:5.1f}%  {far:5.1f}%  {held:5.1f}%  {radius:8.0f}")


def _told_districts(places: Gazetteer, asked: pd.DataFrame) -> None:
    written = places.locate((asked["district"] + asked["address"]).tolist())
    error = _error_m(asked, written[["lon", "lat"]].to_numpy())
    _line("ours, + district", error, None)


def by_number(base: pd.DataFrame, asked: pd.DataFrame) -> Points:
    """The nearest number of the same road."""
    roads: dict[str, tuple[list[int], list[tuple[float, float]]]] = {}
    for text, lon, lat in zip(base["address"], base["lon"], base["lat"], strict=True):
        address = parse(text)
        if address.road and address.place_on_road is not None:
            numbers, points = roads.setdefault(address.road, ([], []))
            numbers.append(address.place_on_road)
            points.append((lon, lat))
    out = np.full((len(asked), 2), np.nan)
    for row, text in enumerate(asked["address"]):
        address = parse(text)
        if address.road in roads and address.place_on_road is not None:
            out[row] = nearest_number(*roads[address.road], address.place_on_road)
    return out


def by_rapidfuzz(base: pd.DataFrame, asked: pd.DataFrame) -> Points:
    """The address of the base with the best ratio."""
    from rapidfuzz import fuzz, process

    known = base["address"].tolist()
    best = [process.extractOne(text, known, scorer=fuzz.ratio)[2] for text in asked["address"]]
    return base[["lon", "lat"]].to_numpy()[best]


def by_trigrams(base: pd.DataFrame, asked: pd.DataFrame) -> Points:
    """The address of the base nearest in trigrams, by PostgreSQL with a GiST index, on a private cluster."""
    from sqlalchemy import create_engine, text

    from db.cluster import SUPERUSER, Cluster

    with tempfile.TemporaryDirectory(prefix="beatgrid-bench-") as folder:
        os.chmod(folder, 0o755)  # the server runs as another user
        cluster = Cluster(Path(folder))
        cluster.start()
        try:
            with create_engine(cluster.url(SUPERUSER, "postgres")).connect() as conn:
                conn.execute(text("CREATE EXTENSION pg_trgm"))
                conn.execute(text("CREATE TEMP TABLE known (id int, address text)"))
                rows = [{"id": at, "address": value} for at, value in enumerate(base["address"])]
                conn.execute(text("INSERT INTO known VALUES (:id, :address)"), rows)
                conn.execute(text("CREATE INDEX ON known USING gist (address gist_trgm_ops)"))
                nearest = text("SELECT id FROM known ORDER BY address <-> :asked, id LIMIT 1")
                best = [conn.execute(nearest, {"asked": value}).scalar_one() for value in asked["address"]]
        finally:
            cluster.destroy()
    return base[["lon", "lat"]].to_numpy()[best]


PEERS = {
    "nearest number": by_number,
    "rapidfuzz ratio": by_rapidfuzz,
    "addok": by_addok,
    "pg_trgm": by_trigrams,
}


def _peer(
    name: str, peer: Callable[[pd.DataFrame, pd.DataFrame], Points], base: pd.DataFrame, asked: pd.DataFrame
) -> None:
    began = time.perf_counter()
    try:
        points = peer(base, asked)
    except ImportError as missing:
        print(f"  {name:<18}not installed: {missing.name}")
        return
    _line(name, _error_m(asked, points), len(asked) / (time.perf_counter() - began))


def _line(name: str, error: np.ndarray, speed: float | None) -> None:
    answered = 100 * np.isfinite(error).mean()
    near, far = (100 * (error <= metres).mean() for metres in (100, 300))
    told = "" if speed is None else f"{speed:>18,.0f}"
    print(f"  {name:<18}{answered:7.1f}%  {near:5.1f}%  {far:5.1f}%  {np.nanmedian(error):14.0f} m{told}")


def _error_m(asked: pd.DataFrame, points: Points) -> np.ndarray:
    error = np.full(len(asked), np.nan)
    rows = np.isfinite(points[:, 0])
    truth = asked[["lon", "lat"]].to_numpy()[rows]
    error[rows] = Geod(ellps="WGS84").inv(truth[:, 0], truth[:, 1], points[rows, 0], points[rows, 1])[2]
    return error


def _read(path: Path) -> pd.DataFrame:
    frame = pd.read_csv(path, dtype={"address": str}).rename(columns=_NAMES)
    return frame[["district", "address", "lon", "lat", "street"]]


if __name__ == "__main__":
    main()
