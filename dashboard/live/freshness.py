"""How old is what we show: per channel the last report and the last load, and whether that is too long ago."""

from datetime import datetime, timedelta

import pandas as pd

STALE_AFTER = timedelta(hours=26)  # sources deliver at least daily; two hours' grace


def judged(freshness: pd.DataFrame, now: datetime) -> pd.DataFrame:
    """freshness[channel, name, last_reported_at, last_loaded_at] that ever delivered, with `stale` added."""
    known = freshness[freshness["last_reported_at"].notna()].copy()
    known["stale"] = pd.Timestamp(now) - known["last_loaded_at"] > STALE_AFTER
    return known.sort_values("last_reported_at", ascending=False, ignore_index=True)


def data_through(freshness: pd.DataFrame) -> datetime | None:
    """The instant of the last report of any channel; None before the first load."""
    last = freshness["last_reported_at"].max()
    return None if pd.isna(last) else pd.Timestamp(last).to_pydatetime()
