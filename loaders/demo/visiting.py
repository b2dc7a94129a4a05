"""Visits of the demo city: what beat leads did in a year, and grid workers and auxiliaries of late."""

import numpy as np
import pandas as pd

from loaders.demo.atlas import Atlas
from loaders.demo.calendar import workdays
from loaders.demo.roster import NOBODY, Roster

DAY = np.timedelta64(1, "D")
LEAD_DAYS, GRID_DAYS = 365, 45
# A year's visits of the busiest lead stay below 3,900, and the records they complete below 1,360.
MOST_A_YEAR, RECORDS_SHARE = 3_900, 0.3
KINDS = (("household", 0.66), ("venue", 0.14), ("firm", 0.06), ("patrol", 0.06), ("publicity", 0.05), ("care", 0.03))
COLUMNS = ["at", "officer", "cell", "kind", "count", "records", "minutes"]


def make_visits(
    atlas: Atlas, roster: Roster, absences: pd.DataFrame, until: np.datetime64, scale: float, rng: np.random.Generator
) -> pd.DataFrame:
    """COLUMNS: local time, officer and cell as positions; a row is what one officer did in one cell on one day.

    Below scale 1 only that share of the rows is there.
    """
    beats, cells = np.arange(len(atlas.beats)), np.arange(len(atlas.cells))
    leads = _rows("lead", beats, LEAD_DAYS, 9.5, 0.45, until, rng)
    leads["cell"] = _cell_of_beat(atlas, leads["place"].to_numpy(), rng)
    workers = _rows("worker", cells, GRID_DAYS, 6.0, 0.3, until, rng).assign(cell=lambda rows: rows["place"])
    helpers = _rows("aux", beats, GRID_DAYS, 5.0, 0.3, until, rng)
    helpers["cell"] = _cell_of_beat(atlas, helpers["place"].to_numpy(), rng)
    frame = pd.concat([leads, workers, helpers], ignore_index=True)
    frame = frame[rng.random(len(frame)) < min(1.0, scale)]
    frame["officer"] = np.concatenate([
        roster.who(actor, rows["place"].to_numpy(), rows["at"].to_numpy(), rng.random(len(rows)))
        for actor in frame["actor"].unique().tolist() for rows in [frame[frame["actor"] == actor]]
    ]) if len(frame) else []  # fmt: skip
    frame = frame[(frame["officer"] != NOBODY) & (frame["at"] <= until)].reset_index(drop=True)
    frame = frame[~_away(frame, absences)]
    return _filled(frame, rng).sort_values(["at", "officer", "cell"], ignore_index=True)[COLUMNS]


def _rows(actor: str, places: np.ndarray, days: int, mean: float, spread: float, until: np.datetime64,
          rng: np.random.Generator) -> pd.DataFrame:  # fmt: skip
    """One row a place and working day: actor, place, at, count."""
    last = until.astype("datetime64[D]")
    calendar = np.arange(last - (days - 1) * DAY, last + DAY)
    calendar = calendar[workdays(calendar)]
    place, at = (each.ravel() for each in np.meshgrid(places, calendar, indexing="ij"))
    pace = (mean * rng.lognormal(0.0, spread, len(places))).clip(max=0.95 * MOST_A_YEAR / 250)
    count = rng.poisson(pace[np.searchsorted(places, place)])
    seconds = rng.integers(9 * 3_600, 17 * 3_600, len(place)).astype("timedelta64[s]")
    frame = pd.DataFrame({"actor": actor, "place": place, "at": at.astype("datetime64[s]") + seconds, "count": count})
    return frame[frame["count"] > 0]


def _cell_of_beat(atlas: Atlas, beat: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """One of each beat's cells."""
    held = [np.flatnonzero(atlas.cells["beat_no"] == number) for number in range(len(atlas.beats))]
    return np.array(
        [held[b][int(r * len(held[b]))] for b, r in zip(beat, rng.random(len(beat)), strict=True)], dtype=int
    )


def _filled(frame: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    kinds, shares = (list(each) for each in zip(*KINDS, strict=True))
    count = frame["count"].to_numpy()
    minutes = np.round(count * rng.lognormal(np.log(14), 0.3, len(frame)) / 5) * 5
    return frame.assign(
        kind=rng.choice(kinds, len(frame), p=shares), records=rng.binomial(count, RECORDS_SHARE),
        minutes=minutes.clip(5, 420).astype(int),
    )  # fmt: skip


def _away(rows: pd.DataFrame, absences: pd.DataFrame) -> np.ndarray:
    both = rows.reset_index(names="row")[["row", "officer", "at"]].merge(absences, on="officer")
    hit = both[(both["at"] >= both["start"]) & (both["at"] < both["end"])]
    return np.asarray(rows.index.isin(hit["row"]))
