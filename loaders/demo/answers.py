"""Details of the demo city's steps: who was asked, who was called, how a talk or a revisit went; as JSON texts."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

REPORT_BY_H = 24
SATISFIED = ((5, 0.62), (4, 0.36), (3, 0.014), (2, 0.004), (1, 0.002))
ASKED_SHARE = 0.3  # of the closed matters that could be contained, how many were asked for satisfaction
AGREED_SHARE = 0.82
POLICE_BUREAU = "BM14"
AGREED = ("双方签订协议", "口头达成一致", "约定分期履行")
PLACES = {"cell": "home", "beat": "community", "community": "community"}  # level of a talk → where; else at law
Told = dict[str, Any]


@dataclass(frozen=True)
class Turns:
    """Steps of one kind; outcomes and department (codes) are aligned with them. zone: offset of local times."""

    rows: pd.DataFrame
    outcomes: pd.DataFrame
    department: np.ndarray
    zone: str
    rng: np.random.Generator


def with_answers(
    steps: pd.DataFrame, outcomes: pd.DataFrame, department: np.ndarray, zone: str, rng: np.random.Generator
) -> pd.DataFrame:
    """Steps with to_unit and detail (JSON text); `matter` of steps is a position in outcomes and department."""
    matter, kind = steps["matter"].to_numpy(), steps["kind"].to_numpy()
    detail = np.full(len(steps), None, dtype=object)
    for name, tell in TELLERS.items():
        mine = np.flatnonzero(kind == name)
        at = matter[mine]
        answers = tell(Turns(steps.iloc[mine], outcomes.iloc[at], department[at], zone, rng))
        detail[mine] = [json.dumps(each, ensure_ascii=False) if each else None for each in answers]
    told = steps["result"].mask(kind == "meet", None)
    asked = _asked(steps, department[matter])
    return steps.assign(to_unit=asked, detail=pd.Series(detail, steps.index, dtype=object), result=told)


def _asked(steps: pd.DataFrame, department: np.ndarray) -> np.ndarray:
    """The unit that dispatches and diversions go to; what bounced had gone to the police bureau at first."""
    kind = steps["kind"].to_numpy()
    divert = kind == "divert"
    first = ~steps["matter"].where(divert, -1 - np.arange(len(steps))).duplicated().to_numpy()
    bounced = pd.Series(kind == "divert_bounce").groupby(steps["matter"].to_numpy()).transform("any").to_numpy()
    to = np.where(first & bounced, POLICE_BUREAU, department)
    return np.where(divert, to, np.where(kind == "dispatch", steps["unit"].to_numpy(), np.array(None, dtype=object)))


def _whistles(turns: Turns) -> list[Told]:
    by = turns.rows["at"].to_numpy() + REPORT_BY_H * np.timedelta64(3_600, "s")
    texts = np.datetime_as_string(by.astype("datetime64[s]"))
    return [{"departments": [unit], "report_by": f"{at}{turns.zone}"}
            for unit, at in zip(turns.department, texts, strict=True)]  # fmt: skip


def _talks(turns: Turns) -> list[Told]:
    count = len(turns.rows)
    agreed, how = turns.rng.random(count) < AGREED_SHARE, turns.rng.random(count)
    said = turns.rng.integers(0, len(AGREED), count)
    return [
        {"way": "people" if roll < 0.8 else "administrative" if roll < 0.95 else "judicial",
         "place": PLACES.get(level, "law"), "agreement": bool(yes), "outcome": AGREED[n] if yes else "未达成一致"}
        for level, yes, roll, n in zip(turns.rows["level"], agreed, how, said, strict=True)
    ]  # fmt: skip


def _closings(turns: Turns) -> list[Told]:
    asked = turns.outcomes["containable"].to_numpy() & (turns.rng.random(len(turns.rows)) < ASKED_SHARE)
    void = (turns.outcomes["flow"] == "void").to_numpy()
    return [
        {"how": "dismissed"} if empty else {"how": "settled", "satisfaction": mark} if yes else {}
        for empty, yes, mark in zip(void, asked, _marks(turns), strict=True)
    ]


def _revisits(turns: Turns) -> list[Told]:
    """A revisit before a matter opens again found a grievance; all others found that the agreement was kept."""
    bad, phone = turns.outcomes["reopen"].notna(), turns.rng.random(len(turns.rows)) < 0.6
    return [
        {"way": "phone" if rang else "visit", "kept": not angry, "grievance": bool(angry), "new_dispute": False,
         "satisfaction": 2 if angry else mark}
        for angry, mark, rang in zip(bad, _marks(turns), phone, strict=True)
    ]  # fmt: skip


def _settled(turns: Turns) -> list[Told]:
    return [{"on_the_spot": True} if spot else {} for spot in turns.outcomes["spot"]]


def _tags(turns: Turns) -> list[Told]:
    return [{"tag": "backflow"} for _ in range(len(turns.rows))]


def _meets(turns: Turns) -> list[Told]:
    return [{"decision": said} for said in turns.rows["result"]]


def _marks(turns: Turns) -> list[int]:
    marks, shares = zip(*SATISFIED, strict=True)
    return [int(mark) for mark in turns.rng.choice(marks, len(turns.rows), p=shares)]


TELLERS: Mapping[str, Callable[[Turns], list[Told]]] = {
    "whistle": _whistles, "mediate": _talks, "close": _closings, "revisit": _revisits, "settle": _settled, "tag": _tags,
    "meet": _meets,
}  # fmt: skip
