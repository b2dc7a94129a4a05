"""Made-up histories, ladders and policies for property tests, with few instants so that ties are common."""

from datetime import UTC, datetime, timedelta

import pandas as pd
from hypothesis import strategies as st

from grids.casework import STEP_KINDS, Step
from grids.levels import LEVELS, Ladder
from grids.policies import POLICIES

DAY0 = datetime(2026, 3, 1, tzinfo=UTC)
severities = st.integers(1, 3)
levels = st.sampled_from(LEVELS)
instants = st.integers(0, 7).map(lambda hours: DAY0 + timedelta(hours=hours))
policies = st.sampled_from(list(POLICIES.values()))
ladders = st.lists(st.integers(0, 5), min_size=6, max_size=6).map(
    lambda ranks: Ladder(dict(zip(LEVELS, ranks, strict=True)))
)
# The kinds that change a state, several times over, so that short histories are eventful.
_EVENTFUL = ["grade", "take_lead", "divert_accept", "close", "reopen"] * 4
_TRAVELLING = ["divert", "divert_accept", "divert_bounce", "divert_done", "keep", "whistle", "attend", "transfer"]


@st.composite
def steps(draw, kinds=(*STEP_KINDS, *_EVENTFUL)):
    """One step of one of `kinds`; kinds that take no lead may still name a level, as real files do."""
    kind = draw(st.sampled_from(kinds))
    level = draw(levels if STEP_KINDS[kind].takes_lead else st.none() | levels)
    severity = draw(severities) if kind == "grade" else draw(st.none() | severities)
    return Step(draw(instants), draw(st.integers(1, 2)), kind, level, severity, draw(units), None, draw(details(kind)))


units = st.none() | st.sampled_from(["S1", "S2", "D1", "D2"])
_TOLD = {
    "dispatch": {"to": units}, "transfer": {"to": units}, "escalate": {"to": units}, "divert": {"to": units},
    "divert_accept": {"unit": units}, "divert_bounce": {"unit": units}, "divert_done": {"unit": units},
    "attend": {"unit": units}, "tag": {"tag": st.sampled_from(["bone", "nail"])},
    "untag": {"tag": st.sampled_from(["bone", "nail"])}, "close": {"satisfaction": st.none() | st.integers(1, 5)},
    "revisit": {"satisfaction": st.none() | st.integers(1, 5)},
    "whistle": {
        "departments": st.lists(st.sampled_from(["D1", "D2"]), max_size=2, unique=True),
        "report_by": st.none() | instants.map(datetime.isoformat),
    },
}  # fmt: skip


def details(kind):
    """What a step of that kind says beside its columns, often nothing."""
    return st.just({}) | st.fixed_dictionaries(_TOLD[kind]) if kind in _TOLD else st.just({})


histories = st.lists(steps(), max_size=14)
travels = st.lists(steps(kinds=(*STEP_KINDS, *_TRAVELLING * 5)), max_size=25)
matters = st.tuples(histories, severities)
caseloads = st.dictionaries(st.integers(1, 40), matters, max_size=6)


def step_rows(history):
    """The steps as plain dicts, which is what the oracles read."""
    names = ("at", "no", "kind", "level", "severity", "unit", "detail")
    return [{name: getattr(step, name) for name in names} for step in history]


def step_frame(caseload):
    """{matter: (history, initial)} as the frame of `summarise`; a matter without steps is one empty row."""
    rows = []
    for matter, (history, initial) in caseload.items():
        nothing = dict.fromkeys(("at", "no", "kind", "level", "severity", "unit"))
        for row in step_rows(history) or [nothing | {"detail": {}}]:
            said = {name: row["detail"].get(name) for name in ("to", "satisfaction")}
            rows.append(row | said | {"matter": matter, "initial": initial})
    columns = ["matter", "at", "no", "kind", "level", "severity", "initial", "unit", "to", "satisfaction"]
    return pd.DataFrame(rows, columns=columns).astype({"at": "datetime64[us, UTC]"})


shuffled_frames = caseloads.flatmap(
    lambda caseload: st.tuples(
        st.just(caseload), st.permutations(range(len(step_frame(caseload)))), st.just(step_frame(caseload))
    ).map(lambda made: (made[0], made[2].iloc[list(made[1])]))
)
