"""态势: today against what was to be expected, the newest reports, and how many of the period lie in each cell."""

from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd

from dashboard.live.looking import Looking, stepped
from dashboard.live.silence import hour_of
from dashboard.reading.records import rows
from db.measures.instants import times
from db.readmodel import ask

FEED = 14


def today(look: Looking) -> dict[str, Any]:
    """Reports so far beside the expectation by now; matters opened and closed today, open and overdue now.

    hour: how much of the local day the data covers; until: its last instant where no more has come for too long, and
    then the comparison is of that instant. Nothing of today at all is "unheard", not 0.
    """
    (stand,) = rows(look.measure("standing", look.today))
    counts = {name: getattr(stand, name) for name in ("opened", "closed", "open", "overdue", "due_soon")}
    if look.unheard:
        counts |= {"opened": None, "closed": None}
    silent = look.until < look.now
    return {"until": look.until if silent else None, **_compared(look), **counts}


def _compared(look: Looking) -> dict[str, Any]:
    (told,) = rows(look.measure("expected today", look.today, now=_reached(look)))
    if look.unheard:
        return {"hour": 0, "reports": None, "verdict": "unheard", "expected": None}
    return {
        "hour": hour_of(look.until), "reports": told.observed, "days": told.days, "holiday": bool(told.is_holiday),
        "expected": told.expected, "low": told.limit_low, "high": told.limit_high, "verdict": told.verdict,
    }  # fmt: skip


def _reached(look: Looking) -> datetime:
    """The instant of today up to which there is data."""
    return max(look.until, look.today.start)


def hours(look: Looking) -> dict[str, Any]:
    """The running counts of today, as far as there is data, and of the expectation at each hour's end, as columns."""
    table = look.measure("expected by hour", look.today, now=_reached(look))
    return {name: table[name].tolist() for name in ("hour", "observed", "expected", "low", "high")}


def feed(look: Looking) -> list[dict[str, Any]]:
    """The newest reports of the last days: when, what, in which cell, through which channel; never where exactly."""
    asked = ask(look.view, "report", look.of("7d"))
    newest = np.arange(len(asked)) >= len(asked) - FEED
    asked = asked.where(newest)
    spots, words = look.view.about.spots.table, look.view.about.words
    cells = spots["cell"].to_numpy(object)[asked["spot"]]
    at = times(asked["at"], look.view.about.ticks)
    names, channels = words.category("name"), [code for code, _name in words.channels]
    grades = (asked.of_matter("grades") >> 2) & 3
    told = zip(asked["id"], at, asked["category"], asked["channel"], cells, grades, strict=True)
    found = [
        {"id": int(number), "at": instant, "category": names[category], "channel": channels[channel],
         "cell": cell, "place": look.name("cell", cell), "severity": int(grade)}
        for number, instant, category, channel, cell, grade in told
    ]  # fmt: skip
    return found[::-1]


def cells(look: Looking) -> dict[str, Any]:
    """Step of every cell of the place by its reports of the period, and from which count each step begins."""
    here = look.desk.geometry().within(look.wanted.place, look.facts)["cell"]
    asked = ask(look.view, "report", look.period, by="cell", boundaries="now")
    counted = asked.table({"reports": np.ones(len(asked), np.int64)}).dropna(subset="key").set_index("key")["reports"]
    values = pd.Series(here.map(counted).fillna(0).astype("int64"))
    bounds, steps = stepped(values)
    return {"from": bounds, "steps": dict(zip(here.tolist(), steps, strict=True)), "reports": int(values.sum())}
