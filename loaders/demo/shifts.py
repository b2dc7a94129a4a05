"""Duty of the demo city's staff: absences with cover over half a year, shifts of last, this and next week."""

import numpy as np
import pandas as pd

from loaders.demo.calendar import workdays
from loaders.demo.staff import FIXED, Staff

DAY = np.timedelta64(1, "D")
HOUR, MINUTE = np.timedelta64(3_600, "s"), np.timedelta64(60, "s")
STARTS, ENDS = 8 * HOUR + 30 * MINUTE, 17 * HOUR + 30 * MINUTE
TURNS = 6  # every sixth night is a night at the station, and the day after it is free
ABSENT_BLOCK_DAYS, BLOCKS = 60, 4  # one absence at most in a block; the last block reaches past the present
ABSENT_SHARE, COVERED_SHARE = 0.55, 0.85
ON_NIGHTS = ("police", "auxiliary")
NO_SHIFTS = ("volunteer", "lawyer", "counsellor")
ABSENCES = ["officer", "kind", "start", "end", "cover"]
SHIFTS = ["officer", "kind", "start", "end"]


def make_absences(staff: Staff, until: np.datetime64, rng: np.random.Generator) -> pd.DataFrame:
    """ABSENCES (officers as positions, cover -1: nobody; local times): one to twelve days each, never two at once."""
    parts = []
    count = len(staff.officers)
    first = until.astype("datetime64[D]") - (BLOCKS * ABSENT_BLOCK_DAYS - 30) * DAY
    for block in range(BLOCKS):
        officer = np.flatnonzero(rng.random(count) < ABSENT_SHARE)
        days = 1 + rng.geometric(0.25, len(officer)).clip(max=11)
        start = first + (block * ABSENT_BLOCK_DAYS + rng.integers(0, ABSENT_BLOCK_DAYS - 13, len(officer))) * DAY
        kind = rng.choice(["leave", "sick", "training", "other"], len(officer), p=[0.6, 0.15, 0.2, 0.05])
        begin = start.astype("datetime64[s]") + STARTS
        parts.append(pd.DataFrame({"officer": officer, "kind": kind, "start": begin, "end": begin + days * DAY}))
    frame = pd.concat(parts, ignore_index=True).sort_values(["start", "officer"], ignore_index=True)
    cover = _covers(staff, frame["officer"].to_numpy(), rng)
    return frame.assign(cover=np.where(rng.random(len(frame)) < COVERED_SHARE, cover, -1))[ABSENCES]


def make_shifts(staff: Staff, absences: pd.DataFrame, until: np.datetime64) -> pd.DataFrame:
    """SHIFTS (officers as positions, local times) of three weeks; nobody is on a shift while away."""
    kinds = staff.officers["kind"].to_numpy()
    today = until.astype("datetime64[D]")
    monday = today - ((today.astype(int) + 3) % 7) * DAY
    days = np.arange(monday - 7 * DAY, monday + 14 * DAY)
    works = workdays(days)
    officer = np.flatnonzero(~np.isin(kinds, NO_SHIFTS))
    who, at = (each.ravel() for each in np.meshgrid(officer, np.arange(len(days)), indexing="ij"))
    turn = (who + days.astype(int)[at]) % TURNS
    nights = np.isin(kinds[who], ON_NIGHTS)
    day, night = works[at] & ~(nights & (turn < 2)), nights & (turn == 0)
    standby = ~works[at] & nights & (turn == 3)
    kind = np.select([night, day, standby], ["night", "day", "standby"], "")
    start = days[at].astype("datetime64[s]") + np.where(night, ENDS, STARTS)
    frame = pd.DataFrame({"officer": who, "kind": kind, "start": start})
    frame["end"] = np.where(night, start + 15 * HOUR, start + 9 * HOUR)
    frame = frame[frame["kind"] != ""]
    return frame[~_away(frame, absences)].sort_values(["start", "officer"], ignore_index=True)


def _covers(staff: Staff, officers: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A colleague of each: of the same group, else of the same unit and kind; -1 where there is none."""
    people = staff.officers
    group = people["group"].where(people["group"] != FIXED, people["unit"] + people["kind"])
    members = {name: np.array(list(found)) for name, found in people.groupby(group).indices.items()}
    cover = np.full(len(officers), -1)
    for at, (officer, roll) in enumerate(zip(officers.tolist(), rng.random(len(officers)), strict=True)):
        others = members[group[officer]]
        others = others[others != officer]
        if len(others):
            cover[at] = others[int(roll * len(others))]
    return cover


def _away(shifts: pd.DataFrame, absences: pd.DataFrame) -> np.ndarray:
    both = shifts.reset_index(names="shift").merge(absences, on="officer", suffixes=("", "_away"))
    hit = both[(both["start"] < both["end_away"]) & (both["end"] > both["start_away"])]
    return np.asarray(shifts.index.isin(hit["shift"]))
