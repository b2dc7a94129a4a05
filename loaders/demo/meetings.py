"""Joint meetings of the demo city: each beat every fortnight of the last two months, about matters open then."""

import numpy as np
import pandas as pd

from loaders.demo.atlas import Atlas

MEETINGS, EVERY = 4, np.timedelta64(14, "D")
AT, SPOKEN = np.timedelta64(14 * 3_600 + 1_800, "s"), 5
OPEN_FOR = 86_400.0  # a matter is spoken about once it has been open for a day
DECIDED_SHARE = 0.7
DECISIONS = (
    "网格长三日内上门回访",
    "请街道协调相关部门到场",
    "警格长牵头组织调解",
    "纳入重点关注，每周走访一次",
    "联系物业限期整改",
)
MEETING_FIELDS = ["code", "at", "beat", "place", "attendees", "matters", "decisions"]


def make_meetings(
    atlas: Atlas, matters: pd.DataFrame, outcomes: pd.DataFrame, until: np.datetime64, rng: np.random.Generator
) -> pd.DataFrame:
    """One row a meeting and matter: meeting (number), beat (position), at (local), matter (position; -1: none was
    open), decision (text or None), attendees."""
    opened = matters["at"].to_numpy()
    asked = opened + (outcomes["answer"].to_numpy() + OPEN_FOR).astype("timedelta64[s]")
    closed = opened + outcomes["close"].to_numpy().astype("timedelta64[s]")
    wanted = outcomes["containable"].to_numpy() & (asked < closed)
    rows = []
    for number in range(MEETINGS * len(atlas.beats)):
        beat, back = divmod(number, MEETINGS)
        at = (until - np.timedelta64(1, "D") - back * EVERY - np.timedelta64(beat % 10, "D")).astype(
            "datetime64[D]"
        ) + AT
        open_then = np.flatnonzero(wanted & (matters["beat"].to_numpy() == beat) & (asked < at) & (closed > at))
        spoken = rng.permutation(open_then)[:SPOKEN].tolist() or [-1]
        attendees = int(rng.integers(4, 12))
        for matter in spoken:
            decided = matter >= 0 and rng.random() < DECIDED_SHARE
            rows.append((number, beat, at, matter, DECISIONS[int(rng.integers(5))] if decided else None, attendees))
    return pd.DataFrame(rows, columns=["meeting", "beat", "at", "matter", "decision", "attendees"])


def meeting_rows(atlas: Atlas, spoken: pd.DataFrame, numbers: np.ndarray, zone: str) -> pd.DataFrame:
    """MEETING_FIELDS, one row a meeting; numbers: "channel:number" of the first report of each matter."""
    named = spoken.assign(
        number=np.where(spoken["matter"] >= 0, numbers[spoken["matter"].to_numpy()], ""),
        said=np.where(spoken["matter"] >= 0, spoken["decision"].fillna("-"), ""),
    )
    found = named.groupby("meeting", as_index=False).agg(
        beat=("beat", "first"), at=("at", "first"), attendees=("attendees", "first"),
        matters=("number", ";".join), decisions=("said", ";".join),
    )  # fmt: skip
    beat = atlas.beats.iloc[found["beat"]]
    community = atlas.communities["name"].to_numpy()[beat["community_no"]]
    day = found["at"].dt.strftime("%Y%m%d")
    return found.assign(
        code=[f"LH-{code}-{when}" for code, when in zip(beat["code"], day, strict=True)], beat=beat["code"].to_numpy(),
        place=[f"{name}会议室" for name in community], at=found["at"].dt.strftime(f"%Y-%m-%dT%H:%M:%S{zone}"),
    ).sort_values(["at", "code"])[MEETING_FIELDS]  # fmt: skip
