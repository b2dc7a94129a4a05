"""Linking reports: all at once, and one more pushed into a record.

BEATGRID_BENCH_REPORTS says how many (1 million).
"""

import os
import time

import numpy as np
import pandas as pd

from grids.repeats import kernels, link
from tests.bench.pushed_report import pushed_into

GROUPS = np.array(["disputes", "noise", "theft", "traffic", "help", "fire", "pets", "other"], dtype=object)


def reports(count: int, seed: int = 7) -> pd.DataFrame:
    """Ten years of reports: phones mostly of one person, some of front desks, half the reports with a room."""
    rng = np.random.default_rng(seed)
    person = rng.integers(0, max(1, count // 3), count)
    phones = np.array([number.to_bytes(32, "big") for number in range(person.max() + 1)], dtype=object)
    phone = phones[person]
    phone[rng.random(count) < 0.15] = None
    phone[rng.random(count) < 0.02] = b"front desk"
    home = np.random.default_rng(seed + 1).uniform((120.2, 36.0), (120.6, 36.3), (person.max() + 1, 2))
    away = rng.random(count) < 0.3
    point = np.where(away[:, None], rng.uniform((120.2, 36.0), (120.6, 36.3), (count, 2)), home[person])
    names = [f"{a}{b}{c}路" for a in "东西南北" for b in "海山江河湖城" for c in "春夏秋冬晨晚平和"]
    rooms = [f"{names[n % 192]}{n % 300 + 1}号{n % 12 + 1}号楼{n % 4 + 1}单元{n % 2003}" for n in person]
    address = np.where(rng.random(count) < 0.5, np.array(rooms, dtype=object), None)
    group = rng.choice(GROUPS, count)
    seconds = rng.integers(0, 3650 * 86400, count)
    # A quarter tells again what another report told, days later.
    again = np.flatnonzero(rng.random(count) < 0.25)
    of = rng.integers(0, count, len(again))
    for column in (phone, point, address, group):
        column[again] = column[of]
    seconds[again] = seconds[of] + rng.exponential(10 * 86400, len(again)).astype(np.int64)
    at = pd.Timestamp("2016-01-01", tz="UTC") + pd.to_timedelta(seconds, "s")
    ended = at + pd.to_timedelta(rng.exponential(5 * 86400, count).astype(np.int64), "s")
    return pd.DataFrame(
        {
            "key": np.arange(count), "at": at, "group": group, "phone": phone,
            "lon": point[:, 0], "lat": point[:, 1], "address": address, "ended_at": ended,
        }
    )  # fmt: skip


def main(count: int | None = None) -> None:
    """Print seconds from scratch and milliseconds for one more."""
    count = count or int(os.environ.get("BEATGRID_BENCH_REPORTS", 1_000_000))
    kernels.prepare()
    frame = reports(count)
    began = time.perf_counter()
    found = link(frame)
    spent = time.perf_counter() - began
    matters = found.matters["matter"].nunique()
    print(f"repeats: {count:,} reports, {frame['address'].nunique():,} addresses; from scratch {spent:.1f} s")
    print(f"  {matters:,} matters, {len(found.links):,} links, {len(found.suggestions):,} suggestions")
    pushed_into(count)
