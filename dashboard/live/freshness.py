"""How old is what we show? Each channel is judged by its own rhythm: a pushed feed by the hour, a file by the day."""

from datetime import datetime, timedelta

import numpy as np
import pandas as pd

STALE_AFTER = timedelta(hours=26)  # files come at least daily; two hours' grace
SHORTEST = timedelta(minutes=30)  # no feed is late before
LONGER = 1.5  # than the longest silence of its last eight weeks


def judged(freshness: pd.DataFrame, now: datetime) -> pd.DataFrame:
    """`freshness` of db.metrics of the channels that ever delivered, newest first, with `stale` (bool) added.

    A pushed channel is late when it has been silent half as long again as ever in the last eight weeks, and
    SHORTEST at least; one that comes in files, or whose rhythm is unknown, when nothing was loaded for STALE_AFTER.
    """
    known = freshness[freshness["last_reported_at"].notna()].copy()
    silence = pd.Timestamp(now) - known["last_reported_at"]
    usual = pd.to_timedelta(np.fmax(known["longest_gap_s"] * LONGER, SHORTEST.total_seconds()), unit="s")
    by_rhythm = known["pushed"].astype(bool) & known["longest_gap_s"].notna()
    since_loaded = pd.Timestamp(now) - known["last_loaded_at"]
    known["stale"] = np.where(by_rhythm, silence > usual, since_loaded > STALE_AFTER)
    return known.sort_values("last_reported_at", ascending=False, ignore_index=True)


def old_since(freshness: pd.DataFrame, now: datetime) -> datetime | None:
    """The last report of any channel when none has come for STALE_AFTER; None while data is new, or there is none."""
    last = data_through(freshness)
    return last if last is not None and now - last > STALE_AFTER else None


def data_through(freshness: pd.DataFrame) -> datetime | None:
    """The instant of the last report of any channel; None before the first load."""
    last = freshness["last_reported_at"].max()
    return None if pd.isna(last) else pd.Timestamp(last).to_pydatetime()
