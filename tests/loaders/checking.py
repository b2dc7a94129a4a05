"""Checks a handful of rows written as dicts, for tests."""

from datetime import UTC, datetime
from typing import Any

import pandas as pd

from loaders.checks import Checked, check
from loaders.mapping import plan_mapping
from loaders.profiles import Profile

NOW = datetime(2026, 3, 10, tzinfo=UTC)
OURS = Profile("beatgrid")


def checked(
    kind: str, *rows: dict[str, Any], profile: Profile = OURS, crs: str | None = "EPSG:4326", **more: Any
) -> Checked:
    """What the check of `kind` makes of the rows; the first is in line 2."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    index = pd.RangeIndex(2, len(rows) + 2, name="line")
    data = {name: pd.Series([row.get(name) for row in rows], index=index, dtype=object) for name in columns}
    plan = plan_mapping([name for name in columns if name != "geometry"], kind, profile, {}, "geometry" in columns)
    return check(pd.DataFrame(data), kind, plan, profile, crs, NOW, **more)


def incident(**more: Any) -> dict[str, Any]:
    """A faultless incident as text."""
    return {
        "channel": "110",
        "source_no": "1",
        "reported_at": "2026-03-04 05:06:07",
        "lon": "120.38",
        "lat": "36.06",
        **more,
    }


def reasons(outcome: Checked) -> list[str]:
    """All reasons of all rejects."""
    return [reason for reject in outcome.rejects for reason in reject.reasons]
