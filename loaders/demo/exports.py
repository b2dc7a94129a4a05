"""Frames of the demo city as the rows of its files, with the flaws that real exports have."""

import numpy as np
import pandas as pd

from loaders.demo.atlas import Atlas
from loaders.demo.grouping import common_borders
from loaders.demo.reports import narratives, with_people

ZONE = "+08:00"  # the demo city keeps Beijing time; there is no summer time
WITHOUT_COORDINATES, LABELLED, MISLABELLED, UNKNOWN_LABEL = 0.008, 0.93, 0.03, 0.0008
INCIDENT_FIELDS = ["channel", "source_no", "reported_at", "category", "lon", "lat", "address", "cell_label",
                   "beat_label", "reporter", "phone", "narrative", "severity", "matter", "radius_m"]  # fmt: skip
STEP_FIELDS = ["channel", "source_no", "step_no", "at", "kind", "level", "unit", "to_unit", "officer", "role",
               "severity", "minutes", "result", "note", "detail"]  # fmt: skip
CHINESE_TITLES = dict(zip(INCIDENT_FIELDS, [
    "渠道", "警情编号", "报警时间", "类别", "经度", "纬度", "警情地址", "网格编号", "警格编号", "报警人",
    "报警电话", "警情内容", "警情等级", "事项编号", "定位精度",
], strict=True))  # fmt: skip


def local_text(at: np.ndarray) -> np.ndarray:
    """ISO texts with offset of local datetime64[s]."""
    return np.asarray(np.char.add(np.datetime_as_string(at.astype("datetime64[s]")), ZONE), dtype=object)


def incident_rows(atlas: Atlas, doors: pd.DataFrame, catalogue: pd.DataFrame, reports: pd.DataFrame,
                  rng: np.random.Generator) -> pd.DataFrame:  # fmt: skip
    """INCIDENT_FIELDS of every report, in order of time; the column `at` (local) stays for whoever splits the file."""
    types = catalogue.iloc[reports["type"]]
    address = doors["address"].to_numpy()[reports["door"]]
    lost = (rng.random(len(reports)) < WITHOUT_COORDINATES) & ~reports["at_sea"].to_numpy()
    cell, beat = _labels(atlas, reports["cell"].to_numpy(), lost, rng)
    graded = reports["channel"].isin(["mediation", "petition", "gridapp"]).to_numpy() & (rng.random(len(reports)) < 0.5)
    radius = np.where(reports["channel"] == "110", np.round(rng.lognormal(2.7, 0.5, len(reports))), np.nan)
    first = reports[reports["first"]].set_index("matter")
    key = (first["channel"] + ":" + first["source_no"]).reindex(reports["matter"]).set_axis(reports.index)
    told = narratives(reports, address, types["name"].to_numpy(), rng)
    return with_people(reports, doors, rng).assign(
        reported_at=local_text(reports["at"].to_numpy()), category=types["code"].to_numpy(), address=address,
        lon=reports["lon"].mask(lost), lat=reports["lat"].mask(lost), cell_label=cell, beat_label=beat,
        narrative=np.array(told, dtype=object),
        severity=np.where(graded, types["default_severity"], np.nan), radius_m=np.where(lost, np.nan, radius),
        matter=key.mask(reports["first"]),
    )[["at", *INCIDENT_FIELDS]].astype({"severity": "Int64", "radius_m": "Int64"})  # fmt: skip


def first_numbers(reports: pd.DataFrame) -> np.ndarray:
    """ "channel:number" of the first report of each matter."""
    first = reports[reports["first"]].sort_values("matter")
    return np.asarray(first["channel"] + ":" + first["source_no"], dtype=object)


def step_rows(steps: pd.DataFrame, reports: pd.DataFrame, officer_codes: np.ndarray) -> pd.DataFrame:
    """STEP_FIELDS of every step, keyed by the first report of its matter."""
    first = reports[reports["first"]].sort_values("matter")
    channel, source_no = (first[name].to_numpy()[steps["matter"]] for name in ("channel", "source_no"))
    codes = np.array([*officer_codes, None], dtype=object)  # position -1 is nobody
    return steps.assign(
        channel=channel, source_no=source_no, at=local_text(steps["at"].to_numpy()), officer=codes[steps["officer"]],
        severity=steps["severity"].where(steps["severity"] > 0).astype("Int64"),
        minutes=steps["minutes"].astype("Int64"),
    )[STEP_FIELDS]  # fmt: skip


def staffed(rows: pd.DataFrame, officer_codes: np.ndarray, *named: str) -> pd.DataFrame:
    """Rows with officers (positions, -1: nobody) in the columns `named` as codes."""
    codes = np.array([*officer_codes, None], dtype=object)
    return rows.assign(**{name: codes[rows[name].to_numpy()] for name in named})


def timed(rows: pd.DataFrame, *named: str) -> pd.DataFrame:
    """Rows with the local times of the columns `named` as texts with offset."""
    return rows.assign(**{name: local_text(rows[name].to_numpy()) for name in named})


def visit_rows(atlas: Atlas, visits: pd.DataFrame, officer_codes: np.ndarray) -> pd.DataFrame:
    """The visits as their source numbers them: day and serial."""
    day = visits["at"].dt.strftime("%Y%m%d")
    serial = visits.groupby(day).cumcount() + 1
    numbers = [f"ZF{on}{number:05d}" for on, number in zip(day, serial, strict=True)]
    cell = atlas.cells["code"].to_numpy()[visits["cell"]]
    rows = timed(staffed(visits, officer_codes, "officer"), "at").assign(
        source="走访系统", source_no=numbers, cell=cell
    )
    return rows[["source", "source_no", "at", "officer", "cell", "kind", "count", "records", "minutes"]]


def _labels(
    atlas: Atlas, cell: np.ndarray, lost: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """The exporting system's own cell and beat: mostly there, sometimes the neighbour's, rarely unknown."""
    beside: list[list[int]] = [[] for _ in range(len(atlas.cells))]
    for a, b in common_borders(atlas.cells.geometry.to_numpy(), least=1e-6):
        beside[a].append(b)
        beside[b].append(a)
    roll, wrong = rng.random(len(cell)), rng.random(len(cell)) < MISLABELLED
    said = cell.copy()
    said[wrong] = [beside[c][int(r * len(beside[c]))] for c, r in zip(cell[wrong], roll[wrong], strict=True)]
    codes = atlas.cells["code"].to_numpy()[said].astype(object)
    beats = atlas.beats["code"].to_numpy()[atlas.cells["beat_no"].to_numpy()[said]].astype(object)
    codes[rng.random(len(cell)) < UNKNOWN_LABEL] = "990201999999999"
    silent = (rng.random(len(cell)) >= LABELLED) | (lost & (roll < 0.5))
    codes[silent] = None
    beats[silent | (rng.random(len(cell)) < 0.03)] = None
    return codes, beats
