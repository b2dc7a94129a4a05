"""The reports themselves: the first report of each matter, and the repeated ones that join it."""

import numpy as np
import pandas as pd

from loaders.demo.habits import PREFIXES, SILENT_CHANNELS
from loaders.demo.names import people_names
from loaders.demo.phrases import ENDINGS, FRONT_DESK_NAME, OPENINGS, OTHER_ENDINGS

REPEATS_OF_LONG, REPEATS_OF_SPOT = 0.85, 0.05  # mean number of further reports
PEOPLE = 10_000  # as many as there are made-up phone numbers


def make_reports(
    matters: pd.DataFrame, outcomes: pd.DataFrame, until: np.datetime64, rng: np.random.Generator
) -> pd.DataFrame:
    """One row a report by time: the columns of matters, and matter (position), first (bool), source_no."""
    first = matters.assign(matter=np.arange(len(matters)), first=True)
    again = _repeats(matters, outcomes, until, rng)
    frame = pd.concat([first, again], ignore_index=True).sort_values(
        ["at", "matter", "first"], kind="stable", ignore_index=True
    )
    return frame.assign(source_no=_numbers(frame))


def with_people(frame: pd.DataFrame, doors: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Adds reporter and phone: a few people call from each door, estates have one front desk, staff channels nobody."""
    names = np.array(people_names(PEOPLE, rng), dtype=object)
    caller = (frame["door"].to_numpy() * 7 + rng.geometric(0.55, len(frame)).clip(max=6)) % PEOPLE
    same = pd.Series(caller).groupby(frame["matter"].to_numpy()).transform("first").to_numpy()
    caller = np.where(rng.random(len(frame)) < 0.7, same, caller)  # mostly it is the same person who calls again
    desk = (doors["use"] == "estate").to_numpy()[frame["door"]] & (rng.random(len(frame)) < 0.5)
    silent = frame["channel"].isin(SILENT_CHANNELS).to_numpy()
    named, called = ~silent & (rng.random(len(frame)) < 0.62), ~silent & (rng.random(len(frame)) < 0.66)
    phone = np.array([f"1990000{n:04d}" for n in range(PEOPLE)], dtype=object)[np.where(desk, frame["cell"], caller)]
    name = np.where(desk, FRONT_DESK_NAME, names[caller])
    return frame.assign(reporter=pd.Series(name).where(named), phone=pd.Series(phone).where(called))


def narratives(
    frame: pd.DataFrame, address: np.ndarray, type_name: np.ndarray, rng: np.random.Generator
) -> list[str | None]:
    """A sentence for about two reports in three."""
    told, which = rng.random(len(frame)) < 0.66, rng.integers(0, 60, len(frame))
    rows = zip(frame["channel"], frame["group"], address, type_name, which.tolist(), frame["first"], strict=True)
    return [_sentence(*row) if wanted else None for row, wanted in zip(rows, told, strict=True)]


def _sentence(channel: str, group: str, address: str, type_name: str, which: int, first: bool) -> str:
    endings = ENDINGS.get(group, OTHER_ENDINGS)
    again = "" if first else "（再次反映）"
    return f"{OPENINGS[channel]}{address}{type_name}{endings[which % len(endings)]}{again}"


def _repeats(
    matters: pd.DataFrame, outcomes: pd.DataFrame, until: np.datetime64, rng: np.random.Generator
) -> pd.DataFrame:
    """Further reports while a matter is open, and one where a closed matter opens again."""
    spot = outcomes["spot"].to_numpy()
    mean = np.where(spot, REPEATS_OF_SPOT, REPEATS_OF_LONG) * outcomes["containable"].to_numpy()
    parent = np.repeat(np.arange(len(matters)), rng.poisson(mean))
    found = outcomes.iloc[parent]
    answer, settle = found["answer"].to_numpy(), found["settle"].to_numpy()
    span = np.minimum(settle, answer + 40 * 86_400.0)
    after = np.where(
        spot[parent], 60 + 0.8 * settle * rng.random(len(parent)), answer + (span - answer) * rng.random(len(parent))
    )
    back = np.flatnonzero(outcomes["reopen"].notna())
    parent, after = np.concatenate([parent, back]), np.concatenate([after, outcomes["reopen"].to_numpy()[back] - 600])
    frame = matters.iloc[parent].assign(matter=parent, first=False)
    frame["at"] = frame["at"].to_numpy() + after.astype("timedelta64[s]")
    other = np.where(rng.random(len(frame)) < 0.7, "110", "12345")
    stays = (rng.random(len(frame)) < 0.55) & ~frame["channel"].isin(["sensor", "patrol"]).to_numpy()
    frame["channel"] = np.where(stays, frame["channel"], other)
    return frame[frame["at"] <= until]


def _numbers(frame: pd.DataFrame) -> np.ndarray:
    """The channel's own running number: prefix, day, serial of that day."""
    day = frame["at"].dt.strftime("%Y%m%d")
    serial = frame.groupby([frame["channel"], day]).cumcount() + 1
    prefix = frame["channel"].map(PREFIXES)
    return np.array([f"{p}{d}{n:04d}" for p, d, n in zip(prefix, day, serial, strict=True)], dtype=object)
