"""The handling steps of every matter, laid out from its course and cut off at the present."""

import numpy as np
import pandas as pd

from loaders.demo.atlas import Atlas
from loaders.demo.flows import FLOWS, MINUTES_SHARE, RESULTS, ROLES, Turn
from loaders.demo.roster import NOBODY, Roster
from loaders.demo.units import department_codes

FORTNIGHT = 13.9 * 86_400.0
LONGEST_STRETCH = 12 * 86_400.0  # a matter that lingers is worked on early and then waits
KIND_OF_PLACE = {"lead": "beat", "aux": "beat", "glead": "beat", "worker": "cell", "case": "unit",
                 "mediator": "community", "joint": "street"}  # fmt: skip
UNIT_ONLY = {"station": "PCS", "centre": "ZX"}
FIRST_POLICE, FIRST_OTHER = (
    (("aux", 0.45), ("lead", 0.8), ("case", 1.0)),
    (("worker", 0.75), ("glead", 0.88), ("lead", 1.0)),
)
COLUMNS = [
    "matter",
    "at",
    "step_no",
    "kind",
    "level",
    "unit",
    "officer",
    "role",
    "severity",
    "minutes",
    "result",
    "note",
]


class Casework:
    """Turns matters and outcomes into steps; every look-up table is made once."""

    def __init__(self, atlas: Atlas, matters: pd.DataFrame, outcomes: pd.DataFrame, catalogue: pd.DataFrame,
                 roster: Roster, rng: np.random.Generator) -> None:  # fmt: skip
        self.matters, self.outcomes, self.roster, self.rng = matters, outcomes, roster, rng
        cells = atlas.cells.iloc[matters["cell"]]
        self.places = {"cell": matters["cell"].to_numpy(), "beat": matters["beat"].to_numpy(),
                       "community": cells["community_no"].to_numpy(), "street": cells["street_no"].to_numpy(),
                       "unit": cells["station_no"].to_numpy()}  # fmt: skip
        types = catalogue.iloc[matters["type"]]
        self.department = types["lead_department"].map(department_codes()).to_numpy()
        self.usual = types["minutes"].to_numpy(dtype=float)
        self.first, self.roll = self._responders(), rng.random(len(matters))
        self.bounced, self.revisited = rng.random(len(matters)) < 0.12, rng.uniform(0.1, 1.9, len(matters))

    def steps(self, until: np.datetime64, spoken: pd.DataFrame) -> pd.DataFrame:
        """One row a step, COLUMNS, sorted by matter and time; none after `until`. officer: position or -1.

        spoken: what joint meetings decided of matters (loaders.demo.meetings.make_meetings).
        """
        parts = [self._meetings(spoken)]
        flow = self.outcomes["flow"].to_numpy()
        for name, turns in FLOWS.items():
            mine = np.flatnonzero(flow == name)
            parts += [self._turn(turn, order, mine, until) for order, turn in enumerate(turns)]
        frame = pd.concat([part for part in parts if len(part)], ignore_index=True)
        frame = frame.sort_values(["matter", "at", "order"], kind="stable", ignore_index=True)
        frame["step_no"] = frame.groupby("matter").cumcount() + 1
        return frame[COLUMNS]

    def _meetings(self, spoken: pd.DataFrame) -> pd.DataFrame:
        """A step for every decision of a meeting."""
        decided = spoken[spoken["decision"].notna()]
        return pd.DataFrame({
            "matter": decided["matter"], "at": decided["at"], "order": 0, "kind": "meet", "level": None, "unit": None,
            "officer": NOBODY, "role": None, "severity": 0, "minutes": np.nan, "result": decided["decision"],
            "note": None,
        })  # fmt: skip

    def _turn(self, turn: Turn, order: int, mine: np.ndarray, until: np.datetime64) -> pd.DataFrame:
        mine = mine[self._applies(turn, mine)]
        at = self.matters["at"].to_numpy()[mine] + self._seconds(turn, mine).astype("timedelta64[s]")
        mine, at = mine[at <= until], at[at <= until]
        officer, unit = self._actor(turn, mine, at)
        n = len(mine)
        severity = self.outcomes["severity"].to_numpy()[mine] if turn.kind == "grade" else np.zeros(n, dtype=int)
        return pd.DataFrame({
            "matter": mine, "at": at, "order": order, "kind": turn.kind, "level": turn.level, "unit": unit,
            "officer": officer, "role": ROLES.get(turn.kind), "severity": severity,
            "minutes": self._minutes(turn, mine), "result": RESULTS.get(turn.kind), "note": self._notes(turn, n),
        })  # fmt: skip

    def _applies(self, turn: Turn, mine: np.ndarray) -> np.ndarray:
        if isinstance(turn.when, float):
            return np.ones(len(mine), dtype=bool) if turn.when >= 1 else self.rng.random(len(mine)) < turn.when
        found = self.outcomes.iloc[mine]
        changed = (found["severity"] != found["initial"]).to_numpy()
        graded = changed | (found["severity"] > 1).to_numpy() | (self.rng.random(len(mine)) < 0.4)
        return np.asarray({
            "police": found["police"], "other": ~found["police"], "regraded": changed, "graded": graded,
            "late": (found["settle"] > found["limit"]) & ~found["spot"],
            "sensor": self.matters["channel"].to_numpy()[mine] == "sensor", "bounced": self.bounced[mine],
            "reopened": found["reopen"].notna(),
        }[turn.when], dtype=bool)  # fmt: skip

    def _seconds(self, turn: Turn, mine: np.ndarray) -> np.ndarray:
        """Whole seconds after the first report, growing along the course."""
        found = self.outcomes.iloc[mine]
        answer, settle, close = (found[name].to_numpy() for name in ("answer", "settle", "close"))
        reopen, stretch = found["reopen"].fillna(0).to_numpy(), settle - answer
        worked = np.minimum(stretch, LONGEST_STRETCH) if turn.part < 0.9 else stretch
        late = np.maximum(answer + 0.9 * np.minimum(stretch, LONGEST_STRETCH), found["limit"].to_numpy() + 60)
        at = (
            turn.part * answer,
            np.minimum(late, settle - 1) if turn.when == "late" else answer + turn.part * worked,
            settle + turn.part * (close - settle),
            close + turn.part * self.revisited[mine] * FORTNIGHT,
            reopen + turn.part * 6 * 86_400,
        )
        return np.floor(at[turn.phase])

    def _responders(self) -> np.ndarray:
        """Actor who answers each matter first: police for police channels, the grid for the others."""
        roll, police = self.rng.random(len(self.matters)), self.outcomes["police"].to_numpy()
        first = np.empty(len(roll), dtype=object)
        for rows, choices in ((police, FIRST_POLICE), (~police, FIRST_OTHER)):
            names = np.array([name for name, _ in choices], dtype=object)
            first[rows] = names[np.searchsorted([top for _, top in choices], roll[rows]).clip(max=len(names) - 1)]
        return first

    def _actor(self, turn: Turn, mine: np.ndarray, at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Officer (position or NOBODY) and code of the unit of each step."""
        if turn.actor != "first":
            return self._one_actor(turn.actor, mine, at)
        officer, unit = np.full(len(mine), NOBODY), np.empty(len(mine), dtype=object)
        for actor in ("aux", "lead", "case", "worker", "glead"):
            rows = self.first[mine] == actor
            officer[rows], unit[rows] = self._one_actor(actor, mine[rows], at[rows])
        return officer, unit

    def _one_actor(self, actor: str, mine: np.ndarray, at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        nobody = np.full(len(mine), NOBODY)
        if actor in UNIT_ONLY:
            return nobody, self._units(UNIT_ONLY[actor], mine)
        if actor in ("department", "police_bureau", "city"):
            fixed = {"police_bureau": "BM14", "city": "SJ01"}.get(actor)
            return nobody, self.department[mine] if fixed is None else np.full(len(mine), fixed, dtype=object)
        kind = KIND_OF_PLACE[actor]
        officer = self.roster.who(actor, self.places[kind][mine], at, self.roll[mine])
        if actor in ("lead", "aux"):  # a beat that nobody holds is answered by the station
            spare = self.roster.who("case", self.places["unit"][mine], at, self.roll[mine])
            officer = np.where(officer == NOBODY, spare, officer)
        prefix = {"worker": "ZX", "glead": "ZX", "mediator": "SQ", "joint": "TJ"}.get(actor, "PCS")
        return officer, self._units(prefix, mine)

    def _units(self, prefix: str, mine: np.ndarray) -> np.ndarray:
        place, digits = {"PCS": ("unit", 1), "ZX": ("street", 1), "TJ": ("street", 1), "SQ": ("community", 2)}[prefix]
        names = np.array([f"{prefix}{i:0{digits}d}" for i in range(1, 1 + max(24, 6))], dtype=object)
        return np.asarray(names[self.places[place][mine]])

    def _minutes(self, turn: Turn, mine: np.ndarray) -> np.ndarray:
        """Recorded minutes of the steps that are work, where the matter's minutes were recorded at all; else NaN."""
        if turn.kind not in MINUTES_SHARE:
            return np.full(len(mine), np.nan)
        pace = self.rng.lognormal(0.0, 0.35, len(mine))
        worked = np.round(self.usual[mine] * MINUTES_SHARE[turn.kind] * pace).clip(1)
        return np.where(self.outcomes["recorded"].to_numpy()[mine], worked, np.nan)

    def _notes(self, turn: Turn, count: int) -> np.ndarray:
        if turn.kind not in ("mediate", "handle", "divert"):
            return np.full(count, None, dtype=object)
        texts = {"mediate": "组织双方见面商谈", "handle": "上门核实并约定时限", "divert": "按主责清单分流"}
        return np.full(count, texts[turn.kind], dtype=object)
