"""How each matter goes: its approved grade, the level where it ends, and when it is answered, settled and closed."""

import numpy as np
import pandas as pd

from loaders.demo.habits import POLICE_CHANNELS

LEVELS = ("cell", "beat", "community", "street", "district", "city")
ENDS = {  # grade -> share of the matters that end at each level
    1: (0.952, 0.026, 0.010, 0.006, 0.005, 0.001),
    2: (0.350, 0.550, 0.042, 0.036, 0.020, 0.002),
    3: (0.090, 0.220, 0.200, 0.340, 0.125, 0.025),
}
ABOVE = {1: 1, 2: 2, 3: 4}  # levels from here on lie above what the grade should need
ON_THE_SPOT = {
    1: (0.985, 0.40),
    2: (0.95, 0.86),
    3: (0.45, 0.30),
}  # settled at once by police, when it ends at cell or beat
SLOWER_OTHERS = 0.90  # share of that for matters that came by other channels
REGRADED, REOPENED = 0.05, 0.012
LINGERING, CASE_LINGERING = 0.20, 0.004  # shares of what is not settled at once, and of cases, that drag on
LINGER_DAYS = 110.0
HOUR = 3_600.0


def make_outcomes(matters: pd.DataFrame, catalogue: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Aligned with matters: severity, initial, end (level number), spot, police, flow, recorded, and seconds after the
    first report until the first answer, settling, closing, and (NaN: never) reopening."""
    types = catalogue.iloc[matters["type"]].reset_index(drop=True)
    n = len(matters)
    initial = types["default_severity"].to_numpy()
    severity = np.where(rng.random(n) < REGRADED, initial + rng.choice([-1, 1], n), initial).clip(1, 3)
    out = pd.DataFrame({"initial": initial, "severity": severity, "containable": types["containable"].to_numpy()})
    out["end"] = _ends(severity, matters, rng)
    table = np.zeros((4, 6))
    for grade, shares in ON_THE_SPOT.items():
        table[grade, :2] = shares
    out["police"] = matters["channel"].isin(POLICE_CHANNELS).to_numpy()
    out["spot"] = rng.random(n) < table[severity, out["end"]] * np.where(out["police"], 1.0, SLOWER_OTHERS)
    out["flow"] = _flows(out, matters["group"].to_numpy())
    out["recorded"] = rng.random(n) < 0.6
    return _timed(out, types, rng)


def _ends(severity: np.ndarray, matters: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    """Level number where the lead ends; beats differ in how much they let rise, and all have learned with time."""
    shares = np.array([np.zeros(6), *ENDS.values()])[severity]
    above = np.arange(6) >= np.array([0, *ABOVE.values()])[severity][:, None]
    beats = rng.lognormal(-0.05, 0.32, 200)[matters["beat"].to_numpy()]
    learned = np.linspace(1.12, 0.88, len(matters))  # matters come in order of time
    shares = np.where(above, shares * (beats * learned)[:, None], shares)
    kept = np.where(above, 0.0, shares)
    kept *= ((1 - np.where(above, shares, 0.0).sum(axis=1)).clip(0.3) / kept.sum(axis=1))[:, None]
    sums = np.where(above, shares, kept).cumsum(axis=1)
    return np.asarray((sums < (rng.random(len(shares)) * sums[:, -1])[:, None]).sum(axis=1))


def _flows(out: pd.DataFrame, group: np.ndarray) -> np.ndarray:
    """Name of the course that each matter takes (see loaders.demo.flows)."""
    level = np.array(LEVELS, dtype=object)[out["end"]]
    flow = np.where(out["spot"], "spot_" + level, "long_" + level)
    flow = np.where(group == "无效警情", "void", flow)
    return np.where(~out["containable"] & (group != "无效警情"), "case", flow)


def _timed(out: pd.DataFrame, types: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    n = len(out)
    minutes, limit = types["minutes"].to_numpy() * 60.0, types["deadline_hours"].to_numpy() * HOUR
    quick, slow = rng.lognormal(np.log(13 * 60), 0.5, n), rng.lognormal(np.log(3.5 * HOUR), 0.7, n)
    answer = np.where(out["police"], quick, slow.clip(max=20 * HOUR))
    spot = minutes.clip(15 * 60) * rng.lognormal(-0.6, 0.4, n)
    weeks = limit * rng.lognormal(np.log(0.60), 0.42, n) + 6 * HOUR
    lingers = rng.random(n) < np.where(out["flow"] == "case", CASE_LINGERING, LINGERING)
    weeks = np.where(lingers, limit + rng.exponential(LINGER_DAYS, n) * 24 * HOUR, weeks)
    at_once = out["spot"].to_numpy() | (out["flow"] == "void").to_numpy()
    settle = answer + np.where(at_once, spot, weeks)
    close = settle + np.where(at_once, rng.lognormal(np.log(50 * 60), 0.7, n), rng.uniform(1, 30, n) * HOUR)
    again = (rng.random(n) < REOPENED) & out["containable"].to_numpy()
    reopen = np.where(again, close + rng.uniform(2, 25, n) * 24 * HOUR, np.nan)
    return out.assign(answer=answer, settle=settle, close=close, reopen=reopen, limit=limit)
